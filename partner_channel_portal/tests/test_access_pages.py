from lxml import html

from odoo import http
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PortalFormCase


@tagged("post_install", "-at_install")
class TestPageAccess(PortalFormCase):
    """What people may reach over HTTP: pages, files, messages, remote calls."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deal = cls._create_deals(cls.seller, partner_name="Page Deal", submit=True)
        cls._end_memberships()

    def get_status(self, url):
        with mute_logger("odoo.http", "odoo.models"):
            return self.url_open(url, allow_redirects=False).status_code

    def post_status(self, url, **data):
        data["csrf_token"] = http.Request.csrf_token(self)
        with mute_logger("odoo.http", "odoo.models"):
            return self.url_open(url, data=data, allow_redirects=False).status_code

    def test_a_foreign_deal_is_not_found(self):
        base = f"/my/deals/{self.deal.id}"
        file = self.env["ir.attachment"].create(
            {
                "name": "a.txt",
                "raw": b"a",
                "res_model": "crm.lead",
                "res_id": self.deal.id,
            }
        )
        for user in (self.rival, self.seller2, self.norole, self.suspended):
            self.login(user)
            for url in (base, f"{base}/edit", f"{base}/file/{file.id}"):
                with self.subTest(user=user.login, url=url):
                    self.assertEqual(self.get_status(url), 404)
            self.assertEqual(self.post_status(f"{base}/withdraw"), 404)
            with mute_logger("odoo.http"):
                answer = self.send_form(f"{base}/edit", partner_name="Taken over")
            self.assertEqual(answer.status_code, 404)
        self.assertEqual(self.deal.partner_name, "Page Deal")
        self.assertEqual(self.deal.registration_state, "submitted")

    def test_ids_that_are_none_are_not_found(self):
        self.login(self.seller)
        lead = self.env["crm.lead"].create(
            {"name": "Ordinary", "partner_assigned_id": self.alpha.id}
        )
        for wrong in (0, lead.id, 2**31 - 1, 2**31, 2**63, 10**30, "x", "-1", "1.5"):
            with self.subTest(wrong=wrong):
                self.assertEqual(self.get_status(f"/my/deals/{wrong}"), 404)

    def test_the_vendors_files_are_not_the_partners(self):
        file = self.env["ir.attachment"].create(
            {
                "name": "internal.txt",
                "raw": b"secret",
                "res_model": "crm.lead",
                "res_id": self.deal.id,
            }
        )
        self.login(self.seller)
        self.assertNotIn(
            "internal.txt", self.url_open(f"/my/deals/{self.deal.id}").text
        )
        self.assertEqual(
            self.get_status(f"/my/deals/{self.deal.id}/file/{file.id}"), 404
        )

    def test_the_pages_take_any_parameter(self):
        self.login(self.seller)
        junk = "&".join(
            f"{name}=abc"
            for name in ("self", "env", "domain", "page", "deal_id", "query", "kw", "x")
        )
        for url in (
            "/my/deals",
            "/my/deals/page/2",
            "/my/deals/new",
            f"/my/deals/{self.deal.id}",
        ):
            with self.subTest(url=url):
                self.assertEqual(self.get_status(f"{url}?{junk}"), 200)
        self.assertEqual(self.get_status("/my/deals?page=²"), 200)
        self.assertEqual(self.get_status("/my/deals?page=1"), 200)
        edit = f"/my/deals/{self.deal.id}/edit"
        self.assertEqual(self.get_status(f"{edit}?{junk}"), 303)
        answer = self.make_jsonrpc_request(
            "/my/deals/hint", {"self": 1, "cls": 2, "values": 3, "env": 4}
        )
        self.assertFalse(answer["conflict"])

    def assert_sent_back(self, url):
        """Who may not register is led to the list, which says why."""
        answer = self.url_open(url)
        self.assertIn("/my/deals?refused=1", answer.url)
        text = " ".join(answer.text.split())
        self.assertIn("does not allow you to register", text)

    def test_roles_hold_on_the_pages(self):
        page = f"/my/deals/{self.deal.id}"
        for user in (self.viewer, self.finance):
            self.login(user)
            self.assertEqual(self.get_status(page), 200)
            self.assert_sent_back("/my/deals/new")
            self.assertEqual(self.post_status(f"{page}/withdraw"), 403)
            text = self.url_open("/my/deals").text
            self.assertIn("Page Deal", text)
            self.assertNotIn('href="/my/deals/new"', text)
        self.login(self.norole)
        self.assert_sent_back("/my/deals/new")
        self.assertNotIn("Page Deal", self.url_open("/my/deals").text)
        self.login(self.owner)
        self.assertEqual(self.post_status(f"{page}/withdraw"), 303)
        self.assertEqual(self.deal.registration_state, "withdrawn")

    def test_a_suspended_partner_reads_only(self):
        self.login(self.suspended)
        page = f"/my/deals/{self.suspended_deal.id}"
        self.assertEqual(self.get_status(page), 200)
        self.assert_sent_back("/my/deals/new")
        self.assertEqual(self.post_status(f"{page}/withdraw"), 403)
        self.assertIn("Gold Ltd", self.url_open("/my/deals").text)
        with mute_logger("odoo.http"):
            self.assertEqual(self.send_form().status_code, 403)
            self.assertEqual(self.send_form(f"{page}/edit").status_code, 403)

    def test_a_terminated_partner_sees_nothing(self):
        self.login(self.terminated)
        for url in (
            "/my/deals",
            "/my/deals/new",
            f"/my/deals/{self.terminated_deal.id}",
        ):
            self.assertEqual(self.get_status(url), 404)
        self.assertNotIn("/my/deals", self.url_open("/my/home").text)
        result, _error = self.call_as_user("partner.membership", "search_read", [[]])
        self.assertEqual(result, [])

    def test_others_are_kept_out(self):
        self.assertEqual(self.get_status("/my/deals"), 303)
        self.assertEqual(self.get_status(f"/my/deals/{self.deal.id}"), 303)
        stranger = self._create_user(
            "portal_test_stranger",
            self.env["res.partner"].create({"name": "A Customer"}),
            "base.group_portal",
        )
        for user in (stranger, self.manager):
            self.login(user)
            self.assertEqual(self.get_status("/my/deals"), 404)
            self.assertEqual(self.get_status("/my/deals/new"), 404)
            self.assertEqual(self.get_status(f"/my/deals/{self.deal.id}"), 404)
            self.assertNotIn('href="/my/deals"', self.url_open("/my/home").text)

    @mute_logger("odoo.http", "odoo.models")
    def test_remote_calls_get_no_further_than_the_pages(self):
        self.login(self.rival)
        result, error = self.call_as_user(
            "crm.lead", "read", [[self.deal.id], ["name"]]
        )
        self.assertTrue(error)
        domain = [["registration_state", "!=", False]]
        result, error = self.call_as_user("crm.lead", "search_read", [domain, ["name"]])
        self.assertEqual(result, [])
        for method, args in (
            ("_portal_save_registration", [{"partner_name": "x"}]),
            ("_submit_registration", [[self.deal.id]]),
            ("_withdraw_registration", [[self.deal.id]]),
            ("action_registration_approve", [[self.deal.id]]),
            ("action_registration_withdraw", [[self.deal.id]]),
            ("_get_portal_hint", [{}]),
        ):
            with self.subTest(method=method):
                self.login(self.seller)
                result, error = self.call_as_user("crm.lead", method, args)
                self.assertTrue(error)
        self.assertEqual(self.deal.registration_state, "submitted")

    @mute_logger("odoo.http", "odoo.models")
    def test_people_of_the_partner_write_to_the_vendor(self):
        def post(user, deal):
            self.login(user)
            answer = self.url_open(
                "/mail/message/post",
                json={
                    "jsonrpc": "2.0",
                    "params": {
                        "thread_model": "crm.lead",
                        "thread_id": deal.id,
                        "post_data": {"body": f"Hello from {user.login}"},
                    },
                },
            ).json()
            return "error" not in answer

        for user in (self.seller, self.owner):
            self.assertTrue(post(user, self.deal), user.login)
        self.assertFalse(post(self.rival, self.deal))
        self.assertFalse(post(self.seller2, self.deal))
        self.assertFalse(post(self.suspended, self.suspended_deal))
        self.assertFalse(post(self.terminated, self.terminated_deal))
        bodies = "".join(self.deal.message_ids.mapped("body"))
        self.assertIn("Hello from portal_test_owner", bodies)
        self.assertNotIn("rival", bodies)

    @mute_logger("odoo.http")
    def test_the_hint_is_for_people_who_register(self):
        for user in (self.viewer, self.norole, self.suspended, self.terminated):
            self.login(user)
            answer = self.url_open(
                "/my/deals/hint",
                json={"jsonrpc": "2.0", "params": {"customer_vat": "DE136695976"}},
            ).json()
            self.assertIn("error", answer)

    # === ODOO'S OWN PAGES === #

    def test_odoos_pages_show_ordinary_leads_only(self):
        self.env["crm.lead"].create(
            {
                "name": "Ordinary lead",
                "type": "lead",
                "partner_assigned_id": self.alpha.id,
            }
        )
        accepted = self._create_deals(self.seller, partner_name="Accepted", submit=True)
        accepted._approve_registration()
        self.login(self.seller)
        text = self.url_open("/my/leads").text
        self.assertIn("Ordinary lead", text)
        self.assertNotIn("Page Deal", text)
        passed_on = self.env["crm.lead"].create(
            {
                "name": "Passed on by the vendor",
                "type": "opportunity",
                "partner_assigned_id": self.alpha.id,
            }
        )
        text = self.url_open("/my/opportunities").text
        self.assertIn(passed_on.name, text)
        self.assertNotIn("Accepted", text, "it stands under Deals")
        self.assertNotIn("Page Deal", text)
        for path, deal in (("lead", self.deal), ("opportunity", accepted)):
            answer = self.url_open(f"/my/{path}/{deal.id}")
            self.assertTrue(answer.url.endswith(f"/my/deals/{deal.id}"), answer.url)
        answer = self.url_open(f"/my/opportunity/{passed_on.id}")
        self.assertIn("/my/opportunity/", answer.url)
        self.assertIn(passed_on.name, answer.text)
        self.login(self.rival)
        self.assertIn(self.get_status(f"/my/lead/{self.deal.id}"), (403, 404))

    def test_members_register_and_make_no_opportunities(self):
        grade = self.env["res.partner.grade"].create({"name": "Ordinary"})
        reseller = self.env["res.partner"].create(
            {"name": "Ordinary Reseller", "grade_id": grade.id}
        )
        stranger = self._create_user(
            "portal_test_reseller", reseller, "base.group_portal"
        )
        self.alpha.grade_id = grade
        for user, may in ((self.seller, False), (stranger, True)):
            self.login(user)
            text = self.url_open("/my/opportunities").text
            self.assertEqual('name="new_opp"' in text, may, user.login)
            page = html.fromstring(self.url_open("/my/home").text)
            [card] = page.xpath("//a[@href='/my/opportunities']/..")
            self.assertEqual("d-none" not in card.get("class"), may, user.login)

    def test_odoos_pages_take_any_parameter(self):
        self.login(self.seller)
        for url in ("/my/leads", "/my/opportunities"):
            for query in (
                "sortby=x",
                "filterby=x",
                "sortby=x&filterby=y",
                "date_begin=x&date_end=y",
                "date_begin=2026-01-01&date_end=2030-01-01",
                "sortby=name",
            ):
                with self.subTest(url=url, query=query):
                    self.assertEqual(self.get_status(f"{url}?{query}"), 200)

    def test_mails_lead_to_the_page_of_the_deal(self):
        action = self.deal._get_access_action(access_uid=self.seller.id)
        self.assertEqual(action["url"], f"/my/deals/{self.deal.id}")
        for user in (self.manager, self.rival):
            action = self.deal._get_access_action(access_uid=user.id)
            self.assertNotIn("/my/deals", action.get("url", ""))
