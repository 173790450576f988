from lxml import html

from odoo.tests import tagged

from .team_common import TeamPageCase


@tagged("post_install", "-at_install")
class TestTeamPages(TeamPageCase):
    """The team over HTTP and by remote calls, for everybody who may try."""

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

    def test_who_has_a_second_factor_is_told_to_those_who_manage(self):
        self.env.cr.execute(
            "UPDATE res_users SET totp_secret = 'A' WHERE id = %s", [self.seller.id]
        )
        self.env["auth.passkey.key"].with_user(self.finance).sudo().create(
            {"name": "Key", "credential_identifier": "x", "public_key": "y"}
        )
        self.env.invalidate_all()
        members = self.env["partner.team.member"].with_user(self.owner).search([])
        safe = members.filtered("has_second_factor")
        self.assertEqual(
            set(safe.ids), set((self.seller | self.finance).partner_id.ids)
        )
        self.login(self.owner)
        words = self.url_open(f"/my/team/{self.finance.partner_id.id}").text.split()
        self.assertIn("On", words)
        words = self.url_open(f"/my/team/{self.viewer.partner_id.id}").text
        self.assertIn(">Off<", words)

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

    def test_a_suspended_partner_is_told_on_both_pages(self):
        self.login(self.suspended)
        other = self._create_staff(self.gamma, "other", "seller")
        for page in ("/my/team", f"/my/team/{other.partner_id.id}"):
            text = " ".join(self.url_open(page).text.split())
            self.assertIn("you see the team and cannot change it", text)
        self.login(self.owner)
        for page in ("/my/team", f"/my/team/{self.seller.partner_id.id}"):
            self.assertNotIn("cannot change it", self.url_open(page).text)

    def test_what_was_changed_meanwhile_is_said_on_the_page(self):
        url = f"/my/team/{self.seller.partner_id.id}"
        answer = self.send(f"{url}/invite", self.owner)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("This was changed meanwhile", answer.text)

    def test_what_is_refused_is_said_on_the_page(self):
        person = self.finance.partner_id
        answer = self.send(f"/my/team/{person.id}/end", self.leader)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("may do more than you", answer.text)
        page = self.url_open(f"/my/team/{person.id}").text
        self.assertNotIn("Take the access away", page)
        mine = self.url_open(f"/my/team/{self.leader.partner_id.id}").text
        self.assertNotIn("Take the access away", mine)

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
