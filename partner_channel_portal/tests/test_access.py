from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .common import ChannelPortalMixin

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
            with (
                self.subTest(name=name),
                mute_logger("odoo.models"),
                self.assertRaises(AccessError),
            ):
                self.as_user(deal, getattr(self, name)).read(["name"])

    def test_the_deal_of_a_colleague_is_not_ones_own_to_work_on(self):
        # in sudo no rule hides it: the right has to refuse by itself
        deal = self.deals["seller"]
        for name, allowed in (("seller", True), ("owner", True), ("seller2", False)):
            with self.subTest(name=name):
                seen = deal.with_user(getattr(self, name)).sudo()
                self.assertEqual(seen._has_portal_right(), allowed)

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

    def test_a_role_people_have_cannot_be_deleted(self):
        role = self.env.ref("partner_channel_portal.portal_role_finance")
        spare = role.copy()
        with self.assertRaises(UserError):
            (spare + role).unlink()
        spare.unlink()
        self.finance.active = False
        self.finance.partner_id.active = False
        with self.assertRaises(UserError):
            role.unlink()

    def test_a_person_who_changes_company_leaves_the_deals(self):
        self.assertIn("Of seller", self.find_names(self.finance))
        self.finance.partner_id.parent_id = self.beta
        # nor does a role go along that the former company gave
        self.assertEqual(self.find_names(self.finance), set())

    def test_capabilities_answer_for_a_person(self):
        able = {
            "can_register": {"owner", "seller", "seller2"},
            "can_see_all_deals": {"owner", "finance", "viewer"},
            "can_see_money": {"owner", "finance"},
            "can_sign": {"owner", "finance"},
            "can_manage_team": {"owner"},
            "can_see_training": {"owner", "viewer"},
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

    def test_ordinary_leads_are_no_deals(self):
        lead = self.as_user(self.ordinary, self.owner)
        self.assertTrue(lead.has_access("read"))
        self.assertFalse(lead._find_portal_deal(lead.id))
        self.assertFalse(lead.search(lead._get_portal_deal_domain()) & lead)

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
        for field in (
            "claim_ids",
            "conflict_lead_ids",
            "deal_role_ids",
            "duplicate_lead_count",
            "duplicate_lead_ids",
            "portal_token",
        ):
            with (
                self.subTest(field=field),
                mute_logger("odoo.models"),
                self.assertRaises(AccessError),
            ):
                mine.read([field])
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            mine.search([("portal_token", "like", "a")])
        for model in (
            "partner.deal.claim",
            "partner.registration.log",
            "partner.portal.role",
            "partner.portal.throttle",
        ):
            with (
                self.subTest(model=model),
                mute_logger("odoo.models"),
                self.assertRaises(AccessError),
            ):
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
            with (
                self.subTest(name=name),
                mute_logger("odoo.models"),
                self.assertRaises(AccessError),
            ):
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
            other, errors = Lead.with_user(
                getattr(self, name)
            )._portal_save_registration(values)
            self.assertFalse(errors)
            self.assertNotEqual(other, mine)

    def test_what_is_decided_is_not_withdrawn(self):
        deal = self._create_deals(self.seller, submit=True, partner_name="Decided")
        deal._reject_registration("territory", "We sell there ourselves.")
        seen = self.as_user(deal, self.seller)
        self.assertTrue(seen._has_portal_right())
        self.assertFalse(seen._can_portal_withdraw())
        with self.assertRaises(AccessError):
            seen._portal_withdraw()
        self.assertEqual(deal.registration_state, "rejected")

    def test_withdrawing_takes_the_right_and_frees_the_customer(self):
        deal = self._create_deals(self.seller, customer_vat="DE136695976", submit=True)
        for name in ("viewer", "finance", "seller2", "rival", "norole"):
            with (
                self.subTest(name=name),
                mute_logger("odoo.models"),
                self.assertRaises(AccessError),
            ):
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
