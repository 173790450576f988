from odoo.exceptions import AccessError
from odoo.tests import tagged

from .team_common import INVITED, TeamCase


@tagged("post_install", "-at_install")
class TestTeamReturn(TeamCase):
    """Who comes back to the team, and what is told of what could not be done."""

    def run_invitations(self):
        """Run the job as the system does."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            cron = self.env.ref("partner_channel_portal.ir_cron_invite_team")
            cron.method_direct_trigger()
        self.env.invalidate_all()

    # === ARCHIVED === #

    def test_who_was_archived_meanwhile_gets_the_access_back(self):
        users = self.seller | self.seller2
        people = users.partner_id
        for person in people:
            self.assertEqual(self.change(self.owner, person, "end"), "")
        people.action_archive()
        for person in people:
            self.assertEqual(self.get_state(person), "ended")
            self.assertEqual(self.change(self.owner, person, "restore"), "")
            self.assertEqual(self.get_state(person), "invited")
        for _again in range(2):
            self.run_invitations()
            self.assertEqual(users.mapped("active"), [True, True])
            self.assertEqual(people.mapped("active"), [True, True])
            self.assertEqual([self.get_state(p) for p in people], ["active"] * 2)

    def test_who_was_archived_while_invited_has_no_access_and_may_get_it(self):
        self.invite(self.owner)
        person = self.find_person()
        person.action_archive()
        self.assertEqual(self.get_state(person), "ended")
        self.run_invitations()
        self.assertFalse(person.user_ids)
        self.assertEqual(self.change(self.owner, person, "restore"), "")
        self.run_invitations()
        self.assertTrue(person.user_ids._is_portal())

    def test_an_archived_contact_is_invited_again(self):
        self.invite(self.owner)
        person = self.find_person()
        person.action_archive()
        self.assertEqual(self.invite(self.owner), {})
        self.assertEqual(self.find_person(), person)
        self.run_invitations()
        self.assertTrue(person.user_ids._is_portal())

    def test_who_has_deleted_the_account_starts_anew(self):
        """Odoo deletes such logins and contacts by and by, where nothing needs them."""
        former, email = self.seller.partner_id, self.seller.partner_id.email
        self.seller.with_user(self.seller).sudo()._deactivate_portal_user()
        deletion = self.env["res.users.deletion"].search(
            [("user_id", "=", self.seller.id)]
        )
        for state in ("todo", "fail"):
            deletion.state = state
            self.assertNotIn(former.name, self.get_states(self.owner))
            with self.assertRaises(AccessError):
                self.change(self.owner, former, "restore")
        self.assertEqual(self.invite(self.owner, email=email), {})
        self.run_invitations()
        person = self.find_person(email) - former
        self.assertEqual(person.user_ids.login, email)
        self.assertFalse(self.seller.active)
        # the vendor may take a login up again that could not be deleted
        self.seller.active = True
        self.assertIn(former.name, self.get_states(self.owner))

    def test_the_vendors_own_people_get_no_portal_login(self):
        people = self.env["res.partner"].create(
            [
                {
                    "name": name,
                    "email": f"{name}@alpha.example",
                    "parent_id": self.alpha.id,
                }
                for name in ("lent", "free")
            ]
        )
        lent, free = people
        clerk = self._create_user("portal_test_lent", lent, "base.group_user")
        for email in people.mapped("email"):
            self.assertEqual(self.invite(self.owner, email=email), {})
        self.run_invitations()
        self.assertTrue(clerk._is_internal())
        self.assertTrue(free.user_ids._is_portal())
        self.assertIn("another login", " ".join(self.get_notes(self.alpha)))

    # === WHAT WAS NOT DONE === #

    def test_only_a_repeat_is_passed_over_in_silence(self):
        changed = "This was changed meanwhile"
        self.assertIn(changed, self.change(self.owner, self.seller, "invite"))
        self.assertIn(
            changed, self.change(self.owner, self.norole, "transfer", "viewer")
        )
        self.assertEqual(self.change(self.owner, self.seller, "restore"), "")
        for _again in range(2):
            self.assertEqual(self.change(self.owner, self.seller, "end"), "")
        for deed in ("invite", "transfer"):
            with self.subTest(deed=deed):
                message = self.change(self.owner, self.seller, deed, "viewer")
                self.assertIn(changed, message)
        for _again in range(2):
            self.assertEqual(self.change(self.owner, self.seller, "restore"), "")
        self.assertIn(
            changed, self.change(self.owner, self.seller, "transfer", "viewer")
        )

    def test_the_reason_is_told_when_somebody_cannot_be_invited(self):
        emails = (INVITED["email"], "second@alpha.example")
        for email in emails:
            self.invite(self.owner, email=email)
        people = [self.find_person(email.lower()) for email in emails]
        people[0].email = "nonsense"
        people[1].email = self.rival.partner_id.email
        self.run_invitations()
        known, wrong = self.get_notes(self.alpha)[:2]
        self.assertIn("does not have a valid email", wrong)
        self.assertNotIn("another login", wrong)
        self.assertIn("another login", known)

    # === WHO IS TOLD === #

    def test_who_looks_after_the_partner_is_told_in_the_own_language(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        group = "partner_channel.group_channel_head"
        head, leader = [
            self._create_user(
                f"portal_test_{name}",
                self.env["res.partner"].create(
                    {"name": name, "email": f"{name}@v.example", "lang": "ru_RU"}
                ),
                group,
            )
            for name in ("head", "leads")
        ]
        memberships = self.alpha_membership | self.beta_membership
        self.program.head_id = head
        memberships.team_id = self.env["crm.team"].create(
            {"name": "Channel", "user_id": leader.id, "company_id": self.vendor.id}
        )
        everybody = (self.manager, head, leader, self.env["res.users"])
        partners = self.alpha | self.beta
        for user in everybody:
            partners._note_team(lambda env: str(env.lang), tell=True)
            for partner in partners:
                with self.subTest(user=user.login, partner=partner.name):
                    message = partner.message_ids[0]
                    self.assertEqual(message.partner_ids, user.partner_id)
                    lang = user.lang or str(self.env.lang)
                    self.assertIn(lang, message.body)
            user.active = False
        self.assertFalse(memberships._get_responsible_user())
