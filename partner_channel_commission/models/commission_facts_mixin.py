from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.tools import SQL

from ..tools.commission_math import to_decimal
from ..tools.periods import count_months

#: a customer is new for so long after its first invoice
_NEW_FOR = relativedelta(months=12)
_HISTORY_FACTS = {"month", "customer", "sale"}


class CommissionFactsMixin(models.AbstractModel):
    """Gathers what the conditions of the rules ask for, set by set.

    Only what some rule asks for is looked up. A fact a sale does not have is left
    out: a condition on it does not hold.
    """

    _name = "commission.facts.mixin"
    _description = "Facts for Commission Rules"

    def _get_sale_facts(self, lines, wanted):
        """Return the facts of invoice lines.

        :param lines: ``account.move.line`` records of these documents
        :param wanted: names of the facts some rule asks for
        :return: ``{line_id: {fact: value}}``, empty where nothing is asked for
        """
        if not wanted:
            return {}
        firsts = self._get_first_invoices() if wanted & _HISTORY_FACTS else {}
        renewed = lines._find_renewed() if "sale" in wanted else set()
        overdue = self._get_oldest_due() if "arrears" in wanted else {}
        shared = {
            move.id: {
                **move._get_document_facts(),
                **move._get_history_facts(firsts),
                "arrears": move._get_arrears(overdue),
            }
            for move in lines.move_id
        }
        result = {}
        for line in lines:
            move = line.move_id
            facts = {**shared[move.id], **move._get_line_facts(line)}
            if line.id in renewed:
                facts["sale"] = {*facts.get("sale", ()), "renewal"}
            result[line.id] = {name: facts[name] for name in wanted & facts.keys()}
        return result

    def _get_document_facts(self):
        """Return the facts all lines of the document share."""
        self.ensure_one()
        country = self.commercial_partner_id.country_id
        return {
            "country": country.id,
            "country_groups": set(country.country_group_ids.ids),
            "currency": self.currency_id.id,
            "salesperson": self.invoice_user_id.id,
            "document_amount": abs(to_decimal(self.amount_untaxed_signed)),
        }

    def _get_line_facts(self, line):
        """Return the facts of one line that are its own."""
        self.ensure_one()
        amount = abs(to_decimal(line.price_subtotal))
        return {
            "line_amount": amount / self._get_commission_currency_rate(),
            "discount": to_decimal(line.discount),
        }

    def _get_history_facts(self, firsts):
        """Return what the document is in the history of its customer.

        :param firsts: see :meth:`_get_first_invoices`
        """
        self.ensure_one()
        day = self.invoice_date or self.date
        key = self.commercial_partner_id.id, self.company_id.id
        first_id, first_day = firsts.get(key, (self.id, day))
        is_new = day < first_day + _NEW_FOR
        return {
            "month": count_months(first_day, day),
            "customer": {"new" if is_new else "existing"},
            "sale": {"first" if first_id == self.id else "more"},
        }

    def _get_arrears(self, overdue):
        """Return for how many days the customer owes at the date of the document.

        :param overdue: see :meth:`_get_oldest_due`
        """
        self.ensure_one()
        day = self.invoice_date or self.date
        due = overdue.get((self.commercial_partner_id.id, self.company_id.id), day)
        return max((day - due).days, 0)

    def _get_oldest_due(self):
        """Return when the oldest unpaid invoice of each customer was due.

        :return: ``{(partner_id, company_id): date}``
        """
        groups = self._read_group(
            [
                ("commercial_partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
                ("invoice_date_due", "!=", False),
            ],
            ["commercial_partner_id", "company_id"],
            ["invoice_date_due:min"],
        )
        return {(partner.id, company.id): day for partner, company, day in groups}

    def _get_first_invoices(self):
        """Return the first invoice of each customer.

        :return: ``{(partner_id, company_id): (move_id, date)}``
        """
        self.env["account.move"].flush_model(
            [
                "commercial_partner_id",
                "company_id",
                "invoice_date",
                "move_type",
                "state",
            ]
        )
        # Raw SQL: one look into the index for each customer, however many
        # invoices it has.
        rows = self.env.execute_query(
            SQL(
                """
                SELECT customer.id, company.id, first.id, first.invoice_date
                  FROM unnest(%(customers)s) AS customer(id)
            CROSS JOIN unnest(%(companies)s) AS company(id)
            CROSS JOIN LATERAL (
                       SELECT move.id, move.invoice_date
                         FROM account_move move
                        WHERE move.commercial_partner_id = customer.id
                          AND move.company_id = company.id
                          AND move.state = 'posted'
                          AND move.move_type = 'out_invoice'
                     ORDER BY move.invoice_date, move.id
                        LIMIT 1) AS first
                """,
                customers=self.commercial_partner_id.ids,
                companies=self.company_id.ids,
            )
        )
        return {
            (partner_id, company_id): (move_id, day)
            for partner_id, company_id, move_id, day in rows
        }

    def _get_registered_leads(self, lead_ids, wanted):
        """Return which deals are registered: ``{lead_id}``.

        :param lead_ids: ids of the deals behind these documents
        :param wanted: names of the facts some rule asks for
        """
        if "registered" not in wanted:
            return set()
        # sudo: whoever posts an invoice need not see the deals
        leads = self.env["crm.lead"].sudo().browse(lead_ids)
        return {
            lead.id for lead in leads if lead.registration_state in ("approved", "won")
        }
