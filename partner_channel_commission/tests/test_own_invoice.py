from datetime import date, timedelta

import psycopg2

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.partner_channel_portal.tools.upload import Upload

from .common import PAYMENT, POSTING, CommissionCommon

JUNE = (date(2026, 6, 1), date(2026, 6, 30))
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


class OwnInvoiceCommon(CommissionCommon):
    """An accepted statement of Alpha over 50.00, waiting for its invoice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_plan(("sold", 10, PAYMENT), ("resale", 5, POSTING))
        cls.finance = cls._create_staff(cls.alpha, "finance", "finance")
        cls._invoice_partner(cls.alpha, 1000, date="2026-06-10")
        cls.statement = cls._accepted()

    @classmethod
    def _accepted(cls, period=JUNE):
        statement = cls.Statement._create_statements(
            cls.company, *period, memberships=cls.alpha_member
        )
        statement.action_send()
        statement.action_accept()
        return statement

    def _send(self, statement=None, user=None, **values):
        """Send an invoice as a person of Alpha; return what is wrong with it."""
        statement = (statement or self.statement).with_user(user or self.finance)
        return statement._portal_upload_invoice(
            {
                "number": "R-2026-17",
                "date": "2026-07-01",
                "amount": "50",
                "file": Upload("invoice.pdf", PDF),
                **values,
            }
        )


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

    # === SELF-BILLING === #

    def test_a_partner_agrees_and_the_vendor_numbers_the_bill(self):
        journal = self.env["account.journal"].create(
            {
                "name": "Self-billing",
                "type": "purchase",
                "code": "SBC",
                "is_self_billing": True,
                "company_id": self.company.id,
            }
        )
        Membership = self.env["partner.membership"].with_user(self.finance)
        with freeze_time("2026-07-02"):
            Membership._portal_set_self_billing(self.alpha_member.id, True)
        self.assertRecordValues(
            self.alpha_member,
            [
                {
                    "self_billing_date": date(2026, 7, 2),
                    "self_billing_by_id": self.finance.id,
                }
            ],
        )
        with self.assertRaises(AccessError):
            self._send()
        self.statement.action_create_bill()
        bill = self.statement.bill_id
        self.assertEqual(bill.journal_id, journal)
        bill.action_post()
        self.assertTrue(bill.name.startswith("SB"), bill.name)
        Membership._portal_set_self_billing(self.alpha_member.id, False)
        self.assertFalse(self.alpha_member.self_billing_date)

    def test_agreeing_again_keeps_the_day_and_the_person(self):
        Membership = self.env["partner.membership"]
        with freeze_time("2026-07-02"):
            Membership.with_user(self.finance)._portal_set_self_billing(
                self.alpha_member.id, True
            )
        self.alpha_member.action_agree_self_billing()
        self.assertEqual(self.alpha_member.self_billing_by_id, self.finance)

    def test_nobody_agrees_for_others(self):
        seller = self._create_staff(self.alpha, "seller", "seller")
        rival = self._create_staff(self.beta, "rival", "owner")
        Membership = self.env["partner.membership"]
        for user in (seller, rival):
            with self.assertRaises(AccessError):
                Membership.with_user(user)._portal_set_self_billing(
                    self.alpha_member.id, True
                )
        manager = self._create_user("cm", "partner_channel.group_channel_manager")
        self.alpha_member.manager_id = manager
        for user, error in ((manager, AccessError), (self.finance, AccessError)):
            with self.assertRaises(error):
                call_kw(
                    Membership.with_user(user),
                    "action_agree_self_billing",
                    [self.alpha_member.ids],
                    {},
                )
        with self.assertRaises(AccessError):
            self.alpha_member.with_user(manager).write(
                {"self_billing_date": "2026-01-01"}
            )

    def test_a_bill_nobody_wrote_is_not_posted_where_invoices_are_asked_for(self):
        self.company.channel_invoice_required = True
        self.statement.action_create_bill()
        bill = self.statement.bill_id
        with self.assertRaisesRegex(UserError, "partner's own invoice"):
            bill.action_post()
        bill.ref = "R-1"
        bill.action_post()
        bill.button_draft()
        bill.ref = self.statement.name
        self.alpha_member.action_agree_self_billing()
        bill.action_post()

    # === TAXES === #

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


@tagged("post_install", "-at_install")
class TestOwnInvoicePortal(OwnInvoiceCommon, HttpCase):
    """The pages around the payout."""

    def open(self, url, user=None, **kwargs):
        if user:
            self.authenticate(user.login, user.login)
        return self.url_open(url, **kwargs)

    def post(self, url, files=None, **data):
        return self.url_open(
            url,
            data={"csrf_token": http.Request.csrf_token(self), **data},
            files=files,
            allow_redirects=False,
        )

    def test_an_invoice_is_sent(self):
        url = f"/my/statements/{self.statement.id}"
        page = self.open(url, self.finance)
        self.assertIn("o_partner_channel_send_invoice", page.text)
        page = self.open(f"{url}/invoice")
        self.assertIn("50.00", page.text)
        values = {"number": "R-1", "date": "2026-07-01", "amount": "49"}
        page = self.post(f"{url}/invoice", {"file": ("r.pdf", PDF)}, **values)
        self.assertEqual(page.status_code, 200)
        self.assertIn("has to come to", page.text)
        values["amount"] = "50.00"
        answer = self.post(f"{url}/invoice", {"file": ("r.pdf", PDF)}, **values)
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(self.statement.bill_id.ref, "R-1")
        self.assertIn("we have your invoice", self.open(f"{url}?invoiced=1").text)
        self.assertNotIn("o_partner_channel_send_invoice", self.open(url).text)
        self.assertTrue(self.open(f"{url}/invoice").url.endswith(url))

    def test_self_billing_is_agreed_and_ended(self):
        url = "/my/commissions/self-billing"
        page = self.open(url, self.finance)
        self.assertIn("You send your own invoices", page.text)
        values = {"membership_id": str(self.alpha_member.id)}
        self.assertEqual(self.post(url, agree="1", **values).status_code, 303)
        self.assertEqual(self.alpha_member.self_billing_by_id, self.finance)
        self.assertIn("Self-billing since", self.open(url).text)
        self.post(url, agree="0", **values)
        self.assertFalse(self.alpha_member.self_billing_date)
        self.assertEqual(self.post(url, membership_id="x", agree="1").status_code, 403)

    def test_the_statement_is_printed_in_the_partners_language(self):
        self.env["res.lang"]._activate_lang("en_GB")
        self.alpha.lang = "en_GB"
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "partner_channel_commission.report_statement_action", self.statement.ids
        )
        text = " ".join(html.decode().split())
        for words in (self.statement.name, "30/06/2026", "50.00", "Licence", "Alpha"):
            self.assertIn(words, text)
        page = self.open(f"/my/statements/{self.statement.id}/pdf", self.finance)
        self.assertEqual(page.status_code, 200)
        self.assertEqual(page.headers["Content-Type"], "application/pdf")
        rival = self._create_staff(self.beta, "rival", "owner")
        page = self.open(f"/my/statements/{self.statement.id}/pdf", rival)
        self.assertEqual(page.status_code, 404)

    def test_entries_are_exported(self):
        line = self._invoice_partner(self.alpha, 77, date="2026-06-11", post=False)
        line.invoice_line_ids.name = '=HYPERLINK("http://x")'
        line.action_post()
        page = self.open("/my/commissions/export", self.finance)
        self.assertEqual(page.status_code, 200)
        self.assertIn("text/csv", page.headers["Content-Type"])
        rows = page.content.decode("utf-8-sig").splitlines()
        self.assertEqual(len(rows), 1 + 4)
        self.assertTrue(rows[0].startswith("Date,Invoice,Customer"))
        self.assertIn("1000.00,5,100,50.00,USD", page.text)
        self.assertIn("'=HYPERLINK", page.text)
        page = self.open(f"/my/statements/{self.statement.id}/export")
        self.assertEqual(len(page.text.splitlines()), 2)
        seller = self._create_staff(self.alpha, "seller", "seller")
        self.assertEqual(self.open("/my/commissions/export", seller).status_code, 404)

    def test_the_guide_tells_the_rules_of_the_plan_with_an_example(self):
        page = self.open("/my/commissions/how?amount=2000", self.finance)
        text = " ".join(page.text.split()).replace("\xa0", " ")
        self.assertIn("Resale", text)
        self.assertRegex(text, r"\$ ?100.00")
        self.assertRegex(text, r"\$ ?200.00")
        for odd in ("?amount=-1", "?amount=%00", "?amount=1e400"):
            self.assertEqual(self.open(f"/my/commissions/how{odd}").status_code, 200)
        self.env["partner.commission.plan"].search([]).action_close()
        page = self.open("/my/commissions/how")
        self.assertIn("No commission plan is in force", page.text)
