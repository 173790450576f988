from odoo import models
from odoo.tools import SQL

from ...tools.attribution import ROLE_RESALE, Attribution


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _get_channel_attributions(self):
        """Return who takes part in invoice lines, from the deals behind them.

        A line comes from a deal through its sale order, else from the customer's
        partner of record on the day of the invoice; a line invoiced to a member
        partner itself is bought for resale.

        :return: ``{line_id: [Attribution]}``, lines without partner left out
        """
        lines = self.filtered(lambda line: line.display_type == "product")
        result, records, members = {}, {}, {}
        for row in lines._read_attributions():
            key = row["partner_id"], row["company_id"]
            if row["source"] == "deal":
                found = result.setdefault(row["line_id"], [])
                found.append(_as_attribution(row))
            elif row["source"] == "record":
                records.setdefault(key, []).append(row)
            else:
                members.setdefault(key, row["membership_id"])
        for line in lines if records or members else ():
            move = line.move_id
            key = move.commercial_partner_id.id, move.company_id.id
            if key in records and line.id not in result:
                of_record = line._filter_records(records[key])
                if of_record:
                    result[line.id] = of_record
            if key in members:
                bought = Attribution(members[key], ROLE_RESALE, 100.0, False)
                result.setdefault(line.id, []).append(bought)
        return result

    def _filter_records(self, rows):
        """Return the partners of record for the line.

        :param rows: partners of record of the customer, see
            :meth:`_prepare_attribution_query`
        :return: list of :class:`Attribution`
        """
        self.ensure_one()
        day = self.move_id.invoice_date or self.move_id.date
        return [
            _as_attribution(row)
            for row in rows
            if row["date_from"] <= day
            and (not row["date_to"] or row["date_to"] >= day)
            and (not row["family_id"] or self._is_in_family(row["family_id"]))
        ]

    def _is_in_family(self, family_id):
        """Return whether the line sells a product of a family.

        :param family_id: id of the product category
        """
        # sudo: whoever posts an invoice need not see the channel's families
        path = self.sudo().product_id.categ_id.parent_path
        return bool(path) and str(family_id) in path.split("/")

    def _read_attributions(self):
        """Return who may take part: rows of :meth:`_prepare_attribution_query`."""
        if not self.ids:
            return []
        for model, names in {
            "account.move.line": ["sale_line_ids"],
            "partner.customer.record": None,
            "partner.deal.role": ["lead_id", "membership_id", "role", "share"],
            "partner.membership": ["company_id", "is_primary", "partner_id", "state"],
            "sale.order": ["company_id", "opportunity_id"],
            "sale.order.line": ["order_id"],
        }.items():
            self.env[model].flush_model(names)
        return self.env.execute_query_dict(self._prepare_attribution_query())

    def _prepare_attribution_query(self):
        """Return the query of the deals, partners of record and members.

        Raw SQL: one query for a whole batch of postings, where following the fields
        would load every order and lead. What the invoices themselves say is known
        already: joining their tables would only make PostgreSQL plan for longer than
        the query takes. An invoice of one company never pays a membership of another.
        """
        moves = self.move_id
        return SQL(
            """
            SELECT 'deal' AS source, rel.invoice_line_id AS line_id,
                   NULL::int AS partner_id, NULL::int AS company_id,
                   role.membership_id, role.role, role.share, role.lead_id,
                   NULL::int AS family_id,
                   NULL::date AS date_from, NULL::date AS date_to, 1 AS rank
              FROM sale_order_line_invoice_rel rel
              JOIN sale_order_line so_line ON so_line.id = rel.order_line_id
              JOIN sale_order so ON so.id = so_line.order_id
              JOIN partner_deal_role role ON role.lead_id = so.opportunity_id
              JOIN partner_membership membership
                ON membership.id = role.membership_id
               AND membership.company_id = so.company_id
             WHERE rel.invoice_line_id IN %(ids)s
          GROUP BY rel.invoice_line_id, role.id
         UNION ALL
            SELECT 'record', NULL, partner_id, company_id, membership_id, role, share,
                   NULL, family_id, date_from, date_to, 1
              FROM partner_customer_record
             WHERE partner_id IN %(partners)s AND company_id IN %(companies)s
         UNION ALL
            SELECT 'member', NULL, partner_id, company_id, id, NULL, NULL,
                   NULL, NULL, NULL, NULL,
                   CASE WHEN is_primary THEN 0 ELSE 1 END
              FROM partner_membership
             WHERE partner_id IN %(partners)s AND company_id IN %(companies)s
               AND state IN ('active', 'suspended')
          ORDER BY line_id, rank, membership_id, role
            """,
            ids=tuple(self.ids),
            partners=tuple(moves.commercial_partner_id.ids) or (0,),
            companies=tuple(moves.company_id.ids) or (0,),
        )


def _as_attribution(row):
    """Return the :class:`Attribution` of a row."""
    return Attribution(
        row["membership_id"], row["role"], row["share"], row["lead_id"] or False
    )
