from odoo import api, fields, models

#: kind → label; what carries its value and where it is enforced
KINDS = [
    ("protection_days", "Protection of deals (days)"),
    ("open_registrations", "Open registrations at a time"),
    ("families", "Product families to sell"),
    ("pricelist", "Pricelist"),
    ("lead_weight", "Weight when leads are given away"),
    ("support", "Support with a named contact"),
    ("other", "Other"),
]


class PartnerBenefit(models.Model):
    """Something a program gives its partners, valued tier by tier."""

    _name = "partner.benefit"
    _description = "Partner Benefit"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(KINDS, required=True, default="other")
    description = fields.Text(translate=True, help="Partners read this.")
    enforcement = fields.Char("Where It Applies", compute="_compute_enforcement")
    value_ids = fields.One2many("partner.benefit.value", "benefit_id", "Values")

    @api.depends("kind")
    def _compute_enforcement(self):
        texts = self._get_enforcement_texts()
        for benefit in self:
            benefit.enforcement = texts.get(benefit.kind, "")

    @api.model
    def _get_enforcement_texts(self):
        """Return ``{kind: where it is enforced}``; addons add their kinds."""
        return {
            "protection_days": self.env._(
                "When a registration is approved: it is protected for so many days "
                "instead of the program's."
            ),
            "open_registrations": self.env._(
                "When a registration is submitted: one more than allowed is refused."
            ),
            "families": self.env._(
                "When a registration is submitted: other families are refused."
            ),
            "pricelist": self.env._(
                "On every quotation to the partner: it is the contact's pricelist."
            ),
            "lead_weight": self.env._(
                "When Odoo gives leads away: the chance of the partner among others."
            ),
            "support": self.env._(
                "On new registrations: the contact follows each of them."
            ),
            "other": self.env._("Shown to the partner; people see to it."),
        }
