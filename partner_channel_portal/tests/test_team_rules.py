from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import team_change_mixin
from ..models.team_portal_mixin import INVITATIONS_PER_HOUR
from .team_common import INVITED, TeamCase


@tagged("post_install", "-at_install")
class TestTeamRules(TeamCase):
    """Who changes whose access, and to what."""

    def run_invitations(self):
        waiting = self.env["res.partner"].search([("team_access", "=", "waiting")])
        waiting._grant_team_access()
        return waiting

    def get_login(self, person):
        return person.with_context(active_test=False).user_ids

    # === SEEING === #

    def test_who_manages_the_team_sees_it_and_nobody_else(self):
        states = dict.fromkeys(self.team.mapped("name"), "active")
        states[self.norole.name] = "invited"
        for user in (self.owner, self.leader):
            self.assertEqual(self.get_states(user), states)
        for name in ("seller", "finance", "viewer", "norole", "trainer", "terminated"):
            with self.subTest(name=name):
                self.assertEqual(self.get_states(getattr(self, name)), {})
        self.assertEqual(self.get_states(self.rival), {self.rival.name: "active"})
        self.assertEqual(
            self.get_states(self.suspended), {self.suspended.name: "active"}
        )

    def test_nothing_of_the_login_is_told_but_that_there_was_one(self):
        member = self.env["partner.team.member"].with_user(self.owner).search([])[0]
        told = set(member.fields_get())
        self.assertFalse({"user_id", "login", "login_date", "log_ids"} & told)
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            member.write({"name": "x"})
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            member.create({"name": "x"})

    # === INVITING === #

    def test_an_invited_colleague_gets_a_login_with_the_role(self):
        self.assertEqual(self.invite(self.owner), {})
        person = self.find_person()
        self.assertEqual(person.name, "Nina New")
        self.assertEqual(person.parent_id, self.alpha)
        self.assertEqual(person.portal_role_id, self.get_role("seller"))
        self.assertEqual(self.get_state(person), "invited")
        self.assertFalse(person.user_ids, "nothing is done while the page waits")
        with self.mock_mails() as mails:
            self.assertEqual(self.run_invitations(), person)
        user = person.user_ids
        self.assertEqual(user.login, "nina.new@alpha.example")
        self.assertTrue(user._is_portal())
        self.assertEqual(len(mails), 1)
        self.assertEqual(self.get_state(person), "invited")
        self._come_in(user)
        self.assertEqual(self.get_state(person), "active")
        self.assertIn("is invited as Seller", self.get_notes(self.alpha)[0])

    @contextmanager
    def mock_mails(self):
        """List the people an invitation is written to."""
        calls = []
        wizard = type(self.env["portal.wizard.user"])
        write = lambda line: calls.append(line.partner_id)  # noqa: E731
        with patch.object(wizard, "_send_email", write):
            yield calls

    def test_inviting_twice_is_one_colleague(self):
        self.invite(self.owner)
        self.invite(self.owner, role="viewer", name="Other Name")
        person = self.find_person()
        self.assertEqual(len(person), 1)
        self.assertEqual(person.portal_role_id, self.get_role("viewer"))
        self.assertEqual(person.name, "Nina New")
        self.run_invitations()
        self.invite(self.owner)
        self.run_invitations()
        self.assertEqual(len(self.get_login(self.find_person())), 1)

    def test_a_contact_the_vendor_has_is_taken_over(self):
        contact = self.env["res.partner"].create(
            {"name": "N. New", "email": INVITED["email"], "parent_id": self.alpha.id}
        )
        self.assertEqual(self.invite(self.owner), {})
        self.assertEqual(self.find_person(), contact)
        self.assertEqual(contact.name, "N. New")
        self.run_invitations()
        self.assertTrue(contact.user_ids)

    def test_an_address_known_elsewhere_gets_the_same_answer_and_no_login(self):
        emails = [self.rival.partner_id.email]
        for values in (
            {"email": "other@beta.example", "parent_id": self.beta.id},
            {"email": "jane@home.example"},
        ):
            person = self.env["res.partner"].create({"name": "Known", **values})
            emails.append(person.email)
        home = self._create_user("portal_test_home", person, "base.group_portal")
        for email in emails:
            with self.subTest(email=email):
                self.assertEqual(self.invite(self.owner, email=email), {})
                person = self.find_person(email)
                self.assertEqual(self.get_state(person), "invited")
                for _again in range(2):
                    with self.mock_mails() as mails:
                        self.assertEqual(self.run_invitations(), person)
                    self.assertEqual(mails, [])
                    self.assertFalse(self.get_login(person))
                    self.assertEqual(self.get_state(person), "invited")
                    self.assertEqual(self.change(self.owner, person, "invite"), "")
                self.assertEqual(self.change(self.owner, person, "end"), "")
                self.assertEqual(self.get_state(person), "ended")
        self.assertEqual(home.partner_id.email, "jane@home.example")
        self.assertEqual(self.rival.partner_id.commercial_partner_id, self.beta)

    def test_the_channel_manager_alone_is_told_of_a_known_address(self):
        self.invite(self.owner, email=self.rival.partner_id.email)
        self.run_invitations()
        message = self.alpha.message_ids.filtered(
            lambda m: "another login" in str(m.body)
        )
        self.assertEqual(message.partner_ids, self.manager.partner_id)
        self.assertTrue(message.subtype_id.internal)
        Message = self.env["mail.message"].with_user(self.owner)
        self.assertFalse(Message.search([("id", "=", message.id)]))

    def test_a_lost_address_of_a_person_alone_may_be_invited(self):
        """Whoever once wrote to the vendor privately may work for a partner."""
        self.env["res.partner"].create({"name": "Nina", "email": INVITED["email"]})
        self.invite(self.owner)
        self.run_invitations()
        self.assertTrue(self.get_login(self.find_person()))

    def test_a_wrong_form_says_what_is_wrong(self):
        for values, field in (
            ({"name": ""}, "name"),
            ({"name": "x" * 101}, "name"),
            ({"name": "<b>x</b>"}, "name"),
            ({"name": "a\x00b"}, "name"),
            ({"email": "nina"}, "email"),
            ({"email": "a@b.example, c@d.example"}, "email"),
            ({"email": "a\x00@b.example"}, "email"),
            ({"email": self.seller.partner_id.email}, "email"),
        ):
            with self.subTest(values=values):
                self.assertEqual(list(self.invite(self.owner, **values)), [field])
        Partner = self.env["res.partner"].with_user(self.owner)
        for role in ("", "x", str(2**70), None, ["1"]):
            with self.subTest(role=role):
                errors = Partner._portal_invite_member({**INVITED, "role": role})
                self.assertEqual(list(errors), ["role"])
        self.assertFalse(self.find_person())

    def test_nobody_invites_without_the_right(self):
        for name in (
            "seller",
            "finance",
            "viewer",
            "norole",
            "trainer",
            "suspended",
            "terminated",
        ):
            with self.subTest(name=name), self.assertRaises(AccessError):
                self.invite(getattr(self, name))

    def test_invitations_are_limited(self):
        for number in range(INVITATIONS_PER_HOUR):
            errors = self.invite(self.owner, email=f"p{number}@alpha.example")
            self.assertEqual(errors, {})
        errors = self.invite(self.owner, email="last@alpha.example")
        self.assertEqual(list(errors), ["form"])
        self.assertFalse(self.find_person("last@alpha.example"))
        person = self.find_person("p1@alpha.example")
        self.assertIn("a lot for an hour", self.change(self.owner, person, "invite"))

    def test_changes_are_limited(self):
        with patch.object(team_change_mixin, "CHANGES_PER_HOUR", 2):
            for role in ("viewer", "seller"):
                self.assertEqual(self.change(self.owner, self.seller, "role", role), "")
            message = self.change(self.owner, self.seller, "role", "viewer")
        self.assertIn("a lot for an hour", message)
        self.assertEqual(self.seller.partner_id.portal_role_id, self.get_role("seller"))

    def test_the_job_is_the_systems(self):
        for user in (self.owner, self.manager):
            with self.assertRaises(AccessError):
                self.env["res.partner"].with_user(user)._cron_invite_team()

    def test_the_job_invites_who_waits(self):
        self.invite(self.owner)
        with self.enter_registry_test_mode():
            cron = self.env.ref("partner_channel_portal.ir_cron_invite_team")
            cron.method_direct_trigger()
        self.assertTrue(self.get_login(self.find_person()))
        self.assertFalse(self.run_invitations())

    # === ROLES === #

    def test_a_role_is_changed_at_once(self):
        deal = self._create_deals(self.seller2)
        Lead = self.env["crm.lead"].with_user(self.seller)
        self.assertFalse(Lead.search([("id", "=", deal.id)]))
        self.assertEqual(self.change(self.owner, self.seller, "role", "viewer"), "")
        self.assertTrue(Lead.search([("id", "=", deal.id)]))
        self.assertFalse(self.seller.partner_id._has_channel_capability("can_register"))
        self.assertIn("is Viewer from now on", self.get_notes(self.alpha)[0])

    def test_who_leads_the_team_gives_no_more_than_the_own_role(self):
        for role in ("owner", "finance", "viewer"):
            with self.subTest(role=role):
                message = self.change(self.leader, self.seller, "role", role)
                self.assertIn("Choose one of the roles", message)
                self.assertEqual(list(self.invite(self.leader, role=role)), ["role"])
        self.assertEqual(self.seller.partner_id.portal_role_id, self.get_role("seller"))
        self.assertEqual(self.change(self.leader, self.seller, "role", "trainer"), "")
        # nor does anything to people who may do more
        for colleague in (self.owner, self.finance, self.viewer):
            for deed in ("role", "end"):
                with self.subTest(colleague=colleague.login, deed=deed):
                    message = self.change(self.leader, colleague, deed, "seller")
                    self.assertIn("may do more than you", message)
                    self.assertTrue(colleague.active)
        errors = self.invite(self.leader, email=self.finance.partner_id.email)
        self.assertEqual(list(errors), ["email"])

    def test_nobody_changes_oneself(self):
        for user in (self.owner, self.leader):
            for deed in ("role", "end", "transfer"):
                message = self.change(user, user, deed, "seller")
                self.assertIn("your own access", message)
        self.assertEqual(self.owner.partner_id.portal_role_id, self.get_role("owner"))
        self.assertTrue(self.owner.active)

    def test_others_change_nobody(self):
        for name in ("seller", "finance", "viewer", "norole", "trainer", "rival"):
            for deed in ("role", "invite", "end", "restore", "transfer", "nonsense"):
                with self.subTest(name=name, deed=deed), self.assertRaises(AccessError):
                    self.change(getattr(self, name), self.seller2, deed, "viewer")
        for user in (self.suspended, self.terminated):
            with self.assertRaises(AccessError):
                self.change(user, user, "end")
        with self.assertRaises(AccessError):
            self.change(self.owner, self.rival, "end")
        with self.assertRaises(AccessError):
            self.change(self.owner, self.alpha, "end")
        with self.assertRaises(AccessError):
            self.change(self.owner, self.seller, "_team_end")
        self.assertTrue(self.seller2.active and self.rival.active)

    # === ACCESS === #

    def test_who_has_no_access_any_more_has_none_and_gets_it_back(self):
        key = self.env["res.users.apikeys"].with_user(self.seller).sudo()
        key._generate("rpc", "mine", False)
        self.assertEqual(self.change(self.owner, self.seller, "end"), "")
        self.assertFalse(self.seller.active)
        self.assertFalse(self.seller._is_portal())
        keys = self.env["res.users.apikeys"].search([("user_id", "=", self.seller.id)])
        self.assertFalse(keys)
        self.assertEqual(self.get_states(self.owner)[self.seller.name], "ended")
        self.assertEqual(self.change(self.owner, self.seller, "end"), "", "twice")
        self.assertEqual(self.change(self.owner, self.seller, "restore"), "")
        self.assertEqual(self.get_states(self.owner)[self.seller.name], "invited")
        self.run_invitations()
        self.assertTrue(self.seller.active)
        self.assertTrue(self.seller._is_portal())
        self.assertEqual(self.get_states(self.owner)[self.seller.name], "active")
        self.assertEqual(self.seller.partner_id.portal_role_id, self.get_role("seller"))

    def test_an_invitation_is_taken_back_before_it_is_sent(self):
        self.invite(self.owner)
        person = self.find_person()
        self.assertEqual(self.change(self.owner, person, "end"), "")
        self.assertFalse(self.run_invitations())
        self.assertFalse(self.get_login(person))

    def test_the_vendor_may_give_access_again_by_hand(self):
        self.change(self.owner, self.seller, "end")
        wizard = self.env["portal.wizard"].create(
            {"partner_ids": self.seller.partner_id.ids}
        )
        wizard.user_ids.action_grant_access()
        self.assertEqual(self.get_states(self.owner)[self.seller.name], "active")
