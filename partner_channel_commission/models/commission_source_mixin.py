from odoo import models

from ..tools.commission_math import HUNDRED, ONE, round_half_up, to_decimal
from ..tools.line_share import ACCRUED, LineShare
from ..tools.matching import Line, match_lines
from ..tools.rule_table import find_rule


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
            in_force = _in_force(held)
            if move.state != "posted":
                if any(any(position.amounts) for position in held):
                    result[move.id] = []
            elif in_force:
                result[move.id] = in_force
            else:
                unknown |= move
        return {**result, **unknown._find_line_shares(positions)}

    def _find_line_shares(self, positions):
        """Return the shares of posted documents the books hold nothing for."""
        plans = self.env["partner.commission.plan"]._get_rule_table()
        if not self or not (plans or positions):
            return {}
        credit_notes = self.filtered("reversed_entry_id")
        result = (self - credit_notes)._find_live_shares(plans, positions)
        known = {
            move_id: in_force
            for move_id, held in positions.items()
            if (in_force := _in_force(held))
        }
        origins = {**known, **result}
        for move in credit_notes:
            # what earned nothing has nothing to give back
            if origin := origins.get(move.reversed_entry_id.id):
                result[move.id] = move._mirror_shares(origin)
        return {move_id: shares for move_id, shares in result.items() if shares}

    def _get_commission_lines(self):
        """Return the lines that can earn: products with an amount, in order."""
        return self.invoice_line_ids.filtered(
            lambda line: line.display_type == "product" and line.price_subtotal
        )

    # === FROM ATTRIBUTION AND PLAN === #

    def _find_live_shares(self, plans, positions):
        """Return the shares by today's attribution and the plan of the date.

        :param plans: see ``partner.commission.plan._get_rule_table``
        """
        lines = self._get_commission_lines()
        if not lines or not plans:
            return {}
        attributions = lines._get_channel_attributions()
        memberships = {
            membership.id: membership
            for membership in self.env["partner.membership"]
            .sudo()
            .browse(
                {
                    item.membership_id
                    for items in attributions.values()
                    for item in items
                }
            )
        }
        by_category = any(
            rule.categ_id
            for some in plans.values()
            for plan in some
            for rule in plan.rules
        )
        frozen = _frozen(positions)
        result = {}
        for line in lines:
            shares = [
                line.move_id._prepare_line_share(
                    line,
                    attribution,
                    memberships[attribution.membership_id],
                    plans,
                    _category_ids(line) if by_category else (),
                )
                for attribution in attributions.get(line.id, ())
            ]
            shares = _freeze([share for share in shares if share], frozen)
            result.setdefault(line.move_id.id, []).extend(shares)
        return result

    def _prepare_line_share(self, line, attribution, membership, plans, categ_ids):
        """Return the :class:`LineShare` of one attribution, None without a rule."""
        self.ensure_one()
        plan, rule = find_rule(
            plans.get(membership.program_id.id, ()),
            self.invoice_date or self.date,
            attribution.role,
            membership.grade_id.id,
            categ_ids,
        )
        if not rule or not rule.rate:
            return None
        return LineShare(
            membership_id=membership.id,
            partner_id=membership.partner_id.id,
            role=attribution.role,
            share=to_decimal(attribution.share),
            lead_id=attribution.lead_id or None,
            plan_id=plan.plan_id,
            rule_id=rule.rule_id,
            trigger=rule.trigger,
            rate=to_decimal(rule.rate),
            currency_rate=self._get_commission_currency_rate(),
            **self._prepare_line_facts(line),
        )

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

    # === FROM THE INVOICE A CREDIT NOTE REVERSES === #

    def _mirror_shares(self, origin_shares):
        """Return the shares of a credit note, on the terms of its invoice.

        The exchange rate is the invoice's as well: exchange differences earn
        nothing.

        :param origin_shares: :class:`LineShare` list of the invoice
        """
        self.ensure_one()
        lines = self._get_commission_lines()
        origin_lines = self.reversed_entry_id._get_commission_lines()
        pairs = match_lines(_as_values(lines), _as_values(origin_lines))
        by_line = {}
        for share in origin_shares:
            by_line.setdefault(share.move_line_ref, []).append(share)
        own_rate = {"currency_rate": self._get_commission_currency_rate()}
        return [
            share._replace(
                **self._prepare_line_facts(line),
                **({} if share.currency_id == line.currency_id.id else own_rate),
            )
            for line in lines
            for share in by_line.get(pairs.get(line.id), ())
        ]


def _in_force(positions):
    """Return the shares that earn at present, out of the positions of a move."""
    return [
        position.line_share
        for position in positions
        if position.book == ACCRUED and position.amounts.base
    ]


def _frozen(positions):
    """Return ``{chain: LineShare}``: the terms of the last entry of each chain."""
    accrued = sorted(
        (
            position
            for held in positions.values()
            for position in held
            if position.book == ACCRUED
        ),
        key=lambda position: position.revision,
    )
    return {position.line_share.chain: position.line_share for position in accrued}


def _freeze(shares, frozen):
    """Return the shares of one line with the terms they were first booked on.

    Rate, rule, share and exchange rate stay; only where a partner was added and
    the shares of a role would exceed the whole line do today's shares hold.

    :param shares: live :class:`LineShare` of one line
    :param frozen: ``{chain: LineShare}``
    """
    kept = [_freeze_share(share, frozen.get(share.chain)) for share in shares]
    result = []
    for live, share in zip(shares, kept, strict=True):
        total = sum(other.share for other in kept if other.role == share.role)
        result.append(share._replace(share=live.share) if total > HUNDRED else share)
    return result


def _freeze_share(share, first):
    """Return a live share with the terms of ``first``, its last booked form."""
    if not first:
        return share
    terms = {
        name: getattr(first, name) for name in ("plan_id", "rule_id", "trigger", "rate")
    }
    if first.currency_id == share.currency_id:
        terms["currency_rate"] = first.currency_rate
    return share._replace(share=first.share, **terms)


def _as_values(lines):
    """Return invoice lines as plain values for the matching."""
    return [
        Line(line.id, frozenset(line.sale_line_ids.ids), line.product_id.id)
        for line in lines
    ]


def _category_ids(line):
    """Return the ids of the product's category and those above it."""
    path = line.product_id.categ_id.parent_path or ""
    return {int(part) for part in path.split("/") if part}
