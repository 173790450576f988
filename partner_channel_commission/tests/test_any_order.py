from decimal import Decimal
from unittest import skipUnless

from odoo.fields import Command
from odoo.tests import tagged

from ..tools.commission_math import round_half_up
from .common import PAYMENT, CommissionCommon

try:
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st
except ImportError:  # the property test needs it and nothing else does
    given = None

_BANDS = [(Decimal(1000), Decimal("0.10")), (None, Decimal("0.20"))]
_PRICES = (Decimal("333.33"), Decimal("800"), Decimal("1250.10"))
_CENT = Decimal("0.01")
_ACTIONS = (
    *("post",) * 3,
    *("pay", "pay_rest", "unpay", "credit", "refund"),
    *("draft", "cancel", "attribute", "rerate"),
)


def _pay_marginal(amount):
    """Return what the bands pay on an amount, written down a second time."""
    if amount < 0:
        return -_pay_marginal(-amount)
    first = min(amount, Decimal(1000))
    return first * _BANDS[0][1] + (amount - first) * _BANDS[1][1]


@skipUnless(given, "hypothesis is not installed")
@tagged("post_install", "-at_install")
class TestAnyOrder(CommissionCommon):
    """Whatever happens in whatever order, the books equal the definition.

    Alpha has marginal bands over the year on what it sold, Beta a percentage of what
    it sourced; both are paid as the customer pays. The definition is computed here
    from the documents alone, but for the rates: those are taken at first posting.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rate = Decimal(3)

    def _create_terms(self, rate):
        return self._create_plan(
            {
                "role": "sold",
                "rate": 0,
                "trigger": PAYMENT,
                "band_mode": "marginal",
                "band_scope": "year",
                "band_ids": [
                    Command.create({"amount_from": 0, "amount_to": 1000, "rate": 10}),
                    Command.create({"amount_from": 1000, "rate": 20}),
                ],
            },
            ("sourced", float(rate), PAYMENT),
            name=f"{rate} %",
        )

    def _begin(self):
        """Set up a new world: three drafts of three deals."""
        self.source_rate = Decimal(3)
        self.plan = self._create_terms(self.source_rate)
        self.deals = [
            self._create_deal((self.alpha_member, "sold", 100)) for _price in _PRICES
        ]
        self.invoices = [
            self._invoice_deal(deal, float(price), post=False)
            for deal, price in zip(self.deals, _PRICES, strict=True)
        ]
        # what the definition remembers: rate of Beta, order of first booking
        self.rates, self.order, self.seen = {}, [], {}

    # === WHAT HAPPENS === #

    def _act(self, action, number, part):
        """Do something with a document, if Odoo lets do it."""
        invoice = self.invoices[number]
        posted = invoice.state == "posted"
        if action == "post" and invoice.state in ("draft", "cancel"):
            if invoice.state == "cancel":
                invoice.button_draft()
            invoice.action_post()
            self._remember(number)
        elif action in ("pay", "pay_rest") and posted and invoice.amount_residual:
            amount = invoice.amount_residual * (part if action == "pay" else 1)
            self._pay(invoice, max(round(amount, 2), 0.01))
        elif action == "unpay" and posted:
            invoice.line_ids.remove_move_reconcile()
        elif action == "credit" and posted:
            self._act_credit(invoice, part)
        elif action == "refund":
            notes = invoice.reversal_move_ids.filtered("amount_residual")
            if notes:
                self._pay(notes[:1])
        else:
            self._act_other(action, number)

    def _act_other(self, action, number):
        invoice, deal = self.invoices[number], self.deals[number]
        if action == "draft" and invoice.state == "posted":
            invoice.button_draft()
        elif action == "cancel" and invoice.state == "posted":
            invoice.button_cancel()
        elif action == "attribute" and len(deal.deal_role_ids) == 1:
            deal.deal_role_ids = [
                Command.create(
                    {"membership_id": self.beta_member.id, "role": "sourced"}
                )
            ]
        elif action == "rerate":
            self.plan.action_close()
            self.source_rate += 2
            self.plan = self._create_terms(self.source_rate)

    def _act_credit(self, invoice, part):
        left = invoice.amount_untaxed - sum(
            invoice.reversal_move_ids.mapped("amount_untaxed")
        )
        if left > 0.02:
            self._credit(invoice, max(round(left * part, 2), 0.01))

    def _remember(self, number):
        """Take down the terms of a first posting; who came since is added."""
        terms = self.rates.setdefault(number, {})
        if not terms:
            # bands count by rule: another plan counts from nothing
            terms["sold"] = self.plan
            self.order.append(number)
        if len(self.deals[number].deal_role_ids) == 2:
            terms.setdefault("sourced", self.source_rate)

    # === THE DEFINITION === #

    def _define(self):
        """Return what the books should hold: ``{(membership, book): amount}``."""
        sums = dict.fromkeys(
            (member, book)
            for member in (self.alpha_member, self.beta_member)
            for book in ("accrued", "payable")
        )
        sums = dict.fromkeys(sums, Decimal(0))
        before = {}
        for number in self.order:
            invoice, terms = self.invoices[number], self.rates[number]
            family = self._get_family(invoice)
            net = sum((base for _doc, base in family), Decimal(0))
            reached = before.get(terms["sold"], Decimal(0))
            rate = self._get_rate(reached, net)
            before[terms["sold"]] = reached + net
            for document, base in family:
                paid = self._get_paid_part(document)
                for member, its_rate in (
                    (self.alpha_member, rate),
                    (self.beta_member, terms.get("sourced", Decimal(0)) / 100),
                ):
                    exact = base * its_rate
                    sums[member, "accrued"] += round_half_up(exact, _CENT)
                    sums[member, "payable"] += round_half_up(exact * paid, _CENT)
        return sums

    def _get_family(self, invoice):
        """Return posted documents of an invoice with their signed amounts."""
        if invoice.state == "cancel":
            return []
        notes = invoice.reversal_move_ids.filtered(lambda note: note.state == "posted")
        family = [(note, -Decimal(str(note.amount_untaxed))) for note in notes]
        if invoice.state == "posted":
            family.append((invoice, Decimal(str(invoice.amount_untaxed))))
        return family

    def _get_rate(self, reached, net):
        if net:
            gained = _pay_marginal(reached + net) - _pay_marginal(reached)
            return gained / net
        return _BANDS[0][1] if reached < 1000 else _BANDS[1][1]

    def _get_paid_part(self, document):
        """Return which part is settled by payments, not by own credit notes."""
        total = Decimal(str(document.amount_total))
        paid = Decimal(0)
        for line in document.line_ids:
            for part in line.matched_debit_ids:
                if part.debit_move_id.move_id.is_invoice():
                    continue
                paid += Decimal(str(part.credit_amount_currency))
            for part in line.matched_credit_ids:
                if part.credit_move_id.move_id.is_invoice():
                    continue
                paid += Decimal(str(part.debit_amount_currency))
        return min(paid / total, Decimal(1))

    # === THE PROPERTY === #

    def _check(self, steps):
        """Compare both books with the definition, and the past with itself."""
        wanted = self._define()
        for (member, book), amount in wanted.items():
            self.assertEqual(
                Decimal(str(self.balance(book, member))),
                amount,
                f"{member.display_name}, {book}, after {steps}",
            )
        rows = {e.id: (e.amount, e.base, e.date) for e in self.Entry.search([])}
        for entry_id, row in self.seen.items():
            self.assertEqual(rows[entry_id], row, "an entry has changed")
        self.seen = rows

    def _run(self, steps):
        self._begin()
        done = []
        for action, number, part in steps:
            self._act(action, number, part)
            done.append((action, number, part))
            self._check(done)
        documents = self.Entry.search([]).move_id
        self.assertFalse(documents._sync_commission(), "a second run appends nothing")

    def test_both_books_equal_the_definition(self):
        step = st.tuples(
            st.sampled_from(_ACTIONS),
            st.integers(0, len(_PRICES) - 1),
            st.sampled_from([0.1, 1 / 3, 0.5, 1.0]),
        )

        @settings(
            max_examples=12,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(st.lists(step, min_size=4, max_size=10))
        def run(steps):
            with self.env.cr.savepoint() as savepoint:
                try:
                    self._run([("post", 0, 1), ("post", 1, 1), *steps])
                finally:
                    savepoint.rollback()
                    self.env.invalidate_all()
                    self.env.registry.clear_cache()

        run()

    def test_a_partner_added_after_a_credit_note(self):
        self._run(
            [
                ("post", 0, 1),
                ("pay", 0, 0.5),
                ("credit", 0, 0.5),
                ("attribute", 0, 1),
                ("draft", 0, 1),
                ("post", 0, 1),
            ]
        )

    def test_a_credit_note_while_the_order_of_the_bands_changes(self):
        self._run(
            [
                ("post", 1, 1),
                ("post", 2, 1),
                ("credit", 1, 1.0),
                ("pay_rest", 2, 1),
                ("draft", 1, 1),
                ("rerate", 0, 1),
                ("post", 0, 1),
                ("cancel", 2, 1),
                ("post", 1, 1),
                ("post", 2, 1),
            ]
        )
