from datetime import date

from odoo.exceptions import ValidationError
from odoo.tests import Form, freeze_time, tagged

from .common import CertificationCommon


@tagged("post_install", "-at_install")
@freeze_time("2027-01-15")
class TestCertifiedPeople(CertificationCommon):
    def _measure(self, day=date(2027, 1, 15)):
        values = self.requirement._measure_certified_people(
            self.memberships, date(2026, 1, 16), day
        )
        return [values[membership.id] for membership in self.memberships]

    def test_each_partner_counts_its_own_people_once(self):
        self._take_on(self.seller, date(2026, 6, 1))
        self._take_on(self.seller, date(2026, 12, 1))
        self._take_on(self.owner, date(2026, 6, 1))
        self._take_on(self.rival, date(2026, 6, 1))
        self.assertEqual(self._measure(), [2.0, 1.0])

    def test_all_memberships_are_measured_with_one_query(self):
        self._take_on(self.seller, date(2026, 6, 1))
        self._take_on(self.rival, date(2026, 6, 1))
        self.env.flush_all()
        self.env.invalidate_all()
        self.memberships.mapped("partner_id")
        self.requirement.fetch(["certification_type_id", "certification_country_id"])
        with self.assertQueryCount(1):
            self.assertEqual(self._measure(), [1.0, 1.0])

    def test_it_counts_on_the_day_asked_for(self):
        self._take_on(self.seller, date(2026, 1, 10))
        for day, people in (
            (date(2026, 1, 9), 0.0),
            (date(2026, 1, 10), 1.0),
            (date(2027, 1, 10), 1.0),
            (date(2027, 1, 11), 0.0),
        ):
            with self.subTest(day=day):
                self.assertEqual(self._measure(day), [people, 0.0])

    def test_other_competences_and_revoked_certificates_do_not_count(self):
        exam = self._create_exam("Support Exam")
        self.env["partner.certification.type"].create(
            {"name": "Support", "survey_id": exam.id}
        )
        self._take_on(self.seller, date(2026, 6, 1), exam=exam)
        self._take_on(self.owner, date(2026, 6, 1))._revoke("Cheated")
        self.assertEqual(self._measure(), [0.0, 0.0])

    def test_people_who_left_do_not_count_and_count_where_they_went(self):
        self._take_on(self.seller, date(2026, 6, 1))
        self._take_on(self.owner, date(2026, 6, 1))
        # a company is not left without an owner
        self._create_person(self.north, "Olena Owner", "second", "Owner")
        self.seller.parent_id = self.south
        self.assertEqual(self._measure(), [1.0, 1.0])
        self.owner.user_ids.active = False
        self.owner.active = False
        self.assertEqual(self._measure(), [0.0, 1.0])

    def test_no_memberships_no_figures(self):
        self.assertEqual(
            self.requirement._measure_certified_people(
                self.memberships.browse(), date(2026, 1, 1), date(2027, 1, 1)
            ),
            {},
        )

    def test_two_requirements_on_different_certifications_are_measured_apart(self):
        exam = self._create_exam("Support Exam")
        support = self.env["partner.certification.type"].create(
            {"name": "Support", "survey_id": exam.id}
        )
        other = self.requirement.copy({"certification_type_id": support.id})
        self._take_on(self.seller, date(2026, 6, 1))
        measures = (self.requirement | other)._measure(
            self.memberships, date(2027, 1, 15)
        )
        north = self.memberships[0]
        self.assertEqual(measures[self.requirement.id, north.id].value, 1.0)
        self.assertEqual(measures[other.id, north.id].value, 0.0)

    def test_the_partner_reaches_the_tier_when_its_second_person_passes(self):
        north, south = self.memberships
        self.assertEqual(self.memberships.grade_id, self.entry)
        self._take_on(self.seller, date(2027, 1, 14))
        self.memberships._review_tiers(date(2027, 1, 15))
        self.assertEqual(north.grade_id, self.entry)
        self._take_on(self.owner, date(2027, 1, 14))
        reviews = self.memberships._review_tiers(date(2027, 1, 15))
        self.assertEqual(north.grade_id, self.certified)
        self.assertEqual(south.grade_id, self.entry)
        evidence = reviews.filtered(lambda rev: rev.membership_id == north).evidence
        self.assertIn("certified_people", str(evidence))

    def test_the_tier_is_at_risk_when_the_certificates_expire(self):
        north = self.memberships[0]
        self._take_on(self.seller, date(2027, 1, 14))
        self._take_on(self.owner, date(2027, 1, 14))
        self.memberships._review_tiers(date(2027, 1, 15))
        review = north._review_tiers(date(2028, 1, 15))
        self.assertEqual(review.decision, "demote")
        self.assertEqual(north.grade_id, self.certified, "notice and grace come first")


@tagged("post_install", "-at_install")
class TestRequirementForm(CertificationCommon):
    def test_it_names_the_certification_it_asks_for(self):
        with self.assertRaisesRegex(ValidationError, "Skilled"):
            self.requirement.certification_type_id = False

    def test_it_is_measured_on_the_day_not_over_a_year(self):
        with self.assertRaisesRegex(ValidationError, "Last months"):
            self.requirement.period = "calendar_year"

    def test_choosing_the_metric_in_the_tier_form_sets_the_period(self):
        with Form(self.entry) as form, form.requirement_ids.new() as line:
            line.metric = "certified_people"
            line.certification_type_id = self.kind
            line.threshold = 1
        self.assertEqual(self.entry.requirement_ids.period, "rolling")

    def test_it_reads_like_a_sentence(self):
        self.assertEqual(self.requirement.display_name, "2 people certified: Sales")
        self.requirement.threshold = 1
        self.assertEqual(self.requirement.display_name, "1 person certified: Sales")

    def test_other_metrics_read_as_before(self):
        revenue = self.env["partner.tier.requirement"].create(
            {"grade_id": self.entry.id, "metric": "won_deals", "threshold": 3}
        )
        self.assertIn("Won deals", revenue.display_name)
