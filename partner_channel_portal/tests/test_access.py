from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .common import ChannelPortalMixin, PortalFormCase

STAFF = ("owner", "seller", "seller2", "finance", "viewer", "norole")


@tagged("post_install", "-at_install")
class TestRecordAccess(TransactionCase, ChannelPortalMixin):
    """What people may reach through the models, whatever way they come."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpChannel()
        cls.deals = {
            name: cls._create_deals(getattr(cls, name), partner_name=f"Of {name}")
            for name in ("owner", "seller", "seller2", "norole", "rival")
        }
        cls._end_memberships()
        cls.ordinary = cls.env["crm.lead"].create(
            {
                "name": "Ordinary lead",
                "type": "lead",
                "partner_assigned_id": cls.alpha.id,
            }
        )

    def find_names(self, user):
        """Return the names of the registrations a person finds."""
        Lead = self.env["crm.lead"].with_user(user)
        return set(Lead.search([("registration_state", "!=", False)]).mapped("name"))

    def test_people_see_what_their_role_allows(self):
        alpha = {"Of owner", "Of seller", "Of seller2", "Of norole"}
        expected = {
            "owner": alpha,
            "finance": alpha,
            "viewer": alpha,
            "seller": {"Of seller"},
            "seller2": {"Of seller2"},
            "norole": {"Of norole"},
            "rival": {"Of rival"},
            "suspended": {"Gold Ltd"},
            "terminated": set(),
        }
        for name, found in expected.items():
            with self.subTest(name=name):
                self.assertEqual(self.find_names(getattr(self, name)), found)

    def test_a_foreign_deal_cannot_be_read_by_its_id(self):
        deal = self.deals["seller"]
        for name in ("seller2", "norole", "rival", "suspended", "terminated"):
            with self.subTest(name=name), mute_logger("odoo.models"):
                with self.assertRaises(AccessError):
                    self.as_user(deal, getattr(self, name)).read(["name"])

    def test_a_new_role_holds_at_once(self):
        self.assertEqual(self.find_names(self.seller2), {"Of seller2"})
        viewer = self.env.ref("partner_channel_portal.portal_role_viewer")
        self.seller2.partner_id.portal_role_id = viewer
        self.assertEqual(len(self.find_names(self.seller2)), 4)
        viewer.can_see_all_deals = False
        self.assertEqual(self.find_names(self.seller2), {"Of seller2"})
        viewer.write({"can_see_all_deals": True, "active": False})
        self.assertEqual(self.find_names(self.seller2), {"Of seller2"})
        self.seller2.partner_id.portal_role_id = False
        self.assertEqual(self.find_names(self.seller2), {"Of seller2"})

    def test_a_person_who_changes_company_leaves_the_deals(self):
        self.assertIn("Of seller", self.find_names(self.owner))
        self.owner.partner_id.parent_id = self.beta
        self.assertEqual(self.find_names(self.owner), {"Of rival"})

    def test_capabilities_answer_for_a_person(self):
        able = {
            "can_register": {"owner", "seller", "seller2"},
            "can_see_all_deals": {"owner", "finance", "viewer"},
            "can_see_money": {"owner", "finance"},
            "can_manage_team": {"owner"},
        }
        for capability, names in able.items():
            for name in STAFF:
                with self.subTest(capability=capability, name=name):
                    person = getattr(self, name).partner_id
                    self.assertEqual(
                        person._has_channel_capability(capability), name in names
                    )
        with self.assertRaises(ValueError):
            self.owner.partner_id._has_channel_capability("name")

    def test_ordinary_leads_stay_as_they_are(self):
        for name in STAFF:
            with self.subTest(name=name):
                lead = self.as_user(self.ordinary, getattr(self, name))
                self.assertEqual(lead.name, "Ordinary lead")
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            self.as_user(self.ordinary, self.rival).read(["name"])

    def test_the_vendor_sees_all_registrations(self):
        found = self.find_names(self.manager)
        self.assertIn("Dust Ltd", found)
        self.assertIn("Of seller", found)

    def test_nobody_writes_past_the_form(self):
        deal = self.deals["owner"]
        for name in ("owner", "seller", "finance"):
            mine = self.as_user(deal, getattr(self, name))
            for attempt in (
                lambda mine=mine: mine.write({"name": "x"}),
                lambda mine=mine: mine.unlink(),
                lambda mine=mine: mine.create({"name": "x"}),
                lambda mine=mine: mine.copy(),
            ):
                with self.assertRaises(AccessError), mute_logger("odoo.models"):
                    attempt()

    def test_what_the_vendor_sells_is_for_people_who_see_money(self):
        deal = self.deals["norole"]
        for field in ("order_ids", "sale_amount_total", "quotation_count"):
            for name in STAFF:
                with self.subTest(name=name, field=field):
                    mine = self.as_user(deal, getattr(self, name))
                    if name in ("owner", "finance"):
                        mine.read([field])
                        continue
                    with self.assertRaises(AccessError), mute_logger("odoo.models"):
                        mine.read([field])
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            domain = [("order_ids.amount_total", ">", 0)]
            self.env["crm.lead"].with_user(self.viewer).search(domain)

    def test_internal_fields_and_models_stay_internal(self):
        mine = self.as_user(self.deals["owner"], self.owner)
        for field in ("claim_ids", "conflict_lead_ids", "deal_role_ids", "portal_token"):
            with self.subTest(field=field), mute_logger("odoo.models"):
                with self.assertRaises(AccessError):
                    mine.read([field])
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            mine.search([("portal_token", "like", "a")])
        for model in (
            "partner.deal.claim",
            "partner.registration.log",
            "partner.portal.role",
            "partner.portal.throttle",
        ):
            with self.subTest(model=model), mute_logger("odoo.models"):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(self.owner).search([])

    def test_nobody_gives_oneself_a_role(self):
        owner_role = self.env.ref("partner_channel_portal.portal_role_owner")
        person = self.as_user(self.seller.partner_id, self.seller)
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            person.write({"portal_role_id": owner_role.id})
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            person.read(["portal_role_id"])
        # nor does a member of the vendor's staff outside the channel team
        clerk = self._create_user(
            "portal_test_clerk",
            self.env["res.partner"].create({"name": "Clerk"}),
            "base.group_partner_manager",
        )
        clerk.group_ids += self.env.ref("base.group_user")
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            self.as_user(self.seller.partner_id, clerk).write(
                {"portal_role_id": owner_role.id}
            )

    def test_saving_checks_the_person_not_only_the_page(self):
        Lead = self.env["crm.lead"]
        values = {"partner_name": "New", "token": "0" * 32}
        for name in ("finance", "viewer", "norole", "suspended", "terminated"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                Lead.with_user(getattr(self, name))._portal_save_registration(values)
        deal = self.deals["seller"]
        for name in ("viewer", "finance", "seller2", "rival", "norole"):
            with self.subTest(name=name), mute_logger("odoo.models"):
                with self.assertRaises(AccessError):
                    Lead.with_user(getattr(self, name))._portal_save_registration(
                        values, lead=self.as_user(deal, getattr(self, name))
                    )
        saved, errors = Lead.with_user(self.owner)._portal_save_registration(
            values, lead=self.as_user(deal, self.owner)
        )
        self.assertFalse(errors)
        self.assertEqual(saved, deal)
        self.assertEqual(deal.partner_name, "New")
        self.assertEqual(deal.registrant_id, self.seller.partner_id)

    def test_a_token_of_another_person_gives_nothing(self):
        Lead = self.env["crm.lead"]
        values = {"partner_name": "Mine", "token": "a" * 32}
        mine, _errors = Lead.with_user(self.seller)._portal_save_registration(values)
        for name in ("rival", "seller2"):
            other, errors = Lead.with_user(getattr(self, name))._portal_save_registration(
                values
            )
            self.assertFalse(errors)
            self.assertNotEqual(other, mine)

    def test_withdrawing_takes_the_right_and_frees_the_customer(self):
        deal = self._create_deals(self.seller, customer_vat="DE136695976", submit=True)
        for name in ("viewer", "finance", "seller2", "rival", "norole"):
            with self.subTest(name=name), mute_logger("odoo.models"):
                with self.assertRaises(AccessError):
                    self.as_user(deal, getattr(self, name))._portal_withdraw()
        mine = self.as_user(deal, self.seller)
        mine._portal_withdraw()
        mine._portal_withdraw()
        self.assertEqual(deal.registration_state, "withdrawn")
        self.assertEqual(set(deal.claim_ids.mapped("state")), {"released"})
        self.gamma_membership.action_activate()
        deal = self._create_deals(self.suspended)
        self.gamma_membership.action_suspend()
        with self.assertRaises(AccessError):
            self.as_user(deal, self.suspended)._portal_withdraw()

    # === ODOO'S RESELLERS METHODS === #

    def get_attempts(self, lead):
        """Return the public methods that write on a lead as superuser."""
        won = self.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        details = {
            "expected_revenue": 10**9,
            "probability": 100,
            "priority": "3",
            "date_deadline": False,
            "activity_date_deadline": False,
        }
        return {
            "interested": lead.partner_interested,
            "declined": lead.partner_desinterested,
            "details": lambda: lead.update_lead_portal(details),
            "contact": lambda: lead.update_contact_details_from_portal(
                {"partner_name": "Other"}
            ),
            "stage": lambda: lead.update_stage_from_portal(won.id),
        }

    def assert_all_refused(self, deal, user):
        before = deal.read(["type", "stage_id", "partner_name", "expected_revenue"])
        for name, attempt in self.get_attempts(self.as_user(deal, user)).items():
            with self.subTest(method=name, user=user.login):
                with (
                    self.assertRaises(UserError),
                    mute_logger("odoo.models"),
                ):
                    attempt()
        deal.invalidate_recordset()
        after = deal.read(["type", "stage_id", "partner_name", "expected_revenue"])
        self.assertEqual(before, after)

    def test_reseller_methods_cannot_decide_a_registration(self):
        deal = self.deals["seller"]
        self.assert_all_refused(deal, self.seller)
        deal._submit_registration()
        self.assert_all_refused(deal, self.seller)
        self.assert_all_refused(deal, self.owner)

    def test_reseller_methods_obey_role_and_membership(self):
        deal = self._create_deals(self.seller, submit=True)
        deal._approve_registration()
        for name in ("seller2", "norole", "viewer", "finance", "rival"):
            self.assert_all_refused(deal, getattr(self, name))
        self.assert_all_refused(self.suspended_deal, self.suspended)
        self.assert_all_refused(self.terminated_deal, self.terminated)
        mine = self.as_user(deal, self.seller)
        mine.update_contact_details_from_portal({"phone": "+49 30 1"})
        self.assertEqual(deal.phone, "+49 30 1")
        with self.assertRaises(AccessError):
            self.get_attempts(mine)["stage"]()

    def test_odoos_short_form_is_no_way_around_the_registration(self):
        values = {"contact_name": "A", "description": "B", "title": "C"}
        for user in (self.seller, self.viewer, self.suspended):
            count = self.env["crm.lead"].search_count([])
            answer = self.env["crm.lead"].with_user(user).create_opp_portal(values)
            self.assertIn("errors", answer)
            self.assertEqual(self.env["crm.lead"].search_count([]), count)

    def test_reseller_methods_work_on_ordinary_leads(self):
        for name in ("seller", "norole"):
            lead = self.as_user(self.ordinary, getattr(self, name))
            lead.update_contact_details_from_portal({"phone": f"+49 {name}"})
            self.assertEqual(self.ordinary.phone, f"+49 {name}")


@tagged("post_install", "-at_install")
class TestPageAccess(PortalFormCase):
    """The same over HTTP: pages, files, messages and remote calls."""

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
            {"name": "a.txt", "raw": b"a", "res_model": "crm.lead", "res_id": self.deal.id}
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
        self.assertNotIn("internal.txt", self.url_open(f"/my/deals/{self.deal.id}").text)
        self.assertEqual(
            self.get_status(f"/my/deals/{self.deal.id}/file/{file.id}"), 404
        )

    def test_roles_hold_on_the_pages(self):
        page = f"/my/deals/{self.deal.id}"
        for user in (self.viewer, self.finance):
            self.login(user)
            self.assertEqual(self.get_status(page), 200)
            self.assertEqual(self.get_status("/my/deals/new"), 403)
            self.assertEqual(self.post_status(f"{page}/withdraw"), 403)
            text = self.url_open("/my/deals").text
            self.assertIn("Page Deal", text)
            self.assertNotIn('href="/my/deals/new"', text)
        self.login(self.norole)
        self.assertEqual(self.get_status("/my/deals/new"), 403)
        self.assertNotIn("Page Deal", self.url_open("/my/deals").text)
        self.login(self.owner)
        self.assertEqual(self.post_status(f"{page}/withdraw"), 303)
        self.assertEqual(self.deal.registration_state, "withdrawn")

    def test_a_suspended_partner_reads_only(self):
        self.login(self.suspended)
        page = f"/my/deals/{self.suspended_deal.id}"
        self.assertEqual(self.get_status(page), 200)
        self.assertEqual(self.get_status("/my/deals/new"), 403)
        self.assertEqual(self.post_status(f"{page}/withdraw"), 403)
        self.assertIn("Gold Ltd", self.url_open("/my/deals").text)
        with mute_logger("odoo.http"):
            self.assertEqual(self.send_form().status_code, 403)
            self.assertEqual(self.send_form(f"{page}/edit").status_code, 403)

    def test_a_terminated_partner_sees_nothing(self):
        self.login(self.terminated)
        for url in ("/my/deals", "/my/deals/new", f"/my/deals/{self.terminated_deal.id}"):
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
        result, error = self.call_as_user("crm.lead", "read", [[self.deal.id], ["name"]])
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

    def test_odoos_pages_show_ordinary_leads_and_accepted_deals(self):
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
        text = self.url_open("/my/opportunities").text
        self.assertIn("Accepted", text)
        self.assertNotIn("Page Deal", text)
        answer = self.url_open(f"/my/lead/{self.deal.id}")
        self.assertTrue(answer.url.endswith(f"/my/deals/{self.deal.id}"), answer.url)
        self.login(self.rival)
        self.assertIn(self.get_status(f"/my/lead/{self.deal.id}"), (403, 404))

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
