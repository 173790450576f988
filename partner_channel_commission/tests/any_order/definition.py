"""The definition of both books, worked out from the documents in exact fractions.

Written from the conventions of the ledger, with nothing of the product: no model, no
tool. Terms are taken at first posting; a credit note takes back pro rata; what a book
holds is rounded once for a document, partner and rule, half up, and is converted at the
rate of the invoice; bands are ``[from, to)`` and are worked out again while their period
is open; caps leave what is not booked yet. Payable is the part that is paid.
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction as F
from typing import NamedTuple

from .terms import (
    MARGIN,
    MARGINAL,
    PROSPECTIVE,
    RETROACTIVE,
    STEPS,
    UNIT,
    PlanTerms,
    Terms,
)

CENT = Decimal("0.01")
MONTHS = {"month": 1, "quarter": 3, "year": 12}


class Line(NamedTuple):
    """A line of a document; a credit note's is below zero."""

    amount: Decimal
    quantity: Decimal
    cost: Decimal


class Document(NamedTuple):
    """What Odoo says of a document.

    :param origin: the invoice a credit note reverses
    :param lines: ``{number: Line}``; a credit note has the numbers of its invoice
    :param per_company: units of its currency per unit of the company's, at its date
    :param paid: what payments have settled, own credit notes do not count
    """

    key: str
    origin: str
    state: str
    day: date
    per_company: Decimal
    lines: dict
    total: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
    deal: str = ""


class Share(NamedTuple):
    """What one partner earns on one line.

    :param raw: before an override inside is taken off
    :param via: the partner an override is paid for
    """

    line: int
    member: str
    role: str
    part: F
    plan: PlanTerms
    number: int
    rate: F
    base: F
    quantity: F
    cost: F
    raw: F = F(0)
    exact: F = F(0)
    via: str = ""

    @property
    def terms(self) -> Terms:
        return self.plan.rules[self.number]

    @property
    def chain(self):
        return self.line, self.member, self.role

    @property
    def rule(self):
        return self.plan.version, self.number

    @property
    def measure(self):
        """What is paid on: money of the document, or units."""
        if self.terms.basis == UNIT:
            return self.quantity
        return self.base - self.cost if self.terms.basis == MARGIN else self.base

    @property
    def sign(self):
        return -1 if self.base < 0 else 1


def round_cents(amount):
    """Return a fraction in whole cents, a half away from zero."""
    cents = abs(amount) * 100
    whole, rest = divmod(cents.numerator, cents.denominator)
    whole += 2 * rest >= cents.denominator
    rounded = Decimal(whole).scaleb(-2).quantize(CENT, ROUND_HALF_UP)
    return -rounded if amount < 0 else rounded


def first_day(day, kind):
    """Return the first day of the month, quarter or year of a day."""
    length = MONTHS[kind]
    return date(day.year, (day.month - 1) // length * length + 1, 1)


def last_day(start, kind):
    """Return the last day of the period that begins at a day."""
    month = start.month - 1 + MONTHS[kind]
    after = date(start.year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(after.toordinal() - 1)


def pay_marginal(bands, amount):
    """Return what an amount comes to, each part at the rate of its band."""
    if amount < 0:
        return -pay_marginal(bands, -amount)
    paid = F(0)
    for low, high, rate in bands:
        top = amount if high is None else min(amount, F(high))
        paid += max(top - F(low), F(0)) * F(rate)
    return paid


def find_rate(bands, amount):
    """Return the rate of the band an amount lies in; a bound is in the upper one."""
    for _low, high, rate in bands:
        if high is None or amount < high:
            return F(rate)
    return F(0)


def rate_at(terms, before, net, final):
    """Return the rate of a document by where it stands.

    :param before: the sum without it, ``net`` what it adds, ``final`` the whole sum
    """
    if terms.mode == RETROACTIVE:
        return find_rate(terms.bands, final)
    if terms.mode == PROSPECTIVE or not net:
        return find_rate(terms.bands, before)
    upper = pay_marginal(terms.bands, before + net)
    return (upper - pay_marginal(terms.bands, before)) / net


def months_between(start, day):
    """Return the full months between two days."""
    months = (day.year - start.year) * 12 + day.month - start.month
    return max(months - (day.day < start.day), 0)


class Definition:
    """Both books as they should be, told what happens in the order it happens."""

    def __init__(self):
        self.documents = {}
        #: what is in force, and the terms a document was last booked on
        self.shares, self.memory = {}, {}
        #: (member, rule, role, period) → documents in the order of first booking
        self.orders = {}
        #: member → last day of what has been stated and sent
        self.closed = {}
        self.adjusted = {}

    # === WHAT HAPPENS === #

    def post(self, documents, plan, parties):
        """Take invoices that are posted together.

        :param documents: :class:`Document` list
        :param plan: the plan in force
        :param parties: ``{key: [Party]}``
        """
        for document in documents:
            self.documents[document.key] = document
        for document in sorted(documents, key=lambda each: (each.day, each.key)):
            kept = [
                self._renew(share, document)
                for share in self.memory.get(document.key, ())
            ]
            live = self._find_live(document, plan, parties[document.key])
            known = {share.chain for share in kept}
            new = [share for share in live if share.chain not in known]
            shares = sorted([*kept, *new], key=lambda share: share.line)
            self._earn(document, shares)
            self._mirror_to_notes(document, {share.chain for share in new})
        self._evaluate()

    def credit(self, document):
        """Take a credit note, new or posted again: it mirrors its invoice."""
        self.documents[document.key] = document
        origin = self.shares.get(document.origin, [])
        self._book(document.key, self._mirror(document, origin))
        self._evaluate()

    def void(self, document):
        """Take a document that is a draft again or cancelled."""
        self.documents[document.key] = document
        self.shares[document.key] = []
        if document.state == "cancel" and not document.origin:
            for note in self._notes(document.key):
                self.shares[note] = []
        self._evaluate()

    def adjust(self, member, amount, in_company):
        """Take an approved adjustment."""
        known = self.adjusted.get(member, (Decimal(0), Decimal(0)))
        self.adjusted[member] = known[0] + amount, known[1] + in_company

    def close(self, member, day):
        """Take that a statement has been sent that covers all until a day."""
        self.closed[member] = max(day, self.closed.get(member, day))

    def look(self, documents):
        """Take how far documents are paid now."""
        for document in documents:
            self.documents[document.key] = document

    # === WHAT THE BOOKS HOLD === #

    def books(self):
        """Return ``{(document, member): (accrued, payable, their company amounts)}``."""
        result = {}
        for key, shares in self.shares.items():
            document = self.documents[key]
            groups = {}
            for share in shares:
                groups.setdefault((share.member, share.rule), []).append(share)
            for (member, _rule), some in groups.items():
                sums = result.setdefault((key, member), [Decimal(0)] * 4)
                exact = sum((share.exact for share in some), F(0))
                due = F(some[0].terms.at_once)
                due += self._paid_part(document) * (1 - due)
                for place, amount in enumerate((exact, exact * due)):
                    rounded = round_cents(amount)
                    sums[place] += rounded
                    in_company = F(rounded) / F(document.per_company)
                    sums[place + 2] += round_cents(in_company)
        return {place: tuple(sums) for place, sums in result.items()}

    def _paid_part(self, document):
        return min(F(document.paid) / F(document.total), F(1))

    # === WHO EARNS === #

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

    # === WHAT IT EARNS === #

    def _earn(self, document, shares):
        """Book what an invoice earns as it is posted now."""
        shares = self._earn_own(document, shares)
        shares = self._cap(document, shares, own=True)
        shares = self._override(shares)
        shares = self._cap(document, shares, own=False)
        self._book(document.key, self._keep_ceiling(shares))

    def _earn_own(self, document, shares):
        groups = {}
        for index, share in enumerate(shares):
            if not share.via:
                key = share.member, share.rule, share.role
                groups.setdefault(key, []).append(index)
        result = list(shares)
        for places in groups.values():
            some = [shares[place] for place in places]
            net = sum((share.measure for share in some), F(0))
            rate = self._find_rate(document, some[0], net)
            for place in places:
                share = result[place]
                amount = share.measure * rate * share.part
                if share.terms.basis == MARGIN and net < 0:
                    amount = F(0)
                amount = self._limit_line(document, share, amount)
                result[place] = share._replace(raw=amount, exact=amount)
        return result

    def _find_rate(self, document, share, net):
        terms, per_company = share.terms, F(document.per_company)
        money = 1 if terms.basis == UNIT else per_company
        if terms.counts_period:
            before = self._sum_others(document, share)
            rate = rate_at(terms, before, net / money, before + net / money)
        elif terms.bands and terms.mode != STEPS:
            rate = rate_at(terms, F(0), net / money, abs(net / money))
        else:
            rate = share.rate
        return rate * per_company if terms.basis == UNIT else rate / 100

    def _limit_line(self, document, share, amount):
        """Return what a line earns within its floor and its cap."""
        terms, per_company = share.terms, F(document.per_company)
        floor = F(terms.floor_line) * per_company * share.part
        if 0 < amount < floor:
            amount = floor
        cap = F(terms.cap_line) * per_company
        return min(amount, cap) if cap else amount

    def _cap(self, document, shares, own):
        """Return shares with no more than the caps of the plan leave for them."""
        result, used = list(shares), {}
        for index, share in enumerate(shares):
            if bool(share.via) == own:
                continue
            for key in self._cap_keys(document, share):
                taken = used.get(key, F(0))
                room = F(share.plan.caps[key[0]]) - self._sum_booked(key) - taken
                room = max(room, F(0)) * F(document.per_company)
                share = share._replace(raw=min(share.raw, room))
            share = share._replace(exact=share.raw)
            for key in self._cap_keys(document, share):
                taken = used.get(key, F(0))
                used[key] = taken + share.exact / F(document.per_company)
            result[index] = share
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

    # === CREDIT NOTES === #

    def _mirror(self, note, origin):
        """Return what a credit note takes back, pro rata line by line."""
        result = []
        for number, line in note.lines.items():
            for share in origin:
                if share.line == number:
                    part = F(line.amount) / share.base
                    result.append(
                        share._replace(
                            base=F(line.amount),
                            quantity=share.quantity * part,
                            cost=share.cost * part,
                            raw=share.raw * part,
                            exact=share.exact * part,
                        )
                    )
        return result

    def _mirror_to_notes(self, document, new):
        """Let the credit notes of an invoice that is posted again follow.

        Those in force keep what they took and take from partners that are new; those
        that were void with their invoice take back afresh.
        """
        for key in self._notes(document.key):
            note = self.documents[key]
            if note.state != "posted":
                continue
            full = self._mirror(note, self.shares[document.key])
            held = self.shares.get(key)
            if held:
                full = [*held, *(each for each in full if each.chain in new)]
            self._book(key, full)

    def _notes(self, key):
        return [each.key for each in self.documents.values() if each.origin == key]

    # === PERIODS === #

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
        for index, share in enumerate(shares):
            if self._period(self._invoice_of(document), share) != period:
                continue
            amount = self._rate_share(document, share, rate)
            shares[index] = share._replace(raw=amount, exact=amount)
        self._book(key, self._override(shares))

    def _rate_share(self, document, share, rate):
        """Return what a share earns at another rate; a note follows its invoice."""
        for other in self.shares.get(document.origin, ()):
            if other.chain == share.chain:
                return other.raw * share.base / other.base
        unit = share.terms.basis == UNIT
        each = rate * F(document.per_company) if unit else rate / 100
        amount = share.measure * each * share.part
        return amount if document.origin else self._limit_line(document, share, amount)
