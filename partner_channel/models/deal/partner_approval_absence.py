from odoo import api, fields, models


class PartnerApprovalAbsence(models.Model):
    """When an approver is away, and who decides meanwhile."""

    _name = "partner.approval.absence"
    _description = "Absence of an Approver"
    _order = "date_from desc, id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users",
        "Away",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        ondelete="cascade",
    )
    substitute_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False)]",
        ondelete="set null",
        help="Empty, or away as well: the head of the program decides.",
    )
    date_from = fields.Date(required=True, default=fields.Date.context_today)
    date_to = fields.Date(required=True)

    _period = models.Constraint(
        "CHECK (date_from <= date_to)", "An absence ends after it has begun."
    )

    def write(self, vals):
        result = super().write(vals)
        if "user_id" in vals:
            # rules look at who was away before: nobody makes it another person's
            self.check_access("write")
        return result

    @api.model
    def _get_stand_in(self, user, day, head):
        """Return who decides for a person on a day.

        :param user: ``res.users`` who is to decide
        :param date day: the day
        :param head: ``res.users`` who decides when nobody else can
        :return: the person, the substitute or the head
        """
        absence = self._find(user, day)
        if user.active and not absence:
            return user
        substitute = absence.substitute_id
        if self._is_fit(substitute) and not self._find(substitute, day):
            return substitute
        return head or user

    @api.model
    def _is_fit(self, user):
        return bool(
            user
            and user.active
            and user.has_group("partner_channel.group_channel_manager")
        )

    @api.model
    def _find(self, user, day):
        # sudo: an absence holds for everybody who waits for the person
        return self.sudo().search(
            [
                ("user_id", "=", user.id),
                ("date_from", "<=", day),
                ("date_to", ">=", day),
            ],
            limit=1,
        )
