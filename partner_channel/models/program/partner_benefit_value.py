from odoo import api, fields, models
from odoo.exceptions import ValidationError

_NUMBERS = ("protection_days", "open_registrations")


class PartnerBenefitValue(models.Model):
    """What a benefit is on one tier."""

    _name = "partner.benefit.value"
    _description = "Value of a Benefit"
    _order = "grade_id, benefit_id, id"

    benefit_id = fields.Many2one(
        "partner.benefit", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(related="benefit_id.kind", store=True, precompute=True)
    grade_id = fields.Many2one(
        "res.partner.grade", "Tier", required=True, index=True, ondelete="cascade"
    )
    program_id = fields.Many2one(related="grade_id.program_id", store=True, index=True)
    number = fields.Integer()
    pricelist_id = fields.Many2one(
        related="grade_id.default_pricelist_id", readonly=False
    )
    lead_weight = fields.Integer(related="grade_id.partner_weight", readonly=False)
    family_ids = fields.Many2many(
        "product.category",
        string="Product Families",
        domain="[('is_channel_family', '=', True)]",
    )
    contact_id = fields.Many2one(
        "res.users", "Named Contact", domain="[('share', '=', False)]"
    )
    note = fields.Char("In Words", translate=True)
    summary = fields.Char(compute="_compute_summary")

    _kind_uniq = models.UniqueIndex(
        "(grade_id, kind) WHERE kind <> 'other'",
        "A tier has one value of each kind of benefit.",
    )

    @api.depends("kind", "number", "family_ids", "contact_id", "note")
    def _compute_summary(self):
        for value in self:
            value.summary = value._get_summary()

    def _get_summary(self):
        """Return the value in the words of a table."""
        self.ensure_one()
        if self.kind in _NUMBERS:
            return str(self.number)
        parts = (self._get_shown().get(self.kind), self.note)
        return " · ".join(part for part in parts if part)

    def _get_shown(self):
        """Return ``{kind: the value in words}``; addons add their kinds."""
        return {
            "families": ", ".join(self.family_ids.mapped("name")),
            "pricelist": self.pricelist_id.name,
            "lead_weight": str(self.lead_weight),
            "support": self.contact_id.name,
        }

    def _get_missing(self):
        """Return ``{kind: whether the value is missing}``; addons add their kinds."""
        return {
            "protection_days": self.number <= 0,
            "open_registrations": self.number <= 0,
            "families": not self.family_ids,
            "support": not self.contact_id,
        }

    @api.constrains("kind", "number", "family_ids", "contact_id")
    def _check_value(self):
        for value in self:
            if value._get_missing().get(value.kind):
                raise ValidationError(
                    self.env._(
                        "“%(benefit)s” of “%(tier)s” has no value yet: give a number "
                        "above zero, families or a contact, as the benefit asks for.",
                        benefit=value.benefit_id.name,
                        tier=value.grade_id.name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        values = super().create(vals_list)
        values._sync_pricelists()
        return values

    def write(self, vals):
        result = super().write(vals)
        if "pricelist_id" in vals:
            self._sync_pricelists()
        return result

    def _sync_pricelists(self):
        """Give the pricelist to the partners who are on the tier already.

        Odoo gives it when the level changes only.
        """
        given = self.filtered(lambda v: v.kind == "pricelist" and v.pricelist_id)
        members = self.env["partner.membership"].search(
            [
                ("grade_id", "in", given.grade_id.ids),
                ("is_primary", "=", True),
                ("state", "in", ("active", "suspended")),
            ]
        )
        by_grade = members.grouped("grade_id")
        for value in given.filtered(lambda v: v.grade_id in by_grade):
            company = value.program_id.company_id or self.env.company
            partners = by_grade[value.grade_id].partner_id.with_company(company)
            # sudo: a program's administrator need not edit every contact
            partners.sudo().specific_property_product_pricelist = value.pricelist_id
