from dateutil.relativedelta import relativedelta

from odoo import models


class DealRecordMixin(models.AbstractModel):
    """Makes who wins a deal the customer's partner of record."""

    _name = "deal.record.mixin"
    _description = "Partner of Record from a Won Deal"

    def _record_customers(self):
        """Write who sells to the customer from now on, where the program says so.

        Whoever is the partner of record already stays it.
        """
        # sudo: the rule of the program counts, whoever closes the deal
        Record = self.env["partner.customer.record"].sudo()
        for lead in self.sudo():
            for vals in lead._prepare_customer_records():
                if not Record.search_count(Record._get_overlap_domain(vals), limit=1):
                    vals.pop("company_id")
                    Record.create(vals)

    def _prepare_customer_records(self):
        """Return the values of the partners of record, a dict for each role."""
        self.ensure_one()
        customer = self.partner_id.commercial_partner_id
        months = self.program_id.record_months
        if not (customer and months):
            return []
        today = self.program_id._get_today()
        # a role of several partners has no single partner of record
        roles = self.deal_role_ids.grouped("role").values()
        return [
            {
                "partner_id": customer.id,
                "company_id": self.company_id.id,
                "membership_id": role.membership_id.id,
                "role": role.role,
                "share": role.share,
                "family_id": self.product_family_id.id,
                "date_from": today,
                "date_to": today + relativedelta(months=months, days=-1),
                "lead_id": self.id,
            }
            for role in roles
            if len(role) == 1
        ]
