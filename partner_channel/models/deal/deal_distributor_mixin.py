from odoo import api, fields, models


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

    @api.model
    def _create_registrations(self, membership, vals_list):
        leads = super()._create_registrations(membership, vals_list)
        # sudo: who the partner buys through, and the program's rule, whoever creates
        sponsor, program = membership.sudo().sponsor_id, membership.sudo().program_id
        if sponsor and sponsor.company_id == membership.company_id:
            leads.sudo().write(
                {
                    "distributor_id": sponsor.id,
                    "is_hidden_from_distributor": program.hide_from_distributor,
                }
            )
        return leads
