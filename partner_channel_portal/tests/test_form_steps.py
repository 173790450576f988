import uuid

from lxml import html

from odoo.tests import tagged

from .common import PortalFormCase


@tagged("post_install", "-at_install")
class TestFormSteps(PortalFormCase):
    """The short form comes first; nothing a browser does twice does harm."""

    def setUp(self):
        super().setUp()
        self.login(self.seller)

    def get_more(self, answer):
        page = html.fromstring(answer.content)
        [more] = page.xpath("//details[contains(@class,'channel_more')]")
        return more

    def test_the_short_form_comes_first(self):
        more = self.get_more(self.url_open("/my/deals/new"))
        self.assertIsNone(more.get("open"))
        names = set(more.xpath(".//@name"))
        self.assertLessEqual({"contact_name", "phone", "files"}, names)
        for name in ("partner_name", "customer_vat", "description", "date_deadline"):
            self.assertNotIn(name, names)

    def test_the_rest_opens_when_there_is_something_in_it(self):
        answer = self.send_form(phone="call me", contact_name="")
        self.assertEqual(self.get_more(answer).get("open"), "open")
        deal = self._create_deals(self.seller, contact_name="Jane")
        answer = self.url_open(f"/my/deals/{deal.id}/edit")
        self.assertEqual(self.get_more(answer).get("open"), "open")
        field = self.env["partner.registration.field"].search(
            [("technical_name", "=", "phone")]
        )
        self.assertTrue(field)
        self.program.required_field_ids = field
        answer = self.url_open("/my/deals/new")
        self.assertEqual(self.get_more(answer).get("open"), "open")

    def test_reload_sends_nothing_again(self):
        page = self.send_form().headers["Location"]
        for _turn in range(2):
            self.assertEqual(self.url_open(page).status_code, 200)
        deal = self.get_deals()
        self.assertEqual(len(deal), 1)
        submitted = self.env["partner.registration.log"].search_count(
            [("lead_id", "=", deal.id), ("event", "=", "submitted")]
        )
        self.assertEqual(submitted, 1)

    def test_back_and_send_again_changes_nothing_that_was_submitted(self):
        token = uuid.uuid4().hex
        self.send_form(token=token)
        answer = self.send_form(token=token, partner_name="Another GmbH")
        self.assertEqual(answer.status_code, 303)
        deal = self.get_deals()
        self.assertEqual(deal.mapped("partner_name"), ["Acme GmbH"])
        self.assertIn(f"/my/deals/{deal.id}", answer.headers["Location"])
