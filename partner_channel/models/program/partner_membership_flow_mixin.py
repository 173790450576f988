from datetime import timedelta

from odoo import models
from odoo.exceptions import AccessError, UserError

# what a partner may become, and from where
_STATES = {
    "active": {"draft", "suspended"},
    "suspended": {"active"},
    "terminated": {"draft", "active", "suspended"},
}


class PartnerMembershipFlowMixin(models.AbstractModel):
    """The way of a membership from new to ended."""

    _name = "partner.membership.flow.mixin"
    _description = "Flow of a Membership"

    def _check_may_register(self):
        """Refuse new claims of partners who are not active.

        :raise UserError: naming the membership and its state
        """
        for membership in self:
            if membership.state != "active":
                states = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(membership)s is “%(state)s”: only an active partner can "
                        "register deals.",
                        membership=membership.display_name,
                        state=states[membership.state],
                    )
                )

    def _check_may_end(self):
        """Refuse to stop a partner to who only prepares the work.

        :raise AccessError: for anybody below a channel manager
        """
        if not (
            self.env.su
            or self.env.user.has_group("partner_channel.group_channel_manager")
        ):
            raise AccessError(
                self.env._("Only channel managers suspend and end memberships.")
            )
        self.check_access("write")

    def action_activate(self):
        """Let the partner work: registrations, portal, tiers."""
        self.check_access("write")
        for membership in self.filtered(lambda m: not m.date_start):
            membership.date_start = membership.program_id._get_today()
        self._move_to("state", "active", _STATES)._sync_partner_grade()

    def action_suspend(self):
        """Leave the partner read-only access."""
        self._check_may_end()
        self._move_to("state", "suspended", _STATES)._pass_on_offers()

    def action_terminate(self):
        """End the membership; the partner no longer sees the program."""
        self._check_may_end()
        for membership in self:
            membership._move_to(
                "state",
                "terminated",
                _STATES,
                date_end=membership.program_id._get_today(),
            )
        self._end_tier_history()
        self._sync_partner_grade()
        self._pass_on_primary()
        self._drop_plans()
        self._pass_on_offers()
        self._take_back_leads()

    def _pass_on_offers(self):
        """Take back the leads the partners are offered: others are asked."""
        # sudo: offers are no one's to write
        offers = self.env["partner.lead.offer"].sudo()
        offers = offers.search(
            [("membership_id", "in", self.ids), ("state", "=", "offered")]
        )
        leads = offers.lead_id
        leads._lock_for_answer()
        offers._withdraw()
        leads._filter_distributable()._requeue()

    def _take_back_leads(self):
        """Take back the leads the partners accepted from rules and work on.

        They are the vendor's; others are asked, but for opportunities, where the
        vendor's people decide how it goes on.
        """
        # sudo: offers are no one's to write, and leads may be of other salespeople
        offers = self.env["partner.lead.offer"].sudo()
        offers = offers.search(
            [
                ("membership_id", "in", self.ids),
                ("state", "=", "accepted"),
                ("lead_id.distribution_state", "=", "assigned"),
                ("lead_id.won_status", "=", "pending"),
            ]
        )
        leads = offers.lead_id
        leads._lock_for_answer()
        leads._take_from_partners()
        again = leads.filtered(lambda lead: lead.type == "lead")
        again._requeue()
        (leads - again)._fall_back()

    def _drop_plans(self):
        """Drop what is no longer to be reached; agreed goals keep their result."""
        # sudo: plans and goals of an ended membership may be others' to manage
        own = [("membership_id", "in", self.ids)]
        plans = self.env["partner.tier.plan"].sudo()
        plans.search([*own, ("date_closed", "=", False)]).action_drop()
        goals = self.env["partner.goal"].sudo()
        goals.search([*own, ("state", "=", "draft")]).unlink()

    def _end_tier_history(self):
        """Close the running rows of the history, today being the last day."""
        # sudo: history is nobody's to write
        running = self.sudo().tier_change_ids.filtered(lambda c: not c.date_to)
        for day, changes in running.grouped(
            lambda change: change.program_id._get_today()
        ).items():
            changes._close(day + timedelta(days=1))

    def _pass_on_primary(self):
        """Let another running membership of the partner give its level."""
        partners = self.filtered("is_primary").partner_id
        # sudo: the partner's other program may be somebody else's to manage
        heirs = self.sudo().search(
            [
                ("partner_id", "in", partners.ids),
                ("state", "in", ("active", "suspended")),
            ],
            order="id desc",
        )
        unled = heirs.partner_id - heirs.filtered("is_primary").partner_id
        oldest = {heir.partner_id: heir for heir in heirs}
        heirs.browse(oldest[partner].id for partner in unled).is_primary = True
