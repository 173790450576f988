from odoo import fields, models

from .deal_registration_mixin import INTERNAL


class DealSalesMixin(models.AbstractModel):
    """What the vendor sells on a deal: invoices, customer, opportunity."""

    _name = "deal.sales.mixin"
    _description = "Sales of a Deal"

    channel_invoice_count = fields.Integer(
        "Invoices",
        compute="_compute_channel_invoice_count",
        compute_sudo=True,
        groups=INTERNAL,
    )

    def _compute_channel_invoice_count(self):
        for lead in self:
            lead.channel_invoice_count = len(lead._get_deal_invoices())

    def _get_deal_invoices(self):
        """Return the customer's invoices and credit notes that are in force.

        Of cancelled orders as well: what is posted stays.
        """
        invoices = self.order_ids.invoice_ids
        return invoices.filtered(lambda move: move.state != "cancel")

    def _has_posted_invoice(self):
        """Return whether the vendor has invoiced the deal."""
        self.ensure_one()
        # sudo: partners have no access to orders and invoices; yes or no only
        invoices = self.sudo()._get_deal_invoices()
        return any(move.state == "posted" for move in invoices)

    def action_open_channel_invoices(self):
        """Open the customer's invoices of the deal.

        :return: window action
        """
        self.ensure_one()
        self.check_access("write")  # which partners do not have
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        # sudo: only the ids; opening them takes the user's own rights
        invoices = self.sudo()._get_deal_invoices()
        if len(invoices) == 1:
            return {**action, "views": [(False, "form")], "res_id": invoices.id}
        return {**action, "domain": [("id", "in", invoices.ids)], "context": {}}

    def action_open_opportunity(self):
        """Open the deal as an opportunity, with its stages and activities.

        :return: window action
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Opportunity"),
            "res_model": "crm.lead",
            "res_id": self.id,
            "views": [(self.env.ref("crm.crm_lead_view_form").id, "form")],
        }

    def _prepare_customer_values(self, partner_name, is_company=False, parent_id=False):
        values = super()._prepare_customer_values(
            partner_name, is_company=is_company, parent_id=parent_id
        )
        # a contact shares the tax ID of its company
        if self.customer_vat and not parent_id:
            values["vat"] = self.customer_vat
        return values
