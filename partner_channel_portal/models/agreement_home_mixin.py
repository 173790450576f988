from odoo import api, models

#: most agreements the home page asks to sign by name
_NAMED = 5


class AgreementHomeMixin(models.AbstractModel):
    """What the portal's home page says of agreements, and to whom."""

    _name = "agreement.home.mixin"
    _description = "Agreements on the Portal's Home Page"

    @api.model
    def _reads_agreements(self, memberships=None):
        """Return whether the current user's role lets agreements be read.

        They bind the company: those who sign read them, and owners.

        :param memberships: in sudo, what a limited role is judged by
        """
        person = self.env.user.partner_id
        # sudo: people of the partner may not read roles, only obey them
        role = person.sudo().portal_role_id
        return bool(role.active and role.is_owner) or person._has_channel_capability(
            "can_sign", memberships
        )

    def _get_agreement_domain(self, field="membership_id"):
        """Return the domain of records whose agreements the person reads.

        For record rules, see ``_get_capability_domain``.

        :param str field: the field of the searched model that is the membership
        :return: one term of a domain, as a list
        """
        self.ensure_one()
        # sudo: people of the partner may not read roles, only obey them
        role = self.sudo().portal_role_id
        if role.active and role.is_owner:
            return [(1, "=", 1)]
        return self._get_capability_domain("can_sign", field)

    @api.model
    def _may_see_agreements(self):
        """Return whether there are pages of agreements for the current user.

        Former partners keep what they have signed.
        """
        memberships = self._get_portal_memberships()
        if memberships:
            return self._reads_agreements(memberships)
        return self._has_former_agreements()

    @api.model
    def _has_former_agreements(self):
        """Return whether a person of a former partner reads what it has signed."""
        if not self._get_portal_memberships(("terminated",)):
            return False
        return bool(self.env["partner.agreement"].search_count([], limit=1))

    # === HOME PAGE === #

    @api.model
    def _get_agreement_cards(self, memberships):
        """Return the card of the home page for people who read agreements.

        :param memberships: those of the person's company, in sudo
        """
        if not self._reads_agreements(memberships):
            return []
        return [self._prepare_agreement_card()]

    @api.model
    def _get_former_agreement_cards(self):
        """Return the card for people of a former partner, none for all others."""
        if self._get_portal_memberships() or not self._has_former_agreements():
            return []
        return [self._prepare_agreement_card()]

    @api.model
    def _prepare_agreement_card(self):
        return {
            "name": "agreement_count",
            "title": self.env._("Agreements"),
            "text": self.env._("Read and sign the terms, and find what was signed"),
            "url": "/my/agreements",
            "icon": "/partner_channel_portal/static/src/img/agreements.svg",
            "sequence": 50,
        }

    @api.model
    def _get_agreement_actions(self, memberships):
        """Return what waits for a signature: an action for each agreement.

        Whoever reads them and may not sign is told whose signature it waits for.

        :param memberships: of the current user, in sudo
        """
        active = memberships.filtered(lambda membership: membership.state == "active")
        if not (active and self._reads_agreements(active)):
            return []
        waiting = self.env["partner.agreement"].search(
            [("state", "=", "sent"), ("membership_id", "in", active.ids)],
            order="date_sent, id",
            limit=_NAMED,
        )
        return [self._prepare_agreement_action(agreement) for agreement in waiting]

    @api.model
    def _prepare_agreement_action(self, agreement):
        """Return the action of one agreement that waits for a signature."""
        # sudo: the name of the terms, of an agreement the person reads
        name = agreement.sudo().template_id.name
        action = {"url": agreement._get_portal_url(), "level": "warning"}
        if agreement._can_portal_sign():
            title = self.env._("Sign the agreement “%(name)s”", name=name)
            return {**action, "title": title}
        return {
            **action,
            "title": f"{name}: {agreement._get_portal_waiting_text()}",
            "level": "info",
        }
