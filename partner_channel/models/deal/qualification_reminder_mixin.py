from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime

from ...tools.qualification import PARTNER_STATES
from .qualification_flow_mixin import VERIFY_TYPE

_BATCH = 200
#: registrations whose qualification nobody waits for any more
ENDED = ("rejected", "expired", "withdrawn", "won", "lost")


class QualificationReminderMixin(models.AbstractModel):
    """Tells who is late with a step of a qualification, once a step."""

    _name = "qualification.reminder.mixin"
    _description = "Reminders of Qualifications"

    @api.model
    def _get_late_domain(self):
        """Return the domain of sheets that are late and nobody was told of."""
        return (
            Domain("is_current", "=", True)
            & Domain("date_due", "<", fields.Datetime.now())
            & Domain("date_reminded", "=", False)
            & Domain("lead_id.active", "=", True)
            & Domain("lead_id.won_status", "not in", ("won", "lost"))
            & Domain("lead_id.registration_state", "not in", ENDED)
        )

    def _remind(self):
        """Tell who is late, and the channel manager; stamp the sheets."""
        for sheet in self:
            if sheet.state in PARTNER_STATES:
                sheet._tell_partner(sheet._get_late_text)
            user = sheet._get_verifier()
            if sheet.state not in PARTNER_STATES:
                user = sheet.program_id.head_id or user
            if user:
                sheet._remind_user(user)
        self._set_protected({"date_reminded": fields.Datetime.now()})

    def _get_late_text(self, lead):
        """Return what the partner is told, in the language of the deal."""
        self.ensure_one()
        tz = self._get_tz()
        due = format_datetime(lead.env, self.date_due, tz=tz, dt_format=False)
        return lead.env._(
            "The qualification of this deal was due on %(date)s: please answer and "
            "sign it.",
            date=due,
        )

    def _get_tz(self):
        """Return the name of the vendor's time zone."""
        self.ensure_one()
        return (self.company_id or self.env.company)._get_channel_tz()

    def _get_due_day(self):
        """Return the day the step is due where the vendor is, today without one."""
        moment = self.date_due or fields.Datetime.now()
        there = self.with_context(tz=self._get_tz())
        return fields.Datetime.context_timestamp(there, moment).date()

    def _is_waited_for(self):
        """Return whether anybody waits for the next step: the deal may have ended."""
        self.ensure_one()
        # sudo: where the deal stands, whoever moves the sheet
        lead = self.sudo().lead_id
        return (
            not lead.qualification_waived_by_id
            and lead.won_status not in ("won", "lost")
            and lead.registration_state not in ENDED
        )

    def _rest(self):
        """Stop the clock: nobody waits for the next step any more."""
        self._set_protected({"date_due": False})
        self.activity_unlink([VERIFY_TYPE])

    def _resume(self):
        """Let the clock go on where it rests: the deal is open again."""
        now = fields.Datetime.now()
        for sheet in self.filtered(lambda sheet: not sheet.date_due):
            due = sheet._plan_due(sheet.state, now)
            if due:
                sheet._set_protected({"date_due": due, "date_reminded": False})
                if sheet.state == "partner_qualified":
                    sheet._ask_vendor()

    def _remind_user(self, user):
        """Put a late step on somebody's desk, once."""
        self.ensure_one()
        kind = self.env.ref(VERIFY_TYPE)
        states = dict(self._fields["state"]._description_selection(self.env))
        given = self.activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id == kind and activity.user_id == user
            )
        )
        if not given:
            self.activity_schedule(
                VERIFY_TYPE,
                date_deadline=self._get_today(),
                user_id=user.id,
                summary=self.env._("Late: %(state)s", state=states[self.state]),
            )

    @api.model
    def _cron_remind_qualifications(self):
        """Tell of steps that are late, in restartable batches."""
        self._run_batches(
            self._get_late_domain(), _BATCH, lambda batch: batch._remind()
        )
