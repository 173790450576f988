"""The check “No valid agreement”: who fails it, what follows, what is said."""

from datetime import date, timedelta

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .agreement_case import AgreementCase


@tagged("post_install", "-at_install")
@freeze_time("2028-03-15 12:00:00")
class TestAgreementCheck(AgreementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._create_rule()

    @classmethod
    def _create_rule(cls, policy="warn", program=None):
        return cls.env["partner.program.eligibility"].create(
            {
                "program_id": (program or cls.program).id,
                "code": "no_agreement",
                "policy": policy,
            }
        )

    def _lead(self, membership=None, name="Acme", **values):
        return self._register(
            membership or self.northwind,
            partner_name=name,
            customer_vat="",
            website="",
            **values,
        )

    def _find(self, lead):
        """Return what the check found about a lead, empty when it passed."""
        lead._write_evidence()
        return lead.evidence_ids.filtered("is_failing").facts or ""

    def test_a_partner_who_has_not_signed_fails(self):
        lead = self._lead()
        self.assertEqual(self._find(lead), "Reseller Agreement: not signed")
        draft = self._draft(self.northwind)
        self.assertEqual(self._find(lead), "Reseller Agreement: prepared, not signed")
        draft._sign("Ann")
        self.assertEqual(self._find(lead), "")

    def test_each_required_agreement_is_named(self):
        self._publish(self._create_template("Annex", sequence=20))
        optional = self._create_template("Optional", is_required=False)
        self._publish(optional)
        self._create_template("Unpublished")
        lead = self._lead()
        self.assertEqual(
            self._find(lead), "Reseller Agreement: not signed; Annex: not signed"
        )
        self._sign(self.northwind)
        self.assertEqual(self._find(lead), "Annex: not signed")

    def test_it_counts_on_the_days_agreed_only(self):
        lead = self._lead()
        agreement = self._draft(
            self.northwind, date_from="2028-04-01", date_to="2028-04-30"
        )
        agreement._sign("Ann")
        self.assertIn("valid from 04/01/2028 only", self._find(lead))
        for day, valid in (
            ("2028-03-31", False),
            ("2028-04-01", True),
            ("2028-04-30", True),
            ("2028-05-01", False),
        ):
            # also before the job has moved it to another state
            with self.subTest(day=day), freeze_time(f"{day} 12:00:00"):
                self.env.invalidate_all()
                self.assertEqual(not self._find(lead), valid)
        with freeze_time("2028-05-01 12:00:00"):
            before = self._find(lead)
            self.assertIn("ended on 04/30/2028", before)
            self._run_job()
            self.assertEqual(agreement.state, "expired")
            self.assertEqual(self._find(lead), before, "whether the job ran or not")
            self._sign(self.northwind, "2028-01-10", date_to="2028-02-10")
            self.assertEqual(self._find(lead), before, "nor by an older paper")

    def test_what_was_terminated_does_not_count(self):
        lead = self._lead()
        agreement = self._sign(self.northwind)
        self.assertFalse(self._find(lead))
        agreement.termination_reason = "Broken"
        agreement.action_terminate()
        self.assertIn("ended on 03/15/2028", self._find(lead))

    def test_an_older_version_counts_up_to_its_day(self):
        lead = self._lead()
        self._sign(self.northwind)
        self._publish(self.template, date_resign=date(2028, 4, 30))
        self.assertFalse(self._find(lead))
        with freeze_time("2028-05-01 12:00:00"):
            self.assertTrue(self._find(lead))
            self._sign(self.northwind, "2028-05-01")
            self.assertFalse(self._find(lead))

    def test_anothers_agreement_does_not_count(self):
        self._sign(self.contoso)
        program = self._create_program("Integrator")
        twin = self.env["partner.membership"].create(
            {"partner_id": self.northwind.partner_id.id, "program_id": program.id}
        )
        twin.action_activate()
        template = self._create_template("Reseller Agreement", program)
        self._publish(template)
        self._sign(twin, template=template)
        leads = self._lead() | self._lead(self.contoso, "Zen")
        self.assertTrue(self._find(leads[0]), "signed by others, or in other programs")
        self.assertFalse(self._find(leads[1]))

    def test_it_is_asked_of_certain_tiers_countries_and_days(self):
        lead = self._lead()
        self.template.grade_ids = self._grade("Gold")
        self.assertFalse(self._find(lead))
        self.template.grade_ids |= self._grade("Registered")
        self.assertTrue(self._find(lead))
        self.template.country_ids = self.env.ref("base.de")
        self.assertFalse(self._find(lead))
        self.northwind.partner_id.country_id = self.env.ref("base.de")
        self.assertTrue(self._find(lead))
        self.template.date_required = "2028-03-16"
        self.assertFalse(self._find(lead))
        self.template.date_required = "2028-03-15"
        self.assertTrue(self._find(lead))
        self.template.active = False
        self.assertFalse(self._find(lead))

    def test_the_day_is_the_companys(self):
        lead = self._lead()
        self._sign(self.northwind, date_to="2028-03-15")
        self.company.partner_id.tz = "Pacific/Auckland"
        self.env.invalidate_all()
        self.assertTrue(self._find(lead), "16 March there")

    def test_refusing_refuses_at_submission_and_names_no_agreement(self):
        self.rule.policy = "refuse"
        with self.assertRefused(UserError, "No valid agreement with the vendor"):
            self._lead()
        self._sign(self.northwind)
        self.assertEqual(self._lead().registration_state, "submitted")

    def test_the_partner_reads_no_name_of_an_agreement(self):
        self.rule.policy = "refuse"
        with self.assertRaises(UserError) as refused:
            self._lead()
        self.assertNotIn("Reseller Agreement", str(refused.exception))

    def test_warning_lets_it_through_and_tells_who_decides(self):
        lead = self._lead()
        self.assertEqual(lead.registration_state, "submitted")
        lead._evaluate_registrations()
        self.assertEqual(lead.registration_state, "submitted")
        self.assertTrue(lead.evidence_ids.is_failing)

    def test_two_companies_ask_for_their_own(self):
        program = self._create_program("Elsewhere", company=self.other_company)
        member = self._create_membership("Initech", program)
        self._create_rule(program=program)
        lead = self._lead(member)
        self.assertFalse(self._find(lead), "nothing is required there")
        template = self._create_template("Elsewhere", program)
        self._publish(template)
        self.assertEqual(self._find(lead), "Elsewhere: not signed")
        self._sign(member, template=template)
        self.assertFalse(self._find(lead))
        self.assertTrue(self._find(self._lead()), "and here nobody has signed")

    def test_many_take_as_many_queries_as_one(self):
        self._publish(self._create_template("Annex"))
        leads = self.env["crm.lead"]
        for number in range(6):
            member = self._create_membership(f"Member {number}")
            leads |= self._lead(member, f"Customer {number}")
            if number % 2:
                self._sign(member)

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            failing = some._check_eligibility_no_agreement(self.rule)
            self.assertEqual(set(failing), set(some.ids), "all lack the annex")
            return self.cr.sql_log_count - before

        count(leads)
        # one that has signed, one that has not
        self.assertEqual(count(leads), count(leads[:2]))

    # === WHAT IS SAID OF IT === #

    def test_the_effect_says_when_nothing_is_checked(self):
        self.assertEqual(self.rule.effect, "Shown to who decides")
        self.template.date_required = date(2028, 3, 15) + timedelta(days=1)
        self.assertIn("Nothing is checked before", self.rule.effect)
        self.template.is_required = False
        self.assertIn("requires no published agreement", self.rule.effect)
        self.template.write({"is_required": True, "date_required": False})
        self.rule.policy = "refuse"
        self.assertEqual(self.rule.effect, "Not taken when the partner submits")
        self.rule.policy = "off"
        self.assertEqual(self.rule.effect, "Not checked")

    def test_memberships_show_and_find_what_is_missing(self):
        members = self.northwind | self.contoso
        Membership = self.env["partner.membership"]

        def find(value):
            domain = [("is_agreement_missing", "=", value), ("id", "in", members.ids)]
            return Membership.search(domain)

        self.assertEqual(find(True), members)
        self._sign(self.northwind)
        self.env.invalidate_all()
        self.assertFalse(self.northwind.is_agreement_missing)
        self.assertEqual(self.contoso.missing_agreement_ids, self.template)
        self.assertEqual(find(True), self.contoso)
        self.assertEqual(find(False), self.northwind)
        self.assertEqual(self.northwind.agreement_count, 1)
        self.template.country_ids = self.env.ref("base.de")
        self.assertFalse(find(True))

    def test_nothing_is_missing_from_who_has_left(self):
        members = self.northwind | self.contoso
        self.assertEqual(members.missing_agreement_ids, self.template)
        self.contoso.action_terminate()
        self.assertFalse(self.contoso.is_agreement_missing)
        self.assertFalse(self.contoso.missing_agreement_ids)
        for value in (True, False):
            with self.subTest(value=value):
                found = members.search(
                    [("is_agreement_missing", "=", value), ("id", "in", members.ids)]
                )
                shown = members.filtered(lambda m, x=value: m.is_agreement_missing == x)
                self.assertEqual(found, shown, "the search finds what the field shows")
        members.action_prepare_agreements()
        self.assertEqual(self.template.agreement_ids.membership_id, self.northwind)
