from odoo import models


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Let certificates follow the surviving contact to its company."""
        # first: of what there may be one of a person, each contact can have one
        merged = dst_partner | src_partners
        # sudo: whoever merges contacts need not see what they learn
        self.env["learning.enrolment"].sudo()._end_doubles(merged)
        self._end_double_proofs(merged)
        self.env.flush_all()
        result = super()._update_foreign_keys(src_partners, dst_partner)
        # the keys were changed in SQL, which recomputes nothing; sudo: as above
        certificates_sudo = self.env["partner.certification"].sudo()
        for model_sudo in (certificates_sudo, self.env["partner.exam.proof"].sudo()):
            moved = model_sudo.search([("partner_id", "in", dst_partner.ids)])
            self.env.add_to_compute(moved._fields["commercial_partner_id"], moved)
        # together they may hold what is the sum of what each held
        certificates_sudo._sync_sums(dst_partner)
        return result

    def _end_double_proofs(self, people):
        """Keep one proof of each exam of contacts that are about to be one.

        The one that was verified, else the one of the contact that stays.

        :param people: ``res.partner``, the one that stays first
        """
        # sudo: as above
        proofs_sudo = self.env["partner.exam.proof"].sudo()
        standing = proofs_sudo.search(
            [
                ("partner_id", "in", people.ids),
                ("state", "not in", ("refused", "withdrawn")),
            ]
        ).sorted(
            lambda one: (
                one.state != "verified",
                people.ids.index(one.partner_id.id),
                one.id,
            )
        )
        doubles = standing.browse()
        for proofs in standing.grouped(
            lambda one: (one.type_id, one.exam_date)
        ).values():
            doubles |= proofs[1:]
        # also one that was verified: its certificate stays
        merged = {"withdrawn": {"draft", "submitted", "verified"}}
        doubles._move_to("state", "withdrawn", merged)._close()
