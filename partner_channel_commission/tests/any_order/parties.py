"""Who earns on a sale, by the deal and the plan of the moment it is posted."""

from decimal import Decimal
from fractions import Fraction as F

from .bands import find_rate
from .terms import STEPS
from .values import Share, months_between


class Parties:
    """The half of the definition that knows who takes part."""

    def _find_live(self, document, plan, parties):
        """Return who earns on each line by today's deal and plan."""
        result = []
        for number in document.lines:
            overridden = set()
            for party in sorted(parties):
                share = self._make_share(document, plan, number, party)
                if not share:
                    continue
                result.append(share)
                if party.sponsor and party.sponsor not in overridden:
                    above = party._replace(
                        member=party.sponsor,
                        role="sponsor",
                        share=Decimal(100),
                        tier=party.sponsor_tier,
                    )
                    found = self._make_share(document, plan, number, above)
                    if found:
                        overridden.add(party.sponsor)
                        result.append(found._replace(via=party.member))
        return result

    def _make_share(self, document, plan, number, party):
        found = plan.find(party.role, party.tier)
        if not found:
            return None
        place, terms = found
        line = document.lines[number]
        rate = F(terms.rate)
        if terms.mode == STEPS:
            rate = find_rate(terms.bands, self._months(document))
            if not rate:
                return None
        return Share(
            line=number,
            member=party.member,
            role=party.role,
            part=F(party.share) / 100,
            plan=plan,
            number=place,
            rate=rate,
            base=F(line.amount),
            quantity=F(line.quantity),
            cost=F(line.cost) * F(line.quantity) * F(document.per_company),
        )

    def _months(self, document):
        """Return the months since the customer's first invoice."""
        days = [
            each.day
            for each in self.documents.values()
            if each.state == "posted" and not each.origin
        ]
        return months_between(min([*days, document.day]), document.day)

    @staticmethod
    def _renew(share, document):
        """Return a share posted again: all but the amount of the line stays."""
        line = document.lines[share.line]
        return share._replace(base=F(line.amount), quantity=F(line.quantity))
