from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ...tools.goals import reached

# what a goal may become, and from where
_STATES = {
    "draft": {"agreed"},
    "agreed": {"draft"},
    "closed": {"agreed"},
}


class PartnerGoal(models.Model):
    """What a partner, or the network of a program, is to reach in a period."""

    _name = "partner.goal"
    _description = "Partner Goal"
    _inherit = [
        "channel.state.mixin",
        "partner.goal.measure.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_from desc, program_id, membership_id, id"
    _rec_names_search = ["partner_id", "program_id"]
    _state_fields = (
        "state",
        "result",
        "result_reached",
        "date_closed",
        "date_from",
        "date_to",
        "currency_id",
        "company_id",
    )

    membership_id = fields.Many2one(
        "partner.membership",
        "Partner",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Empty: a goal of the whole program, its partners taken together.",
    )
    program_id = fields.Many2one(
        "partner.program",
        compute="_compute_program_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        related="membership_id.partner_id",
        string="Partner Company",
        store=True,
        index="btree_not_null",
    )
    subject = fields.Char("Partner or Program", compute="_compute_subject")
    company_id = fields.Many2one(
        related="program_id.company_id", store=True, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        domain="[('share', '=', False)]",
        index="btree_not_null",
        tracking=True,
    )
    state = fields.Selection(
        [("draft", "Draft"), ("agreed", "Agreed"), ("closed", "Closed")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    date_closed = fields.Date("Closed On", readonly=True, copy=False)
    note = fields.Text("How to Get There")

    # === COMPUTE === #

    @api.depends("membership_id.program_id")
    def _compute_program_id(self):
        for goal in self:
            goal.program_id = goal.membership_id.program_id or goal.program_id

    @api.depends("membership_id")
    def _compute_user_id(self):
        for goal in self:
            goal.user_id = (
                goal.membership_id.manager_id or goal.user_id or self.env.user
            )

    @api.depends("membership_id", "program_id")
    def _compute_subject(self):
        for goal in self:
            if goal.membership_id or not goal.program_id:
                goal.subject = goal.membership_id.display_name or ""
            else:
                goal.subject = self.env._(
                    "%(program)s: all partners", program=goal.program_id.display_name
                )

    @api.depends("subject", "metric", "period_text")
    def _compute_display_name(self):
        for goal in self:
            parts = (goal.subject, goal._get_metric_label(), goal.period_text)
            goal.display_name = ", ".join(part for part in parts if part)

    def _is_of_network(self):
        return not self.membership_id

    # === CONSTRAINTS === #

    # the metric and the period always have a value and let a new goal be checked
    @api.constrains("metric", "period", "plan", "membership_id", "program_id")
    def _check_complete(self):
        for goal in self:
            if not goal.program_id:
                raise ValidationError(
                    self.env._(
                        "Choose a partner, or a program for a goal of its whole "
                        "network."
                    )
                )
            if goal.plan <= 0:
                raise ValidationError(
                    self.env._(
                        "“%(goal)s”: the plan must be above zero. Enter the value to "
                        "reach.",
                        goal=goal.display_name,
                    )
                )
            goal._check_program()

    def _check_program(self):
        """Refuse a program the partner's membership is not in."""
        program = self.membership_id.program_id
        if program and program != self.program_id:
            raise ValidationError(
                self.env._(
                    "“%(membership)s” is in another program than “%(program)s”: choose "
                    "the partner's membership there, or leave the program empty.",
                    membership=self.membership_id.display_name,
                    program=self.program_id.display_name,
                )
            )

    @api.constrains("metric", "membership_id")
    def _check_metric_scope(self):
        return super()._check_metric_scope()

    @api.constrains("period", "date_start", "membership_id")
    def _check_dates(self):
        for goal in self:
            if not goal.date_start:
                raise ValidationError(
                    self.env._(
                        "“%(goal)s”: the day in the period is missing. Enter any day "
                        "of the month, quarter or year the goal is for.",
                        goal=goal.display_name,
                    )
                )
            end = goal.membership_id.date_end
            if end and end < goal.date_from:
                raise ValidationError(
                    self.env._(
                        "“%(membership)s” ended on %(end)s, before %(period)s began: "
                        "choose an earlier day or another partner.",
                        membership=goal.membership_id.display_name,
                        end=format_date(self.env, end),
                        period=goal.period_text,
                    )
                )

    # === CRUD === #

    def write(self, vals):
        if not self._is_state_move():
            self._check_terms_free(vals)
        return super().write(vals)

    @api.model
    def _get_term_fields(self):
        """Return the fields that stand once a goal is agreed."""
        return {"metric", "plan", "membership_id", "program_id", "period", "date_start"}

    def _check_terms_free(self, vals):
        """Refuse other terms of what was agreed.

        :param dict vals: values of a ``write``
        :raise UserError: naming the goal, the fields and what to do
        """
        names = self._get_term_fields() & vals.keys()
        for goal in self.filtered(lambda goal: names and goal.state != "draft"):
            labels = sorted(
                self._fields[name]._description_string(self.env) for name in names
            )
            values = {"goal": goal.display_name, "fields": ", ".join(labels)}
            if goal.state == "closed":
                message = self.env._(
                    "“%(goal)s” is closed and its result stands: %(fields)s cannot be "
                    "changed. Set a new goal instead.",
                    **values,
                )
            else:
                message = self.env._(
                    "“%(goal)s” is agreed: set it back to draft to change %(fields)s.",
                    **values,
                )
            raise UserError(message)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        """A result may have been rewarded: it stays."""
        for goal in self.filtered(lambda goal: goal.state == "closed"):
            raise UserError(
                self.env._(
                    "“%(goal)s” is closed and its result may have been rewarded: it "
                    "cannot be deleted.",
                    goal=goal.display_name,
                )
            )

    # === ACTIONS === #

    def action_agree(self):
        """Note that both sides have agreed; the terms stand from now on."""
        self.check_access("write")
        self._move_to("state", "agreed", _STATES)

    def action_draft(self):
        """Open the terms again."""
        self.check_access("write")
        self._move_to("state", "draft", _STATES)

    def action_close(self):
        """Store what was reached as the final result; those closed stay closed."""
        self.check_access("write")
        closing = self.filtered(lambda goal: goal.state != "closed")
        closing._check_period_over()
        values = closing._measure_goals()
        closed = self.browse()
        for goal in closing:
            vals = goal._prepare_result_vals(values[goal])
            closed |= goal._move_to("state", "closed", _STATES, **vals)
        closed._reward_result()

    def _prepare_result_vals(self, value):
        """Return what is stored of a goal when it is closed.

        :param value: what was measured, ``None`` for nothing
        """
        self.ensure_one()
        return {
            "result": value or 0.0,
            "result_reached": reached(self.plan, value, self._is_less_better()),
            "date_closed": self.program_id._get_today(),
        }

    def _check_period_over(self):
        """Refuse to close what can still grow."""
        for goal in self:
            if goal.date_to >= goal.program_id._get_today():
                raise UserError(
                    self.env._(
                        "“%(goal)s” runs until %(date)s: close it after that day, its "
                        "result can still change.",
                        goal=goal.display_name,
                        date=format_date(self.env, goal.date_to),
                    )
                )

    def _reward_result(self):
        """Reward what was reached: the one hook for bonuses, empty here.

        Called once for a goal, when it is closed, in the transaction and with the
        rights of who closes it. ``self`` holds the goals just closed, maybe several;
        closed is final, so none ever comes twice. On each:

        * ``membership_id``: whom to reward; empty for a goal of a whole program
        * ``metric``, ``date_from``, ``date_to``: what was measured, and when
        * ``plan``, ``result``, ``reached`` (%): in the metric's unit
        * ``currency_id``: of plan and result, empty when they are no amounts
        """
