from datetime import date, timedelta

import psycopg2

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.partner_channel_portal.tools.upload import Upload

from .invoice_common import JUNE, PDF, OwnInvoiceCommon


@tagged("post_install", "-at_install")
class TestOwnInvoice(OwnInvoiceCommon):
    """The partner's own invoice is the bill, or the vendor writes it if agreed."""

    def test_an_invoice_becomes_the_bill_of_its_statement(self):
        self.assertEqual(self._send(), {})
        bill = self.statement.bill_id
        self.assertRecordValues(
            bill,
            [
                {
                    "state": "draft",
                    "ref": "R-2026-17",
                    "commission_invoice_number": "R-2026-17",
                    "invoice_date": date(2026, 7, 1),
                    "amount_untaxed": 50,
                    "partner_id": self.alpha.id,
                    "move_type": "in_invoice",
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertEqual(bill.message_main_attachment_id.raw, PDF)
        self.assertEqual(bill.message_main_attachment_id.name, "invoice.pdf")
        self.assertEqual(self.statement.state, "billed")
        bill.action_post()
        self._pay(bill)
        self.assertEqual(self.statement.state, "paid")

    def test_what_is_wrong_is_said_by_field_and_nothing_is_kept(self):
        for values, wrong in (
            ({"number": " "}, "number"),
            ({"number": "x" * 65}, "number"),
            ({"number": "<b>1"}, "number"),
            ({"date": "1 July"}, "date"),
            ({"date": "2026-02-30"}, "date"),
            ({"date": str(self.today() + timedelta(days=2))}, "date"),
            ({"amount": "49.99"}, "amount"),
            ({"amount": "-50"}, "amount"),
            ({"amount": ""}, "amount"),
            ({"file": None}, "file"),
            ({"file": Upload("invoice.pdf", b"MZ" + bytes(200))}, "file"),
            ({"file": Upload("invoice.txt", b"fifty, please")}, "file"),
            ({"file": Upload("invoice.pdf", b"")}, "file"),
        ):
            self.assertEqual(list(self._send(**values)), [wrong], values)
        self.assertFalse(self.statement.bill_id)
        self.assertEqual(self.statement.state, "accepted")

    def test_a_number_is_used_once_by_a_partner(self):
        self._send()
        self._invoice_partner(self.alpha, 1000, date="2026-07-10")
        july = self._accepted((date(2026, 7, 1), date(2026, 7, 31)))
        self.assertEqual(list(self._send(july, number="r-2026-17")), ["number"])
        self.assertEqual(self._send(july, number="R-2026-1_"), {})
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            july.bill_id.commission_invoice_number = "R-2026-17"
            self.env.flush_all()

    def test_a_number_is_taken_as_it_is_typed(self):
        self.assertEqual(self._send(number="R\\1%_"), {})
        find = self.statement._find_same_number
        self.assertTrue(find("r\\1%_"))
        for other in ("R\\1%x", "R1%_", "R%", "R\\1__"):
            self.assertFalse(find(other), other)

    def test_a_cancelled_bill_frees_its_number(self):
        self._send()
        self.statement.bill_id.button_cancel()
        self.assertEqual(self._send(), {})

    def test_another_partner_may_have_the_same_number(self):
        self._send()
        rival = self._create_staff(self.beta, "rival", "owner")
        self._invoice_partner(self.beta, 1000, date="2026-06-10")
        theirs = self.Statement._create_statements(self.company, *JUNE)
        theirs.action_send()
        theirs.action_accept()
        self.assertEqual(self._send(theirs, user=rival), {})

    def test_the_amount_is_the_undisputed_rest(self):
        self._invoice_partner(self.alpha, 400, date="2026-07-10")
        self._invoice_partner(self.alpha, 600, date="2026-07-10")
        july = self.Statement._create_statements(
            self.company, date(2026, 7, 1), date(2026, 7, 31)
        )
        july.action_send()
        wrong = july.entry_ids.filtered(lambda entry: entry.amount_currency == 30)
        july.with_user(self.finance)._portal_dispute(wrong.id, "It was 1,600")
        july.with_user(self.finance)._portal_accept()
        self.assertEqual(list(self._send(july, amount="50")), ["amount"])
        self.assertEqual(self._send(july, amount="20.00"), {})

    def test_strangers_and_the_wrong_moment(self):
        seller = self._create_staff(self.alpha, "seller", "seller")
        rival = self._create_staff(self.beta, "rival", "owner")
        for user in (seller, rival):
            with self.assertRaises(AccessError):
                self._send(user=user)
        self._send()
        with self.assertRaises(AccessError):
            self._send(number="another")

    def test_taxes_come_from_product_and_fiscal_position(self):
        """20 % VAT, and for this partner 15 % withholding instead: 50 - 7.50."""
        tax_group = self.env["account.tax.group"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        common = {"type_tax_use": "purchase", "tax_group_id": tax_group.id}
        vat = self.env["account.tax"].create({"name": "V20", "amount": 20, **common})
        position = self.env["account.fiscal.position"].create({"name": "Abroad"})
        self.env["account.tax"].create(
            {
                "name": "W15",
                "amount": -15,
                "fiscal_position_ids": [Command.set(position.ids)],
                "original_tax_ids": [Command.set(vat.ids)],
                **common,
            }
        )
        product = self._create_service("Fees")
        product.supplier_taxes_id = vat
        self.company.channel_commission_product_id = product
        self.alpha.with_company(self.company).property_account_position_id = position
        self._send()
        bill = self.statement.bill_id
        bill.action_post()
        self.assertEqual((bill.amount_untaxed, bill.amount_total), (50, 42.5))
        bill.button_draft()
        bill.fiscal_position_id = False
        bill.invoice_line_ids.tax_ids = vat
        bill.action_post()
        self.assertEqual(bill.amount_total, 60)
