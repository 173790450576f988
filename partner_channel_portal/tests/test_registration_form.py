from datetime import timedelta
from unittest.mock import patch

from lxml import html

from odoo import fields
from odoo.exceptions import ConcurrencyError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .case import RefusedFormCase

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"


@tagged("post_install", "-at_install")
class TestRegistrationForm(RefusedFormCase):
    def test_a_complete_form_makes_a_submitted_registration(self):
        answer = self.send_form(files=[("need.pdf", PDF, "text/html")])
        self.assertEqual(answer.status_code, 303, answer.text[:2000])
        deal = self.get_deals()
        self.assertRecordValues(
            deal,
            [
                {
                    "registration_state": "submitted",
                    "type": "lead",
                    "name": "Acme GmbH",
                    "partner_name": "Acme GmbH",
                    "customer_vat": "DE136695976",
                    "website": "https://www.acme-portal-test.example",
                    "email_from": "jane@acme-portal-test.example",
                    "contact_name": "Jane Doe",
                    "country_id": self.env.ref("base.de").id,
                    "expected_revenue": 12500.0,
                    "product_family_id": self.family.id,
                    "membership_id": self.alpha_membership.id,
                    "partner_assigned_id": self.alpha.id,
                    "registrant_id": self.seller.partner_id.id,
                    "user_id": self.manager.id,
                }
            ],
        )
        self.assertIn("Forty licences", deal.description)
        files = deal._get_portal_files()
        self.assertEqual(files.mapped("mimetype"), ["application/pdf"])
        self.assertTrue(answer.headers["Location"].endswith(f"/{deal.id}?saved=1"))
        page = self.url_open(answer.headers["Location"])
        self.assertIn("o_partner_channel_saved", page.text)
        download = self.url_open(f"/my/deals/{deal.id}/file/{files.id}")
        self.assertEqual(download.content, PDF)
        self.assertIn("attachment", download.headers["Content-Disposition"])

    def test_a_draft_needs_the_company_only_and_can_be_completed(self):
        empty = {
            name: ""
            for name in self.form_values()
            if name not in ("partner_name", "token", "action")
        }
        answer = self.send_form(**empty, action="draft")
        self.assertEqual(answer.status_code, 303)
        deal = self.get_deals()
        self.assertEqual(deal.registration_state, "draft")
        answer = self.send_form(f"/my/deals/{deal.id}/edit", **empty)
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(deal.registration_state, "draft")
        answer = self.send_form(f"/my/deals/{deal.id}/edit")
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(deal.registration_state, "submitted")
        self.assertEqual(deal.expected_revenue, 12500.0)

    def test_missing_values_are_asked_for(self):
        for name in (
            "partner_name",
            "description",
            "expected_revenue",
            "date_deadline",
        ):
            with self.subTest(name=name):
                answer = self.send_form(**{name: " "})
                self.assert_refused(answer, name, phone="+49 30 123456")
        answer = self.send_form(customer_vat="", website="", email_from="")
        self.assert_refused(answer, "customer_vat", partner_name="Acme GmbH")

    def test_malformed_values_get_a_message_at_their_field(self):
        past = fields.Date.to_string(fields.Date.today() - timedelta(days=1))
        bad = {
            "partner_name": ["x" * 129, "<script>alert(1)</script>", "<b>Acme"],
            "customer_vat": ["DE136695977", "??", "1234567890" * 4, "<i>12345"],
            "website": [
                "javascript:alert(1)",
                "ftp://a.example",
                "acme",
                "a b.example",
            ],
            "email_from": ["jane", "jane@", "a@b", "a@b.example, c@d.example", "@x.y"],
            "phone": ["call me", "1", "+49 <b>30", "0" * 60],
            "contact_name": ["y" * 101, "<img src=x onerror=alert(1)>"],
            "description": ["z" * 4001, "<script>alert(1)</script>"],
            "country_id": ["999999999", "x", "-1", "99999999999999999999", "1 OR 1=1"],
            "product_family_id": ["999999999", str(self.env.ref("base.de").id)],
            "expected_revenue": ["-1", "1e400", "NaN", "inf", "0", "1.2.3", "9" * 30],
            "date_deadline": [past, "31.12.2030", "2030-02-30", "9999-12-31", "soon"],
        }
        for name, values in bad.items():
            for value in values:
                with self.subTest(name=name, value=value[:40]):
                    answer = self.send_form(**{name: value})
                    self.assert_refused(answer, name, token=self.get_token(answer))

    def test_typed_values_are_kept_and_shown_as_text(self):
        typed = {
            "partner_name": "\"><script>alert('x')</script>",
            "customer_vat": "FR 00 11",
            "website": "www.kept.example",
            "description": "Line one\nLine two",
            "expected_revenue": "1.000",
        }
        answer = self.send_form(**typed, country_id=str(self.env.ref("base.fr").id))
        self.assert_refused(
            answer,
            "partner_name",
            country_id=str(self.env.ref("base.fr").id),
            product_family_id=str(self.family.id),
            **typed,
        )
        self.assertNotIn("<script>alert('x')", answer.text)

    def test_what_names_no_customer_is_not_submitted(self):
        values = {
            "partner_name": "!!!",
            "customer_vat": "",
            "website": "",
            "email_from": "jane@gmail.com",
        }
        answer = self.send_form(**values)
        self.assertEqual(answer.status_code, 200)
        self.assertIn("names no customer", answer.text)
        page = html.fromstring(answer.content)
        self.assertEqual(self.get_typed(page, "email_from"), "jane@gmail.com")
        self.assertFalse(self.get_deals())
        self.assertEqual(self.send_form(**values, action="draft").status_code, 303)

    def test_characters_nobody_can_store_are_refused(self):
        for value in ("Ac\x00me", "Ac\x07me", "Ac\x1bme"):
            with self.subTest(value=value):
                for name in ("partner_name", "contact_name", "description"):
                    answer = self.send_form(**{name: value})
                    self.assert_refused(answer, name)

    def test_unusual_but_good_values_are_taken(self):
        answer = self.send_form(
            partner_name="ООО «Ромашка» & Söhne",
            customer_vat="",
            website="https://пример.рф/путь",
            country_id="",
            product_family_id="",
            description="Fewer than 5 < 10 users\r\nΩ ☀ 'quotes' \"double\"",
            expected_revenue="12 500,5",
        )
        self.assertEqual(answer.status_code, 303, answer.text[:3000])
        deal = self.get_deals()
        self.assertEqual(deal.partner_name, "ООО «Ромашка» & Söhne")
        self.assertEqual(deal.expected_revenue, 12500.5)
        self.assertIn("5 &lt; 10 users", deal.description)

    def test_amounts_follow_the_language_of_the_page(self):
        answer = self.send_form(expected_revenue="12.500")
        self.assert_refused(answer, "expected_revenue")
        german = self.env["res.lang"]._activate_lang("de_DE")
        self.env["website"].search([]).language_ids += german
        self.seller.lang = "de_DE"
        answer = self.send_form("/de/my/deals/new", expected_revenue="12.500")
        self.assertEqual(answer.status_code, 303)
        deal = self.get_deals()
        self.assertEqual(deal.expected_revenue, 12500.0)
        deal = deal.with_user(self.seller).with_context(lang="de_DE")
        deal.sudo().expected_revenue = 12500.5
        texts = deal._get_portal_form_values()
        self.assertEqual(texts["expected_revenue"], "12500,50")

    def test_the_same_form_sent_twice_is_one_registration(self):
        values = self.form_values()
        files = [("need.txt", b"text", "text/plain")]
        first = self.send_form(files=files, **values)
        files = [("need.txt", b"text", "text/plain")]
        second = self.send_form(files=files, **values)
        self.assertEqual(first.status_code, 303)
        self.assertEqual(second.status_code, 303)
        self.assertEqual(first.headers["Location"], second.headers["Location"])
        deal = self.get_deals()
        self.assertEqual(len(deal), 1)
        self.assertEqual(len(deal._get_portal_files()), 1)

    def test_the_database_refuses_a_second_registration_of_one_form(self):
        Lead = self.env["crm.lead"].with_user(self.seller)
        values = {"partner_name": "Twice", "token": "b" * 32}
        self.assertFalse(Lead._portal_save_registration(values)[1])
        # as if the other request had not been committed when this one began
        not_found = patch.object(
            type(Lead), "_find_portal_token", lambda lead, token: lead.browse()
        )
        with (
            not_found,
            mute_logger("odoo.sql_db"),
            self.assertRaises(ConcurrencyError),
        ):
            Lead._portal_save_registration(values)
        self.env.cr.execute(
            "SELECT indisunique FROM pg_index WHERE indexrelid = %s::regclass",
            ["crm_lead_portal_token_uniq"],
        )
        self.assertEqual(self.env.cr.fetchall(), [(True,)])

    def test_a_draft_sent_again_is_changed_not_doubled(self):
        values = self.form_values(action="draft")
        self.send_form(**values)
        self.send_form(**{**values, "contact_name": "Joan"})
        deal = self.get_deals()
        self.assertRecordValues(
            deal, [{"contact_name": "Joan", "registration_state": "draft"}]
        )

    def test_a_form_without_a_good_token_comes_again_with_one(self):
        for token in ("", "x", "0" * 31, "Z" * 32):
            with self.subTest(token=token):
                answer = self.send_form(token=token)
                self.assertEqual(answer.status_code, 200)
                self.assertFalse(self.get_deals())
                self.assertRegex(self.get_token(answer), "^[0-9a-f]{32}$")

    def test_nothing_but_the_fields_of_the_form_is_taken(self):
        answer = self.send_form(
            registration_state="approved",
            partner_assigned_id=str(self.beta.id),
            membership_id=str(self.beta_membership.id),
            registrant_id=str(self.rival.partner_id.id),
            date_protection_end="2099-01-01",
            probability="100",
            user_id="1",
        )
        self.assertEqual(answer.status_code, 303)
        self.assertRecordValues(
            self.get_deals(),
            [
                {
                    "registration_state": "submitted",
                    "partner_assigned_id": self.alpha.id,
                    "membership_id": self.alpha_membership.id,
                    "registrant_id": self.seller.partner_id.id,
                    "date_protection_end": False,
                    "user_id": self.manager.id,
                }
            ],
        )

    @mute_logger("odoo.http")
    def test_a_form_without_the_session_token_is_refused(self):
        answer = self.url_open("/my/deals/new", data=self.form_values())
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self.get_deals())

    def test_with_two_programs_one_is_chosen(self):
        other = self.program.copy({"name": "Second", "code": False})
        self.env["res.partner.grade"].create(
            {"name": "Entry 2", "sequence": 9, "program_id": other.id}
        )
        membership = self.env["partner.membership"].create(
            {"partner_id": self.alpha.id, "program_id": other.id}
        )
        membership.action_activate()
        self.assert_refused(self.send_form(), "membership_id")
        answer = self.send_form(membership_id=str(membership.id))
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(self.get_deals().membership_id, membership)

    def test_a_returned_deal_is_mended_and_submitted_again(self):
        self.send_form()
        deal = self.get_deals()
        deal._return_registration("Which office is it?")
        page = self.url_open(f"/my/deals/{deal.id}")
        self.assertIn("Which office is it?", page.text)
        page = self.url_open(f"/my/deals/{deal.id}/edit")
        self.assertIn("Which office is it?", page.text)
        tree = html.fromstring(page.content)
        self.assertEqual(self.get_typed(tree, "partner_name"), "Acme GmbH")
        self.assertEqual(self.get_typed(tree, "expected_revenue"), "12500")
        answer = self.send_form(
            f"/my/deals/{deal.id}/edit", description="The one in Bonn."
        )
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(deal.registration_state, "submitted")
        self.assertIn("Bonn", deal.description)
