from odoo import api, fields, models


class PartnerProgram(models.Model):
    """A channel program: its tiers, its rules, the partners in it."""

    _name = "partner.program"
    _description = "Partner Program"
    _inherit = ["channel.internal.thread.mixin", "mail.thread"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="Short name, unique in the company.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    description = fields.Html(
        translate=True, help="What the program is for; partners read this."
    )
    team_id = fields.Many2one("crm.team", "Sales Team", check_company=True)
    grade_ids = fields.One2many(
        "res.partner.grade",
        "program_id",
        "Tiers",
        help="The first tier of the list is the highest one.",
    )
    membership_ids = fields.One2many("partner.membership", "program_id", "Memberships")
    membership_count = fields.Integer(compute="_compute_membership_count")
    protection_days = fields.Integer(
        "Protection (days)",
        default=90,
        tracking=True,
        help="How long an approved registration is protected from other partners.",
    )
    decision_days = fields.Integer(
        "Decide Within (working days)",
        default=2,
        tracking=True,
        help="Working days the vendor gives itself to decide a registration.",
    )
    promotion_policy = fields.Selection(
        [("auto", "At once"), ("confirm", "After confirmation")],
        "Promotion",
        required=True,
        default="auto",
        tracking=True,
    )
    grace_days = fields.Integer(
        "Demotion Notice (days)",
        default=90,
        tracking=True,
        help="Days between the notice that a tier will be lost and its loss. A "
        "partner who reaches the tier again meanwhile keeps it.",
    )

    _code_uniq = models.UniqueIndex(
        "(company_id, lower(code)) WHERE code IS NOT NULL",
        "This code is already used by another program of the company.",
    )
    _days_positive = models.Constraint(
        "CHECK (protection_days > 0 AND decision_days >= 0 AND grace_days >= 0)",
        "Protection takes at least one day; deadlines cannot be negative.",
    )

    @api.depends("membership_ids")
    def _compute_membership_count(self):
        counts = dict(
            self.env["partner.membership"]._read_group(
                [("program_id", "in", self.ids), ("state", "!=", "terminated")],
                ["program_id"],
                ["__count"],
            )
        )
        for program in self:
            program.membership_count = counts.get(program, 0)

    @api.model_create_multi
    def create(self, vals_list):
        programs = super().create(vals_list)
        # the registration log of a company has its head from the start: two
        # first submissions at once would both try to make it
        for company in programs.company_id:
            self.env["partner.registration.chain"]._get_head(company)
        return programs

    def _get_entry_grade(self):
        """Return the lowest tier of the program, empty when it has none."""
        self.ensure_one()
        return self.grade_ids.sorted("sequence")[-1:]

    def _get_today(self, now=None):
        """Return today's date where the program's company is.

        :param datetime now: UTC moment whose day is asked, default now
        :return: ``date`` in the company's time zone
        """
        self.ensure_one()
        tz = self.company_id.partner_id.tz or self.env.user.tz or "UTC"
        return fields.Date.context_today(self.with_context(tz=tz), now)

    def action_open_memberships(self):
        """Open the memberships of the program."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel.partner_membership_action"
        )
        return {
            **action,
            "domain": [("program_id", "=", self.id)],
            "context": {"default_program_id": self.id},
        }
