from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import PortalFormCase


@tagged("post_install", "-at_install")
class TestRegistrationHint(PortalFormCase):
    def setUp(self):
        super().setUp()
        self.login(self.seller)

    def test_the_hint_tells_whether_never_who(self):
        rival = self._create_deals(
            self.rival,
            partner_name="Secret Rival Deal",
            customer_vat="DE136695976",
            submit=True,
        )
        hint = self.make_jsonrpc_request(
            "/my/deals/hint", {"customer_vat": "de 136 695 976"}
        )
        self.assertEqual(hint, {"conflict": True, "own": [], "limited": False})
        hint = self.make_jsonrpc_request("/my/deals/hint", {"customer_vat": "DE999"})
        self.assertFalse(hint["conflict"])
        answer = self.send_form(partner_name="Quite Another Name")
        page = self.url_open(answer.headers["Location"])
        self.assertIn("o_partner_channel_conflict", page.text)
        for secret in (self.beta.name, rival.name, self.rival.partner_id.name):
            self.assertNotIn(secret, page.text)

    def test_the_hint_knows_the_country_of_a_tax_id(self):
        self._create_deals(self.rival, customer_vat="ATU61945266", submit=True)
        values = {"customer_vat": "61945266"}
        for country, conflict in (("at", True), ("dk", False)):
            values["country_id"] = str(self.env.ref(f"base.{country}").id)
            hint = self.make_jsonrpc_request("/my/deals/hint", values)
            self.assertEqual(hint["conflict"], conflict)

    def test_the_hint_links_to_the_own_registration(self):
        self.send_form()
        deal = self.get_deals()
        values = {"website": "acme-portal-test.example"}
        hint = self.make_jsonrpc_request("/my/deals/hint", values)
        self.assertEqual(
            hint["own"], [{"name": "Acme GmbH", "url": f"/my/deals/{deal.id}"}]
        )
        self.assertFalse(hint["conflict"])
        self.login(self.seller2)
        hint = self.make_jsonrpc_request("/my/deals/hint", values)
        self.assertEqual([link["url"] for link in hint["own"]], [""])
        self.assertNotIn("Acme", str(hint))

    def test_the_hint_takes_whatever_is_thrown_at_it(self):
        for value in (["x"], {"a": 1}, 7, None, True, "\ud800", "a\x00b", "x" * 10**5):
            with self.subTest(value=str(value)[:20].encode("ascii", "replace")):
                hint = self.make_jsonrpc_request(
                    "/my/deals/hint",
                    {
                        "customer_vat": value,
                        "website": value,
                        "email_from": value,
                        "product_family_id": value,
                        "membership_id": value,
                        "deal_id": value,
                    },
                )
                self.assertFalse(hint["conflict"])

    def test_the_hint_is_limited_per_hour(self):
        hour = fields.Datetime.now().replace(minute=0, second=0)
        self.env["partner.portal.throttle"].create(
            [
                {
                    "user_id": self.seller.id,
                    "action": "hint",
                    "hour": hour + timedelta(hours=more),
                    "hits": 120,
                }
                for more in (0, 1)
            ]
        )
        self._create_deals(self.rival, customer_vat="DE136695976", submit=True)
        values = {"customer_vat": "DE136695976"}
        hint = self.make_jsonrpc_request("/my/deals/hint", values)
        self.assertEqual(hint, {"conflict": False, "own": [], "limited": True})
        self.login(self.seller2)
        hint = self.make_jsonrpc_request("/my/deals/hint", values)
        self.assertTrue(hint["conflict"])

    def test_visitors_are_told_that_their_network_asks_a_lot(self):
        throttle = self.env["partner.portal.throttle"]
        for user, word in (
            (self.seller, "a lot for an hour"),
            (self.env.ref("base.public_user"), "your network"),
        ):
            own = throttle.with_user(user).sudo()
            self.assertIn(word, own._get_limit_message())
