from odoo import models

#: kinds that are told in the note's words: of some the value is the vendor's own
#: business, which contact, pricelist or weight it is; "other" has nothing else
_IN_WORDS = ("support", "pricelist", "lead_weight", "other")


class PartnerBenefitValue(models.Model):
    _inherit = "partner.benefit.value"

    def _get_public_text(self, grade):
        """Return what a tier has of the benefit, for anybody to read.

        :param grade: ``res.partner.grade``
        """
        return "; ".join(
            (value.note if value.kind in _IN_WORDS else value.summary)
            or self.env._("Included")
            for value in self.filtered(lambda v: v.grade_id == grade)
        )
