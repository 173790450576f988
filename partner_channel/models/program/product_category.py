from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProductCategory(models.Model):
    """A product category may be a family that partners register deals for."""

    _inherit = "product.category"

    is_channel_family = fields.Boolean(
        "Product Family for Partners",
        help="Partners choose it when they register a deal; two partners may be "
        "protected for one customer in two different families.",
    )

    @api.constrains("is_channel_family", "parent_id")
    def _check_families_apart(self):
        """A family inside another would let two protections overlap unseen."""
        families = self.search([("is_channel_family", "=", True)])
        ids = set(families.ids)
        for family in families:
            above = {int(part) for part in family.parent_path.split("/") if part}
            inside = (above - {family.id}) & ids
            if inside:
                raise ValidationError(
                    self.env._(
                        "“%(family)s” lies inside the product family “%(other)s”: "
                        "families for partners cannot contain each other.",
                        family=family.display_name,
                        other=self.browse(min(inside)).display_name,
                    )
                )
