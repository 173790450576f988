from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .deal_registration_mixin import INTERNAL
from .partner_approval_step import OPEN, STEP_MOVES


class DealApprovalMixin(models.AbstractModel):
    """Approvals in turn: who is asked, and when a registration is approved."""

    _name = "deal.approval.mixin"
    _description = "Approval Steps of a Registration"

    approval_step_ids = fields.One2many(
        "partner.approval.step", "lead_id", "Approvals", readonly=True, groups=INTERNAL
    )
    current_step_id = fields.Many2one(
        "partner.approval.step",
        "Waiting For",
        compute="_compute_current_step_id",
        compute_sudo=True,
        groups=INTERNAL,
    )

    @api.depends("approval_step_ids.state")
    def _compute_current_step_id(self):
        for lead in self:
            lead.current_step_id = lead.approval_step_ids.filtered(
                lambda step: step.state == "asked"
            )[:1]

    def _open_approval_steps(self):
        """Write the steps the program's rules ask for, once for a submission."""
        # sudo: nobody writes steps by hand; the rules decide, whoever submits
        leads = self.sudo()
        Step = self.env["partner.approval.step"].sudo()._with_state_move()
        new = leads.filtered(
            lambda lead: (
                not lead.approval_step_ids.filtered(lambda step: step.state in OPEN)
            )
        )
        steps = Step.create(
            [vals for lead in new for vals in lead._prepare_approval_steps()]
        )
        for own in Step.browse(steps.ids).grouped("lead_id").values():
            own.sorted("sequence")[:1]._ask()

    def _prepare_approval_steps(self):
        """Return the values of the steps of a registration, in turn."""
        self.ensure_one()
        program = self.program_id
        amount = self._get_program_amount()
        asked = {}
        for rule in program.approval_rule_ids.sorted("sequence"):
            approver = rule._get_approver(self)
            # a person is asked once, however many rules name it
            if approver and approver not in asked and rule._matches(self, amount):
                asked[approver] = rule
        return [
            {
                "lead_id": self.id,
                "sequence": number,
                "rule_id": rule.id,
                "approver_id": approver.id,
            }
            for number, (approver, rule) in enumerate(asked.items(), 1)
        ]

    def _get_program_amount(self):
        """Return the expected amount in the program's currency, at the submission."""
        self.ensure_one()
        program = self.program_id
        return self.company_currency._convert(
            self.expected_revenue,
            program.currency_id,
            self.company_id,
            program._get_today(self.date_submitted or None),
        )

    def _stop_approval_steps(self):
        """End the steps nobody needs any more."""
        # sudo: nobody writes steps by hand
        steps = self.sudo().approval_step_ids
        steps.filtered(lambda step: step.state in OPEN)._move_to(
            "state", "stopped", STEP_MOVES
        )

    def _check_approval_steps_done(self):
        """Refuse to approve before the last step.

        :raise UserError: naming the deal and who is asked
        """
        # sudo: steps count whoever approves
        for lead in self.sudo():
            if lead.registration_state == "submitted" and lead.current_step_id:
                raise UserError(
                    self.env._(
                        "“%(deal)s” waits for the approval of %(user)s.",
                        deal=lead.display_name,
                        user=lead.current_step_id.acting_id.name,
                    )
                )

    def _is_asked(self):
        """Return whether the current user may approve the current step."""
        self.ensure_one()
        user = self.env.user
        # sudo: the step says who is asked, whoever looks
        step = self.sudo().current_step_id
        if not step:
            return False
        if user in (step.approver_id | step.acting_id):
            return True
        program = step.lead_id.program_id
        return user == self.env["partner.approval.absence"]._get_stand_in(
            step.approver_id, program._get_today(), program.head_id
        )

    def _approve_in_turn(self, step_id=None):
        """Approve the current step of each; the last one approves the deal.

        :param int step_id: the step the person saw
        :raise UserError: when somebody else decides it now, or has decided it
        """
        self._lock_decision()
        final = self.browse()
        for lead in self:
            # sudo: the step says who is asked, whoever approves
            step = lead.sudo().current_step_id
            if step_id and step.id != step_id:
                lead._refuse_late_approval(step_id)
            if not step:
                final |= lead
                continue
            lead._check_may_approve()
            step._move_to(
                "state",
                "approved",
                STEP_MOVES,
                decided_by_id=self.env.uid,
                date_decided=fields.Datetime.now(),
            )
            # before the next one is asked: the database allows one at a time
            step.flush_recordset()
            if not lead._ask_next_step():
                final |= lead
        # sudo: who approves was checked; an approver need not own the partner
        final.sudo()._approve_registration()

    def _lock_decision(self):
        """Let one of two people at once approve a step.

        :raise UserError: for the other one, naming the deal
        """
        # sudo: a lock only; who may approve is checked
        steps = self.sudo().current_step_id
        taken = steps - steps.try_lock_for_update(allow_referencing=True)
        if taken:
            raise UserError(
                self.env._(
                    "Somebody else decides on “%(deal)s” at this moment. Reload the "
                    "page to see what was decided.",
                    deal=taken[0].lead_id.display_name,
                )
            )

    def _leave_decided(self, step_id):
        """Return the registrations left to approve for who was asked for a step.

        Clicking twice is no mistake: what one has approved is passed over.

        :param int step_id: the step the person saw
        :raise UserError: somebody else has decided it
        """
        left, user = self, self.env.user
        # sudo: the steps of others count; told is only who was asked for this one
        for lead in self.sudo():
            seen = lead.approval_step_ids.filtered(lambda step: step.id == step_id)
            if not seen or seen == lead.current_step_id:
                continue
            if seen.decided_by_id == user:
                left -= lead.sudo(False)
            elif user in (seen.approver_id | seen.acting_id):
                lead._refuse_late_approval(step_id)
        return left

    def _refuse_late_approval(self, step_id):
        """Tell a person who comes too late what was decided meanwhile.

        :param int step_id: the step the person saw
        :raise UserError: naming the deal and who approved
        """
        self.ensure_one()
        # sudo: who approved is told to who was about to do the same
        lead = self.sudo()
        seen = lead.approval_step_ids.filtered(lambda step: step.id == step_id)
        if seen.state == "approved":
            raise UserError(
                self.env._(
                    "%(user)s has approved “%(deal)s” already. Reload the page to see "
                    "what is left to decide.",
                    user=seen.decided_by_id.name,
                    deal=lead.display_name,
                )
            )
        raise UserError(
            self.env._(
                "“%(deal)s” was decided meanwhile. Reload the page to see how.",
                deal=lead.display_name,
            )
        )

    def _ask_next_step(self):
        """Turn to the next approver; return whether there is one."""
        self.ensure_one()
        # sudo: steps are nobody's to write
        lead = self.sudo()
        waiting = lead.approval_step_ids.filtered(lambda s: s.state == "waiting")
        following = waiting.sorted("sequence")[:1]
        if not following:
            return False
        following._ask()
        lead.activity_feedback(
            ["partner_channel.mail_activity_decide_registration"],
            feedback=self.env._("Approved, the next approver is asked"),
        )
        lead._schedule_decision()
        return True

    def _check_may_approve(self):
        """Refuse to approve what is another person's to approve.

        :raise AccessError: naming the deal and who is asked
        """
        is_head = self.env.user.has_group("partner_channel.group_channel_head")
        for lead in self:
            # sudo: told is only whose turn it is
            step = lead.sudo().current_step_id
            if step and not (is_head or lead._is_asked()):
                raise AccessError(
                    self.env._(
                        "“%(deal)s” waits for the approval of %(user)s.",
                        deal=lead.sudo().display_name,
                        user=step.acting_id.name,
                    )
                )
