from odoo import models


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Let certificates follow the surviving contact to its company."""
        result = super()._update_foreign_keys(src_partners, dst_partner)
        # the keys were changed in SQL, which recomputes nothing; sudo: whoever merges
        # contacts need not see certificates
        certificates_sudo = self.env["partner.certification"].sudo()
        moved = certificates_sudo.search([("partner_id", "in", dst_partner.ids)])
        self.env.add_to_compute(moved._fields["commercial_partner_id"], moved)
        # together they may hold what is the sum of what each held
        certificates_sudo._sync_sums(dst_partner)
        return result
