from unittest.mock import patch

from lxml import html

from odoo import fields, http
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.date_utils import end_of

from .common import PortalFormCase


@tagged("post_install", "-at_install")
class TestDealQuick(PortalFormCase):
    """Updates of one tap, and what happens next."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.update_days = 14
        cls.deal = cls._create_deals(cls.seller, submit=True)
        cls.deal._approve_registration()

    def tap(self, kind, **values):
        return self.url_open(
            f"/my/deals/{self.deal.id}/quick",
            data={"kind": kind, "csrf_token": http.Request.csrf_token(self), **values},
            allow_redirects=False,
        )

    def test_an_update_is_two_taps_from_the_list(self):
        self.login(self.seller)
        page = html.fromstring(self.url_open("/my/deals").content)
        [url] = page.xpath("//td//a[contains(@href,'/update')]/@href")
        page = html.fromstring(self.url_open(url).content)
        [form] = page.xpath("//form[contains(@action,'/quick')]")
        kinds = form.xpath(".//button[@name='kind']/@value")
        self.assertEqual(kinds, ["working", "waiting", "closing"])
        answer = self.tap(
            "waiting", **{"from": form.xpath("input[@name='from']/@value")}
        )
        self.assertEqual(answer.status_code, 303)
        self.assertTrue(answer.headers["Location"].endswith("/my/deals?done=1"))
        self.assertEqual(self.deal.update_ids.text, "Waiting for the customer")
        self.assertEqual(self.deal.update_ids.person_id, self.seller.partner_id)
        self.assertIn("we have received it", self.url_open("/my/deals?done=1").text)

    def test_a_second_tap_does_no_harm(self):
        self.login(self.seller)
        for _turn in range(2):
            self.assertEqual(self.tap("working").status_code, 303)
        self.assertEqual(len(self.deal.update_ids), 1)
        self.tap("waiting")
        self.assertEqual(len(self.deal.update_ids), 2)

    def test_closing_this_month_moves_the_date(self):
        self.login(self.seller)
        self.tap("closing")
        today = fields.Date.context_today(self.deal.with_user(self.seller))
        self.assertEqual(self.deal.date_deadline, end_of(today, "month"))

    def test_nothing_else_is_an_update(self):
        self.login(self.seller)
        for kind in ("", "x", "__class__", "won"):
            self.assertIn("Please choose", self.get_alert(self.tap(kind)))
        self.assertFalse(self.deal.update_ids)

    def get_alert(self, answer):
        """Return what the page says is wrong."""
        self.assertEqual(answer.status_code, 200)
        page = html.fromstring(answer.content)
        return page.xpath("string(//*[@role='alert'])")

    def test_a_tap_that_comes_too_late_is_told_why(self):
        self.deal._expire_registrations()
        self.assertEqual(self.deal.registration_state, "expired")
        self.login(self.seller)
        for values in ({}, {"from": "list"}):
            text = self.get_alert(self.tap("working", **values))
            self.assertIn("is not protected", text)
        self.assertFalse(self.deal.update_ids)

    @mute_logger("odoo.http")
    def test_others_may_not(self):
        for user, status in (
            (self.rival, 404),
            (self.seller2, 404),
            (self.viewer, 403),
        ):
            self.login(user)
            self.assertEqual(self.tap("working").status_code, status)
        self.assertFalse(self.deal.update_ids)
        self.login(self.viewer)
        page = html.fromstring(self.url_open("/my/deals").content)
        self.assertFalse(page.xpath("//td//a[contains(@href,'/update')]"))
        page = html.fromstring(self.url_open(f"/my/deals/{self.deal.id}").content)
        self.assertFalse(page.xpath("//form[contains(@action,'/quick')]"))

    def test_the_page_says_what_happens_next_and_by_when(self):
        steps = self.as_user(self.deal, self.seller)._get_portal_next_steps()
        self.assertEqual(
            [(step["text"], step["date"], step["is_late"]) for step in steps],
            [
                ("Tell us how it goes", self.deal.date_update_due, False),
                (
                    "Win the deal while it is protected.",
                    self.deal.date_protection_end,
                    False,
                ),
            ],
        )
        self.deal._set_protected(
            {"date_update_due": "2020-01-01", "date_update_overdue": "2020-01-02"}
        )
        [late, _other] = self.as_user(self.deal, self.seller)._get_portal_next_steps()
        self.assertTrue(late["is_late"])
        draft = self._create_deals(self.seller)
        [step] = self.as_user(draft, self.seller)._get_portal_next_steps()
        self.assertEqual(step["text"], "Complete the form and submit it.")

    def quote(self, price):
        """Return a quotation of the deal."""
        partner = self.env["res.partner"].create({"name": "Customer"})
        product = self.env["product.product"].create(
            {"name": "Licence", "type": "service", "invoice_policy": "order"}
        )
        line = {"product_id": product.id, "price_unit": price, "tax_ids": False}
        return self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "opportunity_id": self.deal.id,
                "order_line": [fields.Command.create(line)],
            }
        )

    def test_documents_are_for_those_who_see_money(self):
        sent, draft = self.quote(120.0), self.quote(7.0)
        sent.action_quotation_sent()
        documents = self.as_user(self.deal, self.owner)._get_portal_documents()
        self.assertEqual(
            documents,
            [
                {
                    "name": sent.name,
                    "state": "Quotation Sent",
                    "amount": 120.0,
                    "currency": sent.currency_id,
                }
            ],
        )
        for user in (self.seller, self.viewer, self.rival):
            deal = self.as_user(self.deal, user)
            self.assertEqual(deal._get_portal_documents(), [])
        self.login(self.owner)
        text = self.url_open(f"/my/deals/{self.deal.id}").text
        self.assertIn(sent.name, text)
        self.assertNotIn(draft.name, text)
        self.login(self.seller)
        self.assertNotIn(sent.name, self.url_open(f"/my/deals/{self.deal.id}").text)

    def test_documents_stand_in_the_order_of_their_own_dates(self):
        old, new = self.quote(120.0), self.quote(130.0)
        (old | new).action_quotation_sent()
        old.date_order, new.date_order = "2026-01-10 08:00:00", "2026-01-20 08:00:00"
        deal = self.as_user(self.deal, self.owner)
        moves = self.env["account.move"].sudo()
        for name, day in (("FIRST", "2026-01-05"), ("SAME DAY", "2026-01-10")):
            moves += moves.new({"name": name, "invoice_date": day, "state": "posted"})
        with patch.object(type(deal), "_get_portal_invoices", lambda *args: moves):
            names = [document["name"] for document in deal._get_portal_documents()]
        self.assertEqual(names, [new.name, "SAME DAY", old.name, "FIRST"])
