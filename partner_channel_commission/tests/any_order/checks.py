"""What holds after each step, whatever the step was."""

from datetime import timedelta
from decimal import Decimal

from odoo.tools import SQL

from .settling import SettlingWorld
from .world import to_decimal

#: of an entry in no statement yet, the one thing that may change
_NOT_COMPARED = ("statement_id", "write_date", "write_uid")


class CheckedWorld(SettlingWorld):
    """The property: books equal the definition, and the past stays."""

    def _begin(self, make_plan):
        result = super()._begin(make_plan)
        self.seen, self.sent = {}, {}
        return result

    def _check(self):
        self.env.flush_all()
        documents = [self._look_at(key) for key in self.definition.documents]
        self.definition.look(documents)
        rows = self._read_entries()
        self._check_books(rows)
        self._check_past(rows)
        self._check_statements(rows)
        self._check_bills()
        self._check_holdback(rows)
        moves = self.env["account.move"].union(*self.moves.values())
        self.assertFalse(moves._sync_commission(), "a second run appends nothing")

    def _read_entries(self):
        return self.env.execute_query_dict(
            SQL(
                "SELECT * FROM partner_commission_entry WHERE company_id = %s "
                "ORDER BY id",
                self.company.id,
            )
        )

    def _check_books(self, rows):
        """Both books, in both currencies, document by document and partner."""
        keys = {move.id: key for key, move in self.moves.items()}
        names = {member.id: name for name, member in self.members.items()}
        found, by_hand = {}, {}
        for row in rows:
            place = row["book"] == "payable"
            amounts = to_decimal(row["amount_currency"]), to_decimal(row["amount"])
            name = names[row["membership_id"]]
            if row["cause"] == "adjustment":
                target = by_hand.setdefault((name, place), [Decimal(0)] * 2)
                target[0] += amounts[0]
                target[1] += amounts[1]
                continue
            target = found.setdefault((keys[row["move_id"]], name), [Decimal(0)] * 4)
            target[place] += amounts[0]
            target[place + 2] += amounts[1]
        wanted = self.definition.books()
        zero = (Decimal(0),) * 4
        for place in sorted(found.keys() | wanted.keys()):
            books = tuple(found.get(place, zero))
            self.assertEqual(books, wanted.get(place, zero), f"books of {place}")
        adjusted = {
            (name, place): list(amounts)
            for name, amounts in self.definition.adjusted.items()
            for place in (False, True)
        }
        self.assertEqual(by_hand, adjusted, "what was adjusted by hand")

    def _check_past(self, rows):
        """No entry changes, but that it goes into a statement, once."""
        now = {
            row["id"]: (
                row["statement_id"],
                {name: row[name] for name in row if name not in _NOT_COMPARED},
            )
            for row in rows
        }
        for entry_id, (statement_id, facts) in self.seen.items():
            self.assertIn(entry_id, now, "an entry is gone")
            self.assertEqual(now[entry_id][1], facts, "an entry has changed")
            if statement_id:
                self.assertEqual(now[entry_id][0], statement_id, "stated elsewhere")
        self.seen = now

    def _check_statements(self, rows):
        """Totals are those of the entries; what was sent stays as it was."""
        sums = {}
        for row in rows:
            if row["statement_id"]:
                known = sums.setdefault(row["statement_id"], (Decimal(0), []))
                amount = to_decimal(row["amount_currency"])
                sums[row["statement_id"]] = known[0] + amount, [*known[1], row["id"]]
        for statement in self._get_statements():
            total, entry_ids = sums.get(statement.id, (Decimal(0), []))
            self.assertEqual(to_decimal(statement.amount_total), total)
            if statement.state != "draft":
                known = self.sent.setdefault(statement.id, entry_ids)
                self.assertEqual(entry_ids, known, "a sent statement has changed")

    def _check_bills(self):
        """A bill pays what it is for: its statement's lines, but those in dispute."""
        sums = {}
        for entry in self.Entry.search([("statement_id", "!=", False)]):
            bill = self._get_bill(entry)
            amount = to_decimal(entry.amount_currency)
            sums[bill] = sums.get(bill, Decimal(0)) + amount
        for bill, total in sums.items():
            if bill:
                self.assertEqual(to_decimal(bill.amount_untaxed), total, "a bill")

    def _check_holdback(self, rows):
        """What is held back is payable its days after the invoice, at the earliest."""
        plans = {
            plan.id: plan for plan in self.env["partner.commission.plan"].search([])
        }
        for row in rows:
            if row["book"] == "payable" and row["rule_id"] and row["amount"] > 0:
                rule = plans[row["plan_id"]].rule_ids.browse(row["rule_id"])
                move = self.env["account.move"].browse(row["move_id"])
                first = move.invoice_date + timedelta(days=rule.holdback_days)
                self.assertGreaterEqual(row["date"], first, "held back too shortly")
