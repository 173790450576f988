from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

_BATCH = 200


class DealUpdateMixin(models.AbstractModel):
    """The duty to report on a protected deal every so many days."""

    _name = "deal.update.mixin"
    _description = "Updates of a Deal"

    update_ids = fields.One2many(
        "partner.deal.update", "lead_id", "Updates", readonly=True
    )
    date_last_update = fields.Date("Last Update", readonly=True, copy=False)
    date_update_due = fields.Date("Next Update Due", readonly=True, copy=False)
    date_update_overdue = fields.Date(readonly=True, copy=False)
    date_update_reminded = fields.Date(readonly=True, copy=False)
    is_update_overdue = fields.Boolean(
        "Update Overdue",
        compute="_compute_is_update_overdue",
        search="_search_is_update_overdue",
    )

    _update_due_idx = models.Index(
        "(date_update_due) WHERE registration_state = 'approved'"
    )

    @api.depends("date_update_overdue", "registration_state")
    def _compute_is_update_overdue(self):
        for lead in self:
            limit = lead.date_update_overdue
            lead.is_update_overdue = bool(
                limit
                and lead.registration_state == "approved"
                and limit < lead.program_id._get_today()
            )

    def _search_is_update_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [
            ("registration_state", "=", "approved"),
            ("date_update_overdue", "<", "today"),
        ]

    def _prepare_update_duty(self, day):
        """Return when the next update is due, counted from a day.

        :param date day: of the approval or of the last update
        """
        self.ensure_one()
        program = self.program_id
        due = program.update_days and day + timedelta(days=program.update_days)
        return {
            "date_update_due": due or False,
            "date_update_overdue": due
            and due + timedelta(days=program.update_grace_days),
            "date_update_reminded": False,
        }

    def _approve_one(self, now):
        result = super()._approve_one(now)
        for lead in result:
            day = lead.program_id._get_today(now)
            lead._set_protected(lead._prepare_update_duty(day))
        return result

    def _move_registration(self, target, date=None, **values):
        moved = super()._move_registration(target, date, **values)
        for lead in moved:
            today, limit = lead.program_id._get_today(), lead.date_update_overdue
            if target == "approved":
                lead._set_protected(lead._prepare_update_duty(today))
            # what was missed stays missed; what is not overdue is due no more
            elif limit and limit >= today:
                lead._set_protected(
                    {"date_update_due": False, "date_update_overdue": False}
                )
        return moved

    def _post_update(self, text, date_deadline=None, person=None):
        """Take down what the partner reports. The caller has checked who does.

        Of several updates within half a period one counts for the partner's
        discipline, so that writing every day does not make up for silence.

        :param str text: what happened
        :param date date_deadline: when the partner expects to win, if it says so
        :param person: ``res.partner`` who reports
        :return: ``partner.deal.update``
        :raise UserError: no text, or the deal is not protected
        """
        self.ensure_one()
        if not (text or "").strip():
            raise UserError(self.env._("Write what has happened on the deal."))
        if self.registration_state != "approved":
            raise UserError(
                self.env._(
                    "“%(deal)s” is not protected: there is nothing to report on.",
                    deal=self.display_name,
                )
            )
        today = self.program_id._get_today()
        # sudo: nobody writes updates by hand
        update = (
            self.env["partner.deal.update"]
            .sudo()
            .create(
                {
                    "lead_id": self.id,
                    "membership_id": self.membership_id.id,
                    "person_id": person.id if person else False,
                    "date": today,
                    "text": text.strip(),
                    "date_deadline": date_deadline or self.date_deadline,
                    **self._judge_update(today),
                }
            )
        )
        values = {"date_last_update": today, **self._prepare_update_duty(today)}
        if date_deadline:
            values["date_deadline"] = date_deadline
        self._set_protected(values)
        return update

    def _judge_update(self, day):
        """Return whether an update of a day fulfils the duty, and in time."""
        self.ensure_one()
        due, every = self.date_update_due, self.program_id.update_days
        if not due or not every:
            return {}
        # sudo: updates of colleagues count as well
        counted = self.sudo().update_ids.filtered("is_counted")
        last = max(counted.mapped("date"), default=due - timedelta(days=every))
        return {
            "date_due": due,
            "is_counted": (day - last).days * 2 >= every,
            "is_kept": day <= (self.date_update_overdue or due),
        }

    def _remind_of_update(self):
        """Tell partner and manager that an update is due; stamp the deals."""
        for lead in self:
            lead._tell_both(
                self.env._(
                    "An update of this deal is due: write what has happened and when "
                    "you expect to win it."
                )
            )
            lead._set_protected({"date_update_reminded": lead.program_id._get_today()})

    def _start_update_duty(self):
        """Begin the duty on deals approved before the program asked for updates."""
        for lead in self:
            lead._set_protected(lead._prepare_update_duty(lead.program_id._get_today()))

    @api.model
    def _cron_remind_of_updates(self):
        """Remind of updates that are due, each once."""
        self.with_context(active_test=False)._run_batches(
            Domain("registration_state", "=", "approved")
            & Domain("date_update_due", "=", False)
            & Domain("membership_id.program_id.update_days", ">", 0),
            _BATCH,
            lambda batch: batch._start_update_duty(),
        )
        self.with_context(active_test=False)._run_batches(
            Domain("registration_state", "=", "approved")
            & self.env["res.company"]._get_past_domain("date_update_due")
            & Domain("date_update_reminded", "=", False),
            _BATCH,
            lambda batch: batch._remind_of_update(),
        )
