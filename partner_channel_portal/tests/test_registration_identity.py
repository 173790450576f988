from odoo.tests import tagged

from .case import RefusedFormCase


@tagged("post_install", "-at_install")
class TestRegistrationIdentity(RefusedFormCase):
    """The customer cannot be written so that it only looks like another one."""

    def test_a_tax_id_is_written_in_latin_letters(self):
        for text in ("DЕ136695976", "DE136695976ß", "Δ136695976", "DE١٣٦٦٩٥٩٧٦"):
            with self.subTest(text=text):
                answer = self.send_form(customer_vat=text)
                self.assert_refused(answer, "customer_vat", customer_vat=text)
                self.assertIn("Write the tax ID with Latin letters", answer.text)

    def test_a_tax_id_belongs_to_a_country(self):
        answer = self.send_form(customer_vat="136695976", country_id="")
        self.assert_refused(answer, "customer_vat")
        self.assertIn("begin the tax ID with its code", answer.text)
        answer = self.send_form(customer_vat="ＤＥ１３６６９５９７６", country_id="")
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(self.get_deals().customer_vat, "DE136695976")

    def test_unseen_marks_are_not_kept(self):
        joined = "नमस्\u200dते"
        answer = self.send_form(partner_name=f"Ac\u200bme \u202eHbmG\u202c {joined}")
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(self.get_deals().partner_name, f"Acme HbmG {joined}")

    def test_a_rival_does_not_pass_by_other_characters(self):
        rival = self._create_deals(
            self.rival,
            partner_name="Northwind",
            website="https://northwind.example",
            submit=True,
        )
        rival._approve_registration()
        looks = (
            {"partner_name": "Νorthwind"},  # the N is Greek
            {"website": "https://nоrthwind.example"},  # an o is Cyrillic
            {"email_from": "jane@nоrthwind.example"},
        )
        for values in looks:
            with self.subTest(values=values):
                answer = self.send_form(**{"email_from": "", "website": "", **values})
                deal_id = int(answer.headers["Location"].split("/")[-1].split("?")[0])
                deal = self.env["crm.lead"].browse(deal_id)
                self.assertIn(rival, deal.conflict_lead_ids)
