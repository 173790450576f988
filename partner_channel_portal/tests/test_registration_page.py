from unittest.mock import patch

from odoo import fields, http
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PortalFormCase


@tagged("post_install", "-at_install")
class TestRegistrationPage(PortalFormCase):
    def get_text(self, deal):
        answer = self.url_open(f"/my/deals/{deal.id}")
        self.assertEqual(answer.status_code, 200)
        return " ".join(answer.text.split())

    def test_the_page_tells_the_way_of_the_deal(self):
        self.login(self.seller)
        self.send_form()
        deal = self.get_deals()
        text = self.get_text(deal)
        self.assertIn("Submitted", text)
        self.assertIn("We decide by", text)
        deal.with_user(self.manager)._return_registration("Name\nthe office")
        text = self.get_text(deal)
        self.assertIn("What to correct:", text)
        self.assertIn("Correct and resubmit", text)
        deal.with_user(self.seller).sudo()._submit_registration()
        deal.with_user(self.manager)._approve_registration()
        text = self.get_text(deal)
        self.assertIn("Approved", text)
        self.assertIn("90 days left", text)
        steps = deal.with_user(self.seller)._get_portal_timeline()
        self.assertEqual(
            [(step["label"], step["who"]) for step in steps],
            [
                ("Draft saved", self.seller.partner_id.name),
                ("Submitted", self.seller.partner_id.name),
                ("Returned", self.vendor.name),
                ("Submitted", self.seller.partner_id.name),
                ("Approved", self.vendor.name),
            ],
        )

    def test_a_rejection_gives_its_reason(self):
        self.login(self.seller)
        deal = self._create_deals(self.seller, submit=True)
        deal._reject_registration("territory", "We sell there <b>ourselves</b>.")
        text = self.get_text(deal)
        self.assertIn("Outside the partner", text)
        self.assertIn("We sell there &lt;b&gt;ourselves", text)
        self.assertNotIn('data-bs-target="#deal_withdraw"', text)

    def test_a_lost_deal_can_still_be_opened(self):
        deal = self._create_deals(self.seller, submit=True)
        deal._approve_registration()
        reason = self.env["crm.lost.reason"].create({"name": "Price"})
        deal.action_set_lost(lost_reason_id=reason.id)
        self.login(self.seller)
        self.assertIn("Lost", self.get_text(deal))

    def test_documents_are_counted_for_people_who_see_money(self):
        deal = self._create_deals(self.seller, submit=True)
        deal._approve_registration()
        product = self.env["product.product"].create({"name": "Licence"})
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": self.env["res.partner"].create({"name": name}).id,
                    "opportunity_id": deal.id,
                    "order_line": [Command.create({"product_id": product.id})],
                }
                for name in ("First", "Second", "Third")
            ]
        )
        orders[0].action_confirm()
        orders[1].action_cancel()
        sales = deal.with_user(self.owner)._get_portal_sales()
        self.assertEqual([count for _label, count in sales], [1, 1, 0, 0])
        self.assertEqual(deal.with_user(self.seller)._get_portal_sales(), [])
        self.login(self.finance)
        self.assertIn("Quotations and invoices", self.get_text(deal))
        self.login(self.seller)
        self.assertNotIn("Quotations and invoices", self.get_text(deal))

    def test_home_shows_the_card_also_without_deals(self):
        self.login(self.seller)
        self.assertIn("/my/deals", self.url_open("/my/home").text)
        counters = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["deal_count", "no_such_count"]}
        )
        self.assertEqual(counters["deal_count"], 0)
        self._create_deals(self.seller, 3)
        self._create_deals(self.seller2, 2)
        counters = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["deal_count"]}
        )
        self.assertEqual(counters["deal_count"], 3)

    def test_saving_a_draft_does_not_call_the_manager(self):
        self.login(self.seller)
        self.send_form(action="draft")
        deal = self.get_deals()
        notified = deal.message_ids.notified_partner_ids
        self.assertNotIn(self.manager.partner_id, notified)
        self.assertFalse(deal.activity_ids)
        self.send_form(f"/my/deals/{deal.id}/edit")
        self.assertEqual(deal.activity_ids.user_id, self.manager)

    def test_a_submitted_deal_cannot_be_changed(self):
        self.login(self.seller)
        self.send_form()
        deal = self.get_deals()
        answer = self.url_open(f"/my/deals/{deal.id}/edit", allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        with mute_logger("odoo.http"):
            answer = self.send_form(f"/my/deals/{deal.id}/edit", partner_name="Other")
        self.assertEqual(answer.status_code, 403)
        self.assertEqual(deal.partner_name, "Acme GmbH")

    def test_a_draft_is_deleted_and_nothing_of_protection_is_said(self):
        self.login(self.seller)
        self.send_form(action="draft")
        deal = self.get_deals()
        text = self.get_text(deal)
        self.assertIn("Delete draft", text)
        self.assertNotIn("protection of the customer", text)
        answer = self.withdraw(deal)
        self.assertTrue(answer.headers["Location"].endswith("/my/deals/"))
        self.assertFalse(deal.exists())

    def test_an_invoiced_deal_is_not_withdrawn_by_the_partner(self):
        deal, other = (
            self._create_deals(
                self.seller,
                submit=True,
                partner_name=f"{name} Ltd",
                website=f"{name}.example",
            )
            for name in ("invoiced", "open")
        )
        (deal + other)._approve_registration()
        self.login(self.seller)
        button = 'data-bs-target="#deal_withdraw"'
        self.assertIn(button, self.get_text(deal))
        self.startPatcher(
            patch.object(type(deal), "_has_posted_invoice", lambda lead: lead == deal)
        )
        self.assertNotIn(button, self.get_text(deal))
        self.assertIn(button, self.get_text(other))
        with self.assertRaisesRegex(UserError, "invoiced already"):
            deal.with_user(self.seller)._portal_withdraw()
        self.assertEqual(deal.registration_state, "approved")

    def withdraw(self, deal):
        return self.url_open(
            f"/my/deals/{deal.id}/withdraw",
            data={"csrf_token": http.Request.csrf_token(self)},
            allow_redirects=False,
        )

    def _create_upper_tier(self):
        self.env["res.partner.grade"].create(
            {
                "name": "Upper",
                "sequence": 1,
                "program_id": self.program.id,
                "requirement_ids": [
                    Command.create({"metric": "won_deals", "threshold": 4})
                ],
            }
        )

    def test_partners_see_their_tier_and_what_is_missing(self):
        self._create_upper_tier()
        steps = [
            {"name": "Entry", "reached": True, "current": True},
            {"name": "Upper", "reached": False, "current": False},
        ]
        tier = {
            "program": "",
            "tier": "Entry",
            "progress": 0,
            "way": "0 % to Upper",
            "steps": steps,
        }
        Partner = self.env["res.partner"]
        for user, gap in ((self.owner, "missing: 4 deals"), (self.seller, "")):
            tiers = Partner.with_user(user)._get_portal_tiers()
            self.assertEqual(tiers, [{**tier, "gap": gap}])
        self.alpha_membership._set_tier(
            self.program.grade_ids.filtered(lambda grade: grade.name == "Upper"),
            fields.Date.today(),
        )
        [top] = Partner.with_user(self.owner)._get_portal_tiers()
        self.assertEqual((top["tier"], top["way"]), ("Upper", "the highest tier"))

    def test_the_strip_of_the_tier_is_on_home_and_on_deals(self):
        self._create_upper_tier()
        self.login(self.owner)
        for url in ("/my/home", "/my/deals"):
            text = " ".join(self.url_open(url).text.split())
            self.assertIn("0 % to Upper", text)
            self.assertIn("missing: 4 deals", text)
