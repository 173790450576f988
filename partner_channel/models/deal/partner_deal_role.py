from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_compare

from ...tools.attribution import DEAL_ROLES


class PartnerDealRole(models.Model):
    """Attribution: the part a partner has in a deal."""

    _name = "partner.deal.role"
    _description = "Deal Attribution"
    _order = "lead_id, id"
    _rec_name = "membership_id"

    lead_id = fields.Many2one(
        "crm.lead", "Deal", required=True, index=True, ondelete="cascade"
    )
    membership_id = fields.Many2one(
        "partner.membership", required=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(related="membership_id.partner_id")
    company_id = fields.Many2one(related="membership_id.company_id", store=True)
    role = fields.Selection(DEAL_ROLES, required=True, default="sourced")
    share = fields.Float(
        "Share (%)", required=True, default=100.0, digits=(5, 2), help="Of the deal."
    )

    _role_uniq = models.UniqueIndex(
        "(lead_id, membership_id, role)", "This partner already has this role here."
    )
    _share_range = models.Constraint(
        "CHECK (share > 0 AND share <= 100)", "A share lies between 0 and 100 percent."
    )

    @api.constrains("lead_id", "role", "share")
    def _check_shares(self):
        """Refuse to give a role of one deal away more than once.

        :raise ValidationError: naming role, deal and sum
        """
        if self.lead_id._are_roles_together():
            return
        # sudo: the partners of a deal share it, whichever of them the user sees
        sums = self.sudo()._read_group(
            [("lead_id", "in", self.lead_id.ids)], ["lead_id", "role"], ["share:sum"]
        )
        labels = dict(self._fields["role"]._description_selection(self.env))
        for lead, role, total in sums:
            if float_compare(total, 100, precision_digits=2) > 0:
                raise ValidationError(
                    self.env._(
                        "The shares of role “%(role)s” on “%(deal)s” add up to "
                        "%(total)s percent. Lower them to 100 at most.",
                        role=labels[role],
                        deal=lead.display_name,
                        total=f"{total:g}",
                    )
                )
