from odoo import fields, models
from odoo.modules.db import FunctionStatus

from ...tools.key_indexes import get_email, get_vat, get_website


def _get_trigram_index(registry):
    # as Odoo does for its own trigram indexes, so that "ilike" finds them
    has_unaccent = registry.has_unaccent == FunctionStatus.INDEXABLE
    name = registry.unaccent("name") if has_unaccent else "name"
    return f"USING gin ({name} gin_trgm_ops) WHERE is_company IS TRUE"


class ResPartner(models.Model):
    _inherit = "res.partner"

    membership_ids = fields.One2many(
        "partner.membership",
        "partner_id",
        "Memberships",
        groups="base.group_user",
    )

    # the customers of registrations are found by these
    _channel_vat_idx = models.Index(f"({get_vat('vat')}) WHERE vat IS NOT NULL")
    _channel_email_idx = models.Index(
        f"({get_email('email_normalized')}) WHERE email_normalized IS NOT NULL"
    )
    _channel_website_idx = models.Index(
        f"({get_website('website')}) WHERE website IS NOT NULL"
    )
    _channel_name_idx = models.Index(_get_trigram_index)

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

    def _read_memberships(self):
        """Return all memberships of one company in sudo, read in one query.

        The field alone would read their ids in one query and the rest in another, on
        every page of the portal.
        """
        # sudo: whose company it is, the caller has seen to
        company = self.sudo()
        field = company._fields["membership_ids"]
        if company.id not in field._get_cache(company.env):
            members = company.env["partner.membership"].with_context(active_test=False)
            columns = [
                name
                for name, column in members._fields.items()
                if column.store and column.column_type and column.prefetch is True
            ]
            found = members.search_fetch([("partner_id", "=", company.id)], columns)
            field._insert_cache(company, [found._ids])
        return company.membership_ids

    def _get_claim_values(self):
        """Return what the strong keys of a customer are made of, see ``crm.lead``."""
        self.ensure_one()
        return {
            "customer_vat": self.vat,
            "email_from": self.email,
            "website": self.website,
            "partner_name": self.name,
            "country": self.country_id.code,
            "commercial_partner_id": self.commercial_partner_id.id,
        }

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
