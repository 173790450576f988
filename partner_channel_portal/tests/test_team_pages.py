from lxml import html

from odoo import http
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PortalFormCase
from .team_common import INVITED, TeamMixin


@tagged("post_install", "-at_install")
class TestTeamPages(TeamMixin, PortalFormCase):
    """The team over HTTP and by remote calls, for everybody who may try."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpTeam()

    @classmethod
    def setUpChannel(cls):
        # once: both parents set it up
        if not hasattr(cls, "alpha"):
            super().setUpChannel()

    def get_answer(self, url, user=None):
        if user:
            self.login(user)
        with mute_logger("odoo.http", "odoo.models"):
            return self.url_open(url, allow_redirects=False)

    def get_status(self, url, user=None):
        return self.get_answer(url, user).status_code

    def send(self, url, user=None, csrf=True, **data):
        """Send a form; return the answer."""
        if user:
            self.login(user)
        if csrf:
            data["csrf_token"] = http.Request.csrf_token(self)
        with mute_logger("odoo.http", "odoo.models"):
            return self.url_open(url, data=data, allow_redirects=False)

    def send_invitation(self, user=None, **values):
        typed = {**INVITED, "role": str(self.get_role("seller").id), **values}
        return self.send("/my/team/invite", user, **typed)

    # === WHO === #

    def test_who_sees_which_page(self):
        member = f"/my/team/{self.seller2.partner_id.id}"
        pages = ("/my/team", "/my/team/page/2", "/my/team/invite", member)
        stranger = self._create_user(
            "portal_test_stranger",
            self.env["res.partner"].create({"name": "A Customer"}),
            "base.group_portal",
        )
        expected = {
            self.owner: (200, 200, 200, 200),
            self.leader: (200, 200, 200, 200),
            self.rival: (200, 200, 200, 404),
            self.suspended: (200, 200, 303, 404),
            stranger: (404,) * 4,
            self.manager: (404,) * 4,
        }
        for name in ("seller", "finance", "viewer", "norole", "trainer", "terminated"):
            expected[getattr(self, name)] = (404,) * 4
        for user, statuses in expected.items():
            self.login(user)
            with self.subTest(user=user.login):
                self.assertEqual(tuple(map(self.get_status, pages)), statuses)
        self.authenticate(None, None)
        for page in pages:
            self.assertIn("/web/login", self.get_answer(page).headers["Location"])

    def test_the_list_and_the_card_are_for_those_who_manage_the_team(self):
        self.login(self.owner)
        self.assertIn('href="/my/team"', self.url_open("/my/home").text)
        counters = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["team_count"]}
        )
        self.assertEqual(counters["team_count"], 8)
        page = self.url_open("/my/team").text
        for user in self.team:
            self.assertIn(user.name, page)
        self.assertNotIn(self.rival.name, page)
        self.assertIn('href="/my/security"', page)
        self.login(self.seller)
        self.assertNotIn('href="/my/team"', self.url_open("/my/home").text)

    def test_the_list_is_searched_and_sorted(self):
        self.login(self.owner)

        def names(query):
            page = html.fromstring(self.url_open(f"/my/team?{query}").content)
            links = page.xpath("//tbody//a[starts-with(@href, '/my/team/')]")
            return [link.text_content().split()[0] for link in links]

        self.assertEqual(
            names("sortby=name"),
            sorted(user.name.split()[0] for user in self.team),
        )
        self.assertEqual(names("sortby=role")[0], "Owner")
        self.assertEqual(names("sortby=role")[-1], "Norole")
        self.assertEqual(names("filterby=invited"), ["Norole"])
        self.assertEqual(names("search=finance@"), ["Finance"])
        self.assertEqual(names("filterby=ended"), [])
        self.assertEqual(len(names("sortby=nonsense&filterby=x&search_in=y")), 8)

    # === CHANGES === #

    def test_a_colleague_is_invited_over_the_page(self):
        answer = self.send_invitation(self.owner)
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/my/team?invited=1", answer.headers["Location"])
        self.assertTrue(self.find_person())
        self.assertIn("Nina New", self.url_open("/my/team?invited=1").text)

    def test_known_and_unknown_addresses_get_the_same_page(self):
        self.login(self.owner)
        unknown = self.send_invitation(email="unknown@else.example")
        known = self.send_invitation(email=self.rival.partner_id.email)
        for answer in (unknown, known):
            self.assertEqual(answer.status_code, 303)
        self.assertEqual(unknown.headers["Location"], known.headers["Location"])
        waiting = self.env["res.partner"].search([("team_access", "=", "waiting")])
        self.assertEqual(len(waiting), 2)
        texts = [
            self.url_open(f"/my/team/{person.id}").text.replace(person.email, "")
            for person in waiting
        ]
        pages = [html.fromstring(text).xpath("//main")[0] for text in texts]
        words = [page.text_content().split() for page in pages]
        self.assertEqual(words[0], words[1])
        waiting._grant_team_access()
        states = [self.get_state(person) for person in waiting]
        self.assertEqual(states, ["invited", "invited"])

    def test_a_wrong_form_comes_again_with_what_was_typed(self):
        self.login(self.owner)
        answer = self.send_invitation(email="nina", name="Nina & Co")
        self.assertEqual(answer.status_code, 200)
        page = html.fromstring(answer.content)
        [field] = page.xpath("//input[@name='email']")
        self.assertEqual(field.get("aria-invalid"), "true")
        self.assertEqual(field.get("aria-describedby"), "team_email_error")
        self.assertTrue(page.xpath("//*[@id='team_email_error']"))
        [name] = page.xpath("//input[@name='name']")
        self.assertEqual(name.get("value"), "Nina & Co")

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

    def test_each_deed_over_the_page(self):
        self.login(self.owner)
        url = f"/my/team/{self.seller.partner_id.id}"
        steps = (
            ("role", {"role": str(self.get_role("finance").id)}, "The role is changed"),
            ("end", {}, "taken away"),
            ("restore", {}, "on its way"),
            ("invite", {}, "on its way"),
        )
        for deed, data, told in steps:
            with self.subTest(deed=deed):
                answer = self.send(f"{url}/{deed}", **data)
                self.assertEqual(answer.status_code, 303)
                self.assertIn(told, self.url_open(f"{url}?done={deed}").text)
                again = self.send(f"{url}/{deed}", **data)
                self.assertEqual(again.status_code, 303, "a double click")
        self.seller.partner_id._grant_team_access()
        answer = self.send(f"{url}/transfer", role=str(self.get_role("viewer").id))
        self.assertIn("/my/home", answer.headers["Location"])
        self.assertTrue(self.seller.partner_id.portal_role_id.is_owner)
        self.assertEqual(self.get_status("/my/team"), 404)

    def test_what_is_refused_is_said_on_the_page(self):
        person = self.finance.partner_id
        answer = self.send(f"/my/team/{person.id}/end", self.leader)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("may do more than you", answer.text)
        page = self.url_open(f"/my/team/{person.id}").text
        self.assertNotIn("Take the access away", page)
        mine = self.url_open(f"/my/team/{self.leader.partner_id.id}").text
        self.assertNotIn("Take the access away", mine)

    def test_foreign_colleagues_and_deeds_are_not_found(self):
        self.login(self.owner)
        foreign = self.rival.partner_id.id
        for wrong in (0, foreign, self.alpha.id, 2**31, 2**63, 10**30, "x", "-1"):
            with self.subTest(wrong=wrong):
                self.assertEqual(self.get_status(f"/my/team/{wrong}"), 404)
                answer = self.send(f"/my/team/{wrong}/end")
                self.assertEqual(answer.status_code, 404)
        own = self.seller.partner_id.id
        for deed in ("x", "_team_end", "write", "unlink", "%00", "a%20b"):
            with self.subTest(deed=deed):
                self.assertEqual(self.send(f"/my/team/{own}/{deed}").status_code, 404)
        self.assertEqual(self.get_status(f"/my/team/{own}/end"), 405)
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
        self.assertEqual(self.seller2.partner_id.portal_role_id, self.get_role("seller"))
        self.assertFalse(self.find_person())

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

    # === SESSIONS === #

    def test_who_loses_access_is_out_at_once(self):
        self.login(self.seller)
        self.assertEqual(self.get_status("/my/deals"), 200)
        self.assertEqual(self.change(self.owner, self.seller, "end"), "")
        answer = self.get_answer("/my/deals")
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/web/login", answer.headers["Location"])

    def test_who_goes_to_a_rival_finds_nothing_of_the_former_company(self):
        deal = self._create_deals(self.seller)
        self.login(self.viewer)
        self.assertEqual(self.get_status(f"/my/deals/{deal.id}"), 200)
        self.viewer.partner_id.parent_id = self.beta
        self.assertEqual(self.get_status(f"/my/deals/{deal.id}"), 404)
        self.assertEqual(self.get_status("/my/deals"), 200)
        self.viewer.partner_id.parent_id = False
        self.assertEqual(self.get_status("/my/deals"), 404)

    def test_the_last_owner_is_told_why_the_account_stays(self):
        answer = self.send(
            "/my/deactivate_account",
            self.owner,
            validation=self.owner.login,
            password=self.owner.login,
        )
        self.assertIn("is the last one", answer.text)
        self.assertTrue(self.owner.active)

    # === REMOTE CALLS === #

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
