from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .team_common import TeamCase


@tagged("post_install", "-at_install")
class TestTeamOwner(TeamCase):
    """There is always an owner, and who left the company has no part in it."""

    def refuse(self):
        return self.assertRefused(UserError, "is the last one")

    # === HANDING ON === #

    def test_the_ownership_is_handed_on_and_both_are_told(self):
        self.seller.partner_id.lang = self.owner.partner_id.lang = "en_US"
        self.assertEqual(self.change(self.owner, self.seller, "transfer", "viewer"), "")
        self.assertTrue(self.seller.partner_id.portal_role_id.is_owner)
        self.assertEqual(self.owner.partner_id.portal_role_id, self.get_role("viewer"))
        for user in (self.seller, self.owner):
            told = self.env["mail.message"].search(
                [("notified_partner_ids", "=", user.partner_id.id)], limit=1
            )
            self.assertIn("on to Seller of Alpha", str(told.body))
        self.assertIn("has handed the ownership on", self.get_notes(self.alpha)[0])
        with self.assertRaises(AccessError):
            self.change(self.owner, self.seller, "role", "viewer")

    def test_only_an_owner_hands_on_and_only_to_who_is_there(self):
        for role, told in ((None, "Choose one"), ("owner", "the role you will have")):
            message = self.change(self.owner, self.seller, "transfer", role)
            self.assertIn(told, message)
        message = self.change(self.leader, self.seller, "transfer", "trainer")
        self.assertIn("Only an owner", message)
        # invited, not here yet: nothing is done
        message = self.change(self.owner, self.norole, "transfer", "viewer")
        self.assertIn("changed meanwhile", message)
        self.assertFalse(self.norole.partner_id.portal_role_id)
        self.assertTrue(self.owner.partner_id.portal_role_id.is_owner)

    def test_of_two_owners_one_may_go(self):
        self.change(self.owner, self.seller, "role", "owner")
        self.assertEqual(self.change(self.seller, self.owner, "role", "viewer"), "")
        message = self.change(self.seller, self.owner, "end")
        self.assertEqual(message, "")
        self.assertFalse(self.owner.active)

    # === THE LAST ONE === #

    def test_the_vendors_form_does_not_take_the_last_owner_away(self):
        person = self.owner.partner_id
        manager = self.as_user(person, self.manager)
        for values in (
            {"portal_role_id": self.get_role("seller").id},
            {"portal_role_id": False},
            {"parent_id": self.beta.id},
            {"parent_id": False},
            {"is_company": True},
        ):
            with self.subTest(values=values), self.refuse():
                manager.write(values)
        self.assertTrue(person.portal_role_id.is_owner)
        manager.write({"function": "CEO", "phone": "+49 30 1"})
        # Odoo keeps contacts with a login as well, and does not say what to do first
        with self.refuse():
            person.unlink()

    def test_the_last_owners_login_is_not_taken_away(self):
        user = self.owner
        group = self.env.ref("base.group_portal")
        public = self.env.ref("base.group_public")
        for values in (
            {"active": False},
            {"share": False},
            {"active": False, "group_ids": [(3, group.id), (4, public.id)]},
        ):
            with self.subTest(values=values), self.refuse():
                user.write(values)
        with self.refuse():
            user.unlink()
        self.env.invalidate_all()
        wizard = self.env["portal.wizard"].create({"partner_ids": user.partner_id.ids})
        with self.refuse():
            wizard.user_ids.action_revoke_access()
        self.assertTrue(user.active)

    def test_the_last_owner_does_not_delete_the_own_account(self):
        with self.refuse():
            self.owner.with_user(self.owner).sudo()._deactivate_portal_user()
        self.assertTrue(self.owner.active)
        self.assertEqual(self.owner.login, "portal_test_owner")
        self.seller.with_user(self.seller).sudo()._deactivate_portal_user()
        self.assertFalse(self.seller.active)

    def test_two_owners_at_once_do_not_both_go(self):
        self.seller.partner_id.portal_role_id = self.get_role("owner")
        both = (self.owner | self.seller).partner_id
        with self.refuse():
            both.portal_role_id = self.get_role("viewer")
        with self.refuse():
            (self.owner | self.seller).active = False
        self.owner.partner_id.portal_role_id = self.get_role("viewer")
        self.seller2.partner_id.portal_role_id = self.get_role("owner")
        self.seller.active = False
        with self.refuse():
            self.seller2.active = False

    def test_the_owner_of_the_partner_is_named_and_no_other(self):
        both = (self.owner | self.rival).partner_id
        self.seller.partner_id.portal_role_id = self.get_role("owner")
        named = self.rival.partner_id.name
        for refused in (
            lambda: both.write({"portal_role_id": self.get_role("viewer").id}),
            lambda: (self.owner | self.rival).write({"active": False}),
            lambda: (self.owner | self.rival).unlink(),
        ):
            with self.assertRaises(UserError) as error:
                refused()
            self.assertIn(f"{named} is the last one", str(error.exception))
            self.assertNotIn(self.owner.partner_id.name, str(error.exception))
            self.env.invalidate_all()
            self.env.registry.clear_cache()

    def test_an_owner_without_a_login_is_none(self):
        self.seller.partner_id.portal_role_id = self.get_role("owner")
        self.seller.active = False
        with self.refuse():
            self.owner.partner_id.portal_role_id = self.get_role("viewer")

    def test_a_partner_that_is_none_any_more_needs_no_owner(self):
        self.terminated.partner_id.portal_role_id = False
        self.terminated.active = False
        with self.refuse():
            self.suspended.active = False

    def test_the_vendor_gives_the_ownership(self):
        Wizard = self.env["partner.team.owner"].with_user(self.manager)
        values = {"partner_id": self.alpha.id, "person_id": self.seller.partner_id.id}
        wizard = Wizard.create({**values, "former_role_id": self.get_role("viewer").id})
        self.assertEqual(wizard.owner_names, self.owner.name)
        wizard.action_give()
        self.assertTrue(self.seller.partner_id.portal_role_id.is_owner)
        self.assertEqual(self.owner.partner_id.portal_role_id, self.get_role("viewer"))
        # the first owner of a partner: a contact that has no login yet
        partner, _membership = self._create_partner("Epsilon")
        person = self.env["res.partner"].create(
            {"name": "Eva", "email": "eva@epsilon.example", "parent_id": partner.id}
        )
        self.assertFalse(partner.has_team_owner)
        Wizard.create({"partner_id": partner.id, "person_id": person.id}).action_give()
        self.assertEqual(self.get_state(person), "invited")
        person._grant_team_access()
        self.assertTrue(person.user_ids._is_portal())
        self.assertTrue(partner.has_team_owner)

    def test_without_a_role_that_owns_the_vendor_gives_none(self):
        partner, _membership = self._create_partner("Epsilon")
        person = self.env["res.partner"].create(
            {
                "name": "Eva",
                "email": "eva@epsilon.example",
                "parent_id": partner.id,
                "portal_role_id": self.get_role("viewer").id,
            }
        )
        self.env.cr.execute(
            "UPDATE partner_portal_role SET active = FALSE WHERE is_owner"
        )
        self.env.invalidate_all()
        wizard = self.env["partner.team.owner"].with_user(self.manager)
        wizard = wizard.create({"partner_id": partner.id, "person_id": person.id})
        with self.assertRefused(UserError, "No role owns the partnership"):
            wizard.action_give()
        self.assertEqual(person.portal_role_id, self.get_role("viewer"))

    def test_the_ownership_goes_to_people_of_the_partner_only(self):
        Wizard = self.env["partner.team.owner"].with_user(self.manager)
        wizard = Wizard.create(
            {"partner_id": self.alpha.id, "person_id": self.rival.partner_id.id}
        )
        with self.assertRefused(UserError, "does not belong"):
            wizard.action_give()
        clerk = self._create_user(
            "portal_test_own_manager",
            self.env["res.partner"].create({"name": "Own", "email": "own@v.example"}),
            "partner_channel.group_channel_manager",
        )
        wizard = self.env["partner.team.owner"].with_user(clerk)
        values = {"partner_id": self.alpha.id, "person_id": self.seller.partner_id.id}
        with self.assertRaises(AccessError):
            wizard.create(values).action_give()
        self.assertFalse(self.seller.partner_id.portal_role_id.is_owner)
        for user in (self.owner, self.seller):
            with self.assertRaises(AccessError):
                self.env["partner.team.owner"].with_user(user).create(values)

    def test_what_is_refused_leaves_nothing_cached(self):
        domain = [("id", "=", self._create_deals(self.seller2).id)]
        Lead = self.env["crm.lead"].with_user(self.seller)

        def give_and_refuse(person, values):
            person.portal_role_id = self.get_role("viewer")
            self.assertTrue(Lead.search(domain))
            raise UserError(self.env._("No"))

        Partner = type(self.env["res.partner"])
        with patch.object(Partner, "_team_role", give_and_refuse):
            message = self.change(self.owner, self.seller, "role", "viewer")
        self.assertEqual(message, "No")
        self.assertFalse(Lead.search(domain))

    # === EX-EMPLOYEES === #

    def test_who_goes_to_a_rival_leaves_role_and_deals_behind(self):
        deal = self._create_deals(self.seller)
        theirs = self._create_deals(self.rival)
        Lead = self.env["crm.lead"].with_user(self.viewer)
        self.assertTrue(Lead.search([("id", "=", deal.id)]))
        self.viewer.partner_id.parent_id = self.beta
        self.assertFalse(self.viewer.partner_id.portal_role_id)
        self.assertFalse(Lead.search([("id", "in", (deal | theirs).ids)]))
        self.assertNotIn(self.viewer.name, self.get_states(self.owner))
        self.assertIn(self.viewer.name, self.get_states(self.rival))

    def test_a_role_given_with_the_move_stays(self):
        self.viewer.partner_id.write(
            {"parent_id": self.beta.id, "portal_role_id": self.get_role("seller").id}
        )
        self.assertEqual(self.viewer.partner_id.portal_role_id, self.get_role("seller"))
        # a contact that gets its company has the role it was given
        person = self.env["res.partner"].create(
            {"name": "New", "portal_role_id": self.get_role("seller").id}
        )
        person.parent_id = self.alpha
        self.assertEqual(person.portal_role_id, self.get_role("seller"))

    def test_who_moves_with_a_branch_leaves_the_role_as_well(self):
        branch = self.env["res.partner"].create(
            {"name": "Alpha North", "parent_id": self.alpha.id}
        )
        self.viewer.partner_id.parent_id = branch
        self.assertTrue(self.viewer.partner_id.portal_role_id)
        branch.parent_id = self.beta
        self.assertFalse(self.viewer.partner_id.portal_role_id)

    def test_an_owner_who_was_not_the_last_owns_nothing_elsewhere(self):
        self.change(self.owner, self.seller, "role", "owner")
        self.owner.partner_id.parent_id = self.beta
        self.assertFalse(self.owner.partner_id.portal_role_id)
        with self.assertRaises(AccessError):
            self.change(self.owner, self.rival, "end")
        with self.assertRaises(AccessError):
            self.change(self.owner, self.seller, "end")
