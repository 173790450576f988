from odoo import models
from odoo.tools import SQL

from ...tools.attribution import ROLE_RESALE, Attribution


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _get_channel_attributions(self):
        """Return who takes part in invoice lines, from the deals behind them.

        A line comes from a deal through its sale order, else from the customer's
        partner of record; a line invoiced to a member partner itself is bought for
        resale.

        :return: ``{line_id: [Attribution]}``, lines without partner left out
        """
        lines = self.filtered(lambda line: line.display_type == "product")
        result = {}
        for line_id, *values in lines._read_deal_attributions():
            *part, lead_id = values
            attribution = Attribution(*part, lead_id or False)
            result.setdefault(line_id, []).append(attribution)
        members = lines._get_resale_memberships()
        for line in lines if members else ():
            move = line.move_id
            membership_id = members.get(
                (move.commercial_partner_id.id, move.company_id.id)
            )
            if membership_id:
                attribution = Attribution(membership_id, ROLE_RESALE, 100.0, False)
                result.setdefault(line.id, []).append(attribution)
        return result

    def _read_deal_attributions(self):
        """Return rows (line, membership, role, share, lead) of the deals."""
        if not self.ids:
            return []
        self._flush_attribution()
        # Raw SQL: one query for a whole batch of postings, where following the
        # fields would load every order and lead. An invoice of one company never
        # pays a membership of another. Where no deal says who takes part, the
        # customer's partner of record on the day of the invoice does.
        return self.env.execute_query(
            SQL(
                """
                WITH deal AS (
                    SELECT DISTINCT rel.invoice_line_id AS line_id,
                           role.membership_id, role.role, role.share, role.lead_id
                      FROM sale_order_line_invoice_rel rel
                      JOIN sale_order_line so_line ON so_line.id = rel.order_line_id
                      JOIN sale_order so ON so.id = so_line.order_id
                      JOIN partner_deal_role role ON role.lead_id = so.opportunity_id
                      JOIN partner_membership membership
                        ON membership.id = role.membership_id
                       AND membership.company_id = so.company_id
                     WHERE rel.invoice_line_id IN %(ids)s
                )
                SELECT line_id, membership_id, role, share, lead_id FROM deal
             UNION ALL
                (%(records)s)
              ORDER BY line_id, membership_id, role
                """,
                ids=tuple(self.ids),
                records=self._get_record_query(),
            )
        )

    def _flush_attribution(self):
        """Write what the raw query reads."""
        for model, names in {
            "account.move": [
                "commercial_partner_id",
                "company_id",
                "date",
                "invoice_date",
            ],
            "account.move.line": ["move_id", "product_id", "sale_line_ids"],
            "partner.customer.record": [],
            "partner.deal.role": ["lead_id", "membership_id", "role", "share"],
            "partner.membership": ["company_id"],
            "sale.order": ["company_id", "opportunity_id"],
            "sale.order.line": ["order_id"],
        }.items():
            self.env[model].flush_model(names or None)

    def _get_record_query(self):
        """Return the SQL of rows by partner of record, for lines without a deal."""
        return SQL(
            """
            SELECT line.id, record.membership_id, record.role, record.share, NULL::int
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN partner_customer_record record
                ON record.partner_id = move.commercial_partner_id
               AND record.company_id = move.company_id
               AND record.date_from <= COALESCE(move.invoice_date, move.date)
               AND (record.date_to IS NULL
                    OR record.date_to >= COALESCE(move.invoice_date, move.date))
         LEFT JOIN product_product product ON product.id = line.product_id
         LEFT JOIN product_template template ON template.id = product.product_tmpl_id
         LEFT JOIN product_category category ON category.id = template.categ_id
         LEFT JOIN product_category family ON family.id = record.family_id
             WHERE line.id IN %(ids)s
               AND (record.family_id IS NULL
                    OR category.parent_path LIKE family.parent_path || '%%')
               AND NOT EXISTS (SELECT 1 FROM deal WHERE deal.line_id = line.id)
            """,
            ids=tuple(self.ids),
        )

    def _get_resale_memberships(self):
        """Return ``{(partner_id, company_id): membership_id}`` of the customers."""
        moves = self.move_id
        # sudo: whoever posts an invoice need not see the channel
        memberships = (
            self.env["partner.membership"]
            .sudo()
            .search_fetch(
                [
                    ("partner_id", "in", moves.commercial_partner_id.ids),
                    ("company_id", "in", moves.company_id.ids),
                    ("state", "in", ("active", "suspended")),
                ],
                ["partner_id", "company_id"],
                order="is_primary, id desc",
            )
        )
        return {(m.partner_id.id, m.company_id.id): m.id for m in memberships}
