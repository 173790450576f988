from odoo import fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    commission_entry_count = fields.Integer(
        compute="_compute_commission_entry_count",
        groups="account.group_account_invoice,partner_channel.group_channel_manager",
    )

    def _compute_commission_entry_count(self):
        counts = dict(
            self.env["partner.commission.entry"]._read_group(
                [("lead_id", "in", self.ids)], ["lead_id"], ["__count"]
            )
        )
        for lead in self:
            lead.commission_entry_count = counts.get(lead, 0)

    def action_open_commission_entries(self):
        """Open the commission entries of the deals.

        :return: window action
        """
        self.check_access("read")
        self.env["partner.commission.entry"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel_commission.partner_commission_entry_action"
        )
        return {**action, "domain": [("lead_id", "in", self.ids)], "context": {}}
