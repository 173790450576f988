"""Before acceptance nothing tells a partner whose lead it is offered."""

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .offer_common import LIST, OfferPageCase
from .remote_ways import get_ways


@tagged("post_install", "-at_install")
class TestOfferSecret(OfferPageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pooled = cls._pool(city="Linz")
        cls.people = (cls.owner, cls.seller, cls.finance, cls.viewer, cls.rival)

    def test_no_page_says_it(self):
        lead, pooled = self.lead.id, self.pooled.id
        pages = (
            LIST,
            f"{LIST}?filterby=all",
            f"{LIST}?search=qzx&search_in=name&groupby=lead_id&sortby=lead_id",
            self.url,
            f"{self.url}/accept",
            f"/my/lead/{lead}",
            f"/my/lead/{pooled}",
            f"/my/opportunity/{lead}",
            f"/my/deals/{lead}",
            f"/my/deals/{lead}/qualification",
            f"/mail/view?model=partner.lead.offer&res_id={self.offer.id}",
            f"/mail/view?model=crm.lead&res_id={lead}",
            f"/web/content/partner.lead.offer/{self.offer.id}/display_name",
            f"/web/content/crm.lead/{lead}/name",
            "/my/home",
            "/my/leads",
            "/my/opportunities",
        )
        for user in self.people:
            self.login(user)
            for page in pages:
                with (
                    self.subTest(user=user.login, page=page),
                    mute_logger("odoo.http", "odoo.models"),
                ):
                    self.assert_silent(self.url_open(page).text)

    def test_no_remote_call_says_it(self):
        methods = {"_read_portal_states"}
        for user in self.people:
            self.login(user)
            for records in (self.offer, self.lead, self.pooled):
                ways = get_ways(self.env[records._name], records.ids)
                for method, (args, kwargs) in ways.items():
                    with self.subTest(user=user.login, method=method):
                        self._assert_nothing(records._name, method, args, kwargs)
            for name in dir(type(self.offer)):
                if "portal" in name or "offer" in name or name in methods:
                    with self.subTest(user=user.login, method=name):
                        self._assert_nothing(
                            "partner.lead.offer", name, [self.offer.ids], {}
                        )
        self.env.invalidate_all()
        self.assertEqual(self.offer.state, "offered")
        self.assertEqual(self.pooled.distribution_state, "pool")

    def _assert_nothing(self, model, method, args, kwargs):
        with mute_logger("odoo.http", "odoo.models"):
            answer, error = self.call_as_user(model, method, args, **kwargs)
        self.assert_silent(str(answer))
        self.assert_silent(str(error and error["message"]))
        self.assert_silent(str(error and error["data"]["message"]))
        if model == "partner.lead.offer":
            self.assertTrue(error, method)

    def test_a_search_by_what_is_hidden_finds_nothing(self):
        self.login(self.seller)
        for domain in (
            [("contact_name", "ilike", "Jane")],
            [("email_from", "=", "jane@secret.example")],
            [("offer_ids.state", "=", "offered")],
        ):
            with mute_logger("odoo.http", "odoo.models"):
                answer, error = self.call_as_user("crm.lead", "search", [domain])
            self.assertTrue(error or answer == [], domain)
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            self.as_user(self.offer, self.seller).read(["lead_id"])

    def test_no_mail_and_no_message_says_it(self):
        self.offer._remind(self.offer.date_offered)
        self.offer._miss()
        mails = self.get_mails(self.owner, self.seller, self.rival, self.suspended)
        self.assertTrue(mails)
        for mail in mails:
            self.assert_silent(f"{mail.subject} {mail.body_html} {mail.body}")
            self.assertFalse(mail.model, "no way back to the lead")
        self.assertFalse(self.lead.message_partner_ids & self.owner.partner_id)

    def test_what_was_typed_into_the_city_may_stay_hidden(self):
        for city, shown in (
            ("Graz", "Graz"),
            ("call +43 1 234", ""),
            ("jane@secret.example", ""),
            ("At Qzx", ""),
            ("x" * 61, ""),
            ("Sankt Pölten", "Sankt Pölten"),
        ):
            self.lead.city = city
            self.assertEqual(self.lead._get_portal_city(), shown)

    def test_the_case_is_an_allow_list(self):
        """A field that is added to the lead is not shown by itself."""
        case = self.lead._prepare_portal_case()
        self.assertEqual(
            set(case),
            {
                "place",
                "industry",
                "family",
                "employees",
                "language",
                "amount",
                "currency",
                "title",
            },
        )
        self.assert_silent(str(case))

    def test_who_had_the_lead_before_stays_unknown(self):
        """Nothing the next partner reads names the one that declined."""
        self.login(self.seller)
        self.post(f"{self.url}/decline", reason="capacity", note="Alpha is busy")
        self.lead._distribute()
        other = self.lead.offer_ids - self.offer
        self.login(self.rival)
        self.post(f"{LIST}/{other.id}/accept")
        text = self.get_lead_text(self.lead)
        self.assertIn("jane@secret.example", text)
        self.assertNotIn("Alpha", text)
        self.assertNotIn(
            self.alpha, self.lead.message_ids.author_id.commercial_partner_id
        )
        for name in self.lead._fields:
            with mute_logger("odoo.http", "odoo.models"):
                answer, _error = self.call_as_user(
                    "crm.lead", "read", [self.lead.ids, [name]]
                )
            self.assertNotIn("Alpha", str(answer), name)
