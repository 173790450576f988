"""The whole way of a partner in a browser, from the first visit to the paid bill."""

import json
import re

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.partner_channel_portal.tests.axe import AxeMixin
from odoo.addons.partner_channel_portal.tests.language_case import LanguageMixin

from .walk import DealWalk

#: seconds a part of the walk may take on a busy machine
PATIENCE = 180
#: what Odoo says of orders and invoices; its words are not loaded in other languages
DOCUMENT_STATES = {"Sales Order", "Paid"}
OWNER = "olga@tour-systems.example"
SELLER = "sonja@tour-systems.example"


@tagged("post_install", "-at_install")
class TestLongWalk(LanguageMixin, AxeMixin, DealWalk):
    """Everybody does their own part; each page of the partner is judged by axe-core.

    Orders, invoices and payments are Odoo's own screens: made by the people's methods.
    """

    browser_size = "1280x800"
    language = "en_US"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # its chat would cover the page of a phone
        cls.manager.odoobot_state = "disabled"
        cls.program.write(
            {
                "is_published": True,
                "public_intro": "<p>42</p>",
                "application_manager_id": cls.manager.id,
                "application_hours": 8,
                "criterion_ids": [Command.create({"name": "42?", "kind": "yes_no"})],
            }
        )
        # no word of ours, which would be taken for one that is not translated
        cls.program.grade_ids.name = "Level 1"
        cls.env.ref("auth_signup.portal_set_password_email").auto_delete = False
        cls.serve_axe()
        if cls.language != "en_US":
            cls.speak(cls.language, cls.manager)
            cls.serve_terms(cls.language)

    @classmethod
    def serve_terms(cls, code):
        """Let tours know which texts have to be read in another language."""
        terms = set(cls.read_terms(code[:2])) - DOCUMENT_STATES
        cls.env["ir.attachment"].create(
            {
                "name": "terms.json",
                "url": "/partner_channel_tests/terms.json",
                "raw": json.dumps(sorted(terms)).encode(),
                "mimetype": "application/json",
                "public": True,
            }
        )

    # === PARTS === #

    def _walk(self, path, step, login=None):
        """Let one person do one part, in the person's language."""
        name = f"partner_channel_walk_{step}_{self.language[:2]}"
        self._start(path, name, login)

    def _start(self, path, name, login=None):
        # the language chosen on the website, which Odoo puts before the person's own
        cookies = {"frontend_lang": self.language}
        # a page that is left warns of scripts it has not loaded yet: no finding
        with mute_logger(f"{self._logger.name}.browser"):
            self.start_tour(path, name, login=login, timeout=PATIENCE, cookies=cookies)
        self.env.invalidate_all()

    def _find_link(self, domain, pattern):
        """Return the link in the last e-mail of these."""
        mail = self.env["mail.mail"].search(domain, order="id desc", limit=1)
        [link] = re.findall(pattern, mail.body_html or "")[:1]
        return link.replace("&amp;", "&")

    def _find_invitation(self, person):
        return self._find_link(
            [("recipient_ids", "in", person.ids)],
            r"/web/(?:signup|reset_password|login)[^\"']*",
        )

    def test_from_the_first_visit_to_the_paid_bill(self):
        application = self._apply()
        owner = self._accept(application)
        seller = self._join(owner)
        deal = self._register(seller)
        self._sell(deal)
        statement = self._state(application.membership_id)
        self._pay_out(statement, deal)

    def _apply(self):
        prefix = "" if self.language == "en_US" else f"/{self.language[:2]}"
        self._walk(f"{prefix}{self.program.website_url}", "1_apply")
        application = self.env["partner.application"].search([])
        self.assertRecordValues(
            application,
            [
                {
                    "state": "draft",
                    "name": "Tour Systems GmbH",
                    "email": OWNER,
                    "lang": self.language,
                }
            ],
        )
        link = self._find_link(
            [("email_to", "=", OWNER)],
            r"(?:/ru)?/partner-application/confirm/[\w-]{43}",
        )
        self.assertEqual(link.startswith("/ru/"), self.language == "ru_RU")
        self._walk(link, "2_confirm")
        self.assertEqual(application.state, "submitted")
        return application

    def _accept(self, application):
        path = f"/odoo/partner-applications/{application.id}"
        self._start(path, "partner_channel_apply_3_accept", self.manager.login)
        self.assertEqual(application.state, "accepted")
        self.assertEqual(application.membership_id.state, "active")
        owner = application.contact_id
        self.assertTrue(owner.portal_role_id.is_owner)
        return owner

    def _join(self, owner):
        self._walk(self._find_invitation(owner), "4_join")
        seller = self.env["res.partner"].search([("email_normalized", "=", SELLER)])
        self.assertRecordValues(
            seller,
            [
                {
                    "parent_id": owner.parent_id.id,
                    "portal_role_id": self.env.ref(
                        "partner_channel_portal.portal_role_seller"
                    ).id,
                    "lang": self.language,
                }
            ],
        )
        # what the job does a moment later
        seller._grant_team_access()
        return seller

    def _register(self, seller):
        self._walk(self._find_invitation(seller), "5_register")
        deal = self.env["crm.lead"].search([("registrant_id", "=", seller.id)])
        self.assertRecordValues(
            deal, [{"registration_state": "submitted", "expected_revenue": 900}]
        )
        path = f"/odoo/registrations/{deal.id}"
        self._walk(path, "6_return", self.manager.login)
        self.assertEqual(deal.registration_state, "returned")
        self._walk("/my/home", "7_correct", SELLER)
        self.assertRecordValues(
            deal, [{"registration_state": "submitted", "expected_revenue": 1000}]
        )
        self._start(
            "/odoo/registrations", "partner_channel_way_2_approve", self.manager.login
        )
        self.assertEqual(deal.registration_state, "approved")
        return deal

    def _sell(self, deal):
        """The customer orders, is invoiced and pays."""
        deal.partner_id = self.env["res.partner"].create(
            {"name": "Way Customer Ltd", "is_company": True}
        )
        invoice = self.sell(deal, 1000)
        deal.with_user(self.manager).action_set_won()
        self.pay(invoice)
        self.assertEqual(deal.registration_state, "won")
        self.assertEqual(self.read_books(deal.membership_id), (100, 100))

    def _state(self, membership):
        statement = self.state_commissions()
        self.assertRecordValues(
            statement, [{"membership_id": membership.id, "amount_total": 100}]
        )
        statement.with_user(self.accountant).action_send()
        self._walk("/my/commissions", "9_accept", OWNER)
        self.assertEqual(statement.state, "accepted")
        self.assertEqual(statement.accepted_by_id.login, OWNER)
        return statement

    def _pay_out(self, statement, deal):
        statement.with_user(self.accountant).action_create_bill()
        bill = statement.bill_id
        self.assertRecordValues(
            bill, [{"partner_id": deal.partner_assigned_id.id, "amount_untaxed": 100}]
        )
        bill.with_user(self.accountant).action_post()
        self.pay(bill)
        self.assertEqual(statement.state, "paid")
        self._walk(f"/my/deals/{deal.id}", "10_bill", OWNER)


@tagged("post_install", "-at_install")
class TestLongWalkPhone(TestLongWalk):
    """The same on a phone."""

    browser_size = "390x844"
    touch_enabled = True


@tagged("post_install", "-at_install")
class TestLongWalkRussian(TestLongWalk):
    """The same in Russian: no English of ours is left on a page."""

    language = "ru_RU"


@tagged("post_install", "-at_install")
class TestLongWalkRussianPhone(TestLongWalkRussian):
    """The same in Russian on a phone."""

    browser_size = "390x844"
    touch_enabled = True
