from odoo import api, fields, models
from odoo.tools import format_date

#: code → label; each has a method ``_check_eligibility_<code>`` of the leads
CODES = [
    ("existing_customer", "Existing customer: ever invoiced"),
    ("open_quotation", "Open quotation to the customer"),
    ("vendor_contact", "Vendor in contact with the customer"),
    ("invoiced", "Customer invoiced within the months"),
    ("public_tender", "Public tender"),
    ("territory", "Outside the partner's territory"),
    ("product_not_allowed", "Product the partner may not sell"),
    ("no_agreement", "No valid agreement"),
]
#: what only the vendor knows: the answer to a submission must not tell it
SECRET_CODES = ("existing_customer", "open_quotation", "vendor_contact", "invoiced")


class PartnerProgramEligibility(models.Model):
    """A check a program makes of each registration, and what follows from it."""

    _name = "partner.program.eligibility"
    _description = "Eligibility Check of a Program"
    _order = "program_id, id"
    _rec_name = "code"

    program_id = fields.Many2one(
        "partner.program", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="program_id.company_id", store=True)
    code = fields.Selection(CODES, "Check", required=True)
    policy = fields.Selection(
        [("off", "Off"), ("warn", "Warn who decides"), ("refuse", "Refuse")],
        "If Not Met",
        required=True,
        default="warn",
    )
    months = fields.Integer(
        "Within (months)",
        default=12,
        help="0: whenever it was. Not used by all checks.",
    )
    effect = fields.Char(compute="_compute_effect")

    _code_uniq = models.UniqueIndex(
        "(program_id, code)", "The program has this check already."
    )
    _months_positive = models.Constraint(
        "CHECK (months >= 0)", "Months cannot be negative."
    )

    @api.depends(
        "code",
        "policy",
        "program_id.agreement_template_ids.is_required",
        "program_id.agreement_template_ids.current_version_id",
        "program_id.agreement_template_ids.date_required",
        "program_id.agreement_template_ids.active",
    )
    def _compute_effect(self):
        for rule in self:
            rule.effect = rule._get_effect()

    def _get_effect(self):
        """Return in words what the check does."""
        self.ensure_one()
        if self.policy == "off":
            return self.env._("Not checked")
        gap = self._get_gap()
        if gap:
            return gap
        if self.policy == "warn":
            return self.env._("Shown to who decides")
        if self.code in SECRET_CODES:
            return self.env._(
                "Rejected some time after submission, not at once: the partner must "
                "not find out what you know by asking"
            )
        return self.env._("Not taken when the partner submits")

    def _get_gap(self):
        """Return in words why the check finds nothing as things stand, else nothing.

        An addon that adds a check tells here what it still needs.
        """
        self.ensure_one()
        if self.code != "no_agreement":
            return ""
        templates = self.env["partner.agreement.template"]
        required = templates._search_required(self.program_id)
        if not required:
            return self.env._(
                "Nothing is checked: the program requires no published agreement"
            )
        today = self.program_id._get_today()
        if not any(template._is_due(today) for template in required):
            return self.env._(
                "Nothing is checked before %(day)s, when the first agreement is due",
                day=format_date(self.env, min(required.mapped("date_required"))),
            )
        return ""
