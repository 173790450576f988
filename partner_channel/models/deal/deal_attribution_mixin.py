from odoo import models
from odoo.exceptions import UserError

# JSON cannot carry an object's identity: only this file puts it in a context.
_TOGETHER = object()
_OPEN = object()


class DealAttributionMixin(models.AbstractModel):
    """Keeps the attribution of a deal whole: edited at once, and merged."""

    _name = "deal.attribution.mixin"
    _description = "Attribution of a Deal"

    def write(self, vals):
        if "deal_role_ids" not in vals:
            return super().write(vals)
        # shares moved from one partner to another pass through other sums on
        # the way; only the end counts
        together = self.with_context(deal_roles_together=_TOGETHER)
        result = super(DealAttributionMixin, together).write(vals)
        # sudo: a rule of the deal, whichever of its partners the user sees
        self.sudo().deal_role_ids._check_shares()
        return result

    def _are_roles_together(self):
        """Return whether roles are being changed as a part of their deal."""
        return self.env.context.get("deal_roles_together") is _TOGETHER

    def _with_attribution_open(self):
        """Return the deals in a context that may change a settled attribution."""
        return self.with_context(deal_attribution_open=_OPEN)

    def _check_attribution_open(self):
        """Refuse to change who has which part in a deal that was won.

        :raise UserError: naming the deal
        """
        if self.env.context.get("deal_attribution_open") is _OPEN:
            return
        for lead in self:
            if lead._is_attribution_frozen():
                # sudo: the name of the deal the person is changing
                raise UserError(
                    self.env._(
                        "“%(deal)s” was won: its attribution is settled. The head of "
                        "channel can correct it, with a reason.",
                        deal=lead.sudo().display_name,
                    )
                )

    def _sort_by_confidence_level(self, reverse=False):
        """Put submitted registrations first: a merge keeps the first lead."""
        leads = super()._sort_by_confidence_level(reverse=reverse)
        kept = leads.filtered(lambda x: x.registration_state not in (False, "draft"))
        drafts = leads.filtered(lambda lead: lead.registration_state == "draft")
        ordinary = leads - kept - drafts
        return kept + drafts + ordinary if reverse else ordinary + drafts + kept

    def _merge_dependences(self, opportunities):
        """Take over the attribution of the deals that go."""
        result = super()._merge_dependences(opportunities)
        self._merge_roles(opportunities)
        return result

    def _merge_roles(self, opportunities):
        """Move roles to this deal, except those a partner has here already.

        :param opportunities: the deals that are merged into this one
        :raise ValidationError: a role would be given away more than once
        """
        self.ensure_one()
        # sudo: who may merge the deals need not see every partner's part
        held = {(role.membership_id, role.role) for role in self.sudo().deal_role_ids}
        moving = self.env["partner.deal.role"].sudo()
        for role in opportunities.sudo().deal_role_ids:
            key = role.membership_id, role.role
            if key not in held:
                held.add(key)
                moving |= role
        moving.lead_id = self
