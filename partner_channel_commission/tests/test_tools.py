import doctest
from datetime import date
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..tools import (
    bands,
    commission_math,
    line_share,
    matching,
    periods,
    rule_table,
    statement_periods,
)
from ..tools.line_share import ACCRUED, PAYABLE, LineShare, Position

MODULES = (
    bands,
    commission_math,
    line_share,
    matching,
    periods,
    rule_table,
    statement_periods,
)


def load_tests(loader, tests, ignore):
    """Add the documentation's examples; Odoo's own runner does not ask for them."""
    for module in MODULES:
        tests.addTests(doctest.DocTestSuite(module))
    return tests


def share(line=1, base="1000", **values):
    return LineShare(
        **{
            "move_id": 1,
            "move_line_ref": line,
            "move_line_id": line,
            "membership_id": 7,
            "partner_id": 8,
            "role": "sold",
            "share": Decimal(100),
            "lead_id": None,
            "plan_id": 2,
            "rule_id": 3,
            "rate": Decimal(10),
            "currency_id": 1,
            "currency_rate": Decimal(1),
            "product_id": None,
            "label": "Licence",
            "order_ref": None,
            "trigger": "payment",
            "base": Decimal(base),
            **values,
        }
    )


CENT = Decimal("0.01")


@tagged("post_install", "-at_install")
class TestTools(BaseCase):
    """The arithmetic, without a database."""

    def test_the_examples_in_the_documentation_hold(self):
        for module in MODULES:
            result = doctest.testmod(module)
            self.assertFalse(result.failed, module.__name__)
            if module is not line_share:
                self.assertTrue(result.attempted, module.__name__)

    def _compute(self, shares, settled="0", company_unit=CENT):
        targets = line_share.compute_targets(
            shares, Decimal(settled), CENT, company_unit
        )
        return {
            (key[0], book): amounts
            for (key, book), (_share, amounts) in targets.items()
        }

    def test_company_amounts_add_up_as_well(self):
        rate = Decimal("1.1")
        shares = [share(line, "0.33", currency_rate=rate) for line in (1, 2, 3)]
        targets = self._compute(shares)
        amounts = [targets[line, ACCRUED] for line in (1, 2, 3)]
        self.assertEqual(sum(a.amount_currency for a in amounts), Decimal("0.10"))
        self.assertEqual(sum(a.amount for a in amounts), Decimal("0.09"))

    def test_each_rule_is_rounded_on_its_own(self):
        one_rule = self._compute([share(1, "0.05"), share(2, "0.05")])
        two_rules = self._compute([share(1, "0.05"), share(2, "0.05", rule_id=4)])
        for targets, total in ((one_rule, "0.01"), (two_rules, "0.02")):
            booked = sum(targets[line, ACCRUED].amount for line in (1, 2))
            self.assertEqual(booked, Decimal(total))

    def test_a_yen_company_books_whole_yen(self):
        shares = [share(1, "10.05", currency_rate=Decimal("0.0067"))]
        targets = self._compute(shares, company_unit=Decimal(1))
        self.assertEqual(targets[1, ACCRUED].amount_currency, Decimal("1.01"))
        self.assertEqual(targets[1, ACCRUED].amount, Decimal(151))

    def test_thirds_paid_one_by_one_end_at_the_whole(self):
        shares = [share(line, "33.35") for line in (1, 2, 3)]
        third = Decimal(1) / 3
        steps = [
            sum(
                amounts.amount_currency
                for (_line, book), amounts in self._compute(shares, part).items()
                if book == PAYABLE
            )
            for part in (third, 2 * third, Decimal(1))
        ]
        self.assertEqual(steps, [Decimal("3.34"), Decimal("6.67"), Decimal("10.01")])

    def test_a_currency_changed_in_draft_closes_the_old_account(self):
        old = share(currency_id=1)
        position = Position(
            old,
            ACCRUED,
            line_share.Amounts(Decimal(1000), Decimal(100), Decimal(100)),
            1,
        )
        new = share(currency_id=2, currency_rate=Decimal(2))
        targets = line_share.compute_targets([new], Decimal(0), CENT, CENT)
        deltas = line_share.compute_deltas(targets, [position])
        self.assertEqual(
            [
                (d.line_share.currency_id, d.amounts.amount, d.revision)
                for d in deltas
                if d.book == ACCRUED
            ],
            [(1, -100, 2), (2, 50, 3)],
        )

    def test_a_plan_ends_on_its_last_day(self):
        rule = rule_table.Rule(1, "sold", frozenset(), False, 5.0, "posting")
        june = rule_table.Plan(1, date(2026, 6, 1), date(2026, 6, 30), (rule,))
        july = rule_table.Plan(2, date(2026, 7, 1), False, (rule,))
        for day, plan_id in ((date(2026, 6, 30), 1), (date(2026, 7, 1), 2)):
            party = rule_table.Party("sold", 1)
            plan, _rule = rule_table.find_rule([june, july], day, party)
            self.assertEqual(plan.plan_id, plan_id)
