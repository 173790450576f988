"""A partner's deal, from the form in the portal to the paid vendor bill."""

from datetime import timedelta

from odoo.fields import Command
from odoo.http import Request
from odoo.tests import tagged
from odoo.tools import mute_logger

from .walk import DealWalk


@tagged("post_install", "-at_install")
class TestWayOfTheDeal(DealWalk):
    def test_a_deal_goes_all_the_way_to_the_payout(self):
        deal = self.register(self.seller)
        self.assertEqual(deal.registration_state, "submitted")
        self.assertEqual(deal.type, "lead", "undecided claims are not in the pipeline")

        self.assertFalse(self.decide(self.manager, "action_registration_approve", deal))
        self.assertEqual(deal.registration_state, "approved")
        self.assertEqual(deal.type, "opportunity")
        self.assertEqual(deal.date_protection_end, self.today + timedelta(days=90))

        deal.partner_id = self.env["res.partner"].create({"name": "Acme GmbH"})
        invoice = self.sell(deal, 10_000.00, 2_345.67)
        self.assertEqual(self.read_books(self.alpha_membership), (1_234.57, 0.00))

        self.pay(invoice, 5_000.00)
        self.assertEqual(self.read_books(self.alpha_membership), (1_234.57, 500.00))

        self.credit(invoice, keep=1)
        self.assertEqual(self.read_books(self.alpha_membership)[0], 1_000.00)
        self.pay(invoice)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self.read_books(self.alpha_membership), (1_000.00, 1_000.00))

        statement = self.pay_out(invoice)
        note = self.credit(invoice, keep=0)
        self.assertEqual(
            self.read_books(self.alpha_membership),
            (0.00, 1_000.00),
            "not due back before the customer has the money back",
        )
        self.pay(note)
        self.assertEqual(
            self.read_books(self.alpha_membership),
            (0.00, 0.00),
            "a customer who got everything back leaves nothing to the partner",
        )
        self.assertEqual(
            self.read_books(self.alpha_membership, statement_id=False)[1],
            -1_000.00,
            "what was paid out is taken back in the next statement",
        )
        self.assertEqual(statement.amount_total, 1_000.00, "the past is not changed")

    def pay_out(self, invoice):
        """Walk a statement from draft to paid; return it."""
        statement = self.state_commissions()
        self.assertEqual(statement.membership_id, self.alpha_membership)
        self.assertEqual(statement.amount_total, 1_000.00)
        url = f"/my/statements/{statement.id}"
        self.assertEqual(self.read_page(self.finance, url)[0], 404, "not sent yet")

        statement.with_user(self.accountant).action_send()
        for user in (self.seller, self.rival):
            self.assertEqual(self.read_page(user, url)[0], 404, user.login)
        page = self.read_page(self.finance, url)[1]
        self.assertIn("1,000.00", page)
        self.assertIn(invoice.name, page, "each entry names its source")
        self.assertIn(invoice.name, self.read_page(self.finance, "/my/commissions")[1])

        self.login(self.finance)
        token = Request.csrf_token(self)
        self.url_open(f"{url}/accept", data={"csrf_token": token})
        statement.invalidate_recordset()
        self.assertEqual(statement.state, "accepted")
        self.assertEqual(statement.accepted_by_id, self.finance)

        statement.with_user(self.accountant).action_create_bill()
        bill = statement.bill_id
        self.assertEqual(bill.partner_id, self.alpha)
        self.assertEqual(bill.amount_untaxed, 1_000.00)
        bill.with_user(self.accountant).action_post()
        self.pay(bill)
        self.assertEqual(statement.state, "paid")
        return statement

    def test_the_rival_is_warned_and_cannot_be_approved_meanwhile(self):
        self.assertFalse(self.ask_hint(self.rival))
        deal = self.register(self.seller)
        self.assertTrue(self.ask_hint(self.rival), "told at once")
        claim = self.register(self.rival)
        self.assertEqual(claim.conflict_lead_ids, deal)
        status, page = self.read_page(self.rival, f"/my/deals/{deal.id}")
        self.assertEqual(status, 404)
        self.assertNotIn("Alpha", page)

        self.decide(self.manager, "action_registration_approve", deal)
        with mute_logger("odoo.sql_db", "odoo.http"):
            error = self.decide(self.manager, "action_registration_approve", claim)
        self.assertIn(deal.name, error, "the vendor is told which deal is in the way")
        self.assertEqual(claim.registration_state, "submitted")

        claim.with_user(self.manager)._reject_registration("conflict")
        page = self.read_page(self.rival, f"/my/deals/{claim.id}")[1]
        self.assertIn("Already registered by another partner", page)
        self.assertNotIn("Alpha", page, "nothing of the other partner is told")

    def test_the_rival_gets_its_turn_when_the_protection_has_ended(self):
        deal = self.register(self.seller)
        self.decide(self.manager, "action_registration_approve", deal)
        claim = self.register(self.rival)
        deal._set_protected({"date_protection_end": self.today - timedelta(days=1)})
        self.run_nightly_jobs()
        self.assertEqual(deal.registration_state, "expired")
        error = self.decide(self.manager, "action_registration_approve", claim)
        self.assertFalse(error)
        self.assertEqual(claim.registration_state, "approved")

    def test_a_returned_registration_is_mended_and_approved(self):
        deal = self.register(self.seller)
        deal.with_user(self.manager)._return_registration("Which office is it?")
        self.login(self.seller)
        answer = self.send_form(
            f"/my/deals/{deal.id}/edit", description="The office in Berlin."
        )
        self.assertEqual(answer.status_code, 303)
        deal.invalidate_recordset()
        self.assertEqual(deal.registration_state, "submitted")
        self.assertFalse(self.decide(self.manager, "action_registration_approve", deal))

    def test_partners_cannot_decide_by_remote_call(self):
        deal = self.register(self.seller)
        for user in (self.seller, self.owner, self.rival):
            with self.subTest(user.login), mute_logger("odoo.http"):
                error = self.decide(user, "action_registration_approve", deal)
                self.assertTrue(error)
                self.assertEqual(deal.registration_state, "submitted")

    def test_the_nightly_jobs_find_nothing_to_do_when_all_is_done(self):
        deals = self.register(self.seller) + self.register(
            self.seller,
            partner_name="Beech Ltd",
            customer_vat="",
            website="beech.example",
            email_from="",
        )
        self.decide(self.manager, "action_registration_approve", deals)
        customers = self.env["res.partner"].create(
            [{"name": "Customer One"}, {"name": "Customer Two"}]
        )
        for deal, customer in zip(deals, customers, strict=True):
            deal.partner_id = customer
            self.pay(self.sell(deal, 1_000.00), 400.00)
        before = self.read_books(self.alpha_membership)
        self.assertEqual(before, (200.00, 80.00))
        self.run_nightly_jobs()
        self.run_nightly_jobs()
        self.assertEqual(self.read_books(self.alpha_membership), before)
        self.assertEqual(set(deals.mapped("registration_state")), {"approved"})


@tagged("post_install", "-at_install")
class TestWayToTheTier(DealWalk):
    """A tier that asks for revenue on deals and for a certified person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.exam = cls._create_exam()
        kind = cls.env["partner.certification.type"].create(
            {"name": "Sales", "validity_months": 12, "survey_id": cls.exam.id}
        )
        cls.gold = cls.env["res.partner.grade"].create(
            {
                "name": "Gold",
                "sequence": 1,
                "program_id": cls.program.id,
                "requirement_ids": [
                    Command.create({"metric": "sourced_revenue", "threshold": 10_000}),
                    Command.create(
                        {
                            "metric": "certified_people",
                            "certification_type_id": kind.id,
                            "period": "rolling",
                            "threshold": 1,
                        }
                    ),
                ],
            }
        )

    @classmethod
    def _create_exam(cls):
        right = {"is_correct": True, "answer_score": 1}
        return cls.env["survey.survey"].create(
            {
                "title": "Exam",
                "access_mode": "token",
                "users_login_required": True,
                "certification": True,
                "scoring_type": "scoring_with_answers",
                "scoring_success_min": 100,
                "question_and_page_ids": [
                    Command.create(
                        {
                            "title": "Is it?",
                            "question_type": "simple_choice",
                            "suggested_answer_ids": [
                                Command.create({"value": "No"}),
                                Command.create({"value": "Yes", **right}),
                            ],
                        }
                    )
                ],
            }
        )

    def take_exam(self, person, answer):
        """Let a person answer the exam's question and hand it in."""
        attempt = self.exam._create_answer(partner=person, check_attempts=False)
        attempt._mark_in_progress()
        question = self.exam.question_ids
        choice = question.suggested_answer_ids.filtered(lambda c: c.value == answer)
        attempt._save_lines(question, str(choice.id))
        attempt._mark_done()

    def test_revenue_and_a_certified_seller_together_make_gold(self):
        entry = self.alpha_membership.grade_id
        self.assertNotEqual(entry, self.gold)
        deal = self.register(self.seller)
        self.decide(self.manager, "action_registration_approve", deal)
        deal.partner_id = self.env["res.partner"].create({"name": "Acme GmbH"})
        self.sell(deal, 12_000.00)
        self.run_nightly_jobs()
        self.assertEqual(self.alpha_membership.grade_id, entry, "no one is certified")

        self.take_exam(self.seller.partner_id, "No")
        self.assertFalse(self.alpha_membership._review_tiers())
        self.take_exam(self.seller.partner_id, "Yes")
        self.env["partner.membership"].search([])._set_protected(
            {"date_reviewed": False}
        )
        self.run_nightly_jobs()
        self.assertEqual(self.alpha_membership.grade_id, self.gold)
        self.assertEqual(self.alpha.grade_id, self.gold, "Odoo's own level follows")
        self.assertEqual(self.beta_membership.grade_id, entry)
        evidence = self.alpha_membership.review_ids.evidence
        values = {item["metric"]: item["value"] for item in evidence}
        self.assertEqual(values, {"sourced_revenue": 12_000.0, "certified_people": 1.0})
