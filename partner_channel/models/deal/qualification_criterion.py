from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.qualification import KNOCKOUTS

KINDS = [
    ("yesno", "Yes or No"),
    ("choice", "Choice"),
    ("number", "Number"),
    ("money", "Amount"),
    ("date", "Date"),
    ("text", "Text"),
]
STEPS = [("main", "Both Sides"), ("additional", "Vendor's Own Step")]


class QualificationCriterion(models.Model):
    """One question of a template, and what an answer is worth.

    A qualification takes a copy of its criteria with it (``qualification.snapshot``):
    what is changed here counts from the next one on.
    """

    _name = "qualification.criterion"
    _description = "Qualification Criterion"
    _order = "section_id, sequence, id"

    name = fields.Char("Question", required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    section_id = fields.Many2one(
        "qualification.section", required=True, index=True, ondelete="cascade"
    )
    template_id = fields.Many2one(
        related="section_id.template_id", store=True, index=True
    )
    help_text = fields.Text(
        "Explanation", translate=True, help="Shown under the question."
    )
    kind = fields.Selection(KINDS, "Answer", required=True, default="yesno")
    step = fields.Selection(
        STEPS,
        required=True,
        default="main",
        help="The vendor's own step comes after the partner was qualified, where the "
        "program asks for it.",
    )
    fill_by = fields.Selection(
        [("both", "Both"), ("partner", "Partner"), ("vendor", "Vendor")],
        "Answered By",
        required=True,
        default="both",
    )
    is_internal = fields.Boolean(
        "Internal",
        help="Neither the question nor the answer nor its part in the score is ever "
        "shown to the partner.",
    )
    is_required = fields.Boolean("Required")
    weight = fields.Float(
        default=1.0, help="How much the answer counts in the score. 0: not at all."
    )
    option_ids = fields.One2many(
        "qualification.option", "criterion_id", "Choices", copy=True
    )
    low = fields.Float("0 % At", help="Up to this the answer scores nothing.")
    high = fields.Float(
        "100 % From",
        help="From this on it scores in full, between the two in proportion. Below the "
        "other one: the less, the better.",
    )
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self.env.company.currency_id
    )
    days = fields.Integer(
        "Within Days",
        default=90,
        help="A date scores when it lies so many days ahead of the answer at most.",
    )
    knockout = fields.Selection(
        [
            ("no", "“No”"),
            ("yes", "“Yes”"),
            ("option", "The choices marked so"),
            ("zero", "An answer that scores nothing"),
        ],
        "Rules the Deal Out",
        help="Whatever the other answers say, the deal cannot become an opportunity.",
    )

    _weight_positive = models.Constraint(
        "CHECK (weight >= 0 AND days >= 0)", "Weights and days cannot be negative."
    )
    _internal_vendor = models.Constraint(
        "CHECK (fill_by = 'vendor' OR (NOT COALESCE(is_internal, FALSE)"
        " AND step = 'main'))",
        "Internal questions and those of the vendor's own step are answered by the "
        "vendor alone.",
    )
    _money_currency = models.Constraint(
        "CHECK (kind <> 'money' OR currency_id IS NOT NULL)",
        "Choose the currency of the amount.",
    )

    @api.onchange("is_internal", "step")
    def _onchange_vendor_only(self):
        if self.is_internal or self.step == "additional":
            self.fill_by = "vendor"

    @api.onchange("kind")
    def _onchange_kind(self):
        if self.knockout not in KNOCKOUTS[self.kind]:
            self.knockout = False

    @api.constrains("kind", "option_ids", "low", "high", "knockout")
    def _check_scoring(self):
        for criterion in self:
            problem = criterion._find_scoring_problem()
            if problem:
                raise ValidationError(
                    self.env._(
                        "“%(question)s”: %(problem)s",
                        question=criterion.name,
                        problem=problem,
                    )
                )

    def _find_scoring_problem(self):
        """Return what is missing to score an answer, empty when nothing is."""
        self.ensure_one()
        if self.kind == "choice" and len(self.option_ids) < 2:
            return self.env._("give at least two choices.")
        if self.kind in ("number", "money") and self.low == self.high:
            return self.env._("give two different bounds for 0 % and 100 %.")
        if self.knockout and self.knockout not in KNOCKOUTS[self.kind]:
            return self.env._(
                "an answer of this kind cannot rule the deal out that way; choose "
                "another one under “Rules the Deal Out”."
            )
        return ""

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """What was answered stays; archived, it is asked no more."""
        # sudo: answers on leads of other channel managers count as well
        counts = (
            self.env["crm.lead.qualification.answer"]
            .sudo()
            ._read_group(
                [("criterion_id", "in", self.ids)],
                ["criterion_id"],
                ["sheet_id:count_distinct"],
            )
        )
        for criterion, count in counts:
            raise UserError(
                self.env._(
                    "“%(question)s” is part of %(count)d qualifications: archive it "
                    "instead of deleting it.",
                    question=criterion.name,
                    count=count,
                )
            )
