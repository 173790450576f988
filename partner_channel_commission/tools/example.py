"""A sale that is made up, as the functions that book take it."""

from .bands import Span
from .commission_math import ONE, to_decimal
from .earning import get_group, get_measure
from .line_share import LineShare
from .overrides import OVERRIDE_ROLES

_OVERRIDES = [role for role, _label in OVERRIDE_ROLES]
# the partner of an example, who has all parts in the sale
_PARTNER = 1


def as_share(rule, amount, facts, sale):
    """Return the share of one partner who has this part in the sale alone."""
    is_override = rule.role in _OVERRIDES
    earner = _PARTNER + 1 + _OVERRIDES.index(rule.role) if is_override else _PARTNER
    return LineShare(
        via_id=_PARTNER if is_override else None,
        move_id=0,
        move_line_ref=0,
        move_line_id=None,
        membership_id=earner,
        partner_id=earner,
        role=rule.role,
        share=to_decimal(100),
        lead_id=None,
        plan_id=0,
        rule_id=rule.rule_id,
        rate=rule.get_rate(facts),
        currency_id=0,
        currency_rate=ONE,
        product_id=None,
        label="",
        order_ref=None,
        trigger=rule.trigger,
        base=to_decimal(amount),
        quantity=to_decimal(sale.get("quantity", 1)),
        cost=to_decimal(sale.get("cost")),
    )


def keep_known(conditions):
    """Return the conditions an example can judge."""
    known = {"month", "line_amount", "document_amount", "discount"}
    return tuple(each for each in conditions if each.fact in known)


def get_spans(shares, rules, sold):
    """Return the spans of rules with bands over a period, after what was sold."""
    spans = {}
    for share in shares:
        rule = rules[share.rule_id]
        if rule.in_period:
            measure = get_measure(share, rule.pay.basis)
            spans[get_group(share)] = Span(sold, measure, sold + measure)
    return spans
