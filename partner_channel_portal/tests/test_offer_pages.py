"""What people reach of offered leads over HTTP: pages and forms."""

from lxml import html

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .offer_common import HOUR, LIST, OfferPageCase


@tagged("post_install", "-at_install")
class TestOfferPages(OfferPageCase):
    # === READING === #

    def test_those_who_work_on_leads_see_what_waits(self):
        for user in (self.owner, self.seller, self.seller2):
            self.login(user)
            self.assertEqual(self.get_links(), [self.url], user.login)
            page = self.get_page(self.url)
            text = self.get_text(page)
            for word in ("Graz, Austria", "Portal Test Family", "12,345", "left"):
                self.assertIn(word, text)
            self.assertTrue(page.xpath("//form[contains(@action,'/accept')]"))
            [timer] = page.xpath("//*[contains(@class,'channel_countdown')]")
            left = int(timer.get("data-left"))
            self.assertTrue(7.9 * 3600 < left <= 8 * 3600, left)

    def test_those_who_see_all_deals_only_read(self):
        for user in (self.finance, self.viewer):
            self.login(user)
            self.assertEqual(self.get_links(), [self.url], user.login)
            page = self.get_page(self.url)
            self.assertFalse(page.xpath("//form[contains(@action,'/accept')]"))
            self.assertIn("does not allow", self.get_text(page))
            for deed in ("accept", "decline"):
                self.post(f"{self.url}/{deed}", 403, reason="capacity")
        self.assertEqual(self.offer.state, "offered")

    def test_others_see_nothing(self):
        pooled = self._pool()
        claim = f"{LIST}/pool/{pooled.id}"
        for user in (self.norole, self.manager, self.terminated):
            self.login(user)
            for url in (LIST, self.url, f"{self.url}/accept", claim):
                with self.subTest(user=user.login, url=url):
                    self.get_page(url, 404)
                    if url != LIST:
                        self.post(url, 404)
        self.login(self.rival)
        self.assertFalse(self.get_links())
        self.get_page(self.url, 404)
        for deed in ("accept", "decline"):
            self.post(f"{self.url}/{deed}", 404, reason="capacity")
        self.assertEqual(self.offer.state, "offered")
        self.assertEqual(pooled.distribution_state, "pool")

    def test_visitors_log_in_first(self):
        for url in (LIST, self.url, f"{self.url}/accept"):
            answer = self.url_open(url, allow_redirects=False)
            self.assertEqual(answer.status_code, 303)
            self.assertIn("/web/login", answer.headers["Location"])

    def test_a_suspended_partner_reads_and_does_not_answer(self):
        self._pool()
        self.login(self.suspended)
        url = f"{LIST}/{self.gamma_offer.id}"
        page = self.get_page(LIST)
        self.assertEqual(page.xpath("//table//a/@href"), [url])
        self.assertFalse(page.xpath("//*[contains(@class,'channel_pool')]"))
        self.assertFalse(self.get_page(url).xpath("//form[contains(@action,'acc')]"))
        for deed in ("accept", "decline"):
            self.post(f"{url}/{deed}", 403, reason="capacity")
        self.assertEqual(self.gamma_offer.state, "offered")

    def test_a_role_for_other_programs_counts_not_here(self):
        self.seller.partner_id.portal_role_id.program_ids = [
            Command.create({"name": "Another"})
        ]
        self.login(self.seller)
        self.get_page(self.url, 404)

    def test_an_empty_list_teaches(self):
        self.login(self.rival)
        page = self.get_page(LIST)
        self.assertIn("No lead waits for your answer", self.get_text(page))
        page = self.get_page(f"{LIST}?filterby=declined")
        self.assertIn("No offer matches", self.get_text(page))

    def test_ids_and_parameters_that_are_none(self):
        self.login(self.owner)
        for wrong in (0, 2**31, 2**63, 10**30, "x", "-1"):
            with self.subTest(wrong=wrong):
                self.get_page(f"{LIST}/{wrong}", 404)
        junk = "&".join(f"{name}=%00" for name in ("self", "env", "page", "x"))
        for url in (LIST, f"{LIST}/page/7", self.url):
            self.get_page(f"{url}?{junk}&sortby=x&filterby=y&search=Jane")
        for wrong in (0, 2**31, 2**63, 10**30, self.lead.id):
            answer = self.post(f"{LIST}/pool/{wrong}", 200)
            self.assertIn("no longer in the pool", answer.text)

    # === ANSWERS === #

    def test_accepting_shows_the_contacts(self):
        self.login(self.seller)
        answer = self.post(f"{self.url}/accept")
        page = f"/my/lead/{self.lead.id}"
        self.assertTrue(answer.headers["Location"].endswith(page))
        self.assertIn("jane@secret.example", self.get_lead_text(self.lead))
        self.assertEqual(self.offer.state, "accepted")
        self.assertEqual(self.offer.answered_by_id, self.seller.partner_id)
        self.assertEqual(self.lead.partner_assigned_id, self.alpha)
        # a double click, a reload, a colleague who had the page open
        self.login(self.owner)
        answer = self.post(f"{self.url}/accept")
        self.assertTrue(answer.headers["Location"].endswith(page))
        self.assertEqual(self.offer.answered_by_id, self.seller.partner_id)
        self.get_page(f"{self.url}/accept", 303)
        page = self.get_page(self.url)
        self.assertIn("it is yours", self.get_text(page))
        self.assertTrue(page.xpath("//a[contains(@class,'channel_lead')]"))

    def test_declining_asks_the_next_partner(self):
        self.login(self.seller)
        answer = self.post(f"{self.url}/decline", 200, reason="x", note="Later")
        page = html.fromstring(answer.content)
        self.assertTrue(page.xpath("//details[@open]//*[@id='offer_reason_error']"))
        self.assertEqual(page.xpath("string(//textarea)"), "Later")
        self.post(f"{self.url}/decline", 200, reason="capacity", note="x" * 2001)
        self.assertEqual(self.offer.state, "offered")
        for _click in range(2):
            self.post(f"{self.url}/decline", reason="capacity", note="Too busy")
        self.assertEqual(self.offer.state, "declined")
        self.assertEqual(self.offer.decline_note, "Too busy")
        self.assertEqual(self.offer.answered_by_id, self.seller.partner_id)
        page = self.get_page(f"{LIST}?declined=1")
        self.assertTrue(page.xpath("//*[contains(@class,'channel_declined')]"))
        self.assertEqual(self.get_links(f"{LIST}?filterby=declined"), [self.url])
        self.lead._distribute()
        other = self.lead.offer_ids - self.offer
        self.assertEqual(other.partner_id, self.beta)
        self.login(self.rival)
        self.assertEqual(self.get_links(), [f"{LIST}/{other.id}"])

    def test_nothing_is_answered_from_another_site(self):
        pooled = self._pool()
        self.login(self.owner)
        for url in (
            f"{self.url}/accept",
            f"{self.url}/decline",
            f"{LIST}/pool/{pooled.id}",
        ):
            with mute_logger("odoo.http"):
                answer = self.url_open(url, data={"reason": "capacity"})
            self.assertEqual(answer.status_code, 400)
        self.env.invalidate_all()
        self.assertEqual(self.offer.state, "offered")
        self.assertEqual(pooled.distribution_state, "pool")

    def test_whoever_comes_second_is_told(self):
        self.offer.copy(
            {
                "partner_id": self.beta.id,
                "membership_id": self.beta_membership.id,
                "slot": 1,
            }
        )._accept()
        self.login(self.owner)
        answer = self.post(f"{self.url}/accept", 200)
        self.assertIn("Another partner was quicker", answer.text)
        self.assert_silent(answer.text)
        self.assertEqual(self.lead.partner_assigned_id, self.beta)

    def test_an_answer_too_late_is_told(self):
        self.offer.date_due = fields.Datetime.now() - HOUR
        self.env.flush_all()
        self.login(self.owner)
        self.assertFalse(self.get_links())
        self.assertEqual(self.get_links(f"{LIST}?filterby=missed"), [self.url])
        text = self.get_text(self.get_page(self.url))
        self.assertIn("time to answer has ended", text)
        for deed in ("accept", "decline"):
            answer = self.post(f"{self.url}/{deed}", 200, reason="capacity")
            self.assertIn("This offer is over", answer.text)
            self.assert_silent(answer.text)
        self.assertEqual(self.offer.state, "offered")

    # === POOL === #

    def test_claiming_from_the_pool(self):
        pooled = self._pool(city="Linz")
        url = f"{LIST}/pool/{pooled.id}"
        self.login(self.viewer)
        page = self.get_page(LIST)
        self.assertIn("Linz, Austria", self.get_text(page))
        self.assertFalse(page.xpath("//form[contains(@action,'pool')]"))
        self.post(url, 403)
        self.login(self.seller)
        page = self.get_page(LIST)
        self.assertEqual(page.xpath("//form[contains(@action,'pool')]/@action"), [url])
        self.assert_silent(html.tostring(page, encoding="unicode"))
        self.get_page(url, 303)
        self.assertEqual(pooled.distribution_state, "pool")
        for _click in range(2):
            answer = self.post(url)
            place = f"/my/lead/{pooled.id}"
            self.assertTrue(answer.headers["Location"].endswith(place))
        self.assertEqual(pooled.partner_assigned_id, self.alpha)
        self.assertEqual(pooled.offer_ids.answered_by_id, self.seller.partner_id)
        self.login(self.rival)
        answer = self.post(url, 200)
        self.assertIn("no longer in the pool", answer.text)
        self.assert_silent(answer.text)

    def test_the_pool_shows_what_one_may_claim(self):
        here = self._pool(city="Linz")
        self._pool(city="Wels", country_id=self.env.ref("base.de").id)
        over = self._pool(city="Steyr")
        over._set_protected({"date_distribution_due": fields.Datetime.now() - HOUR})
        self.alpha_membership.territory_country_ids = self.env.ref("base.at")
        self.env.flush_all()
        self.login(self.seller)
        forms = "//form[contains(@action,'pool')]/@action"
        self.assertEqual(self.get_page(LIST).xpath(forms), [f"{LIST}/pool/{here.id}"])
        self.pool_rule.max_work = 1
        self._make_lead(partner_assigned_id=self.alpha.id)
        self.assertFalse(self.get_page(LIST).xpath(forms))
        answer = self.post(f"{LIST}/pool/{here.id}", 200)
        self.assertIn("not for you", answer.text)

    # === HOME === #

    def test_the_home_page_leads_to_what_waits(self):
        xpath = "//ul[contains(@class,'channel_actions')]//a[@href='/my/offers']"
        cards = "//*[@id='portal_channel_category']//a/@href"
        for user, has_action, has_card in (
            (self.owner, True, True),
            (self.seller, True, True),
            (self.viewer, False, True),
            (self.norole, False, False),
            (self.rival, False, True),
            (self.suspended, False, True),
        ):
            self.login(user)
            page = self.get_page("/my/home")
            with self.subTest(user=user.login):
                self.assertEqual(bool(page.xpath(xpath)), has_action)
                self.assertEqual(LIST in page.xpath(cards), has_card)
        self.login(self.viewer)
        counted = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["offer_count"]}
        )
        self.assertEqual(counted["offer_count"], 1)
