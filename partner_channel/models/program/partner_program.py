from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...tools.tiers import next_yearly_day

MONTHS = [
    ("1", "January"),
    ("2", "February"),
    ("3", "March"),
    ("4", "April"),
    ("5", "May"),
    ("6", "June"),
    ("7", "July"),
    ("8", "August"),
    ("9", "September"),
    ("10", "October"),
    ("11", "November"),
    ("12", "December"),
]


class PartnerProgram(models.Model):
    """A channel program: its tiers, its rules, the partners in it."""

    _name = "partner.program"
    _description = "Partner Program"
    _inherit = [
        "program.takeover.mixin",
        "program.submission.mixin",
        "program.approval.mixin",
        "program.earned.mixin",
        "program.life.mixin",
        "program.day.mixin",
        "program.agreement.mixin",
        "program.qualification.mixin",
        "channel.internal.thread.mixin",
        "mail.thread",
    ]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="Short name, unique in the company.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    kind = fields.Selection(
        [
            ("reseller", "Reseller"),
            ("integrator", "Integrator"),
            ("referral", "Referral"),
            ("distributor", "Distributor"),
            ("technology", "Technology"),
            ("other", "Other"),
        ],
        "Type",
        required=True,
        default="reseller",
        tracking=True,
    )
    ecosystem = fields.Char(
        help="The platform or market the program is for, where there are several."
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="Thresholds and goals are in it; invoices in other currencies are "
        "converted.",
    )
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
    promotion_policy = fields.Selection(
        [("auto", "At once"), ("confirm", "After confirmation")],
        "Promotion",
        required=True,
        default="auto",
        tracking=True,
    )
    demotion_policy = fields.Selection(
        [
            ("grace", "After notice and grace"),
            ("yearly", "At the yearly review"),
            ("never", "Never"),
        ],
        "Demotion",
        required=True,
        default="grace",
        tracking=True,
    )
    review_month = fields.Selection(
        MONTHS,
        "Yearly Review",
        default="1",
        tracking=True,
        help="On the first day of this month partners lose tiers they no longer reach.",
    )
    freeze_until = fields.Date(
        "Tiers Frozen Until",
        tracking=True,
        help="Up to this day, inclusive, no tier of the program changes by itself.",
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
        "CHECK (protection_days > 0 AND grace_days >= 0)",
        "Protection takes at least one day; deadlines cannot be negative.",
    )

    @api.depends("company_id")
    def _compute_currency_id(self):
        for program in self:
            program.currency_id = program.currency_id or program.company_id.currency_id

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

    def write(self, vals):
        if "currency_id" in vals:
            self._check_currency_free(vals["currency_id"])
        return super().write(vals)

    def _check_currency_free(self, currency_id):
        """Refuse another currency while amounts in the present one are set.

        :param int currency_id: the currency to be
        :raise ValidationError: naming the program and the tiers to change
        """
        changing = self.filtered(lambda p: p.currency_id.id != currency_id)
        # sudo: goals of other channel managers count as well
        self.env["partner.goal"].sudo()._check_no_amounts(changing)
        for program in changing:
            grades = program.grade_ids.requirement_ids.filtered(
                lambda requirement: requirement._is_monetary()
            ).grade_id
            if grades:
                raise ValidationError(
                    self.env._(
                        "The thresholds of %(tiers)s are in %(currency)s. Remove those "
                        "requirements of “%(program)s”, change the currency, and enter "
                        "them in the new one.",
                        tiers=", ".join(grades.mapped("name")),
                        currency=program.currency_id.name,
                        program=program.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        """A program somebody was in explains deals, tiers and commissions."""
        # sudo: memberships of other channel managers count as well
        counts = dict(
            self.env["partner.membership"]
            .sudo()
            ._read_group([("program_id", "in", self.ids)], ["program_id"], ["__count"])
        )
        for program, count in counts.items():
            raise UserError(
                self.env._(
                    "“%(program)s” has %(count)d memberships and their history: "
                    "archive it instead of deleting it.",
                    program=program.display_name,
                    count=count,
                )
            )

    def _get_members(self, date_from, date_to):
        """Return the memberships that ran on one of the days, also if ended since.

        :param date date_from: first day
        :param date date_to: last day
        :return: ``partner.membership``
        """
        return self.env["partner.membership"].search(
            Domain("program_id", "in", self.ids)
            & Domain("state", "!=", "draft")
            & Domain("date_start", "<=", date_to)
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", date_from))
        )

    def _get_entry_grade(self):
        """Return the lowest tier of the program, empty when it has none."""
        self.ensure_one()
        return self.grade_ids.sorted("sequence")[-1:]

    def _read_tiers(self):
        """Return what the tiers of the programs ask for, in two queries.

        :return: ``{program_id: [(grade_id, requirements, points_needed)]}``, highest
            tier first
        """
        # sudo: what a tier asks for is measured whoever looks
        grades = self.env["res.partner.grade"].sudo()
        # all at once: whoever explains the tiers comes back for their names
        columns = [n for n, f in grades._fields.items() if f.store and f.column_type]
        domain = [("program_id", "in", self.ids)]
        grades = grades.search_fetch(domain, columns, order="sequence, id")
        asked = grades._read_requirements()
        return {
            program.id: [
                (grade.id, asked.get(grade, asked[None]), grade.points_needed)
                for grade in own
            ]
            for program, own in grades.grouped("program_id").items()
        }

    def _get_demotion_day(self, day):
        """Return when a tier is lost that is no longer reached on a day.

        :param date day: day of the review
        :return: ``date``, or ``False`` when tiers are never lost
        """
        self.ensure_one()
        if self.demotion_policy == "never":
            return False
        if self.demotion_policy == "yearly":
            return next_yearly_day(int(self.review_month or 1), day)
        return day + timedelta(days=self.grace_days)

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
