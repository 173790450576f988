from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .application_flow_mixin import APPLICATION_MOVES, TO_DECIDE


class ApplicationDecisionMixin(models.AbstractModel):
    """What the vendor does with an application."""

    _name = "application.decision.mixin"
    _description = "Decision on an Application"

    date_decision_due = fields.Datetime("Decide By", readonly=True, copy=False)
    date_decision = fields.Datetime("Decided", readonly=True, copy=False)
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")
    question = fields.Text(
        "Question to the Applicant", readonly=True, copy=False, tracking=True
    )
    reason_id = fields.Many2one(
        "partner.application.reason",
        "Declined Because",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
    )
    decline_note = fields.Text("Note to the Applicant", readonly=True, copy=False)

    @api.depends("state", "date_decision_due")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for application in self:
            due = application.date_decision_due
            application.is_late = bool(
                application.state in TO_DECIDE and due and due < now
            )

    @api.model
    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [
            ("state", "in", TO_DECIDE),
            ("date_decision_due", "<", fields.Datetime.now()),
        ]

    # === WHO MAY === #

    def _check_may_prepare(self):
        """Refuse to ask and to review to who only reads.

        :raise AccessError: for anybody without the right to write
        """
        self.check_access("write")

    def _check_may_decide(self):
        """Refuse to decide to who only prepares the work.

        :raise AccessError: for anybody below a channel manager
        """
        self.check_access("write")
        if not (
            self.env.su
            or self.env.user.has_group("partner_channel.group_channel_manager")
        ):
            raise AccessError(
                self.env._("Only channel managers accept and decline applications.")
            )

    # === ACTIONS === #

    def action_review(self):
        """Begin to look at applications; who begins is their manager, if nobody is.

        To take back a refusal is to decide.
        """
        self._check_may_prepare()
        if "declined" in self.mapped("state"):
            self._check_may_decide()
        asked = self.filtered(lambda a: a.state == "question")
        moved = self._move_to(
            "state",
            "in_review",
            APPLICATION_MOVES,
            date_decision=False,
            reason_id=False,
            decline_note=False,
        )
        # the answer may be on its way, and the company may have been corrected
        asked._set_protected({"date_screened": False})
        (moved - asked)._set_protected({"question": False})
        moved.filtered(lambda a: not a.manager_id).manager_id = self.env.user
        moved.filtered(lambda a: not a.date_decision_due)._reopen()

    def _reopen(self):
        """Let the clock of the decision run again."""
        now = fields.Datetime.now()
        # sudo: rules of the program hold for whoever reviews
        for program, applications in self.sudo().grouped("program_id").items():
            due = program._plan_hours(program.application_hours, now)
            applications._set_protected({"date_decision_due": due})
        # sudo: nobody writes the funnel by hand
        self.sudo().funnel_id._stamp(outcome=False, date_decided=False)
        self._ask_decision()

    def action_open_accept(self):
        """Open the page to accept the application on."""
        return self._open_decision("accept")

    def action_open_question(self):
        """Open the page to write a question on."""
        return self._open_decision("question")

    def action_open_decline(self):
        """Open the page to decline the applications on."""
        return self._open_decision("decline")

    def _open_decision(self, decision):
        self.ensure_one()
        self._check_may_prepare()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel_portal.partner_application_decide_action"
        )
        return {
            **action,
            "context": {
                "default_application_id": self.id,
                "default_decision": decision,
            },
        }

    # === MOVES OF THE VENDOR === #

    def _ask_applicant(self, question):
        """Ask the applicant something; the clock stops until the answer.

        :param str question: plain text the applicant reads
        :raise UserError: when there is no question
        """
        self._check_may_prepare()
        question = (question or "").strip()
        if not question:
            raise UserError(
                self.env._("Write the question: the applicant cannot guess it.")
            )
        moved = self._move_to(
            "state",
            "question",
            APPLICATION_MOVES,
            question=question,
            date_decision_due=False,
        )
        moved._close_activities()
        moved._send("question")
        return moved

    def _decline(self, reason, note=""):
        """Tell the applicants that they do not become partners.

        :param reason: ``partner.application.reason``
        :param str note: plain text the applicants read beside the reason's own
        """
        self._check_may_decide()
        now = fields.Datetime.now()
        moved = self._move_to(
            "state",
            "declined",
            APPLICATION_MOVES,
            reason_id=reason.id,
            decline_note=(note or "").strip() or False,
            date_decision=now,
            date_decision_due=False,
        )
        # sudo: nobody writes the funnel by hand
        moved.sudo().funnel_id._stamp(outcome="declined", date_decided=now)
        moved._close_activities()
        moved._send("declined")
        return moved
