"""What people reach of agreements over HTTP: pages and forms."""

from lxml import html

from odoo.tests import tagged
from odoo.tools import mute_logger

from .agreement_common import LIST, AgreementPageCase, make_drawing


@tagged("post_install", "-at_install")
class TestAgreementPages(AgreementPageCase):
    # === READING === #

    def test_those_who_sign_see_what_waits(self):
        for user in (self.owner, self.finance):
            self.login(user)
            links = self.get_page(LIST).xpath("//table//a/@href")
            self.assertEqual(links, [self.url])
            page = self.get_page(self.url)
            text = self.get_text(page)
            self.assertIn("Each side keeps its word.", text)
            self.assertIn("To be signed", text)
            self.assertTrue(page.xpath("//form//input[@name='accept']"))
            self.assertEqual(
                page.xpath("string(//input[@name='name']/@value)"), user.name
            )

    def test_others_see_nothing(self):
        paths = ("", "/terms", "/paper", "/sign")
        for user in (self.seller, self.viewer, self.norole, self.manager):
            self.login(user)
            for url in (LIST, *(self.url + path for path in paths)):
                with self.subTest(user=user.login, url=url):
                    self.get_page(url, 404)
            for deed in ("sign", "decline"):
                self.post(f"{self.url}/{deed}", 404, **self.form(), reason="No")
        self.login(self.rival)
        self.assertFalse(self.get_page(LIST).xpath("//table//a"))
        for path in paths:
            self.get_page(self.url + path, 404)
        self.post(f"{self.url}/sign", 404, **self.form())
        self.assertEqual(self.sent.state, "sent")

    def test_an_empty_list_teaches(self):
        self.login(self.rival)
        self.assertIn("No agreement yet", self.get_text(self.get_page(LIST)))
        page = self.get_page(f"{LIST}?filterby=todo")
        self.assertIn("No agreement matches", self.get_text(page))

    def test_a_suspended_partner_reads_and_does_not_sign(self):
        self.login(self.suspended)
        links = self.get_page(LIST).xpath("//table//a/@href")
        signed, sent = self.gamma_signed, self.gamma_sent
        self.assertEqual(links, [f"{LIST}/{a.id}" for a in sent | signed])
        self.assertLess(signed.id, sent.id)
        last = self._send(self.gamma_membership, self._create_terms("Last")[0])
        last._sign("Gus Gone")
        links = self.get_page(LIST).xpath("//table//a/@href")
        self.assertEqual(links[0], f"{LIST}/{sent.id}", "what waits comes first")
        page = self.get_page(f"{LIST}/{sent.id}")
        self.assertFalse(page.xpath("//form//input[@name='accept']"))
        self.assertIn("not active", self.get_text(page))
        self.post(f"{LIST}/{sent.id}/sign", 403, **self.form(sent))
        self.assertEqual(sent.state, "sent")

    def test_a_former_partner_keeps_what_it_signed(self):
        self.login(self.terminated)
        links = self.get_page(LIST).xpath("//table//a/@href")
        self.assertEqual(links, [f"{LIST}/{self.delta_signed.id}"])
        self.assertIn(
            "Gus Gone", self.get_text(self.get_page(f"{LIST}/{self.delta_signed.id}"))
        )
        self.get_page(f"{LIST}/{self.delta_sent.id}", 404)
        home = self.get_page("/my/home")
        cards = home.xpath("//*[@id='portal_channel_category']//a/@href")
        self.assertEqual(cards, [LIST])
        self.delta_signed._set_protected({"state": "draft"})
        self.get_page(LIST, 404)

    def test_drafts_are_not_shown(self):
        self.sent.action_draft()
        self.login(self.owner)
        self.assertFalse(self.get_page(LIST).xpath("//table//a"))
        self.get_page(self.url, 404)

    def test_each_end_is_told(self):
        self.login(self.owner)
        self.sent._sign("Olga")
        for state, word, values in (
            ("signed", "counts without end", {}),
            ("signed", "counts until", {"date_to": "2099-12-31"}),
            ("signed", "counts from", {"date_from": "2099-01-01"}),
            ("expired", "counted until", {}),
            ("superseded", "Another one", {}),
            ("terminated", "was terminated on", {"date_ended": "2026-01-01"}),
        ):
            self.sent._set_protected({"state": state, **values})
            with self.subTest(state=state, word=word):
                self.assertIn(word, self.get_text(self.get_page(self.url)))

    def test_ids_and_parameters_that_are_none(self):
        self.login(self.owner)
        for wrong in (0, 2**31, 2**63, 10**30, "x", "-1"):
            with self.subTest(wrong=wrong):
                self.get_page(f"{LIST}/{wrong}", 404)
        junk = "&".join(f"{name}=%00" for name in ("self", "env", "page", "done", "x"))
        for url in (LIST, f"{LIST}/page/7", self.url):
            self.get_page(f"{url}?{junk}&sortby=x&filterby=y")

    # === SIGNING === #

    def test_signing_by_the_form(self):
        self.login(self.owner)
        drawing = make_drawing()
        answer = self.post(f"{self.url}/sign", **self.form(signature=drawing))
        self.assertTrue(answer.headers["Location"].endswith(f"{self.url}?done=1"))
        self.assertEqual(self.sent.state, "signed")
        self.assertEqual(self.sent.signed_ip, "127.0.0.1")
        self.assertIn("python-requests", self.sent.signed_agent)
        self.assertTrue(self.sent.signature)
        page = self.get_page(f"{self.url}?done=1")
        self.assertTrue(page.xpath("//*[contains(@class,'channel_signed')]"))
        self.assertFalse(page.xpath("//input[@name='accept']"))
        # a double click, a reload, a colleague who had the page open
        moment = self.sent.portal_signed_on
        self.post(f"{self.url}/sign", **self.form(name="Again"))
        self.get_page(f"{self.url}/sign", 303)
        self.login(self.finance)
        self.post(f"{self.url}/sign", **self.form(name="Fred Finance"))
        text = self.get_text(self.get_page(f"{self.url}?done=1"))
        self.assertIn("Olga Owner has signed this agreement already", text)
        self.assertEqual(
            (self.sent.signed_name, self.sent.portal_signed_on), ("Olga Owner", moment)
        )

    def test_a_form_with_mistakes_comes_again(self):
        self.login(self.owner)
        answer = self.post(
            f"{self.url}/sign",
            200,
            **self.form(function="", accept="", name="Ölga\x00"),
        )
        page = html.fromstring(answer.content)
        for name in ("name", "function", "accept"):
            self.assertTrue(page.xpath(f"//*[@id='agreement_{name}_error']"), name)
            [field] = page.xpath(f"//form//*[@name='{name}']")
            self.assertEqual(field.get("aria-invalid"), "true")
        self.assertEqual(page.xpath("string(//input[@name='name']/@value)"), "Ölga")
        self.assertEqual(self.sent.state, "sent")

    def test_nothing_is_signed_from_another_site(self):
        self.login(self.owner)
        with mute_logger("odoo.http"):
            answer = self.url_open(f"{self.url}/sign", data=self.form())
        self.assertEqual(answer.status_code, 400)
        self.env.invalidate_all()
        self.assertEqual(self.sent.state, "sent")

    def test_declining_by_the_form(self):
        self.login(self.owner)
        answer = self.post(f"{self.url}/decline", 200, reason="")
        page = html.fromstring(answer.content)
        self.assertTrue(page.xpath("//details[@open]//*[@id='agreement_reason_error']"))
        self.post(f"{self.url}/decline", reason="Too long")
        self.assertEqual(self.sent.state, "draft")
        page = self.get_page(f"{LIST}?declined=1")
        self.assertTrue(page.xpath("//*[contains(@class,'channel_declined')]"))

    def test_declining_what_a_colleague_signed_says_it_is_signed(self):
        self.sign(self.finance)
        self.login(self.owner)
        answer = self.post(f"{self.url}/decline", reason="Too long")
        self.assertTrue(answer.headers["Location"].endswith(f"{self.url}?done=1"))
        self.assertEqual(self.sent.state, "signed")
        text = self.get_text(self.get_page(f"{self.url}?done=1"))
        self.assertIn("Olga Owner has signed this agreement already", text)

    # === HOME === #

    def get_actions(self, user):
        self.login(user)
        items = self.get_page("/my/home").xpath(
            "//ul[contains(@class,'channel_actions')]/li/a[contains(@href,'agreements')]"
        )
        return [
            (" ".join(item.xpath("string(.)").split()), item.get("href"))
            for item in items
        ]

    def test_the_home_page_leads_to_the_signature(self):
        for user in (self.owner, self.finance):
            self.assertEqual(
                self.get_actions(user),
                [("Sign the agreement “Reseller Agreement”", self.url)],
            )
        for user in (self.seller, self.viewer, self.norole, self.rival, self.suspended):
            self.assertEqual(self.get_actions(user), [], user.login)
        self.owner.partner_id.portal_role_id.can_sign = False
        self.sent.signatory_id = self.finance.partner_id
        [(text, url)] = self.get_actions(self.owner)
        self.assertIn(f"waits for a signature by {self.finance.name}", text)
        self.assertEqual(url, self.url)
        self.sign(self.finance)
        self.assertEqual(self.get_actions(self.owner), [])

    def test_the_card_is_for_those_who_read_agreements(self):
        for user, is_shown in (
            (self.owner, True),
            (self.finance, True),
            (self.rival, True),
            (self.suspended, True),
            (self.seller, False),
            (self.norole, False),
        ):
            self.login(user)
            cards = self.get_page("/my/home").xpath(
                "//*[@id='portal_channel_category']//a/@href"
            )
            self.assertEqual(LIST in cards, is_shown, user.login)
        self.login(self.owner)
        answer = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["agreement_count"]}
        )
        self.assertEqual(answer["agreement_count"], 1)
