from odoo import api, fields, models


class PartnerTierChange(models.Model):
    """The history of tiers: one row for each time a partner was on a tier.

    Rows are written by the membership alone; no group may.
    """

    _name = "partner.tier.change"
    _description = "Tier History"
    _order = "date_from desc, id desc"
    _rec_name = "membership_id"

    membership_id = fields.Many2one(
        "partner.membership", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="membership_id.partner_id", store=True)
    program_id = fields.Many2one(
        related="membership_id.program_id", store=True, index=True
    )
    company_id = fields.Many2one(related="membership_id.company_id", store=True)
    manager_id = fields.Many2one(related="membership_id.manager_id")
    grade_from_id = fields.Many2one("res.partner.grade", "From", ondelete="restrict")
    grade_id = fields.Many2one(
        "res.partner.grade", "Tier", required=True, index=True, ondelete="restrict"
    )
    direction = fields.Selection(
        [("start", "Start"), ("up", "Rise"), ("down", "Fall")], required=True
    )
    date_from = fields.Date("Since", required=True)
    date_to = fields.Date("Until", help="Last day on the tier; empty: still on it.")
    days = fields.Integer("Days on the Tier", compute="_compute_days")
    days_to_reach = fields.Integer(
        "Days to Reach",
        help="From the start of the membership to the first day on the tier.",
    )
    review_id = fields.Many2one(
        "partner.tier.review", "Decision", ondelete="set null", index="btree_not_null"
    )

    _open_uniq = models.UniqueIndex(
        "(membership_id) WHERE date_to IS NULL",
        "A partner is on one tier of a program at a time.",
    )

    @api.depends("date_from", "date_to")
    def _compute_days(self):
        today = fields.Date.context_today(self)
        for change in self:
            last = change.date_to or today
            change.days = (last - change.date_from).days + 1 if change.date_from else 0

    @api.model
    def _record(self, memberships, grade_id, day, reviews=None):
        """Close the running rows and open new ones.

        :param memberships: ``partner.membership``
        :param int grade_id: the new tier
        :param date day: first day on it
        :param reviews: ``partner.tier.review`` behind the changes
        """
        if not memberships:
            return
        # sudo: nobody has the right to write history; whoever changes a tier may
        # let it be written
        history = self.sudo()
        running = history.search(
            [("membership_id", "in", memberships.ids), ("date_to", "=", False)]
        )
        running._close(day)
        before = {change.membership_id: change.grade_id for change in running}
        review_of = {review.membership_id: review for review in reviews or ()}
        grade = self.env["res.partner.grade"].browse(grade_id)
        history.create(
            [
                {
                    "membership_id": membership.id,
                    "grade_from_id": before.get(membership, grade.browse()).id,
                    "grade_id": grade_id,
                    "direction": self._get_direction(before.get(membership), grade),
                    "date_from": day,
                    "days_to_reach": (day - (membership.date_start or day)).days,
                    "review_id": review_of[membership].id
                    if membership in review_of
                    else False,
                }
                for membership in memberships
            ]
        )

    @api.model
    def _get_direction(self, before, grade):
        if not before:
            return "start"
        return "up" if grade.sequence < before.sequence else "down"

    def _close(self, day):
        """End running rows the day before a day; one that began on it keeps it."""
        for date_from, changes in self.grouped("date_from").items():
            last = fields.Date.subtract(day, days=1)
            changes.date_to = max(last, date_from)
        # the index allows one running row: the old must be closed before the new
        self.flush_recordset(["date_to"])
