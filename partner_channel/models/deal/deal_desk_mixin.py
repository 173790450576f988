from odoo import models
from odoo.exceptions import AccessError


class DealDeskMixin(models.AbstractModel):
    """Buttons of the vendor's channel team, and who may press them."""

    _name = "deal.desk.mixin"
    _description = "Desk of the Channel Team"

    def _check_may_decide(self):
        """Refuse decisions by anybody but the channel team, and on one's own deal.

        :raise AccessError: for the first registration that may not be decided
        """
        user = self.env.user
        is_manager = user.has_group("partner_channel.group_channel_manager")
        if user.share or not (self.env.su or is_manager):
            raise AccessError(
                self.env._("Only the vendor's channel team decides registrations.")
            )
        self._check_not_own()
        asked = self.filtered(lambda lead: lead._is_asked())
        asked.check_access("read")
        (self - asked).check_access("write")

    def _check_not_own(self):
        """Refuse to decide on registrations of one's own company.

        :raise AccessError: naming the deal
        """
        person = self.env.user.partner_id
        # sudo: whose the deal is, whoever asks
        for lead in self.sudo():
            company = lead.membership_id.partner_id
            if person == lead.registrant_id or (
                company and person.commercial_partner_id == company
            ):
                raise AccessError(
                    self.env._(
                        "“%(deal)s” is a deal of your own company: somebody else "
                        "decides it.",
                        deal=lead.display_name,
                    )
                )

    def action_registration_submit(self):
        """Submit for the partner, by the channel team."""
        self._check_may_decide()
        self._submit_registration()

    def action_registration_approve(self):
        """Approve, by who is asked; the last approval protects the deal."""
        seen = self.env.context.get("approval_step_id")
        # who was asked hears first what became of it: the deal need not be theirs
        leads = self._leave_decided(seen) if seen else self
        leads._check_may_decide()
        leads._evaluate_missing()
        leads._approve_in_turn(seen)

    def action_registration_withdraw(self):
        """Withdraw for the partner, by the channel team."""
        self._check_may_decide()
        self._withdraw_registration()
