from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

#: states in which the partner may change what was typed
EDITABLE = ("draft", "returned")
#: states the partner may withdraw from
WITHDRAWABLE = ("draft", "submitted", "returned", "approved")


class DealPortalAccessMixin(models.AbstractModel):
    """Who of the partner may see and do what with a registration."""

    _name = "deal.portal.access.mixin"
    _description = "Registration: Portal Access"

    @api.model
    def _get_portal_deal_domain(self):
        """Return the domain of the current user's registrations.

        Record rules narrow it further: by role, and by membership.
        """
        company = self.env.user.commercial_partner_id
        return Domain("registration_state", "!=", False) & (
            Domain("partner_assigned_id", "child_of", company.id)
            # a distributor reads what is not hidden from it, by the record rules
            | Domain("distributor_id", "in", self._get_own_memberships().ids)
        )

    @api.model
    def _find_portal_deal(self, lead_id):
        """Return a registration the current user may see, or none.

        :param int lead_id: as found in a URL
        """
        domain = self._get_portal_deal_domain() & Domain("id", "=", lead_id)
        return self.with_context(active_test=False).search(domain, limit=1)

    @api.model
    def _find_portal_given(self, lead_id):
        """Return a registration the user may see, or a lead given to its partner.

        :param int lead_id: as found in a URL
        :return: ``crm.lead``, or none
        """
        company = self.env.user.commercial_partner_id
        return self._find_portal_deal(lead_id) or self.search(
            Domain("id", "=", lead_id)
            & Domain("registration_state", "=", False)
            & Domain("partner_assigned_id", "child_of", company.id),
            limit=1,
        )

    def _has_portal_right(self):
        """Return whether the current user may work on the registration.

        Takes an active membership, the capability to register, and either
        the registration being one's own or the right to see all; a distributor
        only reads.
        """
        self.ensure_one()
        if not self._is_portal_own():
            return False
        person = self.env.user.partner_id
        # sudo: own membership, read for its state and for what a role is limited to
        membership = self.sudo().membership_id
        if not person._has_channel_capability("can_register", membership):
            return False
        if membership.state != "active":
            return False
        return self.registrant_id == person or person._has_channel_capability(
            "can_see_all_deals", membership
        )

    def _can_portal_edit(self):
        """Return whether the current user may change the registration now."""
        return self.registration_state in EDITABLE and self._has_portal_right()

    def _can_portal_withdraw(self):
        """Return whether the current user may withdraw the registration now.

        What the vendor has invoiced stays a deal of the partner.
        """
        return (
            self.registration_state in WITHDRAWABLE
            and self._has_portal_right()
            and not self._has_posted_invoice()
        )

    def _can_portal_post(self):
        """Return whether the current user may write to the vendor about it."""
        self.ensure_one()
        # sudo: own membership, read for its state only
        return self._is_portal_own() and self.sudo().membership_id.state == "active"

    def _can_portal_post_given(self):
        """Return whether the partner may write to the vendor about an ordinary lead.

        Not about one that a rule gave, while its membership rests.
        """
        self.ensure_one()
        # sudo: offers are closed to partners; the own company's, for a yes or no
        lead = self.sudo()
        if lead.distribution_state != "assigned":
            return True
        offers = lead.offer_ids.filtered(lambda offer: offer.state == "accepted")
        return all(member.state == "active" for member in offers.membership_id)

    def _can_share_attach(self):
        """Return whether the current user may add files: not while it is decided on.

        What was submitted stays as the vendor reads it; on a protected deal files come
        with the messages.
        """
        self.ensure_one()
        if self.registration_state == "approved":
            return self._can_portal_post()
        return self._can_portal_edit()

    def _check_portal_right(self):
        """Refuse work on registrations by people without the right to it.

        Leads that rules gave are worked on by those who may accept them; the others of
        Odoo's Resellers are left to Odoo's own check.

        :raise AccessError: for the first registration that may not be touched
        """
        if not self._may_portal_work_on_given():
            self.env["partner.lead.offer"]._refuse_portal_answer()
        # sudo: the state is read to find the registrations among the leads
        for deal in self.filtered(lambda lead: lead.sudo().registration_state):
            deal.check_access("read")
            if not deal._has_portal_right():
                raise AccessError(
                    self.env._("Your role does not allow you to change this deal.")
                )

    def _may_portal_work_on_given(self):
        """Return whether the current user may work on those leads that rules gave.

        A suspended partner changes nothing, and not every role works on leads.
        """
        # sudo: offers are closed to partners; those of the own company's leads
        given = self.sudo().filtered(lambda x: x.distribution_state == "assigned")
        offers = given.offer_ids.filtered(lambda offer: offer.state == "accepted")
        members = offers.membership_id
        return members == offers._filter_portal_answering(members)

    def _portal_withdraw(self):
        """Withdraw a registration for the current user, or delete a draft.

        A draft has never reached the vendor, so nothing of it has to stay.

        :raise AccessError: without the right to; a registration that is
            withdrawn already stays as it is
        :raise UserError: the vendor has invoiced the deal
        """
        self.ensure_one()
        self.check_access("read")
        if self.registration_state == "withdrawn":
            return
        if self._has_portal_right() and self._has_posted_invoice():
            raise UserError(
                self.env._(
                    "“%(deal)s” is invoiced already and cannot be withdrawn; "
                    "write to your channel manager.",
                    deal=self.display_name,
                )
            )
        if not self._can_portal_withdraw():
            raise AccessError(self.env._("This deal cannot be withdrawn."))
        # sudo: portal users have no write access; the right was checked above
        if self.registration_state == "draft":
            self.sudo().unlink()
        else:
            self.sudo()._withdraw_registration()
