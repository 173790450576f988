"""What happens to statements: sent, disputed, billed and paid; and adjustments."""

from datetime import date

from odoo.exceptions import UserError

from .actions import ActingWorld
from .world import to_decimal

#: further on in the year with each round: the quarters and the year come to an end
PERIODS = (
    (date(2026, 1, 1), date(2026, 3, 31)),
    (date(2026, 4, 1), date(2026, 6, 30)),
    (date(2026, 7, 1), date(2026, 12, 31)),
    (date(2027, 1, 1), date(2027, 6, 30)),
)
#: all there is
END = date(2028, 12, 31)


class SettlingWorld(ActingWorld):
    """Statements of four periods, people who quarrel, and the general ledger."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Dispute = cls.env["partner.commission.dispute"]
        cls.Accrual = cls.env["partner.commission.accrual"]
        cls.head = cls._create_user("head", "partner_channel.group_channel_head")
        cls._set_accounts()

    @classmethod
    def _set_accounts(cls):
        expense, liability = cls.env["account.account"].create(
            [
                {"name": name, "code": code, "account_type": kind}
                for name, code, kind in (
                    ("Commissions earned", "698100", "expense"),
                    ("Commissions not billed", "498100", "liability_current"),
                )
            ]
        )
        journal = cls.company_data["default_journal_misc"]
        cls.company.write(
            {
                "channel_accrual_journal_id": journal.id,
                "channel_accrual_expense_id": expense.id,
                "channel_accrual_liability_id": liability.id,
            }
        )

    def _begin(self, make_plan):
        result = super()._begin(make_plan)
        self.period = 0
        self.adjustments = self.env["partner.commission.adjustment"]
        return result

    def _get_statements(self, *states):
        domain = [("state", "in", states)] if states else []
        return self.Statement.search(domain, order="id")

    # === STATEMENTS === #

    def _act_state(self, _key, _part):
        """Make the statements of the next period."""
        first, last = PERIODS[self.period]
        self.period = min(self.period + 1, len(PERIODS) - 1)
        self.Statement._create_statements(self.company, first, last)

    def _act_settle(self, _key, part):
        """Take statements a step further, one or all of them."""
        statements = self._get_statements("draft", "sent", "accepted", "billed")
        for statement in statements if part == 1 else statements[:1]:
            try:
                with self.env.cr.savepoint():
                    self._advance(statement)
            except UserError:
                # nothing to pay out, or all of it in dispute
                self.env.invalidate_all()

    def _advance(self, statement):
        if statement.state == "draft":
            statement.action_send()
            name = self.names[statement.membership_id]
            self.definition.close(name, statement.date_to)
        elif statement.state == "sent":
            statement.action_accept()
        elif statement.state == "accepted":
            statement.action_create_bill()
        elif statement.bill_id.state == "draft":
            statement.bill_id.action_post()
        else:
            self._pay(statement.bill_id, date="2026-06-30")

    def _act_unbill(self, _key, _part):
        """Take a bill back: the statement waits for another one."""
        statement = self._get_statements("billed", "paid")[:1]
        if statement.bill_id.state == "posted":
            statement.bill_id.button_draft()
        if statement:
            statement.bill_id.button_cancel()

    # === DISPUTES AND ADJUSTMENTS === #

    def _act_dispute(self, key, _part):
        statement = self._get_statements("sent")[:1]
        entries = statement.entry_ids.sorted("id")
        entry = entries[int(key) % len(entries) :][:1] if entries else entries
        if entry and not entry.dispute_ids:
            self.Dispute.sudo()._open(statement.sudo(), entry, "Too little")

    def _act_decide(self, _key, part):
        """Refuse a dispute, or grant a part of what is disputed."""
        dispute = self.Dispute.search([("state", "=", "open")], limit=1)
        if not dispute:
            return
        dispute.answer_draft = "Because"
        if part == 1:
            dispute.action_refuse()
            return
        dispute.correction = round(dispute.amount * part, 2) or 1
        dispute.action_adjust()
        self._approve(dispute.adjustment_ids)

    def _act_bill_settled(self, _key, _part):
        bills = self.Dispute.search([])._create_bills()
        bills.action_post()

    def _act_adjust(self, key, part):
        name = list(self.members)[int(key) % len(self.members)]
        adjustment = self.adjustments.create(
            {
                "membership_id": self.members[name].id,
                "amount": 12.34 if part < 0.5 else -7.77,
                "reason": "By hand",
            }
        )
        adjustment.action_request()
        self._approve(adjustment)

    def _approve(self, adjustment):
        adjustment.with_user(self.head).action_approve()
        amount = to_decimal(adjustment.amount)
        rate = self._get_rate_today(adjustment.currency_id)
        in_company = round(amount / rate, 2)
        name = self.names[adjustment.membership_id]
        self.definition.adjust(name, amount, in_company)

    def _get_rate_today(self, currency):
        return to_decimal(1.6 if currency == self.euro else 1)

    # === GENERAL LEDGER === #

    def _act_accrue(self, _key, _part):
        self.Accrual._book(self.company, END)
        self._check_accrual()

    def _check_accrual(self):
        """The account holds what is earned and not billed, partner by partner."""
        wanted = dict.fromkeys(self.members, to_decimal(0))
        for (_document, name), sums in self.definition.books().items():
            wanted[name] += sums[2]
        for name, (_amount, in_company) in self.definition.adjusted.items():
            wanted[name] += in_company
        for entry in self.Entry.search([("book", "=", "payable")]):
            if self._get_bill(entry).state == "posted":
                wanted[self.names[entry.membership_id]] -= to_decimal(entry.amount)
        liability = self.company.channel_accrual_liability_id
        lines = self.env["account.move.line"].search(
            [("account_id", "=", liability.id), ("parent_state", "=", "posted")]
        )
        for name, member in self.members.items():
            mine = lines.filtered(
                lambda line, member=member: line.partner_id == member.partner_id
            )
            found = to_decimal(-sum(mine.mapped("balance")))
            self.assertEqual(found, wanted[name], f"liability to {name}")

    @staticmethod
    def _get_bill(entry):
        held = entry.dispute_ids.filtered("is_held")
        return held.bill_id if held else entry.statement_id.bill_id
