import json
import operator as operators
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.health import health_state, total_score
from .partner_health_explain_mixin import CHANNEL

#: set by the nightly run alone
HEALTH_FIELDS = (
    "health_score",
    "health_state",
    "health_evidence",
    "date_health",
    "last_activity_date",
)
_AT_RISK = "partner_channel.mail_activity_partner_at_risk"
# Everything is measured for a batch at once; a batch is what a killed job loses.
_BATCH = 10_000
_CENTURIES = 200_000
_READ = ("partner_id", "program_id", "company_id", "date_start", *HEALTH_FIELDS)
# ``silent_days < n`` is ``last_activity_date > today - n``
_MIRRORED = {
    "<": (">", operators.lt),
    "<=": (">=", operators.le),
    ">": ("<", operators.gt),
    ">=": ("<=", operators.ge),
}


class PartnerMembershipHealthMixin(models.AbstractModel):
    """How a partner is doing: a figure, what it stands on, and silence."""

    _name = "partner.membership.health.mixin"
    _description = "Health of a Membership"
    _inherit = [
        "channel.job.mixin",
        "partner.health.measure.mixin",
        "partner.health.explain.mixin",
    ]

    health_score = fields.Integer(
        "Health",
        readonly=True,
        copy=False,
        index=True,
        aggregator="avg",
        groups=CHANNEL,
    )
    health_state = fields.Selection(
        [("good", "Good"), ("watch", "To watch"), ("risk", "At risk")],
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=CHANNEL,
        help="Good from 80, at risk below 50.",
    )
    date_health = fields.Date(
        "Health Measured On", readonly=True, copy=False, groups=CHANNEL
    )
    last_activity_date = fields.Date(
        "Last Sign of Life",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=CHANNEL,
        help="The last registration, invoice, message, login or answer to a lead.",
    )
    silent_days = fields.Integer(
        compute="_compute_silent_days",
        search="_search_silent_days",
        groups=CHANNEL,
        help="Days since the last sign of life.",
    )

    @api.depends("last_activity_date")
    def _compute_silent_days(self):
        today = fields.Date.context_today(self)
        for membership in self:
            last = membership.last_activity_date or today
            membership.silent_days = max(0, (today - last).days)

    @api.model
    def _search_silent_days(self, operator, value):
        # the groups of a field that is not stored do not cover its search
        self._check_field_access(self._fields["silent_days"], "read")
        if operator == "in":
            days = {number for number in value if number is not False}
            dates = [self._get_day_before_today(number) for number in days]
            domain, empty = Domain("last_activity_date", "in", dates), 0 in days
        elif operator in _MIRRORED:
            mirrored, holds = _MIRRORED[operator]
            day = self._get_day_before_today(value)
            domain, empty = Domain("last_activity_date", mirrored, day), holds(0, value)
        else:
            return NotImplemented
        # who was never measured is not silent, as the field shows
        return domain | Domain("last_activity_date", "=", False) if empty else domain

    @api.model
    def _get_day_before_today(self, days):
        """Return the date a number of days ago, within what a date can hold."""
        days = max(-_CENTURIES, min(_CENTURIES, days))
        return fields.Date.context_today(self) - timedelta(days=days)

    # === MEASURING === #

    def _measure_health(self, date=None):
        """Measure health and activity for all memberships at once.

        :param date: last day that counts; default today where the company is
        :return: ``{membership_id: values of HEALTH_FIELDS but date_health}``
        """
        programs = {
            program: (date or program._get_today(), program._get_tz())
            for program in self.program_id
        }
        result = {}
        for (day, tz), members in self.grouped(
            lambda membership: programs[membership.program_id]
        ).items():
            local = members.with_context(tz=tz)
            components, activity = (
                local._measure_components(day),
                local._find_activity(day),
            )
            for membership_id in members.ids:
                result[membership_id] = self._prepare_health(
                    components[membership_id], activity[membership_id]
                )
        return result

    @api.model
    def _prepare_health(self, components, seen):
        """Return the values of a membership's health.

        :param components: list of ``Component``
        :param dict seen: last date of each sign of life
        """
        score = total_score(components)
        return {
            "health_score": score,
            "health_state": health_state(score),
            "health_evidence": {
                "components": [component._asdict() for component in components],
                "activity": {kind: day.isoformat() for kind, day in seen.items()},
            },
            "last_activity_date": max(seen.values(), default=None),
        }

    def _review_health(self, date=None):
        """Measure the health anew and tell the managers of partners that fell.

        :param date: last day that counts; default today where the company is
        :return: memberships that have just fallen to risk
        """
        # one query, where reading field by field would take one for a thousand each
        self.fetch(_READ)
        measured = self._measure_health(date)
        fallen = self.filtered(
            lambda membership: (
                membership.health_state in ("good", "watch")
                and measured[membership.id]["health_state"] == "risk"
            )
        )
        self._write_health(measured, date or fields.Date.today())
        fallen._warn_of_risk()
        return fallen

    def _find_changed(self, measured):
        """Return the rows to write: those whose values are not stored already."""
        rows = []
        for membership in self:
            values = measured[membership.id]
            # no value reads as 0 or False
            stored = [membership[name] or None for name in values]
            if stored != [value or None for value in values.values()]:
                evidence = json.dumps(values["health_evidence"])
                row = {**values, "health_evidence": evidence}
                rows.append((membership.id, *row.values()))
        return rows

    def _write_health(self, measured, day):
        """Store what was measured, of changed memberships only.

        :param dict measured: ``{membership_id: values}``
        :param date day: day of the run
        """
        changed = self._find_changed(measured)
        self.flush_recordset()
        # Raw SQL: nearly every row gets values of its own; one statement writes a whole
        # batch, and a figure of the night is not an edit by anybody.
        if changed:
            self.env.cr.execute(
                SQL(
                    """UPDATE partner_membership membership
                          SET health_score = measured.score::integer,
                              health_state = measured.state,
                              health_evidence = measured.evidence::jsonb,
                              last_activity_date = measured.day::date,
                              date_health = %s
                         FROM (VALUES %s) measured (id, score, state, evidence, day)
                        WHERE membership.id = measured.id""",
                    day,
                    SQL(", ").join(SQL("%s", row) for row in changed),
                )
            )
        same = set(self.ids) - {row[0] for row in changed}
        if same:
            self.env.cr.execute(
                SQL(
                    "UPDATE partner_membership SET date_health = %s WHERE id IN %s",
                    day,
                    tuple(same),
                )
            )
        self.invalidate_recordset(HEALTH_FIELDS)

    def _warn_of_risk(self):
        """Put partners that fell on their managers' desks, unless they are there."""
        kind = self.env.ref(_AT_RISK, raise_if_not_found=False)
        if not kind or not self:
            return
        known = self.env["mail.activity"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("activity_type_id", "=", kind.id),
            ]
        )
        told = set(known.mapped("res_id"))
        # a bad quarter must not send hundreds of mails in one night
        quiet = self.with_context(mail_activity_quick_update=True)
        for user, members in quiet.grouped(
            lambda membership: membership.manager_id or membership.team_id.user_id
        ).items():
            if user.active:
                members.filtered(lambda m: m.id not in told).activity_schedule(
                    _AT_RISK, kind._get_date_deadline(), user_id=user.id
                )

    # === JOB === #

    @api.model
    def _get_health_domain(self):
        """Return the running memberships not measured yet today."""
        today = fields.Date.today()
        return Domain("state", "in", ("active", "suspended")) & (
            Domain("date_health", "=", False) | Domain("date_health", "<", today)
        )

    @api.model
    def _cron_review_health(self):
        """Measure the health of all running memberships, in restartable batches."""
        self._run_batches(
            self._get_health_domain(), _BATCH, lambda batch: batch._review_health()
        )
