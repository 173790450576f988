from odoo import models

from ..tools.commission_math import HUNDRED, ZERO, to_decimal
from ..tools.earning import MARGIN, PLAIN, earn
from ..tools.line_share import MEASURE, LineShare
from ..tools.rule_table import NO_PRODUCT, Party, find_common_rule

_NO_PRODUCTS = (NO_PRODUCT, ())
# read at once, and not the rest of their long rows
_MEMBER_FIELDS = ["date_end", "grade_id", "partner_id", "program_id"]


class CommissionTermsMixin(models.AbstractModel):
    """Finds the rule that pays for a line, and what it pays.

    *How it works*: the attribution says who takes part, plan and rule are chosen by
    the facts of the sale, ``tools.earning`` computes the document as a whole. What
    was booked before keeps rule, rate and cost.
    """

    _name = "commission.terms.mixin"
    _description = "Terms of Commission Lines"

    def _find_live_shares(self, lines, attributions, plans):
        """Return the shares by today's attribution and the plan of the date.

        :param lines: lines of these documents
        :param attributions: see ``account.move.line._get_channel_attributions``
        :param plans: see ``partner.commission.plan._get_rule_table``
        :return: ``{line_id: [LineShare]}``
        """
        if not plans:
            return {}
        member_ids = {
            item.membership_id for items in attributions.values() for item in items
        }
        # sudo: whoever posts an invoice need not see the channel
        members = self.env["partner.membership"].sudo().browse(member_ids)
        members.fetch(_MEMBER_FIELDS)
        by_id = {member.id: member for member in members}
        attributed = lines.filtered(lambda line: line.id in attributions)
        given = {line.id: attributions[line.id] for line in attributed}
        sales = self._get_sales(attributed, given, plans)
        overrides = self._find_overrides(given, by_id, plans)
        result = {}
        for line in attributed:
            move = line.move_id
            facts = move._prepare_line_facts(line)
            for item in given[line.id]:
                sale = sales[line.id, item.lead_id]
                share = move._prepare_line_share(facts, item, by_id, plans, sale)
                if share:
                    found = result.setdefault(line.id, [])
                    found.append(share)
                    found += [
                        added._replace(via_id=item.membership_id)
                        for each in overrides.get((line.id, item.membership_id), ())
                        if (
                            added := move._prepare_line_share(
                                facts, each, by_id, plans, sale
                            )
                        )
                        and added.partner_id != move.commercial_partner_id.id
                    ]
        return {line_id: _drop_doubles(some) for line_id, some in result.items()}

    def _get_sales(self, lines, attributions, plans):
        """Return what the rules may ask of each line and deal.

        :return: ``{(line_id, lead_id): (products, {fact: value})}``, see
            :meth:`_get_line_products`
        """
        rules = [
            rule for some in plans.values() for plan in some for rule in plan.rules
        ]
        wanted = set().union(*(rule.wanted_facts for rule in rules))
        products = self._get_line_products(lines, rules)
        facts = lines.move_id._get_sale_facts(lines, wanted)
        lead_ids = {item.lead_id for items in attributions.values() for item in items}
        registered = self._get_registered_leads(lead_ids - {False}, wanted)
        return {
            (line_id, item.lead_id): (
                products.get(line_id, _NO_PRODUCTS),
                {
                    **facts.get(line_id, {}),
                    "registered": {"yes" if item.lead_id in registered else "no"},
                },
            )
            for line_id, items in attributions.items()
            for item in items
        }

    def _prepare_line_share(self, facts, attribution, members, plans, sale):
        """Return the :class:`LineShare` of one attribution, None without a rule.

        :param facts: of the line, see :meth:`_prepare_line_facts`
        :param members: ``{membership_id: partner.membership}``
        :param sale: products of the line, see :meth:`_get_line_products`, and
            ``{name: fact}``
        """
        self.ensure_one()
        membership = members[attribution.membership_id]
        party = Party(
            attribution.role,
            membership.grade_id.id,
            membership.id,
            attribution.lead_id,
            membership.date_end,
        )
        plan, rule = find_common_rule(
            plans.get(membership.program_id.id, ()),
            self.invoice_date or self.date,
            party,
            *sale,
        )
        rate = rule and rule.get_rate(sale[1])
        if not rule or not (rate if rule.has_steps else rule.earns):
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
            rate=rate,
            upfront=rule.upfront,
            currency_rate=self._get_commission_currency_rate(),
            **facts,
        )

    # === WHAT IT PAYS === #

    def _compute_earned(self, lines, shares):
        """Return the shares with what they earn.

        :param lines: ``account.move.line`` records of these documents
        :param dict shares: ``{move_id: [LineShare]}``
        """
        rules = self.env["partner.commission.rule"]._get_rules_by_id()
        special = {
            share.rule_id
            for some in shares.values()
            for share in some
            if rules[share.rule_id].pay
        }
        limits = self._get_limits(shares, rules)
        if special:
            shares = self._drop_paid_deals(shares, rules)
        by_id = {line.id: line for line in lines}
        measured = {
            move_id: [
                share._replace(**self._get_measures(by_id, share, rules[share.rule_id]))
                if share.rule_id in special
                else share
                for share in some
            ]
            for move_id, some in shares.items()
        }
        measured = self._set_periods(measured, rules)
        spans = self._get_period_spans(measured, rules)
        return {
            move.id: earn(
                measured[move.id], rules, spans.get(move.id), limits.get(move.id)
            )
            for move in self._in_turn(measured)
        }

    def _get_measures(self, lines, share, rule):
        """Return what a rule needs to know of the line of a share.

        The cost of a line that was booked before is the one of that time.

        :param lines: ``{line_id: account.move.line}``
        """
        line = lines[share.move_line_ref]
        sign = -1 if line.move_id.move_type == "out_refund" else 1
        pay = rule.pay or PLAIN
        quantity = sign * line._get_commission_quantity()
        values = {"quantity": quantity}
        if pay.basis == MARGIN:
            known = share.cost / share.quantity if share.quantity else None
            unit_cost = line._get_commission_unit_cost() if known is None else known
            values["cost"] = (quantity * unit_cost).quantize(MEASURE)
        if pay.net_of_discount:
            percent = to_decimal(line.discount)
            whole = HUNDRED - percent
            discount = share.base * percent / whole if whole > 0 else ZERO
            values["discount"] = discount.quantize(MEASURE)
        return values


def _drop_doubles(shares):
    """Keep one share for each partner and role: an override is paid once a line."""
    return list({share.chain: share for share in reversed(shares)}.values())[::-1]
