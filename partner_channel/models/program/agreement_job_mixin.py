from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from .agreement_flow_mixin import RENEW

_BATCH = 200


class AgreementJobMixin(models.AbstractModel):
    """What happens to agreements by the calendar: reminders, and their end."""

    _name = "agreement.job.mixin"
    _description = "Agreements by the Calendar"

    date_reminded = fields.Date(
        readonly=True, copy=False, help="When the channel manager was reminded."
    )

    def _is_running_out(self):
        """Return whether the time to renew the agreement has come."""
        self.ensure_one()
        day = self.date_reminder or self.date_last
        return bool(day and day <= self.program_id._get_today())

    @api.model
    def _remind_again(self, versions):
        """Let reminders come anew: agreements end on another day than before.

        :param versions: ``partner.agreement.version``
        """
        told = self.search(
            [
                ("version_id", "in", versions.ids),
                ("state", "=", "signed"),
                ("date_reminded", "!=", False),
            ]
        )
        told.activity_unlink([RENEW])
        told._set_protected({"date_reminded": False})

    def _remind(self):
        """Put agreements that run out on the desks of the channel managers."""
        quiet = self.with_context(mail_activity_quick_update=True)
        for (user, day, text), agreements in quiet.grouped(
            lambda a: (
                a.membership_id._get_responsible_user(),
                a.date_last,
                a._get_reminder_text(),
            )
        ).items():
            if user:
                agreements.activity_schedule(RENEW, day, user_id=user.id, note=text)
        for company, agreements in self.grouped("company_id").items():
            today = company._get_channel_today()
            agreements._set_protected({"date_reminded": today})

    def _get_reminder_text(self):
        day = format_date(self.env, self.date_last)
        if self._ends_by_version():
            return self.env._(
                "%(agreement)s counts until %(day)s only: a newer version has to be "
                "signed.",
                agreement=self.version_id.display_name,
                day=day,
            )
        return self.env._(
            "%(agreement)s ends on %(day)s: renew it.",
            agreement=self.version_id.display_name,
            day=day,
        )

    def _ends_by_version(self):
        """Return whether it ends before the day agreed, as another one is signed."""
        self.ensure_one()
        return self.date_last and self.date_last != self.date_to

    def _end_over(self):
        """End what has had its last day: expired, or superseded before that."""
        superseded = self.filtered(lambda agreement: agreement._ends_by_version())
        for day, agreements in superseded.grouped("date_last").items():
            # what has ended keeps its day, also when its version gets more time
            agreements._set_protected({"date_replaced": day})
        superseded._end("superseded")
        (self - superseded)._end("expired")

    @api.model
    def _get_reminder_domain(self):
        """Return what is to be renewed and nobody was told of."""
        programs = self.env["partner.program"]
        return (
            Domain("state", "=", "signed")
            & Domain("date_reminded", "=", False)
            & Domain("replaced_by_id", "=", False)
            & Domain("membership_id.state", "in", ("active", "suspended"))
            & programs._get_past_domain("date_reminder", reached=True)
        )

    @api.model
    def _cron_follow_agreements(self):
        """End agreements that are over, remind of those to renew, in batches."""
        programs = self.env["partner.program"]
        self._run_batches(
            Domain("state", "=", "signed") & programs._get_past_domain("date_last"),
            _BATCH,
            lambda agreements: agreements._end_over(),
        )
        self._run_batches(
            self._get_reminder_domain(),
            _BATCH,
            lambda agreements: agreements._remind(),
        )
