"""Certifications that are the sum of others."""

from datetime import date
from itertools import permutations
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from .common import CertificationCommon


@tagged("post_install", "-at_install")
@freeze_time("2027-01-15 12:00:00")
class TestSums(CertificationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._create_exam("Support Exam")
        cls.support = cls._create_type("Support", survey_id=cls.second.id)
        cls.sum = cls._create_type("Expert", component_ids=(cls.kind | cls.support).ids)

    @classmethod
    def _create_type(cls, name, **values):
        kinds = cls.env["partner.certification.type"]
        return kinds.create({"name": name, "validity_months": 12, **values})

    def _spans(self, person=None, kind=None, revoked=False):
        """Return ``[(first day, last day)]`` of what somebody holds of a sum."""
        found = self.Certification.search(
            [
                ("partner_id", "=", (person or self.seller).id),
                ("type_id", "=", (kind or self.sum).id),
                ("revoked", "=", revoked),
            ],
            order="date_issued, id",
        )
        return [(record.date_issued, record.date_expiry) for record in found]

    def _run_job(self):
        cron = self.env.ref("partner_channel_lms.ir_cron_follow_certifications")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _pass_both(self, person=None):
        person = person or self.seller
        sales = self._take_on(person, date(2026, 6, 1))
        support = self._take_on(person, date(2026, 9, 1), exam=self.second)
        return sales, support

    def test_who_holds_all_holds_the_sum_until_the_first_ends(self):
        sales = self._take_on(self.seller, date(2026, 6, 1))
        self.assertEqual(self._spans(), [])
        support = self._take_on(self.seller, date(2026, 9, 1), exam=self.second)
        self.assertEqual(self._spans(), [(date(2026, 9, 1), date(2027, 6, 1))])
        [record] = self._certificates(self.seller).filtered("part_ids")
        self.assertEqual(record.part_ids, sales | support)
        self.assertEqual(record.issued_company_partner_id, self.north)

    def test_people_do_not_make_one_together(self):
        self._take_on(self.seller, date(2026, 6, 1))
        self._take_on(self.owner, date(2026, 9, 1), exam=self.second)
        self.assertEqual(self._spans() + self._spans(self.owner), [])

    def test_twice_in_a_row_and_for_two_people_nothing_doubles(self):
        self._pass_both()
        self._pass_both(self.rival)
        people = self.seller | self.rival
        self.assertFalse(self.Certification._sync_sums(people))
        self.assertEqual(len(self._spans()), 1)
        self.assertEqual(len(self._spans(self.rival)), 1)

    def test_a_renewed_component_makes_another_one(self):
        self._pass_both()
        self._take_on(self.seller, date(2027, 1, 10))
        self.assertEqual(
            self._spans(),
            [
                (date(2026, 9, 1), date(2027, 6, 1)),
                (date(2027, 1, 10), date(2027, 9, 1)),
            ],
        )

    def test_what_holds_does_not_depend_on_the_order(self):
        days = [
            (self.exam, date(2026, 2, 1)),
            (self.exam, date(2026, 12, 1)),
            (self.second, date(2026, 4, 1)),
            (self.second, date(2026, 12, 20)),
        ]
        held = set()
        for order in permutations(days):
            person = self.env["res.partner"].create({"name": "Any order"})
            for exam, day in order:
                self._take_on(person, day, exam=exam)
            spans = self._spans(person)
            held.add(
                tuple(
                    any(first <= day <= last for first, last in spans)
                    for day in (
                        date(2026, 3, 31),
                        date(2026, 4, 1),
                        date(2027, 2, 1),
                        date(2027, 12, 1),
                        date(2027, 12, 2),
                    )
                )
            )
        self.assertEqual(held, {(False, True, True, True, False)})

    def test_one_whose_component_is_revoked_goes_with_it_and_comes_again(self):
        sales, _support = self._pass_both()
        sales._revoke("Cheated")
        self.assertEqual(self._spans(), [])
        self.assertEqual(len(self._spans(revoked=True)), 1)
        self._take_on(self.seller, date(2026, 8, 1))
        self.assertEqual(self._spans(), [(date(2026, 9, 1), date(2027, 8, 1))])

    def test_the_other_proof_of_a_revoked_component_keeps_it(self):
        sales, _support = self._pass_both()
        self._take_on(self.seller, date(2026, 6, 1))
        sales._revoke("Entered twice")
        self.assertEqual(self._spans(), [(date(2026, 9, 1), date(2027, 6, 1))])

    def test_one_a_trainer_revoked_is_not_issued_again(self):
        self._pass_both()
        self._certificates(self.seller).filtered("part_ids")._revoke("By mistake")
        self.Certification._sync_sums(self.seller)
        self.assertEqual(self._spans(), [])

    def test_sums_of_sums_follow(self):
        exam = self._create_exam("Third")
        third = self._create_type("Third", survey_id=exam.id)
        top = self._create_type("Top", component_ids=(self.sum | third).ids)
        self._take_on(self.seller, date(2026, 7, 1), exam=exam)
        sales, _support = self._pass_both()
        self.assertEqual(self._spans(kind=top), [(date(2026, 9, 1), date(2027, 6, 1))])
        sales._revoke("Cheated")
        self.assertEqual(self._spans(kind=top), [])

    def test_a_sum_that_leads_back_to_itself_is_refused(self):
        with self.assertRaises(ValidationError):
            self.kind.component_ids = self.sum
        with self.assertRaises(ValidationError):
            self.sum.component_ids |= self.sum

    def test_components_stay_as_long_as_the_sum(self):
        self.requirement.unlink()
        with self.assertRaises(ValidationError):
            self.kind.active = False
        self.sum.active = False
        self.kind.active = False
        with self.assertRaises(ValidationError):
            self.sum.active = True

    def test_who_held_all_before_there_was_the_sum_gets_it_at_night(self):
        self._pass_both()
        self._pass_both(self.rival)
        late = self._create_type("Late", component_ids=(self.kind | self.support).ids)
        self.assertEqual(self._spans(kind=late), [])
        self._run_job()
        for person in (self.seller, self.rival):
            self.assertEqual(
                self._spans(person, late), [(date(2026, 9, 1), date(2027, 6, 1))]
            )
        self._run_job()
        self.assertEqual(len(self._spans(kind=late)), 1)

    def test_it_was_earned_for_the_company_of_the_last_component(self):
        self._take_on(self.seller, date(2026, 6, 1))
        self.seller.parent_id = self.south
        self._take_on(self.seller, date(2026, 9, 1), exam=self.second)
        self.seller.parent_id = self.north
        unknown = self._create_person(self.south, "Una Unknown", "unknown")
        for part in self._pass_both(unknown):
            part._get_issuer().issued_company_partner_id = False
        late = self._create_type("Late", component_ids=(self.kind | self.support).ids)
        self._run_job()
        for person, company in ((self.seller, self.south), (unknown, self.south)):
            [record] = self._certificates(person).filtered(
                lambda one: one.type_id == late
            )
            self.assertEqual(record.issued_company_partner_id, company)
        self.assertEqual(self.seller.commercial_partner_id, self.north)

    def test_what_two_earned_in_one_moment_is_found_at_night(self):
        certificates = type(self.Certification)
        with patch.object(certificates, "_follow_with_sums", lambda records: None):
            self._pass_both()
        self.assertEqual(self._spans(), [])
        self._run_job()
        self.assertEqual(self._spans(), [(date(2026, 9, 1), date(2027, 6, 1))])

    def test_two_contacts_of_one_person_make_it_together(self):
        twin = self.env["res.partner"].create({"name": "Sam S."})
        self._take_on(twin, date(2026, 6, 1))
        self._take_on(self.seller, date(2026, 9, 1), exam=self.second)
        self.assertEqual(self._spans(), [])
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((twin | self.seller).ids, self.seller)
        self.env.invalidate_all()
        self.assertEqual(self._spans(), [(date(2026, 9, 1), date(2027, 6, 1))])

    def test_what_a_sum_is_made_of_later_does_not_change_the_past(self):
        self._pass_both()
        exam = self._create_exam("Third")
        third = self._create_type("Third", survey_id=exam.id)
        self.sum.component_ids |= third
        self._run_job()
        self.assertEqual(self._spans(), [(date(2026, 9, 1), date(2027, 6, 1))])

    def test_many_people_take_as_many_queries_as_two(self):
        def count(people):
            for person in people:
                self._pass_both(person)
            self.Certification.search([("part_ids", "!=", False)])._get_issuer().write(
                {"sum_key": False}
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            issued = self.Certification._sync_sums(people)
            self.env.flush_all()
            self.assertEqual(len(issued), len(people))
            return self.env.cr.sql_log_count - before

        few = count(self.seller | self.rival)
        people = self.env["res.partner"].create(
            [{"name": f"Person {n}", "parent_id": self.north.id} for n in range(12)]
        )
        self.assertLessEqual(count(people), few)
