"""The program's rules on the portal's form: needed, open, locked, asked."""

from lxml import html

from odoo.tests import tagged
from odoo.tools import mute_logger

from .case import RefusedFormCase

READ_ONLY = ("readonly", "disabled")


@tagged("post_install", "-at_install")
class TestRegistrationRules(RefusedFormCase):
    def _require(self, *names):
        self.program.required_field_ids = self.env["partner.registration.field"].search(
            [("technical_name", "in", names)]
        )

    def _check_tender(self, policy):
        self.program.eligibility_ids = [(5,)]
        self.env["partner.program.eligibility"].create(
            {"program_id": self.program.id, "code": "public_tender", "policy": policy}
        )

    def _submit(self):
        answer = self.send_form()
        self.assertEqual(answer.status_code, 303, answer.text[:2000])
        return self.get_deals()

    def _return(self, deal, *names, remark=False):
        deal._return_registration("Please correct this.")
        fields = self.env["partner.registration.field"].search(
            [("technical_name", "in", names)]
        )
        deal._set_corrections({field.id: remark for field in fields})

    def _get_form(self, url):
        return html.fromstring(self.url_open(url).content)

    def _get_open(self, page):
        """Return the names of the deal's fields that can be changed."""
        shown = page.xpath(
            "//form[contains(@class, 'o_partner_channel_deal_form')]"
            "//*[starts-with(@id, 'deal_')][@name][not(@name='files')]"
        )
        self.assertGreater(len(shown), 10, "the form shows all its fields")
        return {
            field.get("name")
            for field in shown
            if not any(field.get(mark) for mark in READ_ONLY)
        }

    # === REQUIRED === #

    def test_required_fields_are_marked_and_asked_for(self):
        self._require("phone", "country_id")
        page = self._get_form("/my/deals/new")
        for name in ("phone", "country_id"):
            [field] = page.xpath(f"//*[@id='deal_{name}']")
            self.assertEqual(field.get("aria-required"), "true", name)
            [label] = page.xpath(f"//label[@for='deal_{name}']")
            self.assertIn("*", label.text_content(), name)
        [free] = page.xpath("//*[@id='deal_contact_name']")
        self.assertFalse(free.get("aria-required"))
        for name in ("phone", "country_id"):
            answer = self.send_form(**{name: " "})
            self.assert_refused(
                answer, name, contact_name="Jane Doe", expected_revenue="12,500.00"
            )
        self.assertEqual(self.send_form(phone="", action="draft").status_code, 303)

    def test_without_the_rule_nothing_is_asked_for(self):
        self.assertEqual(self.send_form(phone="", country_id="").status_code, 303)

    # === TENDER === #

    def test_the_tender_is_asked_for_where_it_is_looked_for(self):
        box = "//input[@type='checkbox'][@name='is_public_tender']"
        self.assertFalse(self._get_form("/my/deals/new").xpath(box))
        self._check_tender("off")
        self.assertFalse(self._get_form("/my/deals/new").xpath(box))
        self.send_form(is_public_tender="1", action="draft")
        deal = self.get_deals()
        self.assertFalse(deal.is_public_tender, "nobody asked for it")
        self._check_tender("warn")
        self.assertTrue(self._get_form("/my/deals/new").xpath(box))
        self.send_form(f"/my/deals/{deal.id}/edit", is_public_tender="1")
        self.assertTrue(deal.is_public_tender)
        self.assertEqual(deal.registration_state, "submitted")

    def test_a_refused_tender_is_told_on_the_form(self):
        self._check_tender("refuse")
        answer = self.send_form(is_public_tender="1")
        self.assertEqual(answer.status_code, 200)
        page = html.fromstring(answer.content)
        [message] = page.xpath("//*[contains(@class, 'o_partner_channel_errors')]")
        self.assertIn("Public tender", message.text_content())
        self.assertEqual(self.get_typed(page, "partner_name"), "Acme GmbH")
        [box] = page.xpath("//input[@name='is_public_tender']")
        self.assertTrue(box.get("checked"), "what was ticked stays ticked")
        self.assertFalse(self.get_deals())

    # === RETURNED === #

    def test_returned_opens_just_the_fields_named(self):
        deal = self._submit()
        self._return(deal, "phone", "description", remark="Which office?")
        page = self._get_form(f"/my/deals/{deal.id}/edit")
        self.assertEqual(self._get_open(page), {"phone", "description"})
        [remark] = page.xpath("//*[@id='deal_phone_correction']")
        self.assertEqual(remark.text_content().strip(), "Which office?")
        family = self.env["product.category"].create(
            {"name": "Another", "is_channel_family": True}
        )
        forged = {
            "partner_name": "Other Ltd",
            "customer_vat": "",
            "website": "www.other.example",
            "email_from": "x@other.example",
            "contact_name": "John",
            "country_id": str(self.env.ref("base.fr").id),
            "product_family_id": str(family.id),
            "expected_revenue": "1",
            "date_deadline": "1999-01-01",
        }
        before = deal.read([*forged, "name"])
        answer = self.send_form(
            f"/my/deals/{deal.id}/edit",
            **forged,
            phone="+49 228 5555",
            description="The one in Bonn.",
        )
        self.assertEqual(answer.status_code, 303, answer.text[:2000])
        self.assertEqual(deal.read([*forged, "name"]), before)
        self.assertEqual(deal.phone, "+49 228 5555")
        self.assertIn("Bonn", deal.description)
        self.assertEqual(deal.registration_state, "submitted")

    def test_an_error_in_an_open_field_keeps_the_rest_closed(self):
        deal = self._submit()
        self._return(deal, "phone")
        answer = self.send_form(
            f"/my/deals/{deal.id}/edit", phone="call me", partner_name="Other Ltd"
        )
        page = html.fromstring(answer.content)
        self.assertTrue(page.xpath("//*[@id='deal_phone_error']"))
        self.assertEqual(self.get_typed(page, "phone"), "call me")
        self.assertEqual(self.get_typed(page, "partner_name"), "Acme GmbH")
        self.assertEqual(self._get_open(page), {"phone"})
        self.assertEqual(deal.registration_state, "returned")

    def test_the_last_sign_of_the_customer_stays(self):
        deal = self._submit()
        deal.write({"customer_vat": False, "email_from": False})
        self._return(deal, "website")
        answer = self.send_form(f"/my/deals/{deal.id}/edit", website="")
        page = html.fromstring(answer.content)
        self.assertTrue(page.xpath("//*[@id='deal_website_error']"))
        self.assertTrue(deal.website)

    def test_what_the_program_asks_for_since_is_open_as_well(self):
        deal = self._submit()
        deal.contact_name = False
        self._require("contact_name", "country_id")
        self._return(deal, "phone")
        url = f"/my/deals/{deal.id}/edit"
        self.assertEqual(self._get_open(self._get_form(url)), {"phone", "contact_name"})
        self.assertEqual(self.send_form(url, contact_name="").status_code, 200)
        self.assertEqual(self.send_form(url, contact_name="Jo").status_code, 303)
        self.assertEqual(deal.registration_state, "submitted")

    def test_a_return_without_fields_opens_all_of_the_form(self):
        deal = self._submit()
        self._return(deal)
        url = f"/my/deals/{deal.id}/edit"
        self.assertGreater(len(self._get_open(self._get_form(url))), 10)
        self.send_form(url, contact_name="John")
        self.assertEqual(deal.contact_name, "John")

    # === LOCKED === #

    @mute_logger("odoo.http")
    def test_a_submitted_deal_is_locked(self):
        deal = self._submit()
        url = f"/my/deals/{deal.id}/edit"
        answer = self.url_open(url, allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        answer = self.send_form(url, contact_name="John")
        self.assertEqual(answer.status_code, 403)
        self.assertEqual(deal.contact_name, "Jane Doe")
        page = self.url_open(f"/my/deals/{deal.id}")
        self.assertNotIn(url, page.text)

    @mute_logger("odoo.http", "odoo.models", "odoo.addons.base.models.ir_rule")
    def test_no_call_changes_a_locked_or_closed_field(self):
        deal = self._submit()
        values = {"contact_name": "John", "phone": "+49 228 5555"}
        form = {**self.form_values(), "contact_name": "John"}
        calls = (
            ("write", [deal.ids, values]),
            ("web_save", [deal.ids, values, {}]),
            ("create", [[{**values, "registration_state": "draft"}]]),
            ("update_contact_details_from_portal", [deal.ids, values]),
            ("update_lead_portal", [deal.ids, values]),
            ("_portal_save_registration", [form, deal.ids, True]),
            ("_write_portal_deal", [self.alpha_membership.id, values, deal.ids]),
            ("_set_corrections", [deal.ids, {}]),
            ("_submit_registration", [deal.ids]),
            ("action_registration_submit", [deal.ids]),
            ("action_registration_approve", [deal.ids]),
        )
        for state in ("submitted", "returned"):
            for method, args in calls:
                with self.subTest(state=state, method=method):
                    result, error = self.call_as_user("crm.lead", method, args)
                    self.assertTrue(error, result)
                    self.env.invalidate_all()
                    self.assertEqual(deal.contact_name, "Jane Doe")
                    self.assertEqual(deal.registration_state, state)
            if state == "submitted":
                self._return(deal, "phone")
        for model in ("partner.registration.correction", "partner.registration.field"):
            for method in ("search_read", "web_search_read"):
                args = [[]] if method == "search_read" else [[], {}]
                _result, error = self.call_as_user(model, method, args)
                self.assertTrue(error, model)

    def test_an_amount_of_three_decimals_is_read_as_it_is_shown(self):
        self.program.company_id.currency_id.rounding = 0.001
        typed = {"action": "draft", "expected_revenue": "0.1250"}
        self.assertEqual(self.send_form(**typed).status_code, 303)
        deal = self.get_deals()
        url = f"/my/deals/{deal.id}/edit"
        page = html.fromstring(self.url_open(url).content)
        shown = self.get_typed(page, "expected_revenue")
        # with three decimals it could mean a hundred and twenty-five
        self.assertEqual(shown, "0.1250")
        answer = self.send_form(url, **{**typed, "expected_revenue": shown})
        self.assertEqual(answer.status_code, 303, answer.text[:2000])
        self.assertEqual(deal.expected_revenue, 0.125)
