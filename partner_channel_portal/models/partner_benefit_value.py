from odoo import models

#: kinds whose value is the vendor's own business: the page says that the tier has it,
#: not which contact, pricelist or weight it is
_UNNAMED = ("support", "pricelist", "lead_weight")


class PartnerBenefitValue(models.Model):
    _inherit = "partner.benefit.value"

    def _get_public_text(self, grade):
        """Return what a tier has of the benefit, for anybody to read.

        :param grade: ``res.partner.grade``
        """
        return "; ".join(
            (value.note if value.kind in _UNNAMED else value.summary)
            or self.env._("Included")
            for value in self.filtered(lambda v: v.grade_id == grade)
        )
