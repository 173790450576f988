"""Bands over a period: what a document earns depends on the others."""

from datetime import date
from fractions import Fraction as F

from .bands import rate_at
from .terms import UNIT
from .values import first_day, is_loss, last_day


class Periods:
    """The half of the definition that knows where documents stand."""

    def _book(self, key, shares):
        self.shares[key] = shares
        if shares:
            known = {share.chain: share for share in self.memory.get(key, ())}
            known.update({share.chain: share for share in shares})
            self.memory[key] = list(known.values())
        for share in shares:
            period = self._period(self._invoice_of(self.documents[key]), share)
            if period:
                order = self.orders.setdefault(period, [])
                if key not in order:
                    order.append(key)

    @staticmethod
    def _period(document, share):
        if share.via or not share.terms.counts_period:
            return None
        start = first_day(document.day, share.terms.scope)
        return share.member, share.rule, share.role, start

    def _invoice_of(self, document):
        """Return whose day decides the period: a credit note goes with its invoice."""
        return self.documents[document.origin or document.key]

    def _measure_of(self, key, period):
        """Return what one document adds to a period, in company money or units."""
        document = self.documents[key]
        total = F(0)
        for share in self.shares.get(key, ()):
            if self._period(self._invoice_of(document), share) == period:
                unit = share.terms.basis == UNIT
                total += share.measure / (1 if unit else F(document.per_company))
        return total

    def _sum_others(self, document, share):
        period = self._period(document, share)
        return sum(
            (
                self._measure_of(key, period)
                for key in self.shares
                if key != document.key
            ),
            F(0),
        )

    def _evaluate(self):
        """Work the bands of the open periods out again, for all that is in force."""
        for period, order in self.orders.items():
            member, _rule, _role, start = period
            terms = self._terms_of(period)
            if last_day(start, terms.scope) <= self.closed.get(member, date.min):
                continue
            families = {}
            for key in order:
                root = self.documents[key].origin or key
                families.setdefault(root, []).append(key)
            final = sum((self._measure_of(key, period) for key in order), F(0))
            before = F(0)
            for keys in families.values():
                net = sum((self._measure_of(key, period) for key in keys), F(0))
                rate = rate_at(terms, before, net, final)
                before += net
                for key in keys:
                    self._rate_again(key, period, rate)

    def _terms_of(self, period):
        for key in self.orders[period]:
            for share in self.memory[key]:
                if (share.member, share.rule, share.role) == period[:3]:
                    return share.terms
        raise KeyError(period)

    def _rate_again(self, key, period, rate):
        document = self.documents[key]
        shares = list(self.shares.get(key, ()))
        places = [
            place
            for place, share in enumerate(shares)
            if self._period(self._invoice_of(document), share) == period
        ]
        some = [shares[place] for place in places]
        for place, share in zip(places, some, strict=True):
            amount = self._rate_share(document, share, rate, is_loss(some))
            shares[place] = share._replace(raw=amount, exact=amount)
        self._book(key, self._override(shares))

    def _rate_share(self, document, share, rate, is_loss):
        """Return what a share earns at another rate; a note follows its invoice."""
        for other in self.shares.get(document.origin, ()):
            if other.chain == share.chain:
                return other.raw * share.base / other.base
        unit = share.terms.basis == UNIT
        each = rate * F(document.per_company) if unit else rate / 100
        amount = F(0) if is_loss else share.measure * each * share.part
        return share.sign * self._limit_line(document, share, share.sign * amount)
