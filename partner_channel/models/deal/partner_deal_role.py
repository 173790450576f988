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

    @api.model_create_multi
    def create(self, vals_list):
        roles = super().create(vals_list)
        roles.lead_id._check_attribution_open()
        return roles

    def write(self, vals):
        self.lead_id._check_attribution_open()
        result = super().write(vals)
        if "lead_id" in vals:
            self.lead_id._check_attribution_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        self.lead_id._check_attribution_open()

    def unlink(self):
        leads = self.lead_id
        result = super().unlink()
        # what is left has to sum up as well
        leads.exists().sudo().deal_role_ids._check_shares()
        return result

    @api.constrains("lead_id", "role", "share")
    def _check_shares(self):
        """Refuse shares of a role that do not sum to what the company asks for.

        :raise ValidationError: naming role, deal and sum
        """
        if self.lead_id._are_roles_together():
            return
        # sudo: the partners of a deal share it, whichever of them the user sees
        sums = self.sudo()._read_group(
            [("lead_id", "in", self.lead_id.ids)], ["lead_id", "role"], ["share:sum"]
        )
        for lead, role, total in sums:
            policy = lead.company_id.channel_share_policy or "most"
            over = float_compare(total, 100, precision_digits=2)
            if (policy != "free" and over > 0) or (policy == "exact" and over < 0):
                raise ValidationError(self._get_share_error(lead, role, total, policy))

    def _get_share_error(self, lead, role, total, policy):
        """Return what is wrong with the shares of a role, and what to do."""
        labels = dict(self._fields["role"]._description_selection(self.env))
        values = {
            "role": labels[role],
            "deal": lead.display_name,
            "total": f"{total:g}",
        }
        if policy == "exact":
            return self.env._(
                "The shares of role “%(role)s” on “%(deal)s” add up to %(total)s "
                "percent. Make them 100 together.",
                **values,
            )
        return self.env._(
            "The shares of role “%(role)s” on “%(deal)s” add up to %(total)s percent. "
            "Lower them to 100 at most.",
            **values,
        )
