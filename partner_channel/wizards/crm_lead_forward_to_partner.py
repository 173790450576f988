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
        if self.forward_type == "single":
            self._forward_to(self.partner_id, lines)
            return True
        by_partner = lines.grouped("partner_assigned_id")
        silent = [partner.name for partner in by_partner if not partner.email]
        if any(silent):
            # Odoo's own check, before anything is sent
            return super().action_forward()
        for partner, own in by_partner.items():
            if partner:
                # the leads of the context would all be its lines by default
                part = self.with_context(active_ids=[]).copy(
                    {"forward_type": "single", "partner_id": partner.id}
                )
                own.copy({"forward_id": part.id})
                part._forward_to(partner, part.assignation_lines)
        return True

    def _forward_to(self, partner, lines):
        """Forward leads to one partner.

        :param partner: ``res.partner``
        :param lines: ``crm.lead.assignation``
        """
        leads = lines.lead_id
        keepers = {lead: lead.user_id for lead in leads}
        super().action_forward()
        if not partner.user_id:
            for keeper, kept in leads.grouped(keepers.get).items():
                kept.with_context(mail_auto_subscribe_no_notify=True).write(
                    {"user_id": keeper.id}
                )
        leads.message_subscribe(partner.ids)
