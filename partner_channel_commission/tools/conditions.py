"""Conditions of a rule on the facts of a sale."""

from typing import NamedTuple


class Condition(NamedTuple):
    """One condition of a rule on a fact of the sale.

    :param fact: name of the fact
    :param kind: ``in`` (the fact is one of), ``any`` (the facts overlap) or
        ``range`` (from, to; the end is not included, None has no end)
    """

    fact: str
    kind: str
    value: object

    def holds(self, facts):
        """Return whether the condition holds; an unknown fact never does.

        >>> big = Condition("amount", "range", (100, None))
        >>> big.holds({"amount": 100}), big.holds({"amount": 99}), big.holds({})
        (True, False, False)
        >>> Condition("amount", "range", (0, 100)).holds({"amount": 100})
        False
        >>> Condition("country", "in", frozenset([1, 2])).holds({"country": 2})
        True
        >>> Condition("groups", "any", frozenset([7])).holds({"groups": {7, 8}})
        True
        """
        fact = facts.get(self.fact)
        if fact is None:
            return False
        if self.kind == "range":
            low, high = self.value
            return low <= fact and (high is None or fact < high)
        if self.kind == "any":
            return not self.value.isdisjoint(fact)
        return fact in self.value
