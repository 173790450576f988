"""The definition of both books, worked out from the documents in exact fractions.

Written from the conventions of the ledger, with nothing of the product: no model, no
tool. Terms are taken at first posting; a credit note takes back pro rata; what a book
holds is rounded once for a document, partner and rule, half up, and converted at the
rate of the invoice; bands are ``[from, to)`` and worked out again while their period is
open; caps leave what is not booked yet. Payable is the part that is paid.
"""

from decimal import Decimal
from fractions import Fraction as F

from .bands import rate_at
from .limits import Limits
from .parties import Parties
from .periods import Periods
from .terms import STEPS, UNIT
from .values import is_loss, round_cents


class Definition(Parties, Limits, Periods):
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
        """Return ``{(document, member): sums}``.

        Accrued and payable, then both in the company's currency.
        """
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
                if is_loss(some):
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
