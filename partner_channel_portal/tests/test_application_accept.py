from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .common_application import ApplicationMixin


@tagged("post_install", "-at_install")
class TestApplicationAccept(TransactionCase, ApplicationMixin):
    """What the vendor decides, and what becomes of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpApplications()
        cls.env.ref("auth_signup.portal_set_password_email").auto_delete = False
        cls.reason = cls.env.ref("partner_channel_portal.application_reason_fit")

    def decide(self, application, decision, user=None, **values):
        wizard = self.env["partner.application.decide"].with_user(user or self.manager)
        wizard = wizard.create(
            {"application_id": application.id, "decision": decision, **values}
        )
        wizard.action_apply()
        return wizard

    def test_an_accepted_company_is_a_partner_with_an_owner_and_a_login(self):
        application = self.apply()
        wizard = self.decide(application, "accept")
        self.assertEqual(wizard.company_choice, "new")
        partner, membership = application.partner_id, application.membership_id
        self.assertRecordValues(
            partner,
            [
                {
                    "name": "Applied Systems GmbH",
                    "is_company": True,
                    "country_id": self.germany.id,
                    "city": "Berlin",
                }
            ],
        )
        self.assertIn("136695976", partner.vat)
        self.assertRecordValues(
            membership,
            [
                {
                    "partner_id": partner.id,
                    "program_id": self.program.id,
                    "state": "active",
                    "grade_id": self.program._get_entry_grade().id,
                    "manager_id": self.manager.id,
                }
            ],
        )
        self.assertFalse(application.activity_ids)
        self.assertRecordValues(
            application.funnel_id,
            [{"outcome": "accepted", "submitted": 1, "accepted": 1, "declined": 0}],
        )

    def test_the_applicant_is_the_owner_and_is_invited_once(self):
        application = self.apply()
        application.with_user(self.manager)._accept()
        partner = application.partner_id
        owner = application.contact_id
        self.assertEqual(owner.parent_id, partner)
        self.assertEqual(
            owner.portal_role_id,
            self.env.ref("partner_channel_portal.portal_role_owner"),
        )
        self.assertEqual(
            partner.child_ids.mapped("name"), ["Anna Applicant", "Carl Colleague"]
        )
        user = owner.user_ids
        self.assertEqual(user.login, "anna@applied-systems.example")
        self.assertTrue(user._is_portal())
        self.assertFalse(partner.child_ids.filtered(lambda p: p != owner).user_ids)
        self.assertEqual(
            self.get_mails(application)[-1].subject,
            "Welcome as our partner: Portal Test Program",
        )
        self.assertEqual(len(self.get_invitations(application)), 1)

    def test_accepting_twice_changes_nothing(self):
        application = self.apply()
        membership = application.with_user(self.manager)._accept()
        mails = self.env["mail.mail"].search_count([])
        people = self.env["res.partner"].search_count([])
        self.assertEqual(application.with_user(self.manager)._accept(), membership)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertEqual(self.env["res.partner"].search_count([]), people)

    def test_a_known_company_gets_the_membership_and_keeps_its_people(self):
        company = self.env["res.partner"].create(
            {"name": "Applied", "is_company": True, "vat": "DE136695976"}
        )
        anna = self.env["res.partner"].create(
            {
                "name": "Anna",
                "parent_id": company.id,
                "email": "ANNA@applied-systems.example",
            }
        )
        application = self.apply()
        self.assertEqual(application.candidate_ids, company)
        wizard = self.decide(application, "accept")
        self.assertEqual(wizard.partner_id, company, "the only candidate is proposed")
        self.assertEqual(application.partner_id, company)
        self.assertEqual(application.contact_id, anna)
        self.assertEqual(company.name, "Applied", "the vendor's data stay")
        self.assertEqual(len(company.child_ids), 2)

    def test_two_applications_of_two_companies_are_two_partners(self):
        other_company = self.env["res.company"].create(
            {"name": "Vendor Two", "currency_id": self.env.ref("base.USD").id}
        )
        other = self.env["partner.program"].create(
            {
                "name": "Second",
                "company_id": other_company.id,
                "is_published": True,
                "grade_ids": [Command.create({"name": "Start", "sequence": 5})],
            }
        )
        first = self.apply()
        second = self.env["partner.application"].create(
            {
                "program_id": other.id,
                "name": "Second Ltd",
                "contact_name": "Sam",
                "email": "sam@second.example",
            }
        )
        second._confirm_email()
        second._submit_application()
        self.manager.company_ids += other_company
        for application in first + second:
            application.with_user(self.manager)._accept()
        self.assertEqual(second.membership_id.company_id, other_company)
        self.assertEqual(second.membership_id.currency_id.name, "USD")
        self.assertEqual(second.contact_id.user_ids.company_id, other_company)
        self.assertEqual(first.membership_id.company_id, self.vendor)
        self.assertEqual(first.membership_id.grade_id.name, "Entry")
        self.assertEqual(second.membership_id.grade_id.name, "Start")

    def test_a_login_of_another_company_is_not_taken_over(self):
        application = self.apply(email=self.rival.partner_id.email)
        self.rival.login = self.rival.partner_id.email
        with self.assertRaises(UserError) as refused:
            application.with_user(self.manager)._accept()
        self.assertIn("already the login of", str(refused.exception))
        self.assertEqual(application.state, "submitted")
        self.assertFalse(application.partner_id)
        application.with_user(self.manager)._accept(self.beta)
        self.assertEqual(application.contact_id, self.rival.partner_id)
        self.assertEqual(application.membership_id, self.beta_membership)

    def test_a_suspended_member_is_not_accepted_again(self):
        self.gamma_membership.action_suspend()
        application = self.apply()
        with self.assertRaisesRegex(UserError, "is suspended"):
            application.with_user(self.manager)._accept(self.gamma)

    def test_a_former_member_gets_a_new_membership(self):
        self.delta_membership.action_terminate()
        application = self.apply()
        membership = application.with_user(self.manager)._accept(self.delta)
        self.assertEqual(membership.state, "active")
        self.assertNotEqual(membership, self.delta_membership)

    def test_declining_needs_a_reason_and_says_it(self):
        application = self.apply()
        with self.assertRaisesRegex(UserError, "Choose why"):
            self.decide(application, "decline")
        self.decide(application, "decline", reason_id=self.reason.id, note="Sorry")
        self.assertEqual(application.state, "declined")
        self.assertEqual(application.funnel_id.outcome, "declined")
        self.assertGreaterEqual(application.funnel_id.hours_to_decide, 0)
        body = self.get_mails(application)[-1].body_html
        self.assertIn(self.reason.public_text, body)
        self.assertIn("Sorry", body)
        with self.assertRaisesRegex(UserError, "cannot become"):
            application.with_user(self.manager)._accept()
        # a wrong decision is taken back
        application.with_user(self.manager).action_review()
        self.assertRecordValues(
            application, [{"state": "in_review", "reason_id": False}]
        )
        self.assertTrue(application.date_decision_due)
        self.assertFalse(application.funnel_id.outcome)

    def test_two_are_reviewed_and_declined_at_once(self):
        both = self.apply() + self.apply(
            email="bo@b.example", name="B", vat="DE123456788"
        )
        both.manager_id = False
        for _click in range(2):
            both.with_user(self.manager).action_review()
        self.assertEqual(both.mapped("state"), ["in_review"] * 2)
        self.assertEqual(both.manager_id, self.manager)
        both.with_user(self.manager)._decline(self.reason)
        self.assertEqual(both.mapped("state"), ["declined"] * 2)
        self.assertEqual([len(self.get_mails(a)) for a in both], [3, 3])

    def test_a_refusal_is_taken_back_by_who_may_decide(self):
        coordinator = self._create_user(
            "portal_test_coordinator",
            self.env["res.partner"].create({"name": "Cora"}),
            "partner_channel.group_channel_coordinator",
        )
        declined, other = self.apply(), self.apply(email="bo@b.example")
        declined._decline(self.reason)
        for records in (declined, declined + other):
            with self.assertRaises(AccessError):
                self.as_user(records, coordinator).action_review()
        self.assertEqual((declined + other).mapped("state"), ["declined", "submitted"])
        self.as_user(other, coordinator).action_review()
        self.as_user(declined, self.manager).action_review()
        self.assertEqual((declined + other).mapped("state"), ["in_review"] * 2)
        self.assertTrue(declined.date_decision_due)

    def test_a_question_needs_words(self):
        application = self.apply()
        with self.assertRaisesRegex(UserError, "Write the question"):
            self.decide(application, "question", note=" ")

    def test_late_decisions_are_found(self):
        application = self.apply()
        self.assertFalse(application.is_late)
        application._set_protected({"date_decision_due": "2020-01-01 00:00:00"})
        application.invalidate_recordset(["is_late"])
        self.assertTrue(application.is_late)
        late = self.env["partner.application"].search([("is_late", "=", True)])
        self.assertEqual(late, application)
        on_time = self.env["partner.application"].search([("is_late", "=", False)])
        self.assertNotIn(application, on_time)

    def test_who_may_decide(self):
        coordinator = self._create_user(
            "portal_test_coordinator",
            self.env["res.partner"].create({"name": "Cora"}),
            "partner_channel.group_channel_coordinator",
        )
        analyst = self._create_user(
            "portal_test_analyst",
            self.env["res.partner"].create({"name": "Ana"}),
            "partner_channel.group_channel_analyst",
        )
        own = self._create_user(
            "portal_test_own",
            self.env["res.partner"].create({"name": "Otto"}),
            "partner_channel.group_channel_manager",
        )
        application = self.apply()
        for user in (coordinator, analyst, own):
            with (
                self.subTest(user=user.login),
                mute_logger("odoo.addons.base.models.ir_rule"),
                self.assertRaises(AccessError),
            ):
                self.as_user(application, user)._accept()
        with self.assertRaises(AccessError):
            self.as_user(application, analyst).action_review()
        self.assertFalse(
            self.env["partner.application"].with_user(own).search([]),
            "a channel manager sees own applications and those of nobody",
        )
        self.as_user(application, coordinator).action_review()
        self.as_user(application, coordinator)._ask_applicant("Why?")
        application.manager_id = own
        self.as_user(application, own)._accept()
        self.assertEqual(application.state, "accepted")
