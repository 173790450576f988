from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    membership_ids = fields.One2many(
        "partner.membership",
        "partner_id",
        "Memberships",
        groups="base.group_user",
    )

    # checks of registrations look for the customer of each by its e-mail
    _channel_email_idx = models.Index(
        "(email_normalized) WHERE email_normalized IS NOT NULL"
    )

    def write(self, vals):
        result = super().write(vals)
        if {"parent_id", "is_company"} & vals.keys() and self._has_users_below():
            # record rules are cached per user with the partner company in them: who
            # changes company must not go on seeing the former one
            self.env.registry.clear_cache()
        return result

    def _has_users_below(self):
        """Return whether somebody of these contacts may log in."""
        # sudo: whoever may move a contact need not have access to users
        users_sudo = self.env["res.users"].sudo()
        return bool(users_sudo.search_count([("partner_id", "child_of", self.ids)], 1))

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
