"""What keeps an amount below its rate, and what overrides add and take."""

from fractions import Fraction as F

from .values import first_day


class Limits:
    """Floors, caps and ceilings, and the overrides between them."""

    def _limit_line(self, document, share, amount):
        """Return what a line earns within its floor and its cap."""
        terms, per_company = share.terms, F(document.per_company)
        floor = F(terms.floor_line) * per_company * share.part
        if 0 < amount < floor:
            amount = floor
        cap = F(terms.cap_line) * per_company
        return min(amount, cap) if cap else amount

    def _cap(self, document, shares, own):
        """Return shares with no more than the caps of the plan leave for them.

        :param own: those that are no override, else the overrides
        """
        result, used = list(shares), {}
        for index, share in enumerate(shares):
            if bool(share.via) == own:
                continue
            amount = share.raw
            keys = self._cap_keys(document, share)
            for key in keys:
                room = F(share.plan.caps[key[0]]) - self._sum_booked(key)
                room = max(room - used.get(key, F(0)), F(0))
                amount = min(amount, room * F(document.per_company))
            for key in keys:
                taken = used.get(key, F(0))
                used[key] = taken + amount / F(document.per_company)
            result[index] = share._replace(raw=amount, exact=amount)
        return result

    def _cap_keys(self, document, share):
        targets = {
            "cap_deal": document.deal,
            "cap_customer": "",
            "cap_period": first_day(document.day, share.plan.cap_kind),
            "cap_plan": "",
        }
        return [
            (name, share.member, share.plan.version, targets[name])
            for name in share.plan.caps
        ]

    def _sum_booked(self, key):
        """Return what is booked under a cap, in the company's currency."""
        total = F(0)
        for name, shares in self.shares.items():
            document = self.documents[name]
            for share in shares:
                if share.plan.caps and key in self._cap_keys(document, share):
                    total += share.exact / F(document.per_company)
        return total

    @staticmethod
    def _override(shares):
        """Return shares with what overrides earn and take."""
        result = [share._replace(exact=share.raw) for share in shares]
        for index, share in enumerate(shares):
            if not share.via:
                continue
            places = [
                place
                for place, other in enumerate(shares)
                if (other.line, other.member) == (share.line, share.via)
                and not other.via
            ]
            below = [shares[place] for place in places]
            whole = sum((other.raw for other in below), F(0))
            measure = share.base * max(other.part for other in below)
            if share.terms.of_commission:
                measure = whole
            earned = measure * share.rate / 100
            result[index] = share._replace(raw=earned, exact=earned)
            if share.terms.inside and whole:
                left = max(1 - earned / whole, F(0))
                for place in places:
                    exact = result[place].raw * left
                    result[place] = result[place]._replace(exact=exact)
        return result

    @staticmethod
    def _keep_ceiling(shares):
        """Return shares that cost no more than the ceiling of their line."""
        result = list(shares)
        for line in {share.line for share in shares}:
            some = [each for each in shares if each.line == line]
            ceilings = [each.plan.ceiling for each in some if each.plan.ceiling]
            asked = sum((each.exact for each in some), F(0))
            if not ceilings or asked <= 0:
                continue
            limit = abs(some[0].base) * F(min(ceilings)) / 100
            part = min(limit / asked, F(1))
            for index, share in enumerate(result):
                if share.line == line:
                    result[index] = share._replace(exact=share.exact * part)
        return result
