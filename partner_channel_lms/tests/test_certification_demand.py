"""The check “Certificate missing”: how many certified people a program asks for."""

from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import CertificationCommon


@tagged("post_install", "-at_install")
class TestCertificationDemand(CertificationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2028-03-15 12:00:00"))
        cls.rule = cls._create_rule()
        cls.germany, cls.france = cls.env.ref("base.de"), cls.env.ref("base.fr")
        cls.member, cls.rivals = cls.memberships

    @classmethod
    def _create_rule(cls, policy="warn", program=None):
        return cls.env["partner.program.eligibility"].create(
            {
                "program_id": (program or cls.program).id,
                "code": "missing_certificate",
                "policy": policy,
            }
        )

    @classmethod
    def _demand(cls, people=1, program=None, kind=None, **values):
        return cls.env["partner.certification.demand"].create(
            {
                "program_id": (program or cls.program).id,
                "type_id": (kind or cls.kind).id,
                "people": people,
                **values,
            }
        )

    @classmethod
    def _create_kind(cls, name, **values):
        return cls.env["partner.certification.type"].create(
            {"name": name, "survey_id": cls._create_exam(name).id, **values}
        )

    def _lead(self, member=None, name="Acme", **values):
        lead = self.env["crm.lead"]._create_registrations(
            member or self.member, [{"partner_name": name, **values}]
        )
        lead._submit_registration()
        return lead

    def _find(self, lead):
        """Return what the check found about a lead, empty when it passed."""
        lead._write_evidence()
        return lead.evidence_ids.filtered("is_failing").facts or ""

    # === WHO COUNTS === #

    def test_people_with_a_valid_certificate_count_once_each(self):
        self._demand(2)
        lead = self._lead()
        self.assertEqual(self._find(lead), "Sales: 0 of 2")
        self._take_on(self.owner, date(2028, 1, 10))
        self._take_on(self.owner, date(2028, 2, 10))
        self.assertEqual(self._find(lead), "Sales: 1 of 2")
        self._take_on(self.seller, date(2028, 2, 10))
        self.assertEqual(self._find(lead), "")

    def test_people_of_another_partner_do_not_count(self):
        self._demand()
        self._take_on(self.rival, date(2028, 2, 10))
        self.assertEqual(self._find(self._lead()), "Sales: 0 of 1")
        self.assertEqual(self._find(self._lead(self.rivals, "Zen")), "")

    def test_an_expired_certificate_does_not_count(self):
        self._demand()
        lead = self._lead()
        # 12 months from 15 March 2027 are over on 15 March 2028
        [certificate] = self._take_on(self.owner, date(2027, 3, 16))
        last = certificate.date_expiry
        for day, passes in ((last, True), (date.fromordinal(last.toordinal() + 1), 0)):
            with self.subTest(day=day), freeze_time(f"{day} 12:00:00"):
                self.assertEqual(not self._find(lead), bool(passes))

    def test_a_revoked_certificate_does_not_count(self):
        self._demand()
        lead = self._lead()
        [certificate] = self._take_on(self.owner, date(2028, 2, 10))
        self.assertEqual(self._find(lead), "")
        certificate._revoke("Copied")
        self.assertEqual(self._find(lead), "Sales: 0 of 1")

    def test_who_left_the_partner_does_not_count(self):
        self._demand()
        lead, other = self._lead(), self._lead(self.rivals, "Zen")
        self._take_on(self.owner, date(2028, 2, 10))
        self.assertEqual(self._find(lead), "")
        # a company is not left without an owner
        self._create_person(self.north, "Olena Owner", "second", "Owner")
        self.owner.parent_id = self.south
        self.assertEqual(self._find(lead), "Sales: 0 of 1")
        self.assertEqual(self._find(other), "", "they count where they work now")
        self.owner.user_ids.active = False
        self.owner.active = False
        self.assertEqual(self._find(other), "Sales: 0 of 1")

    def test_another_certification_does_not_count(self):
        engineer = self._create_kind("Engineer")
        self._demand(1)
        self._demand(2, kind=engineer)
        self._take_on(self.owner, date(2028, 2, 10))
        lead = self._lead()
        self.assertEqual(self._find(lead), "Engineer: 0 of 2")
        self._take_on(self.seller, date(2028, 2, 10), exam=engineer.survey_id)
        self.assertEqual(self._find(lead), "Engineer: 1 of 2")

    def test_the_day_is_the_companys(self):
        self._demand()
        lead = self._lead()
        [certificate] = self._take_on(self.owner, date(2027, 3, 16))
        company = self.program.company_id
        company.partner_id.tz = "Pacific/Auckland"
        with freeze_time(f"{certificate.date_expiry} 13:00:00"):
            self.assertEqual(self._find(lead), "Sales: 0 of 1", "over, there")
            company.partner_id.tz = "UTC"
            self.assertEqual(self._find(lead), "")

    # === OF WHICH DEALS === #

    def test_a_family_asks_for_its_deals(self):
        pumps, valves = self.env["product.category"].create(
            [
                {"name": "Pumps", "is_channel_family": True},
                {"name": "Valves", "is_channel_family": True},
            ]
        )
        self._demand(family_id=pumps.id)
        for family, asked in (
            (pumps, True),
            (valves, False),
            (pumps[:0], True),  # a deal of all products is one of pumps too
        ):
            lead = self._lead(name=f"F{family.name}", product_family_id=family.id)
            with self.subTest(family=family.name):
                self.assertEqual(bool(self._find(lead)), asked)

    def test_countries_and_tiers_bound_what_is_asked(self):
        demand = self._demand(country_ids=[Command.set(self.germany.ids)])
        here = self._lead(name="G", country_id=self.germany.id)
        there = self._lead(name="F", country_id=self.france.id)
        unknown = self._lead(name="U")
        self.assertTrue(self._find(here))
        self.assertFalse(self._find(there))
        self.assertTrue(self._find(unknown), "leaving it out is no way around")
        demand.grade_ids = self.certified
        self.assertFalse(self._find(here), "the partner is on the entry tier")
        demand.grade_ids |= self.entry
        self.assertTrue(self._find(here))

    def test_people_may_have_to_be_in_the_deals_country(self):
        self._demand(2, is_local=True)
        # contacts of the ordinary type share the company's address
        (self.owner | self.seller).type = "other"
        self.owner.country_id, self.seller.country_id = self.germany, self.france
        self._take_on(self.owner, date(2028, 2, 10))
        self._take_on(self.seller, date(2028, 2, 10))
        here = self._lead(name="G", country_id=self.germany.id)
        unknown = self._lead(name="U")
        self.assertEqual(self._find(here), "Sales in Germany: 1 of 2")
        self.assertEqual(self._find(unknown), "Sales in no country: 0 of 2")
        self.seller.country_id = self.germany
        self.assertEqual(self._find(here), "")
        (self.owner | self.seller).country_id = False
        self.assertEqual(self._find(unknown), "Sales in no country: 0 of 2")

    # === WHAT FOLLOWS === #

    def test_refusing_names_the_reason_and_nothing_else(self):
        self._demand(2)
        self.rule.policy = "refuse"
        with self.assertRaises(UserError) as refused:
            self._lead()
        self.assertIn("A certificate is missing", str(refused.exception))
        self.assertNotIn("of 2", str(refused.exception))
        self._take_on(self.owner, date(2028, 2, 10))
        self._take_on(self.seller, date(2028, 2, 10))
        self.assertEqual(self._lead().registration_state, "submitted")

    def test_warning_lets_it_through(self):
        self._demand()
        lead = self._lead()
        lead._evaluate_registrations()
        self.assertEqual(lead.registration_state, "submitted")
        self.assertEqual(
            lead.evidence_ids.filtered("is_failing").code, "missing_certificate"
        )

    def test_two_companies_ask_for_their_own(self):
        company = self.env["res.company"].create({"name": "Other Vendor"})
        program = self.env["partner.program"].create(
            {"name": "Elsewhere", "company_id": company.id}
        )
        member = self.env["partner.membership"].create(
            {"partner_id": self.north.id, "program_id": program.id}
        )
        member.action_activate()
        self._create_rule(program=program)
        self._demand(1)
        here, there = self._lead(), self._lead(member, "Zen")
        self.assertEqual((self._find(here), self._find(there)), ("Sales: 0 of 1", ""))
        self._demand(2, program)
        self._take_on(self.owner, date(2028, 2, 10))
        self.assertEqual((self._find(here), self._find(there)), ("", "Sales: 1 of 2"))

    def test_many_take_as_many_queries_as_one(self):
        self._demand(2)
        self._demand(1, is_local=True)
        self._demand(kind=self._create_kind("Engineer"))
        leads = self.env["crm.lead"]
        for number in range(5):
            company = self.env["res.partner"].create(
                {"name": f"Company {number}", "is_company": True}
            )
            member = self._create_memberships(company)
            leads |= self._lead(member, f"Customer {number}")

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            failing = some._check_eligibility_missing_certificate(self.rule)
            self.assertEqual(set(failing), set(some.ids))
            return self.cr.sql_log_count - before

        count(leads)
        self.assertEqual(count(leads), count(leads[0]))

    # === THE LINES === #

    def test_the_effect_says_when_nothing_is_checked(self):
        self.assertIn("Nothing is checked", self.rule.effect)
        demand = self._demand()
        self.assertEqual(self.rule.effect, "Shown to who decides")
        self.rule.policy = "refuse"
        self.assertEqual(self.rule.effect, "Not taken when the partner submits")
        demand.unlink()
        self.assertIn("Nothing is checked", self.rule.effect)

    def test_a_certification_that_is_asked_for_is_not_archived(self):
        self.requirement.unlink()
        demand = self._demand()
        with self.assertRaisesRegex(ValidationError, "Training Program"):
            self.kind.active = False
        demand.unlink()
        self.kind.active = False
        with self.assertRaisesRegex(ValidationError, "archived"):
            self._demand()

    def test_tiers_are_those_of_the_program(self):
        program = self.env["partner.program"].create({"name": "Other"})
        with self.assertRaisesRegex(ValidationError, "Other"):
            self._demand(program=program, grade_ids=[Command.set(self.entry.ids)])

    def test_partners_and_managers_write_no_line(self):
        demand = self._demand()
        user = self.owner.user_ids
        for operation in ("read", "write", "create", "unlink"):
            self.assertFalse(demand.with_user(user).has_access(operation))
        with self.assertRaises(AccessError):
            self.program.with_user(user).read(["certification_demand_ids"])
        manager = self.env["res.users"].create(
            {
                "name": "Kate",
                "login": "lms_kate",
                "group_ids": [
                    Command.link(
                        self.env.ref("partner_channel.group_channel_manager").id
                    )
                ],
            }
        )
        self.assertEqual(demand.with_user(manager).people, 1)
        for operation in ("write", "create", "unlink"):
            self.assertFalse(demand.with_user(manager).has_access(operation))
