from odoo import fields, models

PERIODS = [
    ("monthly", "Every month"),
    ("quarterly", "Every quarter"),
    ("half_yearly", "Every half-year"),
    ("yearly", "Every year"),
    ("threshold", "When the minimum is reached"),
]


class PartnerProgram(models.Model):
    """When and how the partners of a program are paid out."""

    _inherit = "partner.program"

    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    statement_period = fields.Selection(
        PERIODS,
        "Statements",
        required=True,
        default="monthly",
        tracking=True,
        help="When partners get a commission statement. A statement closes on the "
        "last day of its period.",
    )
    statement_minimum = fields.Monetary(
        "Minimum Payout",
        currency_field="company_currency_id",
        tracking=True,
        help="Less than this is carried to the next statement, in the company's "
        "currency; 0 for no minimum. A membership that has ended is paid all.",
    )
    statement_accept_days = fields.Integer(
        "Silent Acceptance (days)",
        tracking=True,
        help="A statement that was sent this many days ago counts as accepted; 0 for "
        "never.",
    )
    dispute_answer_days = fields.Integer(
        "Answer to Disputes (days)",
        default=10,
        tracking=True,
        help="Days the vendor, and then the partner, has to answer on a disputed line.",
    )
    runoff_months = fields.Integer(
        "Run-off After the End (Months)",
        tracking=True,
        help="A membership that has ended earns on invoices of its deals dated up to "
        "this many months after its last day; 0 for none after that day. What it "
        "earned before is paid out whenever the customer pays.",
    )

    _statement_terms = models.Constraint(
        "CHECK (COALESCE(statement_minimum, 0) >= 0 "
        "AND COALESCE(statement_accept_days, 0) >= 0 "
        "AND COALESCE(dispute_answer_days, 0) >= 0)",
        "Minimum payout and days cannot be negative.",
    )
    _statement_threshold = models.Constraint(
        "CHECK (statement_period <> 'threshold' OR COALESCE(statement_minimum, 0) > 0)",
        "Statements by threshold need a minimum payout above zero.",
    )
    _runoff_months = models.Constraint(
        "CHECK (COALESCE(runoff_months, 0) BETWEEN 0 AND 120)",
        "The run-off takes from 0 to 120 months.",
    )

    def write(self, vals):
        if "runoff_months" in vals:
            # the table of rules, which every posting asks for, knows it
            self.env.registry.clear_cache()
        return super().write(vals)
