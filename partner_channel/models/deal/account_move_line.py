from odoo import models
from odoo.tools import SQL

from ...tools.attribution import ROLE_RESALE, Attribution


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _get_channel_attributions(self):
        """Return who takes part in invoice lines, from the deals behind them.

        A line comes from a deal through its sale order; a line invoiced to a
        member partner itself is bought for resale.

        :return: ``{line_id: [Attribution]}``, lines without partner left out
        """
        lines = self.filtered(lambda line: line.display_type == "product")
        result = {}
        for line_id, *values in lines._read_deal_attributions():
            result.setdefault(line_id, []).append(Attribution(*values))
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
        for model, names in {
            "account.move.line": ["sale_line_ids"],
            "sale.order.line": ["order_id"],
            "sale.order": ["company_id", "opportunity_id"],
            "partner.membership": ["company_id"],
            "partner.deal.role": ["lead_id", "membership_id", "role", "share"],
        }.items():
            self.env[model].flush_model(names)
        # Raw SQL: one query for a whole batch of postings, where following the
        # fields would load every order and lead. An invoice of one company never
        # pays a membership of another.
        return self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT rel.invoice_line_id, role.membership_id, role.role,
                       role.share, role.lead_id
                  FROM sale_order_line_invoice_rel rel
                  JOIN sale_order_line so_line ON so_line.id = rel.order_line_id
                  JOIN sale_order so ON so.id = so_line.order_id
                  JOIN partner_deal_role role ON role.lead_id = so.opportunity_id
                  JOIN partner_membership membership
                    ON membership.id = role.membership_id
                   AND membership.company_id = so.company_id
                 WHERE rel.invoice_line_id IN %s
              ORDER BY rel.invoice_line_id, role.membership_id, role.role
                """,
                tuple(self.ids),
            )
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
