"""Plans and rules as plain values, and the choice among them."""

from datetime import date
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from .bands import get_rate
from .commission_math import ZERO

#: how close a rule comes to a product: itself, its tag, its category, any product
_BY_PRODUCT, _BY_TAG, _BY_CATEGORY, _ANY = 0, 1, 2, 1_000_000


class Product(NamedTuple):
    """What a rule can know of a product.

    :param categ_path: ids of its category and those above, the topmost first
    """

    product_id: int | bool = False
    categ_path: tuple = ()
    tag_ids: frozenset = frozenset()


NO_PRODUCT = Product()


class Party(NamedTuple):
    """Who takes part in a line, and in what part.

    :param date_end: last day of a membership that has ended
    """

    role: str
    grade_id: int | bool = False
    membership_id: int | bool = False
    lead_id: int | bool = False
    date_end: date | bool = False


class Rule(NamedTuple):
    """One way to pay: for whom, in what sales, how much and when.

    :param rule_id: id of the ``partner.commission.rule``
    :param role: the part in the line it pays for
    :param grade_ids: tiers it is limited to; empty for all
    :param categ_id: product category it is limited to, ``False`` for all
    :param rate: percent
    :param trigger: ``posting``, ``payment`` or ``split``
    :param product_ids: products it is limited to; empty for all
    :param tag_ids: product tags it is limited to; empty for all
    :param conditions: further :class:`Condition` objects, all of which must hold
    :param upfront: percentage payable on posting where the trigger is ``split``
    :param pay: :class:`..earning.Pay`, None for a plain percentage
    :param caps: :class:`..limits.Cap` tuple of its plan
    :param ceiling: most all partners are paid on a line, percent; 0 for no ceiling
    :param holdback: days an amount waits before it is payable
    :param holds: reasons for which an amount is held
    """

    rule_id: int
    role: str
    grade_ids: frozenset
    categ_id: int | bool
    rate: object
    trigger: str
    product_ids: frozenset = frozenset()
    tag_ids: frozenset = frozenset()
    conditions: tuple = ()
    upfront: object = ZERO
    pay: object = None
    caps: tuple = ()
    ceiling: object = ZERO
    holdback: int = 0
    holds: frozenset = frozenset()

    @property
    def by_product(self):
        """Whether the product of a line matters."""
        return bool(self.categ_id or self.product_ids or self.tag_ids)

    @property
    def wanted_facts(self):
        """Names of the facts it has to know of a sale."""
        facts = {condition.fact for condition in self.conditions}
        return facts | {"month"} if self.has_steps else facts

    @property
    def has_steps(self):
        """Whether its rate depends on how long the customer has been one."""
        return bool(self.pay and self.pay.mode == "month")

    @property
    def in_period(self):
        """Whether its bands are found by the sum of a period."""
        pay = self.pay
        return bool(pay and pay.has_bands and pay.scope != "document")

    def get_rate(self, facts):
        """Return the percentage for a sale.

        :param facts: ``{name: fact}``; ``month`` decides where there are steps
        """
        if self.has_steps:
            return get_rate(self.pay.bands, facts.get("month", ZERO))
        return self.rate

    @property
    def earns(self):
        """Whether it pays anything; one that does not stops those below it."""
        return bool(self.rate or (self.pay and self.pay.earns))

    def fits(self, party, facts):
        """Return whether the rule is for this party and sale, the product aside."""
        return (
            self.role == party.role
            and (not self.grade_ids or party.grade_id in self.grade_ids)
            and all(condition.holds(facts) for condition in self.conditions)
        )

    def get_closeness(self, product):
        """Return how close the rule comes to a product, None if it is for others.

        >>> part = Product(5, (1, 7), frozenset([3]))
        >>> def close(**values):
        ...     values = {"categ_id": False, **values}
        ...     rule = Rule(1, "sold", frozenset(), rate=5, trigger="x", **values)
        ...     return rule.get_closeness(part)
        >>> close(product_ids=frozenset([5])) < close(tag_ids=frozenset([3]))
        True
        >>> close(tag_ids=frozenset([3])) < close(categ_id=7) < close(categ_id=1)
        True
        >>> close(categ_id=1) < close()
        True
        >>> close(categ_id=8), close(product_ids=frozenset([6]))
        (None, None)
        """
        closeness = _ANY
        if self.categ_id:
            if self.categ_id not in product.categ_path:
                return None
            above = (
                len(product.categ_path) - 1 - product.categ_path.index(self.categ_id)
            )
            closeness = _BY_CATEGORY + above
        if self.tag_ids:
            if self.tag_ids.isdisjoint(product.tag_ids):
                return None
            closeness = _BY_TAG
        if self.product_ids:
            if product.product_id not in self.product_ids:
                return None
            closeness = _BY_PRODUCT
        return closeness


class Plan(NamedTuple):
    """The rules of one plan in one period, in order of priority.

    ``grade_id``, ``membership_id`` and ``lead_id`` say what of the program the plan
    is for; none of them for all of it. ``runoff`` says for how many months after its
    end a membership earns.
    """

    plan_id: int
    date_from: date
    date_to: date | bool
    rules: tuple
    grade_id: int | bool = False
    membership_id: int | bool = False
    lead_id: int | bool = False
    runoff: int = 0

    @property
    def rank(self):
        """How special the plan is: deal, membership, tier, program."""
        return (not self.lead_id, not self.membership_id, not self.grade_id)

    def covers(self, day):
        """Return whether a day lies in the plan's period, both ends included.

        >>> year = Plan(1, date(2026, 1, 1), date(2026, 12, 31), ())
        >>> year.covers(date(2026, 12, 31)), year.covers(date(2027, 1, 1))
        (True, False)
        >>> Plan(1, date(2026, 1, 1), False, ()).covers(date(2099, 1, 1))
        True
        """
        return self.date_from <= day and (not self.date_to or day <= self.date_to)

    def is_for(self, party):
        """Return whether the plan is for this party.

        >>> gold = Plan(1, date(2026, 1, 1), False, (), grade_id=3)
        >>> gold.is_for(Party("sold", 3)), gold.is_for(Party("sold", 4))
        (True, False)
        """
        return (
            (not self.grade_id or self.grade_id == party.grade_id)
            and (not self.membership_id or self.membership_id == party.membership_id)
            and (not self.lead_id or self.lead_id == party.lead_id)
        )

    def still_pays(self, party, day):
        """Return whether a document of a day is none after the party's end.

        >>> plan = Plan(1, date(2026, 1, 1), False, (), runoff=1)
        >>> days = date(2026, 2, 28), date(2026, 3, 1)
        >>> ended = Party("sold", date_end=date(2026, 1, 31))
        >>> [plan.still_pays(ended, day) for day in days]
        [True, False]
        >>> [plan.still_pays(Party("sold"), day) for day in days]
        [True, True]
        """
        end = party.date_end
        return not end or day <= end + relativedelta(months=self.runoff)

    def find_rule(self, party, product, facts):
        """Return the closest rule that fits, the first of equals, or None."""
        best, closest = None, None
        for rule in self.rules:
            if rule.fits(party, facts):
                closeness = rule.get_closeness(product)
                if closeness is not None and (best is None or closeness < closest):
                    best, closest = rule, closeness
        return best


def find_rule(plans, day, party, product=NO_PRODUCT, facts=None):
    """Return ``(plan, rule)`` that pays for a line, ``(None, None)`` if none does.

    The most special plan that has a rule for the line pays; in it the rule closest
    to the product, and of these the first.

    :param plans: plans of the partner's program, the most special first
    :param day: date of the document
    :param party: :class:`Party`
    :param product: :class:`Product` of the line
    :param facts: ``{name: fact}`` of the sale

    >>> every = Rule(2, "sold", frozenset(), False, 5, "posting")
    >>> tools = Rule(1, "sold", frozenset(), 7, 2, "posting")
    >>> plans = [Plan(9, date(2026, 1, 1), False, (every, tools))]
    >>> day, seller = date(2026, 3, 1), Party("sold", 1)
    >>> find_rule(plans, day, seller, Product(3, (1, 7)))[1].rate
    2
    >>> find_rule(plans, day, seller, Product(3, (1,)))[1].rate
    5
    >>> find_rule(plans, date(2025, 3, 1), seller)
    (None, None)

    A plan of its own goes before that of the program; what it says nothing about
    it leaves to it:

    >>> own = Plan(8, date(2026, 1, 1), False, (tools,), membership_id=4)
    >>> partner = Party("sold", 1, 4)
    >>> [find_rule([own, *plans], day, partner, Product(3, path))[0].plan_id
    ...  for path in ((1, 7), (1,))]
    [8, 9]
    """
    for plan in plans:
        if plan.covers(day) and plan.is_for(party) and plan.still_pays(party, day):
            rule = plan.find_rule(party, product, facts or {})
            if rule:
                return plan, rule
    return None, None


def find_common_rule(plans, day, party, products, facts=None):
    """Return ``(plan, rule)`` for a line that may stand for other products.

    A down payment or a discount on an order falls under the rule of what is
    ordered, if that is one rule; else under what its own product says.

    :param products: :class:`Product` of the line itself, and a list of those it
        stands for

    >>> tools = Rule(1, "sold", frozenset(), 7, 2, "posting")
    >>> plans = [Plan(9, date(2026, 1, 1), False, (tools,))]
    >>> day, seller = date(2026, 3, 1), Party("sold", 1)
    >>> box, bag = Product(3, (1, 7)), Product(4, (1,))
    >>> find_common_rule(plans, day, seller, (NO_PRODUCT, [box]))[1].rate
    2
    >>> find_common_rule(plans, day, seller, (NO_PRODUCT, [box, bag]))
    (None, None)
    """
    own, others = products
    found = {find_rule(plans, day, party, other, facts) for other in others}
    if len(found) == 1:
        return found.pop()
    return find_rule(plans, day, party, own, facts)
