from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    membership_ids = fields.One2many(
        "partner.membership",
        "partner_id",
        "Memberships",
        groups="base.group_user",
    )

    def _get_channel_memberships(self, states=("active",)):
        """Return the memberships of the partners' commercial entities.

        Rules of the current user apply.

        :param states: states of interest
        :return: ``partner.membership``, the primary one first
        """
        return self.env["partner.membership"].search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("state", "in", list(states)),
            ],
            order="is_primary desc, id",
        )
