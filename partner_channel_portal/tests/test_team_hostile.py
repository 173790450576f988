from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .team_common import INVITED, TeamPageCase


@tagged("post_install", "-at_install")
class TestTeamHostile(TeamPageCase):
    """What somebody tries who wants more of the team than the pages give."""

    def test_more_than_the_form_has_is_not_taken(self):
        """Nobody writes fields of contacts and logins through the form."""
        self.login(self.owner)
        group = self.env.ref("base.group_system")
        self.send_invitation(
            parent_id=str(self.beta.id),
            portal_role_id=str(self.get_role("owner").id),
            group_ids=str(group.id),
            groups_id=str(group.id),
            company_id="1",
            is_company="1",
            active="",
            team_access="sent",
            login="admin2",
            password="x",
            lang="xx",
            user_ids="1",
        )
        person = self.find_person()
        self.assertEqual(person.parent_id, self.alpha)
        self.assertEqual(person.portal_role_id, self.get_role("seller"))
        self.assertFalse(person.is_company or person.company_id)
        self.assertEqual(person.team_access, "waiting")
        person._grant_team_access()
        self.assertEqual(person.user_ids.login, "nina.new@alpha.example")
        self.assertEqual(person.user_ids.group_ids, self.env.ref("base.group_portal"))
        url = f"/my/team/{self.seller.partner_id.id}/role"
        self.send(url, role=str(self.get_role("viewer").id), parent_id=self.beta.id)
        self.assertEqual(self.seller.partner_id.parent_id, self.alpha)
        self.assertEqual(self.seller.partner_id.portal_role_id, self.get_role("viewer"))

    def test_foreign_colleagues_and_deeds_are_not_found(self):
        self.login(self.owner)
        foreign = self.rival.partner_id.id
        for wrong in (0, foreign, self.alpha.id, 2**31, 2**63, 10**30, "x", "-1"):
            with self.subTest(wrong=wrong):
                self.assertEqual(self.get_status(f"/my/team/{wrong}"), 404)
                answer = self.send(f"/my/team/{wrong}/end")
                self.assertEqual(answer.status_code, 404)
        own = self.seller.partner_id.id
        for deed in ("x", "_team_end", "write", "unlink", "a%20b"):
            with self.subTest(deed=deed):
                self.assertEqual(self.send(f"/my/team/{own}/{deed}").status_code, 404)
        self.assertEqual(self.get_status(f"/my/team/{own}/end"), 405)
        self.assertEqual(self.send(f"/my/team/{own}").status_code, 405)
        self.assertTrue(self.rival.active and self.seller.active)

    def test_others_change_nothing(self):
        url = f"/my/team/{self.seller2.partner_id.id}"
        role = str(self.get_role("owner").id)
        names = ("seller", "finance", "viewer", "norole", "trainer", "rival")
        for name in (*names, "suspended", "terminated"):
            user = getattr(self, name)
            for deed in ("role", "invite", "end", "restore", "transfer"):
                with self.subTest(name=name, deed=deed):
                    answer = self.send(f"{url}/{deed}", user, role=role)
                    self.assertEqual(answer.status_code, 404)
            answer = self.send_invitation(user)
            if user == self.rival:
                continue  # a partner of its own, which may
            self.assertEqual(answer.status_code, 403 if name == "suspended" else 404)
        self.assertTrue(self.seller2.active)
        self.assertEqual(
            self.seller2.partner_id.portal_role_id, self.get_role("seller")
        )
        self.assertFalse(self.find_person())

    def test_who_was_deactivated_meanwhile_changes_nobody(self):
        # the request of the leader waited while the owner took the access away
        self.leader.active = False
        with self.assertRaises(AccessError):
            self.change(self.leader, self.seller, "end")
        self.assertTrue(self.seller.active)

    def test_nothing_is_taken_without_the_token(self):
        self.login(self.owner)
        url = f"/my/team/{self.seller.partner_id.id}"
        for target in (f"{url}/end", f"{url}/transfer", "/my/team/invite"):
            answer = self.send(target, csrf=False, **INVITED, role="1")
            self.assertEqual(answer.status_code, 400)
        self.assertTrue(self.seller.active)

    def test_any_parameter_is_taken(self):
        self.login(self.owner)
        junk = "&".join(
            f"{name}=%00abc"
            for name in ("self", "env", "page", "member_id", "deed", "done", "search")
        )
        pages = ("/my/team", "/my/team/invite", f"/my/team/{self.seller.partner_id.id}")
        for page in pages:
            with self.subTest(page=page):
                self.assertEqual(self.get_status(f"{page}?{junk}"), 200)
        for name in ("name", "email", "role"):
            for text in ("\x00", "\u202e", "☀" * 5000, "9" * 400, "[]", "{'a': 1}"):
                with self.subTest(name=name, text=text[:8]):
                    answer = self.send_invitation(**{name: text})
                    self.assertLess(answer.status_code, 500)
        url = f"/my/team/{self.seller.partner_id.id}/role"
        for text in ("\x00", str(2**70), "-1", "", "x"):
            answer = self.send(url, role=text)
            self.assertEqual(answer.status_code, 200)
            self.assertIn("Choose one of the roles", answer.text)

    @mute_logger("odoo.http", "odoo.models")
    def test_remote_calls_get_no_further_than_the_pages(self):
        person, role = self.seller2.partner_id, self.get_role("owner")
        team = "partner.team.member"
        for name in ("seller", "rival", "terminated", "norole"):
            self.login(getattr(self, name))
            result, _error = self.call_as_user(team, "search_read", [[], ["name"]])
            self.assertNotIn(person.id, [row["id"] for row in result])
        calls = (
            ("res.partner", "_portal_invite_member", [INVITED]),
            ("res.partner", "_portal_change_member", [person.id, "end", {}]),
            ("res.partner", "_team_end", [[person.id], {}]),
            ("res.partner", "_set_owner", [[person.id]]),
            ("res.partner", "_grant_team_access", [[person.id]]),
            ("res.partner", "_cron_invite_team", []),
            ("res.partner", "_note_team", [[person.id], "x"]),
            ("res.partner", "write", [[person.id], {"portal_role_id": role.id}]),
            ("res.partner", "write", [[person.id], {"parent_id": False}]),
            ("res.partner", "write", [[person.id], {"team_access": "waiting"}]),
            ("res.partner", "read", [[person.id], ["portal_role_id"]]),
            ("res.partner", "read", [[person.id], ["team_access"]]),
            ("res.partner", "search_count", [[["team_access", "=", "sent"]]]),
            ("res.partner", "search_count", [[["portal_role_id", "=", role.id]]]),
            ("res.partner", "create", [{"name": "x", "parent_id": self.alpha.id}]),
            ("res.users", "write", [[self.seller2.id], {"active": False}]),
            ("res.users", "create", [{"name": "x", "login": "x"}]),
            ("portal.wizard", "create", [{"partner_ids": [person.id]}]),
            ("partner.team.owner", "create", [{"partner_id": self.alpha.id}]),
            ("partner.portal.role", "search_read", [[]]),
            (team, "create", [{"name": "x"}]),
            (team, "write", [[person.id], {"name": "x"}]),
            (team, "unlink", [[person.id]]),
        )
        for name in ("owner", "seller", "rival", "terminated"):
            self.login(getattr(self, name))
            for model, method, args in calls:
                with self.subTest(name=name, model=model, method=method):
                    _result, error = self.call_as_user(model, method, args)
                    self.assertTrue(error)
        self.assertTrue(self.seller2.active)
        self.assertEqual(person.portal_role_id, self.get_role("seller"))
