from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

# what a plan may become, and from where
_STATES = {"active": {"draft"}, "closed": {"active"}}

#: fields that decide what was earned: fixed once the plan is active
FIXED_FIELDS = {
    "program_id",
    "scope",
    "grade_id",
    "membership_id",
    "lead_id",
    "date_from",
    "rule_ids",
    "cap_deal",
    "cap_customer",
    "cap_period",
    "cap_period_kind",
    "cap_plan",
    "ceiling",
}


class PartnerCommissionPlan(models.Model):
    """What a program, or a part of it, pays for in a period.

    A plan that was active stays as it was: a change is a new version with its
    own period, so each entry can name the terms it was computed by.
    """

    _name = "partner.commission.plan"
    _description = "Commission Plan"
    _inherit = [
        "channel.state.mixin",
        "commission.plan.scope.mixin",
        "commission.plan.limit.mixin",
        "commission.plan.table.mixin",
        "commission.plan.example.mixin",
        "mail.thread",
    ]
    _order = "program_id, date_from desc, id desc"
    _state_fields = ("state", "version", "previous_id", "company_id")

    name = fields.Char(required=True, translate=True, tracking=True)
    version = fields.Integer(default=1, readonly=True, copy=False)
    previous_id = fields.Many2one(
        "partner.commission.plan",
        "Previous Version",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    program_id = fields.Many2one(
        "partner.program", required=True, index=True, ondelete="restrict", tracking=True
    )
    company_id = fields.Many2one(
        related="program_id.company_id", store=True, index=True
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [("draft", "Draft"), ("active", "Active"), ("closed", "Closed")],
        required=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    date_from = fields.Date(
        "Valid From",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(day=1),
        tracking=True,
        help="Invoices dated from this day on are paid for by this plan.",
    )
    date_to = fields.Date(
        "Valid Until",
        copy=False,
        tracking=True,
        help="Last invoice date the plan pays for; empty for no end.",
    )
    rule_ids = fields.One2many("partner.commission.rule", "plan_id", "Rules", copy=True)
    note = fields.Text("Internal Note")

    _period_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A plan cannot end before it begins.",
    )
    _active_overlap = models.Constraint(
        "EXCLUDE USING gist (program_id WITH =, COALESCE(grade_id, 0) WITH =, "
        "COALESCE(membership_id, 0) WITH =, COALESCE(lead_id, 0) WITH =, "
        "daterange(date_from, COALESCE(date_to, 'infinity'::date), '[]') WITH &&) "
        "WHERE (state = 'active')",
        "Another active plan for the same partners covers some of the same days. "
        "End it the day before this one begins.",
    )

    @api.depends("name", "version")
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = f"{plan.name} v{plan.version}" if plan.name else ""

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        if FIXED_FIELDS & set(vals):
            self._check_draft()
        if "date_to" in vals:
            # an active plan may be ended, a closed one has been
            self.filtered(lambda plan: plan.state == "closed")._check_draft()
        self.env.registry.clear_cache()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_draft()

    def _check_draft(self):
        """Refuse to touch what was earned on.

        :raise UserError: naming the first plan that is no longer a draft
        """
        fixed = self.filtered(lambda plan: plan.state != "draft")[:1]
        if fixed:
            raise UserError(
                self.env._(
                    "“%(plan)s” has been activated and stays as it is. "
                    "Create a new version to change the terms.",
                    plan=fixed.display_name,
                )
            )

    # === ACTIONS === #

    def action_activate(self):
        """Let the plan pay; the version before it ends the day before."""
        for plan in self:
            if not plan.rule_ids:
                raise UserError(
                    self.env._(
                        "“%(plan)s” has no rule to pay by.", plan=plan.display_name
                    )
                )
            plan.rule_ids._check_bands()
            plan._end_previous()
        self._move_to("state", "active", _STATES)

    def _end_previous(self):
        self.ensure_one()
        previous = self.previous_id
        ends_later = not previous.date_to or previous.date_to >= self.date_from
        if (
            previous.state == "active"
            and previous.date_from < self.date_from
            and ends_later
        ):
            previous.date_to = self.date_from - relativedelta(days=1)
            previous.flush_recordset(["date_to"])

    def action_close(self):
        """Stop the plan: documents posted from now on earn nothing by it."""
        self._move_to("state", "closed", _STATES)

    def action_new_version(self):
        """Copy the plan into a draft that follows it, and open that.

        :return: window action on the draft
        """
        self.ensure_one()
        today = self.program_id._get_today()
        version = self._with_state_move().copy(
            {
                "name": self.name,
                "version": self.version + 1,
                "previous_id": self.id,
                "date_from": max(today, self.date_from).replace(day=1)
                + relativedelta(months=1),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": version.id,
            "view_mode": "form",
        }

    def _filter_covering(self, day):
        """Return the plans whose period holds a day, both ends included.

        :param date day: where the vendor is
        """
        return self.filtered(
            lambda plan: (
                plan.date_from <= day and (not plan.date_to or plan.date_to >= day)
            )
        )

    def copy_data(self, default=None):
        """Copy the rules as well: they are what a version is about."""
        default = dict(default or {})
        vals_list = super().copy_data(default)
        if "name" not in default:
            for plan, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%(name)s (copy)", name=plan.name)
        return vals_list
