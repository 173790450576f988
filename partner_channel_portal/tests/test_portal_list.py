from dataclasses import replace
from types import SimpleNamespace

from lxml import html

from odoo.fields import Domain
from odoo.tests import TransactionCase, tagged

from ..controllers.portal_list import ListSpec
from .common import ChannelPortalMixin, PortalFormCase


@tagged("post_install", "-at_install")
class TestListSpec(TransactionCase, ChannelPortalMixin):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpChannel()
        for name, contact in (("Beech", "Ann"), ("Acorn", "Bob"), ("Cedar", "Ann")):
            cls._create_deals(cls.seller, partner_name=name, contact_name=contact)
        cls.spec = ListSpec(
            model="crm.lead",
            url="/my/things",
            page_name="things",
            sortings={
                "name": {"label": "Name", "order": "name"},
                "latest": {"label": "Latest", "order": "id desc"},
            },
            filters={
                "all": {"label": "All", "domain": Domain.TRUE},
                "bob": {"label": "Bob", "domain": [("contact_name", "=", "Bob")]},
            },
            inputs={
                "all": {"label": "All", "fields": ("name", "contact_name")},
                "name": {"label": "Name", "fields": ("name",)},
            },
            step=2,
        )

    def prepare(self, page=1, **query):
        env = self.env(user=self.seller, su=False)
        domain = env["crm.lead"]._get_portal_deal_domain()
        return SimpleNamespace(**self.spec.prepare(env, domain, page, **query))

    def test_the_first_key_of_each_is_the_default(self):
        values = self.prepare()
        self.assertEqual(values.records.mapped("name"), ["Acorn", "Beech"])
        self.assertEqual((values.sortby, values.filterby), ("name", "all"))
        self.assertFalse(values.is_narrowed)

    def test_unknown_keys_mean_the_default(self):
        for junk in ("x", "__class__", "", None, 5, "name desc; drop"):
            values = self.prepare(
                sortby=junk, filterby=junk, search_in=junk, search=None, groupby=junk
            )
            self.assertEqual(
                (values.sortby, values.filterby, values.search_in),
                ("name", "all", "all"),
            )

    def test_sorting_filter_and_search_work_together(self):
        values = self.prepare(sortby="latest")
        self.assertEqual(values.records.mapped("name"), ["Cedar", "Acorn"])
        values = self.prepare(filterby="bob")
        self.assertEqual(values.records.name, "Acorn")
        self.assertTrue(values.is_narrowed)
        values = self.prepare(search="ann", sortby="latest")
        self.assertEqual(values.records.mapped("name"), ["Cedar", "Beech"])
        self.assertFalse(self.prepare(search="ann", search_in="name").records)
        self.assertFalse(self.prepare(search="ann", filterby="bob").records)

    def test_search_takes_any_text(self):
        for text in ("%", "_", "\\", "a\x00b", "'; --", "☀" * 1000, "\ud800"):
            self.assertLessEqual(len(self.prepare(search=text).search), 200)

    def test_a_page_that_does_not_exist_is_the_nearest_one(self):
        self.assertEqual(self.prepare(page=2).records.name, "Cedar")
        self.assertEqual(self.prepare(page=99999999999).records.name, "Cedar")
        self.assertEqual(len(self.prepare(page=0).records), 2)
        self.assertEqual(self.prepare(page=2, search="none").pager["page_count"], 0)

    def test_the_pager_keeps_the_choices(self):
        values = self.prepare(sortby="latest", search="c", search_in="name")
        url = values.pager["page_next"]["url"]
        for part in (
            "/my/things/page/2",
            "sortby=latest",
            "search=c",
            "search_in=name",
        ):
            self.assertIn(part, url)

    def test_a_column_is_for_people_with_its_capability(self):
        columns = {
            "name": {"label": "Name", "value": lambda deal: deal.name},
            "sum": {
                "label": "Sum",
                "value": lambda deal: 42,
                "capability": "can_see_money",
            },
        }
        spec = replace(self.spec, columns=columns)
        for user, has_sum in ((self.owner, True), (self.seller, False)):
            env = self.env(user=user, su=False)
            domain = env["crm.lead"]._get_portal_deal_domain()
            text = spec.export(env, domain)
            with self.subTest(user=user.login):
                self.assertIn("Acorn", text)
                self.assertEqual(("Sum" in text, "42" in text), (has_sum, has_sum))


@tagged("post_install", "-at_install")
class TestDealList(PortalFormCase):
    def get_names(self, **query):
        answer = self.url_open("/my/deals", params=query)
        self.assertEqual(answer.status_code, 200)
        tree = html.fromstring(answer.content)
        return tree.xpath("//table//tbody//td[1]/a[1]/text()")

    def test_each_filter_finds_its_deals(self):
        names = {}
        for state in ("draft", "submitted", "returned", "approved", "rejected"):
            names[state] = f"Deal {state}"
            deal = self._create_deals(self.seller, partner_name=names[state])
            if state != "draft":
                deal._submit_registration()
            if state == "returned":
                deal._return_registration("Mend it.")
            elif state == "approved":
                deal._approve_registration()
            elif state == "rejected":
                deal._reject_registration("other")
        won = self._create_deals(self.seller, partner_name="Deal won", submit=True)
        won._approve_registration()
        won.action_set_won()
        lost = self._create_deals(self.seller, partner_name="Deal lost", submit=True)
        lost._approve_registration()
        reason = self.env["crm.lost.reason"].create({"name": "Price"})
        lost.action_set_lost(lost_reason_id=reason.id)
        self.login(self.seller)
        expected = {
            "all": {*names.values(), "Deal won", "Deal lost"},
            "open": set(names.values()) - {"Deal rejected"},
            "todo": {"Deal draft", "Deal returned"},
            "submitted": {"Deal submitted"},
            "approved": {"Deal approved"},
            "won": {"Deal won"},
            "closed": {"Deal rejected", "Deal lost"},
            "no such filter": {*names.values(), "Deal won", "Deal lost"},
        }
        for key, found in expected.items():
            with self.subTest(filterby=key):
                self.assertEqual(set(self.get_names(filterby=key)), found)

    def test_unknown_parameters_are_ignored(self):
        self._create_deals(self.seller, partner_name="Only One")
        self.login(self.seller)
        junk = {"sortby": "x", "filterby": "y", "search_in": "z", "groupby": "q"}
        self.assertEqual(self.get_names(**junk, **{"sortby[]": "1"}), ["Only One"])
        for key in ("date", "customer", "protection", "closing"):
            self.assertEqual(self.get_names(sortby=key), ["Only One"])
        self.assertEqual(
            self.get_names(search="only", search_in="customer"), ["Only One"]
        )

    def test_a_search_without_result_is_not_the_empty_state(self):
        self.login(self.seller)
        page = self.url_open("/my/deals").text
        self.assertIn("Register your first deal", page)
        page = self.url_open("/my/deals?search=nothing").text
        self.assertNotIn("Register your first deal", page)
        self.assertIn("No deal matches", page)

    def test_protection_is_shown_with_the_days_left(self):
        deal = self._create_deals(self.seller, submit=True)
        deal._approve_registration()
        self.login(self.seller)
        self.assertIn("90 days left", " ".join(self.url_open("/my/deals").text.split()))
