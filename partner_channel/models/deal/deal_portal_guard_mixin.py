from odoo import api, models
from odoo.exceptions import AccessError, UserError


class DealPortalGuardMixin(models.AbstractModel):
    """Odoo's Resellers methods, which portal users may call by RPC.

    They write as superuser; what they let through would decide registrations
    past the vendor. Each keeps its work for ordinary leads.
    """

    _name = "deal.portal.guard.mixin"
    _description = "Guards on the Resellers Portal"

    def _check_portal_registration(self):
        """Refuse portal work on registrations that are not approved.

        :raise UserError: naming the registration
        """
        self._assert_portal_write_access()
        if self.env.su or not self.env.user._is_portal():
            return
        for lead in self:
            if lead.registration_state not in (False, "approved"):
                raise UserError(
                    self.env._(
                        "“%(deal)s” is a registration that is not approved: it can be "
                        "changed only on its own page.",
                        deal=lead.display_name,
                    )
                )

    def _note_partner_answer(self, state):
        """Stop the clock that runs since the lead was given to the partner.

        :param str state: ``accepted`` or ``declined``
        """
        if self.env.user._is_portal():
            self.env["partner.lead.offer"]._answer(self, state)

    def partner_interested(self, comment=False):
        self._check_portal_registration()
        self._note_partner_answer("accepted")
        return super().partner_interested(comment=comment)

    def partner_desinterested(self, comment=False, contacted=False, spam=False):
        self._check_portal_registration()
        if self.env.user._is_portal() and any(self.mapped("registration_state")):
            raise UserError(
                self.env._("Withdraw the registration instead of declining the lead.")
            )
        self._note_partner_answer("declined")
        return super().partner_desinterested(
            comment=comment, contacted=contacted, spam=spam
        )

    def update_lead_portal(self, values):
        self._check_portal_registration()
        self._note_partner_answer("accepted")
        return super().update_lead_portal(values)

    def update_contact_details_from_portal(self, values):
        self._check_portal_registration()
        registered = self.filtered("registration_state")
        if registered and self.env.user._is_portal() and not self.env.su:
            # the customer of a protected deal is what the vendor decided on
            names = {"partner_name", "email_from"} & values.keys()
            if any(lead[name] != values[name] for lead in registered for name in names):
                raise UserError(
                    self.env._(
                        "The customer of a protected deal cannot be changed; "
                        "ask your channel manager."
                    )
                )
        self._note_partner_answer("accepted")
        return super().update_contact_details_from_portal(values)

    def update_stage_from_portal(self, stage_id):
        self._check_portal_registration()
        stage = self.env["crm.stage"].browse(stage_id).exists()
        if self.env.user._is_portal() and not self.env.su and stage.is_won:
            raise AccessError(
                self.env._(
                    "Only the vendor closes a deal as won: ask for it in the chat."
                )
            )
        self._note_partner_answer("accepted")
        return super().update_stage_from_portal(stage_id)

    @api.model
    def create_opp_portal(self, values):
        # a member partner registers deals, where conflicts are found; Odoo's
        # short form would make an opportunity past every check
        partner = self.env.user.commercial_partner_id
        # sudo: a portal user may not see a suspended or ended membership
        memberships = partner.sudo()._get_channel_memberships(
            ("active", "suspended", "terminated")
        )
        if self.env.user._is_portal() and memberships:
            return {
                "errors": self.env._(
                    "Register it under “Deals”, where it is checked and protected."
                )
            }
        return super().create_opp_portal(values)
