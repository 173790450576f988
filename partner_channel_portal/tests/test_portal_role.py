from unittest.mock import patch

from psycopg2.errors import ForeignKeyViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .team_common import TeamCase


@tagged("post_install", "-at_install")
class TestPortalRole(TeamCase):
    """What roles allow, and where."""

    def may(self, user, name, membership=None):
        return user.partner_id._has_channel_capability(name, membership)

    def test_the_roles_that_come_with_the_portal(self):
        expected = {
            "owner": {"register", "all_deals", "money", "sign", "team", "training"},
            "seller": {"register"},
            "trainer": {"training"},
            "finance": {"all_deals", "money", "sign"},
            "viewer": {"all_deals", "training"},
        }
        fields = {
            "register": "can_register",
            "all_deals": "can_see_all_deals",
            "money": "can_see_money",
            "sign": "can_sign",
            "team": "can_manage_team",
            "training": "can_see_training",
        }
        for role, able in expected.items():
            for name, field in fields.items():
                with self.subTest(role=role, capability=name):
                    self.assertEqual(self.get_role(role)[field], name in able)
                    self.assertEqual(self.may(getattr(self, role), field), name in able)
        self.assertEqual(
            [role for role in expected if self.get_role(role).is_owner], ["owner"]
        )

    def test_a_role_counts_in_its_programs_only(self):
        program = self.env["partner.program"].create(
            {
                "name": "Second Program",
                "company_id": self.vendor.id,
                "grade_ids": [Command.create({"name": "Entry 2"})],
            }
        )
        second = self.env["partner.membership"].create(
            {"partner_id": self.alpha.id, "program_id": program.id}
        )
        second.action_activate()
        Lead = self.env["crm.lead"]
        deals = self._create_deals_for(self.alpha_membership, second)
        seen = Lead.with_user(self.viewer).search([("id", "in", deals.ids)])
        self.assertEqual(seen, deals)
        self.get_role("viewer").program_ids = program
        seen = Lead.with_user(self.viewer).search([("id", "in", deals.ids)])
        self.assertEqual(seen.membership_id, second)
        seller = self.get_role("seller")
        seller.program_ids = program
        self.assertTrue(self.may(self.seller, "can_register"))
        self.assertFalse(self.may(self.seller, "can_register", self.alpha_membership))
        memberships = Lead.with_user(self.seller)._get_portal_register_memberships()
        self.assertEqual(memberships, second)
        with self.assertRaises(AccessError):
            Lead.with_user(self.seller)._portal_save_registration(
                {
                    "partner_name": "X",
                    "token": "0" * 32,
                    "membership_id": str(self.alpha_membership.id),
                },
                lead=self.as_user(deals[0], self.seller),
            )
        # at a partner that is not in the program the role counts nowhere
        other = self._create_staff(self.beta, "other", "seller")
        self.assertFalse(self.may(other, "can_register"))
        self.assertFalse(Lead.with_user(other)._may_portal_register())

    def _create_deals_for(self, *memberships):
        deals = self.env["crm.lead"]
        for membership in memberships:
            deals |= deals._create_registrations(
                membership,
                [
                    {
                        "partner_name": f"Customer {membership.id}",
                        "registrant_id": self.seller2.partner_id.id,
                    }
                ],
            )
        return deals

    def test_a_role_counts_on_its_tiers_at_once(self):
        gold = self.env["res.partner.grade"].create(
            {"name": "Gold", "sequence": 1, "program_id": self.program.id}
        )
        deal = self._create_deals(self.seller2)
        Lead = self.env["crm.lead"].with_user(self.viewer)
        self.get_role("viewer").grade_ids = gold
        domain = [("id", "=", deal.id)]
        self.assertFalse(Lead.search(domain))
        self.assertFalse(self.may(self.viewer, "can_see_training"))
        self.alpha_membership._set_protected({"grade_id": gold.id})
        self.assertTrue(Lead.search(domain))
        self.assertTrue(self.may(self.viewer, "can_see_training"))
        self.alpha_membership._set_protected(
            {"grade_id": self.program.grade_ids.filtered(lambda g: g != gold).id}
        )
        self.assertFalse(Lead.search(domain))

    def test_a_role_may_end_while_the_membership_is_suspended(self):
        deal = self._create_deals(self.seller2)
        Lead = self.env["crm.lead"].with_user(self.viewer)
        domain = [("id", "=", deal.id)]
        self.alpha_membership.action_suspend()
        self.assertTrue(Lead.search(domain), "suspended partners go on reading")
        self.get_role("viewer").holds_in = "active"
        self.assertFalse(Lead.search(domain))
        self.alpha_membership.action_activate()
        self.assertTrue(Lead.search(domain))

    def test_what_is_cached_of_a_limited_role_follows_the_membership(self):
        """Rules that ask once per user are asked again by every server."""
        self.lead_role.holds_in = "active"
        Member = self.env["partner.team.member"].with_user(self.leader)
        self.assertTrue(Member.search([]))
        self.env.registry.cache_invalidated.clear()
        self.alpha_membership.action_suspend()
        self.assertIn("default", self.env.registry.cache_invalidated)
        self.assertFalse(Member.search([]))
        self.alpha_membership.action_activate()
        self.assertTrue(Member.search([]))
        # without a limited role nothing is thrown away
        self.lead_role.holds_in = "running"
        self.env.flush_all()
        self.env.registry.cache_invalidated.clear()
        self.alpha_membership.action_suspend()
        self.assertNotIn("default", self.env.registry.cache_invalidated)

    def test_roles_are_offered_that_are_for_the_company_and_not_above_the_own(self):
        Partner = self.env["res.partner"]
        every = {"Owner", "Seller", "Trainer", "Finance", "Viewer", "Team Lead"}
        offered = Partner.with_user(self.owner)._get_offered_roles()
        self.assertEqual(set(offered.mapped("name")), every)
        offered = Partner.with_user(self.leader)._get_offered_roles()
        self.assertEqual(
            set(offered.mapped("name")), {"Seller", "Trainer", "Team Lead"}
        )
        other = self.env["partner.program"].create({"name": "Not Alpha's"})
        self.get_role("seller").program_ids = other
        offered = Partner.with_user(self.owner)._get_offered_roles()
        self.assertEqual(set(offered.mapped("name")), every - {"Seller"})

    def test_only_owners_make_owners(self):
        owner = self.get_role("owner")
        deputy = owner.copy({"name": "Deputy", "is_owner": False})
        self.assertTrue(owner._covers(deputy))
        self.assertFalse(deputy._covers(owner))
        self.leader.partner_id.portal_role_id = deputy
        message = self.change(self.leader, self.seller, "role", "owner")
        self.assertIn("Choose one of the roles", message)
        self.assertFalse(self.seller.partner_id.portal_role_id.is_owner)

    def test_a_limited_role_gives_no_wider_one(self):
        narrow = self.lead_role.copy({"name": "Narrow"})
        narrow.program_ids = self.program
        self.assertTrue(self.lead_role._covers(narrow))
        self.assertFalse(narrow._covers(self.lead_role))
        self.assertTrue(narrow._covers(narrow))
        active = self.lead_role.copy({"name": "Active", "holds_in": "active"})
        self.assertTrue(self.lead_role._covers(active))
        self.assertFalse(active._covers(self.lead_role))
        self.assertFalse(self.lead_role._covers(self.get_role("owner")))
        self.assertTrue(self.get_role("owner")._covers(self.lead_role))
        self.assertFalse(self.env["partner.portal.role"]._covers(narrow))

    def test_what_limits_a_role_stays(self):
        other = self.env["partner.program"].create({"name": "Not Alpha's"})
        tier = self.env["res.partner.grade"].create(
            {"name": "Not Alpha's", "program_id": self.program.id}
        )
        seller = self.get_role("seller")
        for name, record in (("program_ids", other), ("grade_ids", tier)):
            with self.subTest(name=name):
                seller[name] = record
                self.assertFalse(self.may(self.seller, "can_register"))
                record.active = False
                self.env.invalidate_all()
                self.assertEqual(seller[name], record)
                self.assertFalse(self.may(self.seller, "can_register"))
                with (
                    mute_logger("odoo.sql_db"),
                    self.assertRaises(ForeignKeyViolation),
                    self.env.cr.savepoint(),
                ):
                    record.unlink()
                seller[name] = False
                self.assertTrue(self.may(self.seller, "can_register"))

    def test_an_owner_manages_the_team_everywhere(self):
        owner = self.get_role("owner")
        for values in (
            {"can_manage_team": False},
            {"holds_in": "active"},
            {"program_ids": [Command.link(self.program.id)]},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                owner.write(values)

    def test_a_role_that_owns_somewhere_stays_one(self):
        owner = self.get_role("owner")
        for values in ({"active": False}, {"is_owner": False}):
            with (
                self.subTest(values=values),
                self.assertRefused(UserError, "without an owner"),
            ):
                owner.write(values)

    def test_partners_wait_only_where_an_owner_may_be_lost(self):
        """Owned partners are locked for that; all are, as roles are everybody's."""
        owner, locked = self.get_role("owner"), []

        def lock(partners):
            locked.extend(partners.ids)

        Partner = type(self.env["res.partner"])
        with patch.object(Partner, "_lock_team", lock):
            for roles, values in (
                (owner, {"name": "Boss"}),
                (owner, {"can_see_money": False}),
                (owner, {"active": True, "is_owner": True}),
                (self.lead_role, {"active": False}),
                (self.lead_role, {"is_owner": True, "active": True}),
            ):
                with self.subTest(values=values):
                    roles.write(values)
                    self.assertFalse(locked)
            with self.assertRefused(UserError, "without an owner"):
                (owner | self.lead_role).write({"is_owner": False})
        self.assertLessEqual({self.alpha.id, self.beta.id}, set(locked))

    def test_a_change_of_rights_counts_at_once(self):
        self.assertTrue(self.may(self.owner, "can_see_money"))
        deal = self._create_deals(self.seller2)
        domain = [("id", "=", deal.id)]
        Lead = self.env["crm.lead"].with_user(self.owner)
        self.assertTrue(Lead.search(domain))
        self.get_role("owner").can_see_all_deals = False
        self.assertFalse(Lead.search(domain))

    def test_an_archived_role_allows_nothing(self):
        deal = self._create_deals(self.seller2)
        Lead = self.env["crm.lead"].with_user(self.viewer)
        self.assertTrue(Lead.search([("id", "=", deal.id)]))
        self.get_role("viewer").active = False
        self.assertFalse(self.may(self.viewer, "can_see_all_deals"))
        self.assertFalse(Lead.search([("id", "=", deal.id)]))

    def test_partners_read_no_roles(self):
        for user in (self.owner, self.leader, self.seller):
            with self.assertRaises(AccessError), mute_logger("odoo.models"):
                self.env["partner.portal.role"].with_user(user).search([])
