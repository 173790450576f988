from odoo import models


class CrmLeadForwardToPartner(models.TransientModel):
    _inherit = "crm.lead.forward.to.partner"

    def action_forward(self):
        """Forward leads to partners, a partner at a time.

        Odoo judges by the last partner who has access to the portal, takes the leads
        from their salesperson where the partner has none, and lets nobody follow.
        """
        self.ensure_one()
        lines = self.assignation_lines
        by_partner = lines.grouped("partner_assigned_id")
        silent = any(partner and not partner.email for partner in by_partner)
        if self.forward_type == "single" or silent:
            # who has no address is Odoo's own check, before anything is sent
            leads = lines.lead_id
            keepers = {lead: lead.user_id for lead in leads}
            result = super().action_forward()
            self._settle_forward(leads, keepers)
            return result
        for partner, own in by_partner.items():
            if partner:
                # the leads of the context would all be its lines by default
                part = self.with_context(active_ids=[]).copy(
                    {"forward_type": "single", "partner_id": partner.id}
                )
                own.copy({"forward_id": part.id})
                part.action_forward()
        return True

    def _settle_forward(self, leads, keepers):
        """Give leads back to their salesperson where the partner has none.

        :param leads: ``crm.lead``, forwarded to the partner
        :param dict keepers: ``{lead: its salesperson so far}``
        """
        partner = self.partner_id
        if not partner.user_id:
            for keeper, kept in leads.grouped(keepers.get).items():
                kept.with_context(mail_auto_subscribe_no_notify=True).write(
                    {"user_id": keeper.id}
                )
        leads.message_subscribe(partner.ids)
