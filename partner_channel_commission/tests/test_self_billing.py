from datetime import date

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from .invoice_common import PDF, OwnInvoiceCommon


@tagged("post_install", "-at_install")
class TestSelfBilling(OwnInvoiceCommon):
    """The vendor writes the partner's invoices, where that was agreed."""

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
        for odd in ("9" * 30, "9" * 5000, "١", "-1", ""):
            with self.subTest(odd=odd[:5]), mute_logger("odoo.http"):
                answer = self.post(url, agree="1", membership_id=odd)
                self.assertEqual(answer.status_code, 403)
        with mute_logger("odoo.http"):
            page = self.post(url, membership_id="x", agree="1")
        self.assertEqual(page.status_code, 403)

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
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertEqual(page.headers["X-Content-Type-Options"], "nosniff")
        self.assertIn(".pdf", page.headers["Content-Disposition"])
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
        self.assertIn(">100.00<", text)
        for odd in ("?amount=-1", "?amount=%00", "?amount=1e400"):
            self.assertEqual(self.open(f"/my/commissions/how{odd}").status_code, 200)
        self.env["partner.commission.plan"].search([]).action_close()
        page = self.open("/my/commissions/how")
        self.assertIn("No commission plan is in force", page.text)
