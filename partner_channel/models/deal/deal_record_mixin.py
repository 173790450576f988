from dateutil.relativedelta import relativedelta

from odoo import models


class DealRecordMixin(models.AbstractModel):
    """Makes who wins a deal the customer's partner of record."""

    _name = "deal.record.mixin"
    _description = "Partner of Record from a Won Deal"

    def _record_customers(self):
        """Write who sells to the customer from now on, where the program says so.

        Whoever is the partner of record already stays it; of two deals won at once
        the first one counts.
        """
        # sudo: the rule of the program counts, whoever closes the deal
        records = self.env["partner.customer.record"].sudo()
        wanted = [v for lead in self.sudo() for v in lead._prepare_customer_records()]
        held = records._find_holders(wanted)
        for vals in wanted:
            if not any(record._stands_in_the_way(vals) for record in held):
                held |= records._create_unless_held(vals)

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
