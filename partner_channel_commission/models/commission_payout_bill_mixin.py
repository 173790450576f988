from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from .commission_payout_mixin import STATES

# what becomes of a statement as its bill fares, and from where; no action of a
# person leads here
BILL_STATES = {"accepted": {"billed"}, "billed": {"paid"}, "paid": {"billed"}}


class CommissionPayoutBillMixin(models.AbstractModel):
    """The way of a statement from its bill to the payment."""

    _name = "commission.payout.bill.mixin"
    _description = "Bill of a Commission Statement"

    def action_create_bill(self):
        """Create a draft vendor bill for each accepted statement.

        Those that have a bill keep it, whatever became of it.

        :return: window action on the bills
        """
        self.check_access("write")
        self.filtered(lambda statement: not statement.bill_id)._make_bills()
        return self.action_open_bill()

    def _make_bills(self, **values):
        """Create the draft bills of accepted statements without one.

        :param values: further values of the bills, such as the partner's own number
        """
        self._check_payable()
        self._hold_disputed()
        self._check_rest()
        moved = self._move_to("state", "billed", STATES)
        lines = moved._prepare_bill_lines()
        for company, statements in moved.grouped("company_id").items():
            # a bill that follows a statement has nothing to tell of its beginning
            Move = self.env["account.move"].with_company(company)
            Move = Move.with_context(mail_create_nolog=True, mail_notrack=True)
            common = {
                currency: statements._prepare_common(company, currency, values)
                for currency in statements.currency_id
            }
            bills = Move.create(
                [
                    {
                        **common[each.currency_id],
                        **each._prepare_bill(lines[each]),
                        **values,
                    }
                    for each in statements
                ]
            )
            for statement, bill in zip(statements, bills, strict=True):
                bill._set_net_prices()
                statement._set_protected({"bill_id": bill.id})

    def _check_rest(self):
        """Refuse a bill of nothing: what is not in dispute comes to nothing.

        :raise UserError: naming the first statement
        """
        for statement in self:
            if (
                statement.currency_id.compare_amounts(statement._get_payout_amount(), 0)
                <= 0
            ):
                raise UserError(
                    self.env._(
                        "“%(statement)s”: without the lines in dispute (%(disputed)s) "
                        "nothing is to be paid out. Settle the disputes first.",
                        statement=statement.display_name,
                        disputed=statement.currency_id.format(statement.amount_held),
                    )
                )

    def _prepare_common(self, company, currency, values):
        """Return what Odoo would find out for each bill anew.

        A bill of today books today; where today is locked, Odoo finds another day when
        the bill is posted.

        :param company: the company that pays
        :param currency: of the bills
        :param values: what is known of the bills besides
        """
        bill = (
            self.env["account.move"]
            .with_company(company)
            .new(
                {
                    "move_type": "in_invoice",
                    "company_id": company.id,
                    "currency_id": currency.id,
                }
            )
        )
        common = {"company_id": company.id, "journal_id": bill.journal_id.id}
        if "invoice_date" not in values:
            common["date"] = company._get_channel_today()
        return common

    def _prepare_bill(self, lines):
        """Return the values of the vendor bill of one statement.

        :param lines: list of invoice line values
        """
        self.ensure_one()
        return {
            **self._prepare_self_billing(),
            "move_type": "in_invoice",
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "invoice_date": self.company_id._get_channel_today(),
            "ref": self.name,
            "invoice_origin": self.name,
            "commission_payout_id": self.id,
            "invoice_line_ids": [Command.create(values) for values in lines],
        }

    def _prepare_self_billing(self):
        """Return the journal the vendor numbers the partner's invoices in.

        Odoo's own self-billing journals have one sequence for each partner. Without
        such a journal the statement's name is the number.
        """
        self.ensure_one()
        # sudo: a fact of the membership
        if not self.sudo().membership_id.self_billing_date:
            return {}
        journal = self.env["account.journal"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("type", "=", "purchase"),
                ("is_self_billing", "=", True),
            ],
            limit=1,
        )
        return {"journal_id": journal.id} if journal else {}

    def _prepare_bill_lines(self):
        """Return the bill lines, one for each plan and rule.

        :return: ``{statement: [values]}``
        """
        groups = self.env["partner.commission.entry"]._read_group(
            [
                ("statement_id", "in", self.ids),
                ("id", "not in", self._get_held_entry_ids()),
            ],
            ["statement_id", "plan_id", "rule_id"],
            ["amount_currency:sum"],
        )
        result = {statement: [] for statement in self}
        inclusive = self._find_companies_with_inclusive_taxes()
        for statement, plan, rule, amount in groups:
            if not statement.currency_id.is_zero(amount):
                values = statement._prepare_bill_line(plan, rule, amount)
                if (
                    statement.currency_id == statement.company_id.currency_id
                    and statement.company_id not in inclusive
                ):
                    values["balance"] = values["amount_currency"] = amount
                result[statement].append(values)
        return result

    def _find_companies_with_inclusive_taxes(self):
        """Return the companies some tax of which is included in purchase prices.

        Also a part of a group of taxes, which is for no use of its own.

        Elsewhere the amount of a line is the balance it books. Given that, Odoo takes
        three quarters of the time for a bill.
        """
        taxes = self.env["account.tax"].search(
            [
                ("company_id", "parent_of", self.company_id.ids),
                ("type_tax_use", "in", ("purchase", "none")),
                ("price_include", "=", True),
            ]
        )
        return self.company_id.filtered(
            lambda company: company.parent_ids & taxes.company_id
        )

    def _prepare_bill_line(self, plan, rule, amount):
        """Return the values of one line of the bill.

        :param plan: plan the line pays by, may be empty
        :param rule: rule of the plan
        :param amount: untaxed, in the statement's currency, may be negative
        """
        self.ensure_one()
        product = self.company_id._get_channel_commission_product()
        name = self.env._("Commission")
        if rule:
            name = f"{plan.display_name} – {rule.display_name}"
        return {
            "product_id": product.id,
            "name": f"{name} ({self._get_period_label()})",
            "quantity": 1,
            "price_unit": amount,
        }

    # === FOLLOWING THE BILL === #

    def _sync_payment_state(self):
        """Follow the bills: paid while they are, else billed; free when reversed."""
        for statement in self.filtered(lambda each: each.state in ("billed", "paid")):
            bill = statement.bill_id
            settled = bill.payment_state if bill.state == "posted" else False
            if settled == "reversed":
                statement._release_bill()
                continue
            paid = settled in ("in_payment", "paid")
            statement._move_to("state", "paid" if paid else "billed", BILL_STATES)

    def _release_bill(self):
        """Go back to accepted: the bill is cancelled, reversed or deleted."""
        for statement in self:
            if statement.state == "paid":
                statement._move_to("state", "billed", BILL_STATES)
            statement._message_log(
                body=self.env._("The vendor bill was taken back."),
            )
        self._move_to("state", "accepted", BILL_STATES, bill_id=False)

    def _resume_bill(self, bill):
        """Take up a bill again that was taken back and is open once more.

        :param bill: posted bill that was made for this statement
        """
        self.ensure_one()
        self._move_to("state", "billed", STATES, bill_id=bill.id)
        self._sync_payment_state()
