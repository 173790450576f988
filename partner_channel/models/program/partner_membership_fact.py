from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class PartnerMembershipFact(models.Model):
    """What the last review of tiers measured of a membership.

    One row for each metric and window the program's tiers ask for, so that a segment
    can say ``fact_ids any (metric = …, value >= …)``. Reviews write them; no group may.
    """

    _name = "partner.membership.fact"
    _description = "Measured Value"
    _inherit = ["partner.metric.mixin"]
    _order = "membership_id, key"
    _rec_name = "metric"

    membership_id = fields.Many2one(
        "partner.membership", required=True, index=True, ondelete="cascade"
    )
    metric = fields.Selection(index=True)
    value = fields.Float(
        required=True, digits=(16, 2), help="Money is in the program's currency."
    )
    shown_value = fields.Char("Measured", compute="_compute_shown_value")
    period = fields.Selection(
        [
            ("calendar_year", "Calendar year"),
            ("quarter", "Quarter"),
            ("rolling", "Last months"),
        ],
        required=True,
    )
    months = fields.Integer(help="Length of the period “Last months”, else 0.")
    date = fields.Date("Measured On", required=True)
    key = fields.Char(required=True)

    _key_uniq = models.UniqueIndex("(membership_id, key)")

    @api.depends("metric", "value", "membership_id")
    def _compute_shown_value(self):
        for fact in self:
            fact.shown_value = fact._format_value(fact.value)

    def _get_metric_currency(self):
        return self.membership_id.currency_id or super()._get_metric_currency()

    # === STORING === #

    @api.model
    def _store(self, memberships, measures, date=None):
        """Replace what is known of the memberships by what was measured.

        An older review does not replace what a later one has measured.

        :param memberships: ``partner.membership``
        :param dict measures: ``{membership_id: [TierMeasure]}``
        :param date: day of the review; default today where the company is
        """
        programs = memberships.program_id
        days = {program.id: date or program._get_today() for program in programs}
        requirements = programs.sudo().grade_ids.requirement_ids
        sources = {
            requirement.id: self._prepare_source(requirement)
            for requirement in requirements
        }
        rows = {}
        for membership in memberships:
            day = days[membership.program_id.id]
            for tier in measures.get(membership.id, ()):
                for measure in tier.requirements:
                    source = sources[measure.requirement_id]
                    if measure.value is not None:
                        row = (membership.id, measure.value, day, *source.values())
                        rows.setdefault((membership.id, source["key"]), row)
        names = ("membership_id", "value", "date", *next(iter(sources.values()), ()))
        self._upsert(names, list(rows.values()))
        self._forget(memberships, days)
        memberships.invalidate_recordset(["fact_ids"])

    @api.model
    def _prepare_source(self, requirement):
        """Return what a value is, by the requirement it was measured for.

        Everything an addon has added to a metric is copied.

        :param requirement: ``partner.tier.requirement``
        :return: ``{column: value}``
        """
        rolling = requirement.period == "rolling"
        months = requirement.months if rolling else 0
        key = (*requirement._get_measure_key(), requirement.period, months)
        mixin = self.env["partner.metric.mixin"]
        columns = {
            name: field.convert_to_column(
                field.convert_to_write(requirement[name], requirement), requirement
            )
            for name, field in mixin._fields.items()
            if field.store and field.column_type and name != "id"
        }
        return {
            **columns,
            "period": requirement.period,
            "months": months,
            "key": "/".join(map(str, key)),
        }

    @api.model
    def _upsert(self, names, rows):
        """Insert the rows, or replace those of the same membership and key.

        :param names: columns
        :param rows: tuples of their values
        """
        if not rows:
            return
        self.flush_model()
        # Raw SQL: one statement writes the values of a whole night's batch, whichever
        # of them are new; the review has the right where its caller may have none.
        self.env.cr.execute(
            SQL(
                """INSERT INTO partner_membership_fact AS fact (%s) VALUES %s
                   ON CONFLICT (membership_id, key)
                   DO UPDATE SET value = EXCLUDED.value, date = EXCLUDED.date
                    WHERE fact.date <= EXCLUDED.date""",
                SQL(", ").join(map(SQL.identifier, names)),
                SQL(", ").join(SQL("%s", row) for row in rows),
            )
        )
        self.invalidate_model()

    @api.model
    def _forget(self, memberships, days):
        """Delete values that the review of a day did not measure again.

        :param memberships: ``partner.membership``
        :param dict days: day of the review by program id
        """
        # sudo: values are nobody's to delete but the review's
        facts = self.sudo()
        stale = Domain.OR(
            Domain("membership_id", "in", members.ids) & Domain("date", "<", day)
            for day, members in memberships.grouped(
                lambda membership: days[membership.program_id.id]
            ).items()
        )
        facts.search(stale).unlink()
