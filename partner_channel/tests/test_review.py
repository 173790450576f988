from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import PartnerChannelCommon


@tagged("post_install", "-at_install")
class TestReview(PartnerChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create(
            {"name": "ACME <b>Ltd</b>", "is_company": True, "vat": "DE123456788"}
        )
        cls.order = cls.env["sale.order"].create(
            {"partner_id": cls.customer.id, "company_id": cls.company.id}
        )
        cls.rival_lead = cls._register(cls.contoso, customer_vat="")
        cls.alike = cls._register(
            cls.contoso, partner_name="Crystalord", customer_vat="", website=""
        )
        cls.lead = cls._register(cls.northwind)
        cls.typo = cls._register(
            cls.northwind, partner_name="Cristalord GmbH", customer_vat="", website=""
        )

    def _review(self, lead=None, user=None):
        lead = (lead or self.lead).with_user(user or self.manager)
        action = lead.action_review_customer()
        return lead.env[action["res_model"]].browse(action["res_id"])

    def _line(self, record, review=None):
        return (review or self._review()).line_ids.filtered(
            lambda line: (line.model, line.res_id) == (record._name, record.id)
        )

    def test_what_is_alike_stands_beside_the_registration(self):
        review = self._review()
        conflict = self._line(self.rival_lead, review)
        self.assertEqual(conflict.kind, "conflict")
        self.assertEqual(conflict.score, 100)
        self.assertIn("same web or e-mail domain", conflict.reasons)
        self.assertNotIn("tax ID", conflict.reasons)
        self.assertIn("Contoso", conflict.comparison)
        self.assertIn("Northwind", conflict.comparison)
        customer = self._line(self.customer, review)
        self.assertEqual(customer.kind, "customer")
        self.assertIn("same tax ID", customer.reasons)
        self.assertIn("DE123456788", customer.comparison)
        self.assertIn("ACME &lt;b&gt;Ltd", customer.comparison)
        self.assertTrue(self._line(self.order, review))
        self.assertEqual(review.line_ids.mapped("kind")[0], "conflict")

    def test_a_similar_name_says_how_alike_it_is(self):
        line = self._line(self.alike, self._review(self.typo))
        self.assertEqual(line.kind, "similar")
        self.assertGreaterEqual(line.score, 75)
        self.assertEqual(line.reasons, "spelled almost alike")

    def test_closed_registrations_are_left_out(self):
        self.alike._withdraw_registration()
        self.rival_lead._reject_registration("other")
        self.assertFalse(self._line(self.alike, self._review(self.typo)))
        self.assertFalse(self._line(self.rival_lead))

    def test_a_different_company_is_remembered_and_hidden_from_both_sides(self):
        line = self._line(self.alike, self._review(self.typo))
        action = line.action_different()
        self.assertEqual((action["res_id"], action["target"]), (line.id, "new"))
        with self.assertRefused(UserError, "why they are different"):
            line.action_judge_different()
        line.reason = "Another town"
        line.action_judge_different()
        verdict = self.env["partner.deal.verdict"].search([])
        self.assertEqual(verdict.lead_id, self.typo)
        self.assertEqual((verdict.model, verdict.res_id), ("crm.lead", self.alike.id))
        self.assertEqual(verdict.user_id, self.manager)
        self.assertEqual(verdict.reason, "Another town")
        self.assertTrue(verdict.date)
        self.assertFalse(self._line(self.alike, self._review(self.typo)))
        other = self._review(self.alike, self.other_manager)
        self.assertFalse(self._line(self.typo, other))

    def test_quotations_go_with_a_customer_that_is_different(self):
        line = self._line(self.customer)
        line.reason = "Another company"
        line.action_judge_different()
        self.assertFalse(self._line(self.customer))
        self.assertFalse(self._line(self.order))

    def test_a_word_given_twice_is_one(self):
        first, second = self._line(self.customer), self._line(self.customer)
        for line in (first, second):
            line.reason = "Another company"
            line.action_judge_different()
        self.assertEqual(self.env["partner.deal.verdict"].search_count([]), 1)

    def test_the_same_customer_opens_the_decision(self):
        for record, reason in ((self.rival_lead, "conflict"), (self.order, "customer")):
            action = self._line(record).action_same()
            wizard = Form(
                self.env[action["res_model"]]
                .with_user(self.manager)
                .with_context(**action["context"])
            ).save()
            self.assertEqual((wizard.decision, wizard.reason), ("reject", reason))
            self.assertEqual(wizard.lead_ids, self.lead)
        wizard.action_apply()
        self.assertEqual(self.lead.registration_state, "rejected")

    def test_the_other_opens_as_what_it_is(self):
        rival = self._line(self.rival_lead).action_open()
        form = self.env.ref("partner_channel.crm_lead_registration_view_form")
        self.assertEqual(rival["views"], [(form.id, "form")])
        customer = self._line(self.customer).action_open()
        self.assertEqual(
            (customer["res_model"], customer["res_id"], customer["views"]),
            ("res.partner", self.customer.id, [(False, "form")]),
        )

    def test_only_the_channel_team_compares_its_own_deals(self):
        salesman = self._create_user("sam.sales", "sales_team.group_sale_salesman")
        for user in (self.seller, salesman, self.other_manager):
            with self.assertRefused(AccessError):
                self._review(user=user)
        analyst = self._create_user("anna", "partner_channel.group_channel_analyst")
        line = self._line(self.rival_lead, self._review(user=analyst))
        self.assertTrue(line)
        for judge in (line.action_same, line.action_different):
            with self.assertRefused(AccessError):
                judge()
        with self.assertRefused(AccessError):
            line.reason = "No"

    def test_pages_and_verdicts_are_not_for_others(self):
        review, line = self._review(), self._line(self.customer)
        for user in (self.seller, self.other_manager, self.head):
            for record in (review, line):
                with self.assertRefused(AccessError):
                    record.with_user(user).read(["lead_id"])
        line.reason = "Another company"
        line.action_judge_different()
        verdict = self.env["partner.deal.verdict"].search([])
        values = {"lead_id": self.lead.id, "model": "crm.lead", "res_id": 1}
        for user in (self.seller, self.other_manager):
            with self.assertRefused(AccessError):
                verdict.with_user(user).read(["reason"])
        for user in (self.seller, self.manager):
            with self.assertRefused(AccessError):
                self.env["partner.deal.verdict"].with_user(user).create(values)
            with self.assertRefused(AccessError):
                verdict.with_user(user).reason = "Other"
        verdict.with_user(self.head).unlink()
        self.assertTrue(self._line(self.customer))

    def test_the_page_opens_for_who_reviews(self):
        review = self._review()
        views = review.get_views([(False, "form")])["views"]["form"]
        self.assertIn("line_ids", views["arch"])
        self.assertEqual(Form(review).lead_id, self.lead)
