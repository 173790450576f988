"""Plans and rules as plain values, and the choice among them."""

from datetime import date
from typing import NamedTuple


class Rule(NamedTuple):
    """One way to pay.

    :param rule_id: id of the ``partner.commission.rule``
    :param role: the part in the line it pays for
    :param grade_ids: tiers it is limited to; empty for all
    :param categ_id: product category it is limited to, ``False`` for all
    :param rate: percent of the untaxed line
    :param trigger: ``posting`` or ``payment``
    """

    rule_id: int
    role: str
    grade_ids: frozenset
    categ_id: int | bool
    rate: float
    trigger: str

    def matches(self, role, grade_id, categ_ids):
        """Return whether the rule pays for a line.

        :param role: role of the partner in the line
        :param grade_id: the partner's tier
        :param categ_ids: ids of the product's category and its parents
        """
        return (
            self.role == role
            and (not self.grade_ids or grade_id in self.grade_ids)
            and (not self.categ_id or self.categ_id in categ_ids)
        )


class Plan(NamedTuple):
    """The rules of one program in one period, in order of priority."""

    plan_id: int
    date_from: date
    date_to: date | bool
    rules: tuple

    def covers(self, day):
        """Return whether a day lies in the plan's period, both ends included.

        >>> year = Plan(1, date(2026, 1, 1), date(2026, 12, 31), ())
        >>> year.covers(date(2026, 12, 31)), year.covers(date(2027, 1, 1))
        (True, False)
        >>> Plan(1, date(2026, 1, 1), False, ()).covers(date(2099, 1, 1))
        True
        """
        return self.date_from <= day and (not self.date_to or day <= self.date_to)


def find_rule(plans, day, role, grade_id, categ_ids=()):
    """Return ``(plan, rule)`` that pays for a line, ``(None, None)`` if none does.

    The period picks the plan; in it the first rule that fits wins.

    :param plans: plans of the partner's program
    :param day: date of the document

    >>> tools = Rule(1, "sold", frozenset(), 7, 2.0, "posting")
    >>> every = Rule(2, "sold", frozenset(), False, 5.0, "posting")
    >>> plans = [Plan(9, date(2026, 1, 1), False, (tools, every))]
    >>> find_rule(plans, date(2026, 3, 1), "sold", 1, {1, 7})[1].rate
    2.0
    >>> find_rule(plans, date(2026, 3, 1), "sold", 1, {1})[1].rate
    5.0
    >>> find_rule(plans, date(2025, 3, 1), "sold", 1)
    (None, None)
    """
    for plan in plans:
        if plan.covers(day):
            for rule in plan.rules:
                if rule.matches(role, grade_id, categ_ids):
                    return plan, rule
    return None, None


def find_common_rule(plans, day, role, grade_id, own, others):
    """Return ``(plan, rule)`` for a line that may stand for other products.

    A down payment or a discount on an order falls under the rule of what is
    ordered, if that is one rule; else under what its own category says.

    :param own: ids of the categories of the line itself
    :param others: list of such ids, one for each product it stands for

    >>> tools = Rule(1, "sold", frozenset(), 7, 2.0, "posting")
    >>> plans = [Plan(9, date(2026, 1, 1), False, (tools,))]
    >>> day = date(2026, 3, 1)
    >>> find_common_rule(plans, day, "sold", 1, set(), [{7}, {1, 7}])[1].rate
    2.0
    >>> find_common_rule(plans, day, "sold", 1, set(), [{7}, {1}])
    (None, None)
    """
    found = {find_rule(plans, day, role, grade_id, ids) for ids in others}
    if len(found) == 1:
        return found.pop()
    return find_rule(plans, day, role, grade_id, own)
