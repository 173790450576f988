from odoo import models

from odoo.addons.partner_channel.tools.attribution import ROLE_RESALE

from ..tools.commission_math import ONE, round_half_up, to_decimal
from ..tools.memory import in_force, keep_terms, remember


class CommissionSourceMixin(models.AbstractModel):
    """Keeps the ledger true to the documents: the half that finds the facts.

    Rates and shares are taken when a document is first posted. From then on the
    ledger itself is the memory: payments, resets and reposts use what the first
    entries say, and a credit note uses what the invoice it reverses earned.
    """

    _name = "commission.source.mixin"
    _description = "Commission Facts of Documents"

    def _get_line_shares(self, positions):
        """Return who earns what on which line, for documents the books need.

        :param dict positions: ``{move_id: [Position]}`` of these documents and
            of those they reverse
        :return: ``{move_id: [LineShare]}``; the list is empty where all has to be
            taken back, documents without any commission are left out
        """
        result, unknown = {}, self.browse()
        for move in self:
            held = positions.get(move.id, ())
            # where the whole invoice is void there is nothing to give back of it
            if move.state != "posted" or move.reversed_entry_id.state == "cancel":
                if any(any(position.amounts) for position in held):
                    result[move.id] = []
            elif earning := in_force(held):
                result[move.id] = earning
            else:
                unknown |= move
        result.update(unknown._find_line_shares(positions))
        self._add_late_partners(result)
        return result

    def _find_line_shares(self, positions):
        """Return the shares of posted documents the books hold nothing for."""
        plans = self.env["partner.commission.plan"]._get_rule_table()
        if not self or not (plans or positions):
            return {}
        credit_notes = self.filtered("reversed_entry_id")
        result = (self - credit_notes)._find_own_shares(plans, positions)
        earned = {
            move_id: earning
            for move_id, held in positions.items()
            if (earning := in_force(held))
        }
        result.update(credit_notes._find_credit_shares({**earned, **result}))
        return {move_id: shares for move_id, shares in result.items() if shares}

    def _get_commission_lines(self):
        """Return the lines that can earn: products with an amount, in order."""
        return self.invoice_line_ids.filtered(
            lambda line: line.display_type == "product" and line.price_subtotal
        )

    # === FROM THE LEDGER, ATTRIBUTION AND PLAN === #

    def _find_own_shares(self, plans, positions):
        """Return the shares of documents that earn by themselves.

        A line that was booked before keeps its terms; what the ledger knows
        nothing of earns by today's attribution and the plan of the date.

        :param plans: see ``partner.commission.plan._get_rule_table``
        """
        lines = self._get_commission_lines()
        memory = {}
        for move in self:
            memory.update(remember(positions.get(move.id, ())))
        if not lines or not (plans or memory):
            return {}
        attributions = lines._get_channel_attributions()
        live = lines.move_id._find_live_shares(lines, attributions, plans)
        result = {}
        for line in lines:
            kept = line.move_id._renew_shares(line, memory.get(line.id, ()))
            today = {
                (line.id, item.membership_id, item.role): to_decimal(item.share)
                for item in attributions.get(line.id, ())
            }
            shares = keep_terms(kept, live.get(line.id, []), today)
            result.setdefault(line.move_id.id, []).extend(shares)
        return lines.move_id._compute_earned(lines, result)

    def _renew_shares(self, line, remembered):
        """Return what a line earned before, with its facts of today.

        A reseller is a fact of the document: a document that went to another
        partner is no longer bought by this one.

        :param remembered: :class:`LineShare` list of the line
        """
        self.ensure_one()
        if not remembered:
            return []
        facts = self._prepare_line_facts(line)
        own_rate = {"currency_rate": self._get_commission_currency_rate()}
        return [
            share._replace(
                **facts,
                **({} if share.currency_id == facts["currency_id"] else own_rate),
            )
            for share in remembered
            if share.role != ROLE_RESALE
            or share.partner_id == self.commercial_partner_id.id
        ]

    def _prepare_line_facts(self, line):
        """Return the facts of a line that do not depend on who earns."""
        sign = -1 if self.move_type == "out_refund" else 1
        base = round_half_up(
            to_decimal(line.price_subtotal), to_decimal(line.currency_id.rounding)
        )
        label = line.name or line.product_id.display_name or ""
        return {
            "move_id": self.id,
            "move_line_ref": line.id,
            "move_line_id": line.id,
            "base": sign * base,
            "currency_id": line.currency_id.id,
            "product_id": line.product_id.id or None,
            "label": label.split("\n", 1)[0],
            "order_ref": self.invoice_origin or None,
        }

    def _get_commission_currency_rate(self):
        """Return the document's currency per unit of company currency."""
        if self.currency_id == self.company_currency_id:
            return ONE
        return to_decimal(self.invoice_currency_rate) or ONE
