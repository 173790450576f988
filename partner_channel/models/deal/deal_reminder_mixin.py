from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from .deal_registration_mixin import INTERNAL

_BATCH = 200


class DealReminderMixin(models.AbstractModel):
    """Tells partner and channel manager before a protection ends, each once."""

    _name = "deal.reminder.mixin"
    _description = "Reminders of a Protection's End"

    reminder_level = fields.Integer(
        readonly=True,
        copy=False,
        groups=INTERNAL,
        help="1: told once that the protection ends, 2: told again shortly before.",
    )

    @api.model
    def _get_reminder_days(self, program):
        """Return ``[(level, days before the end)]`` of a program, last one first."""
        levels = [(2, program.last_reminder_days), (1, program.reminder_days)]
        return [(level, days) for level, days in levels if days]

    def _remind_of_end(self, level):
        """Tell who works on the deals that the protection ends; stamp them.

        :param int level: 1 or 2
        """
        for lead in self:
            lead._tell_both(lambda deal: deal._get_reminder_text())
        self._set_protected({"reminder_level": level})

    def _get_reminder_text(self):
        """Return what is told before the end, in the language of the record."""
        return self.env._(
            "The protection of this deal ends on %(date)s. Win it until then, or ask "
            "for an extension.",
            date=format_date(self.env, self.date_protection_end),
        )

    @api.model
    def _cron_remind_of_end(self):
        """Remind before protections end, program by program, each level once."""
        leads = self.with_context(active_test=False)
        # sudo: rules of all programs; the job is the system's
        programs = self.env["partner.program"].sudo()
        asked = Domain("reminder_days", ">", 0) | Domain("last_reminder_days", ">", 0)
        for program in programs.with_context(active_test=False).search(asked):
            today = program._get_today()
            for level, days in self._get_reminder_days(program):
                domain = (
                    Domain("registration_state", "=", "approved")
                    & Domain("date_protection_end", ">=", today)
                    & Domain("date_protection_end", "<=", today + timedelta(days=days))
                    & Domain("membership_id.program_id", "=", program.id)
                    & Domain("reminder_level", "<", level)
                )
                leads._run_batches(
                    domain,
                    _BATCH,
                    lambda batch, level=level: batch._remind_of_end(level),
                )
