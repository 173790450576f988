from odoo import api, fields, models
from odoo.exceptions import UserError

#: what a person may do in the portal; each is a field of the role
CAPABILITIES = ("can_register", "can_see_all_deals", "can_see_money", "can_manage_team")


class PartnerPortalRole(models.Model):
    """What a person of a partner may do in the portal."""

    _name = "partner.portal.role"
    _description = "Portal Role"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Char(translate=True)
    can_register = fields.Boolean(
        "Registers Deals",
        help="Writes, submits and withdraws registrations.",
    )
    can_see_all_deals = fields.Boolean(
        "Sees All Deals",
        help="Sees the registrations of colleagues, not only those made by the person.",
    )
    can_see_money = fields.Boolean(
        "Sees Money",
        help="Sees what the vendor quotes and invoices on deals, commissions and "
        "statements.",
    )
    can_manage_team = fields.Boolean(
        "Manages the Team", help="Gives colleagues access and roles."
    )

    @api.model_create_multi
    def create(self, vals_list):
        roles = super().create(vals_list)
        self.env.registry.clear_cache()
        return roles

    def write(self, vals):
        result = super().write(vals)
        if any(name in vals for name in (*CAPABILITIES, "active")):
            # record rules are cached per user with the capabilities in them
            self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_given(self):
        """A role that people have is archived, so that it can be given back."""
        # sudo: contacts of all companies count, and archived ones as well
        Partner = self.env["res.partner"].sudo().with_context(active_test=False)
        given = Partner._read_group(
            [("portal_role_id", "in", self.ids)], ["portal_role_id"]
        )
        for (role,) in given:
            raise UserError(
                self.env._(
                    "People have the role “%(role)s”: archive it, or give them "
                    "another one first.",
                    role=role.display_name,
                )
            )
