from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

_BATCH_SIZE = 200

#: what a dispute may become, and from where
STATES = {
    "open": {"answered"},
    "answered": {"open"},
    "adjusted": {"open", "answered"},
    "refused": {"open", "answered"},
    "withdrawn": {"open", "answered"},
}
#: not decided yet: the line is not paid out meanwhile
UNSETTLED = ("open", "answered")


class CommissionDisputeFlowMixin(models.AbstractModel):
    """The way of a dispute from the partner's comment to what came of it."""

    _name = "commission.dispute.flow.mixin"
    _inherit = ["commission.day.mixin"]
    _description = "Way of a Commission Dispute"

    # === VENDOR === #

    def action_answer(self):
        """Answer; the partner then withdraws, insists, or lets it rest."""
        for dispute in self._with_answer():
            dispute._settle("answered")

    def action_refuse(self):
        """Refuse: the line stays as it was stated, and is paid as such."""
        for dispute in self._with_answer():
            dispute._settle("refused")

    def action_adjust(self):
        """Ask for an adjustment: another person approves it.

        Once approved, it goes into the next statement and settles the dispute.

        :raise UserError: the correction is missing
        """
        for dispute in self._with_answer():
            if dispute.currency_id.is_zero(dispute.correction):
                raise UserError(
                    self.env._(
                        "Correction: say what is to be added to the line, or taken "
                        "from it."
                    )
                )
            dispute._request_adjustment()

    def _with_answer(self):
        """Return the records, if the current user may decide and has answered.

        :raise UserError: naming the first one without an answer, or decided on
        """
        self.check_access("write")
        for dispute in self:
            if dispute.has_pending_adjustment:
                raise UserError(
                    self.env._(
                        "“%(dispute)s” waits for the approval of an adjustment.",
                        dispute=dispute.display_name,
                    )
                )
            if not (dispute.answer_draft or "").strip():
                raise UserError(
                    self.env._(
                        "Your Answer: tell the partner why, in a sentence or two."
                    )
                )
        return self

    def _request_adjustment(self):
        """Create the request for an adjustment of the line."""
        self.ensure_one()
        adjustment = self.env["partner.commission.adjustment"].create(
            {
                "membership_id": self.membership_id.id,
                "currency_id": self.currency_id.id,
                "amount": self.correction,
                "kind": "correction",
                "reason": self.answer_draft,
                "entry_id": self.entry_id.id,
                "dispute_id": self.id,
            }
        )
        adjustment.action_request()

    def _settle(self, state):
        """Move one dispute, with the answer as it is written, and tell the partner.

        :param str state: ``answered``, ``adjusted`` or ``refused``
        """
        self.ensure_one()
        # sudo: the caller has been checked
        dispute = self.sudo()
        today = self.company_id._get_channel_today()
        values = {"answer": self.answer_draft}
        if state == "answered":
            values["date_deadline"] = self._get_deadline()
        else:
            values |= {"settled_by_id": self.env.uid, "date_settled": today}
        if dispute._move_to("state", state, STATES, **values):
            dispute.activity_unlink(["mail.mail_activity_data_todo"])
            dispute._tell_partner()

    def _get_deadline(self):
        """Return until when the other side has to answer, None for no limit."""
        self.ensure_one()
        # sudo: a figure of the program
        program = self.sudo().membership_id.program_id
        days = program.dispute_answer_days
        return program._get_today() + timedelta(days=days) if days else False

    def _tell_partner(self):
        """Write the outcome to the statement, where the partner's people read it."""
        self.ensure_one()
        statement = self.statement_id
        recipients = statement._get_money_contacts()
        theirs = self.with_env(statement._in_language_of_partner().env)
        statement.message_post(
            body=theirs.env._(
                "Your objection to “%(line)s”: %(state)s. %(answer)s",
                line=self.entry_id.move_id.name or self.entry_id.label,
                state=theirs._get_state_label(),
                answer=self.answer or "",
            ),
            partner_ids=recipients.get(statement.partner_id.id, []),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _get_state_label(self):
        """Return where the dispute stands, in words."""
        self.ensure_one()
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    # === PARTNER === #

    @api.model
    def _open(self, statement, entry, comment):
        """Open a dispute; the caller has checked that this person may.

        :param statement: a sent statement, in sudo
        :param entry: one of its entries
        :param str comment: the partner's words
        :return: the dispute
        """
        dispute = self._with_state_move().create(
            {
                "statement_id": statement.id,
                "entry_id": entry.id,
                "membership_id": statement.membership_id.id,
                "partner_id": statement.partner_id.id,
                "company_id": statement.company_id.id,
                "currency_id": statement.currency_id.id,
                "amount": entry.amount_currency,
                "comment": comment,
                "opened_by_id": self.env.uid,
                "date_opened": statement.company_id._get_channel_today(),
            }
        )
        # without what lets it set protected fields
        dispute = self.browse(dispute.id)
        dispute._set_protected({"date_deadline": dispute._get_deadline()})
        dispute._ask_manager()
        return dispute

    def _ask_manager(self):
        """Remind the channel manager that an answer is due."""
        for dispute in self.filtered("manager_id"):
            dispute.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=dispute.date_deadline or None,
                summary=self.env._("Answer to a disputed commission"),
                user_id=dispute.manager_id.id,
            )

    def _withdraw(self):
        """Let the line stand as it was stated."""
        for dispute in self._move_on_day(
            "withdrawn", STATES, "date_settled", settled_by_id=self.env.uid
        ):
            dispute.activity_unlink(["mail.mail_activity_data_todo"])

    def _insist(self, comment):
        """Object to the vendor's answer.

        :param str comment: the partner's words
        """
        for dispute in self._move_to("state", "open", STATES):
            dispute._set_protected(
                {"comment": comment, "date_deadline": dispute._get_deadline()}
            )
            dispute._ask_manager()

    # === JOB === #

    @api.model
    def _cron_close_disputes(self):
        """Let answered disputes rest when the partner did not object in time, and
        remind the team's leader of those nobody answered in time.
        """
        past = self.env["partner.program"]._get_past_domain("date_deadline")
        self._run_batches(
            past & Domain("state", "=", "open") & Domain("date_escalated", "=", False),
            _BATCH_SIZE,
            lambda disputes: disputes._escalate(),
        )
        # what the vendor has offered is for another person to approve first
        offered = Domain("adjustment_ids", "any", [("state", "=", "requested")])
        self._run_batches(
            past & Domain("state", "=", "answered") & ~offered,
            _BATCH_SIZE,
            lambda disputes: disputes._withdraw(),
        )

    def _escalate(self):
        """Tell the leader of the partner's team that an answer is overdue, once."""
        for company, disputes in self.grouped("company_id").items():
            disputes._set_protected({"date_escalated": company._get_channel_today()})
        for dispute in self:
            leader = dispute.membership_id.team_id.user_id
            if leader:
                dispute.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=self.env._("Overdue answer to a disputed commission"),
                    user_id=leader.id,
                )
