from odoo import api, fields, models
from odoo.exceptions import AccessError

#: these say who else reads a registration
_SHARING = {"distributor_id", "is_hidden_from_distributor"}


class DealDistributorMixin(models.AbstractModel):
    """Two-tier deals: the distributor a reseller buys through."""

    _name = "deal.distributor.mixin"
    _description = "Distributor of a Deal"

    distributor_id = fields.Many2one(
        "partner.membership",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        check_company=True,
        help="The partner the registering one buys through. It reads the deal in its "
        "portal, unless the deal is hidden.",
    )
    is_hidden_from_distributor = fields.Boolean(
        "Do Not Show to the Distributor", copy=False
    )

    def write(self, vals):
        if _SHARING & vals.keys():
            self._check_may_share()
        return super().write(vals)

    def _check_may_share(self):
        """Refuse to say who else reads a registration to anybody but the channel team.

        :raise AccessError: for other people of the vendor
        """
        user = self.env.user
        if self.env.su or user.has_group("partner_channel.group_channel_manager"):
            return
        # sudo: read to tell registrations from ordinary leads
        if any(self.sudo().mapped("registration_state")):
            raise AccessError(
                self.env._("Only the channel team says which distributor sees a deal.")
            )

    @api.model
    def _create_registrations(self, membership, vals_list):
        leads = super()._create_registrations(membership, vals_list)
        # sudo: who the partner buys through, and the program's rule, whoever creates
        if membership.sudo().sponsor_id:
            leads.sudo().write(self._prepare_distributor(membership))
        return leads

    @api.model
    def _prepare_distributor(self, membership):
        """Return who reads along on a deal of a partner, by the program's rule.

        :param membership: whose deal it is
        """
        member = membership.sudo()  # sudo: see the callers
        sponsor = member.sponsor_id
        is_near = sponsor.company_id == member.company_id
        return {
            "distributor_id": sponsor.id if is_near else False,
            "is_hidden_from_distributor": bool(
                is_near and member.program_id.hide_from_distributor
            ),
        }
