"""A distributor reads the deal: not the reseller's files, nor what is said there."""

from odoo import http
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PortalFormCase


@tagged("post_install", "-at_install")
class TestDistributorAccess(PortalFormCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.extension_policy = "unlimited"
        cls.alpha_membership.sponsor_id = cls.beta_membership
        cls.deal = cls._create_deals(cls.seller, submit=True, partner_name="Shared")
        cls.deal._approve_registration()
        cls.file = (
            cls.env["ir.attachment"]
            .with_user(cls.seller)
            .sudo()
            .create(
                {
                    "name": "calculation.txt",
                    "raw": b"our margin",
                    "res_model": "crm.lead",
                    "res_id": cls.deal.id,
                }
            )
        )

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger("odoo.http", "odoo.models"))
        self.login(self.rival)

    def send_json(self, url, **params):
        answer = self.url_open(url, json={"jsonrpc": "2.0", "params": params}).json()
        self.env.invalidate_all()
        return answer

    def test_the_page_has_none_of_the_resellers_files(self):
        page = self.url_open(f"/my/deals/{self.deal.id}")
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("calculation.txt", page.text)
        self.login(self.seller)
        page = self.url_open(f"/my/deals/{self.deal.id}")
        self.assertIn("calculation.txt", page.text)

    def test_the_files_open_by_no_address(self):
        for url in (
            f"/my/deals/{self.deal.id}/file/{self.file.id}",
            f"/web/content/{self.file.id}",
            f"/web/content/ir.attachment/{self.file.id}/raw",
            f"/web/image/{self.file.id}",
        ):
            with self.subTest(url=url):
                answer = self.url_open(url)
                self.assertNotIn("our margin", answer.text)
                self.assertLess(answer.status_code, 500)
        thread = {
            "thread_model": "crm.lead",
            "thread_id": self.deal.id,
            "request_list": ["attachments", "followers", "suggestedRecipients"],
        }
        answer = self.send_json("/mail/data", fetch_params=[["mail.thread", thread]])
        self.assertNotIn("calculation", str(answer))

    def test_a_distributor_does_not_follow_to_read_along(self):
        me = self.rival.partner_id
        self.call_as_user(
            "crm.lead", "message_subscribe", [self.deal.ids], partner_ids=me.ids
        )
        self.send_json(
            "/mail/thread/subscribe",
            res_model="crm.lead",
            res_id=self.deal.id,
            partner_ids=me.ids,
        )
        self.assertNotIn(me, self.deal.message_partner_ids)
        # nor does it receive what comes if it follows by another way
        self.deal.message_subscribe(me.ids)
        message = self.deal.with_user(self.manager).message_post(
            body="Between us", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertNotIn(me, message.notification_ids.res_partner_id)

    def test_ones_own_people_follow_their_deal(self):
        self.login(self.seller)
        me = self.seller.partner_id
        _result, error = self.call_as_user(
            "crm.lead", "message_subscribe", [self.deal.ids], partner_ids=me.ids
        )
        self.assertFalse(error)
        self.assertIn(me, self.deal.message_partner_ids)

    def test_what_the_vendor_asked_to_correct_is_between_the_two(self):
        deal = self._create_deals(self.seller, submit=True, partner_name="Again")
        seen = deal.with_user(self.rival).sudo(False)
        self.assertTrue(seen.has_access("read"))
        deal._return_registration("Your price is too low")
        deal._submit_registration()
        found, _error = self.call_as_user(
            "crm.lead", "search_read", [[("id", "=", deal.id)], ["registration_remark"]]
        )
        self.assertNotIn("price", str(found))
        deal._approve_registration()
        self.env.invalidate_all()
        self.assertTrue(seen.has_access("read"))

    def test_the_steps_of_partner_and_vendor_are_not_told(self):
        deal = self._create_deals(self.seller, submit=True, partner_name="Steps")
        deal._return_registration("Name the office")
        deal._submit_registration()
        deal._approve_registration()
        extension = deal._request_extension("Demo held", self.seller.partner_id)
        extension.reason = "No contact since May"
        extension.action_refuse()
        text = self.url_open(f"/my/deals/{deal.id}").text
        for word in ("Returned", "Extension", "No contact", "Draft saved"):
            self.assertNotIn(word, text)
        self.assertIn("Approved", text)

    def test_a_conflict_is_not_the_distributors(self):
        deal = self._create_deals(
            self.seller, submit=True, partner_name="Twice", customer_vat="DE136695976"
        )
        self.gamma_membership.manager_id = self.manager
        self._create_deals(
            self.suspended, submit=True, partner_name="T", customer_vat="DE136695976"
        )
        self.assertNotIn(
            "o_partner_channel_conflict", self.url_open(f"/my/deals/{deal.id}").text
        )
        self.login(self.seller)
        self.assertIn(
            "o_partner_channel_conflict", self.url_open(f"/my/deals/{deal.id}").text
        )

    def test_how_much_the_vendor_sells_is_not_told(self):
        self.env["sale.order"].create(
            {"partner_id": self.alpha.id, "opportunity_id": self.deal.id}
        )
        seen = self.as_user(self.deal, self.rival)
        self.assertEqual(seen._get_portal_sales(), [])
        self.assertTrue(self.as_user(self.deal, self.owner)._get_portal_sales())

    def test_the_resellers_deals_are_not_the_distributors_to_work_on(self):
        self.deal._set_protected(
            {"date_update_due": "2020-01-01", "date_protection_end": "2020-01-01"}
        )
        returned = self._create_deals(self.seller, submit=True, partner_name="Shared 2")
        returned._return_registration("Mend it.")
        self._create_deals(self.seller, partner_name="Shared 3")
        for filterby in ("todo", "returned", "draft", "updates", "ending"):
            with self.subTest(filterby=filterby):
                page = self.url_open(f"/my/deals?filterby={filterby}")
                self.assertNotIn("Shared", page.text)
        self.assertIn("Shared", self.url_open("/my/deals?filterby=approved").text)
        self.assertNotIn("filterby=updates", self.url_open("/my/home").text)
        self.login(self.seller)
        for filterby in ("todo", "returned", "draft", "updates", "ending"):
            page = self.url_open(f"/my/deals?filterby={filterby}")
            self.assertIn("Shared", page.text)

    # === HANDED ON === #

    def test_the_reason_of_a_refusal_stays_with_the_former_partner(self):
        self.alpha_membership.sponsor_id = False
        extension = self.deal._request_extension("Demo held", self.seller.partner_id)
        extension.reason = "Alpha has not called since May"
        extension.action_refuse()
        self.deal._transfer_registration(
            self.beta_membership, "Left", self.rival.partner_id
        )
        text = self.url_open(f"/my/deals/{self.deal.id}").text
        self.assertNotIn("Alpha has not called", text)
        self.assertEqual(
            self.as_user(self.deal, self.rival)._get_portal_extension(), {}
        )

    # === WHAT A PARTNER SENDS === #

    def test_a_receipt_opens_by_no_other_address(self):
        other = self._create_deals(self.suspended, submit=True, partner_name="Gold")
        report = "partner_channel.report_registration_receipt"
        ids = (self.deal.id, other.id, f"{self.deal.id},{other.id}")
        for doc in (*ids, 0, 2**31 - 1, "x", "1,x"):
            for kind in ("html", "pdf", "text"):
                with self.subTest(doc=doc, kind=kind):
                    answer = self.url_open(f"/report/{kind}/{report}/{doc}")
                    self.assertNotIn("What was claimed", answer.text)

    def test_no_parameter_breaks_a_page(self):
        self.login(self.seller)
        deal = f"/my/deals/{self.deal.id}"
        for text in ("a\0b", "x" * 100_000, "\ud7ff\uffff", "%00", "' OR 1=1"):
            for url, names in (
                (f"{deal}/extension", ("proof",)),
                (f"{deal}/update", ("text", "date_deadline")),
                ("/my/deals/new", ("partner_name", "token", "membership_id")),
            ):
                for name in names:
                    data = {
                        name: text,
                        "csrf_token": http.Request.csrf_token(self),
                    }
                    with self.subTest(url=url, name=name, text=text[:8]):
                        answer = self.url_open(url, data=data, allow_redirects=False)
                        self.assertLess(answer.status_code, 500)
            for url in ("/my/deals", "/partner-channel/proof", deal):
                for name in ("search", "sortby", "filterby", "hash", "done", "page"):
                    with self.subTest(url=url, name=name, text=text[:8]):
                        answer = self.url_open(
                            url, params={name: text[:4000]}, allow_redirects=False
                        )
                        self.assertLess(answer.status_code, 500)
            for name in ("partner_name", "website", "customer_vat", "email_from"):
                with self.subTest(hint=name, text=text[:8]):
                    answer = self.send_json("/my/deals/hint", **{name: text})
                    self.assertNotIn("error", answer)

    def test_a_date_is_bounded_whatever_way_it_comes(self):
        self.login(self.seller)
        values = {
            "expected_revenue": 10,
            "probability": 10,
            "priority": "1",
            "date_deadline": "2999-12-31",
            "activity_type_id": None,
            "activity_summary": "",
            "activity_date_deadline": False,
        }
        _result, error = self.call_as_user(
            "crm.lead", "update_lead_portal", [self.deal.ids, values]
        )
        self.assertTrue(error)
        self.assertNotEqual(str(self.deal.date_deadline), "2999-12-31")
