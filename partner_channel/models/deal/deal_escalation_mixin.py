from odoo import api, fields, models

from .deal_registration_mixin import INTERNAL

#: written by named moves only
DESK_FIELDS = (
    "date_decision_warn",
    "date_escalation",
    "escalation_level",
    "date_evaluated",
    "is_automatic",
)
_TYPE = "partner_channel.mail_activity_decide_registration"
_BATCH = 200
_COLORS = {"green": 10, "amber": 3, "red": 1}


class DealEscalationMixin(models.AbstractModel):
    """The clock of a decision: on time, soon due, late and told upwards."""

    _name = "deal.escalation.mixin"
    _description = "Deadline of a Decision"

    date_decision_warn = fields.Datetime(
        readonly=True,
        copy=False,
        groups=INTERNAL,
        help="When three quarters of the working time to decide have passed.",
    )
    date_escalation = fields.Datetime(
        "Escalates On", readonly=True, copy=False, groups=INTERNAL
    )
    escalation_level = fields.Integer(
        readonly=True,
        copy=False,
        groups=INTERNAL,
        help="1: the leader of the sales team was told that the decision is late; "
        "2: the head of the program as well.",
    )
    decision_pace = fields.Selection(
        [("green", "On time"), ("amber", "Soon due"), ("red", "Late")],
        compute="_compute_decision_pace",
        groups=INTERNAL,
    )
    decision_color = fields.Integer(compute="_compute_decision_pace", groups=INTERNAL)

    _escalation_idx = models.Index(
        "(date_escalation) WHERE registration_state = 'submitted'"
    )

    @api.depends("date_decision_due", "date_decision_warn", "registration_state")
    def _compute_decision_pace(self):
        now = fields.Datetime.now()
        for lead in self:
            due, warn = lead.date_decision_due, lead.date_decision_warn
            pace = "green"
            if due and due < now:
                pace = "red"
            elif warn and warn <= now:
                pace = "amber"
            lead.decision_pace = lead.registration_state == "submitted" and pace
            lead.decision_color = _COLORS.get(lead.decision_pace, 0)

    def _prepare_deadlines(self, now):
        """Return the moments of a decision asked for now, in working time.

        :param datetime now: when the registration was submitted, UTC
        :return: dict of values
        """
        self.ensure_one()
        # sudo: rules of the program hold for whoever submits
        program = self.program_id.sudo()
        due = program._plan_hours(program.decision_hours, now)
        return {
            "date_decision_due": due,
            "date_decision_warn": program._plan_hours(
                program.decision_hours * 0.75, now
            ),
            "date_escalation": due,
            "escalation_level": 0,
            "date_evaluated": False,
            "is_automatic": False,
        }

    def _schedule_decision(self):
        """Put the decision on the desk of who is asked: approver or manager."""
        for lead in self:
            # sudo: the step says who is asked, whoever submits
            user = lead.sudo().current_step_id.acting_id or lead.user_id
            if user:
                lead._ask_decision(user)

    def _ask_decision(self, user, summary=False):
        """Give a person the activity to decide, once."""
        self.ensure_one()
        kind = self.env.ref(_TYPE)
        # sudo: activities of others, only to give nobody the same one twice
        given = self.sudo().activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id == kind and activity.user_id == user
            )
        )
        if not given:
            self.activity_schedule(
                _TYPE,
                date_deadline=self.date_decision_due.date(),
                user_id=user.id,
                summary=summary or kind.summary,
            )

    def _escalate(self):
        """Tell the next level that the decision is late, once for each level."""
        for lead in self:
            level = lead.escalation_level + 1
            program = lead.program_id
            leader, head = lead.team_id.user_id, program.head_id
            told = (leader or head) if level == 1 else head
            if told:
                lead._ask_decision(
                    told, self.env._("Late decision, escalation %(level)d", level=level)
                )
            again = level == 1 and program._plan_hours(
                program.escalation_hours, lead.date_decision_due
            )
            lead._set_protected({"escalation_level": level, "date_escalation": again})
        self.env["partner.registration.log"]._append(self, "escalated")

    @api.model
    def _cron_escalate_decisions(self):
        """Tell leaders and heads of decisions that are late."""
        self._run_batches(
            [
                ("registration_state", "=", "submitted"),
                ("date_escalation", "<=", fields.Datetime.now()),
            ],
            _BATCH,
            lambda leads: leads._escalate(),
        )
