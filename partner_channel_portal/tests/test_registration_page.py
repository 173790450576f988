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
        self.assertIn("What to mend:", text)
        self.assertIn("Mend and submit", text)
        deal.with_user(self.seller).sudo()._submit_registration()
        deal.with_user(self.manager)._approve_registration()
        text = self.get_text(deal)
        self.assertIn("Approved", text)
        self.assertIn("90 days left", text)
        steps = deal.with_user(self.seller)._get_portal_timeline()
        self.assertEqual(
            [(step["label"], step["who"]) for step in steps],
            [
                ("Written", self.seller.partner_id.name),
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
        deal.action_set_lost()
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
