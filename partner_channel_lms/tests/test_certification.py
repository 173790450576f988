from datetime import date, datetime

from dateutil.relativedelta import relativedelta
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..hooks import uninstall_hook
from ..models.partner_certification import WRITE_KEY, WRITE_SENTINEL
from .common import CertificationCommon


@tagged("post_install", "-at_install")
class TestIssuing(CertificationCommon):
    def test_who_passes_the_exam_is_certified(self):
        attempt = self._take(self.seller)
        certificate = self._certificates(self.seller)
        self.assertRecordValues(
            certificate,
            [
                {
                    "type_id": self.kind.id,
                    "commercial_partner_id": self.north.id,
                    "issued_company_partner_id": self.north.id,
                    "user_input_id": attempt.id,
                    "date_issued": fields.Date.today(),
                    "date_expiry": fields.Date.today() + relativedelta(months=12),
                    "score": 100.0,
                    "state": "valid",
                }
            ],
        )

    def test_who_fails_is_not_certified(self):
        attempt = self._take(self.seller, right=False)
        self.assertEqual(attempt.state, "done")
        self.assertFalse(self._certificates(self.seller))

    def test_a_failed_renewal_takes_nothing_away(self):
        self._take(self.seller)
        self._take(self.seller, right=False)
        self.assertEqual(self._certificates(self.seller).state, "valid")

    def test_a_trial_run_of_the_author_proves_nothing(self):
        attempt = self._take(self.seller, trial=True)
        self.assertTrue(attempt.scoring_success)
        self.assertFalse(self._certificates(self.seller))

    def test_an_attempt_not_handed_in_proves_nothing(self):
        attempt = self._take(self.seller, finish=False)
        self.assertTrue(attempt.scoring_success)
        self.assertFalse(self.Certification._issue_from_attempts(attempt))

    def test_an_attempt_without_a_person_proves_nothing(self):
        attempt = self._take(self.env["res.partner"], email="somebody@example.com")
        self.assertTrue(attempt.scoring_success)
        self.assertFalse(attempt.partner_id)
        self.assertFalse(
            self.Certification.search([("user_input_id", "=", attempt.id)])
        )

    def test_a_survey_of_no_type_certifies_nobody(self):
        self._take(self.seller, exam=self._create_exam("Other"))
        self.assertFalse(self._certificates(self.seller))

    def test_an_archived_type_certifies_nobody(self):
        self.requirement.unlink()
        self.kind.active = False
        self._take(self.seller)
        self.assertFalse(self._certificates(self.seller))

    def test_two_people_handed_in_together_are_certified_in_one_go(self):
        people = self.seller | self.rival
        attempts = self.env["survey.user_input"].browse(
            [self._take(person, finish=False).id for person in people]
        )
        attempts._mark_done()
        self.assertEqual(self._certificates(self.seller).user_input_id, attempts[0])
        self.assertEqual(self._certificates(self.rival).user_input_id, attempts[1])

    def test_issuing_costs_the_same_for_two_and_for_twenty_attempts(self):
        def attempts(count):
            found = self.env["survey.user_input"].browse(
                [self._take(self.seller, finish=False).id for _number in range(count)]
            )
            found.write({"state": "done", "end_datetime": fields.Datetime.now()})
            self.env.flush_all()
            self.env.invalidate_all()
            return found

        def queries(found):
            before = self.env.cr.sql_log_count
            self.Certification._issue_from_attempts(found)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries(attempts(1))  # warm the caches
        self.assertEqual(queries(attempts(2)), queries(attempts(20)))

    def test_an_attempt_earns_one_certificate_however_often_it_is_looked_at(self):
        attempt = self._take(self.seller)
        self.assertFalse(self.Certification._issue_from_attempts(attempt))
        self.assertFalse(self.Certification._issue_from_attempts(attempt))
        self.assertEqual(len(self._certificates(self.seller)), 1)

    def test_the_database_refuses_a_second_certificate_for_an_attempt(self):
        certificate = self._take_on(self.seller, date(2026, 1, 1))
        values = certificate.copy_data()[0]
        writer = self.Certification.with_context(**{WRITE_KEY: WRITE_SENTINEL})
        values["user_input_id"] = certificate.user_input_id.id
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            writer.create(values)

    def test_passing_again_gives_a_second_certificate_with_its_own_end(self):
        first = self._take_on(self.seller, date(2026, 1, 10))
        second = self._take_on(self.seller, date(2026, 6, 10))
        self.assertEqual(first.date_expiry, date(2027, 1, 10))
        self.assertEqual(second.date_expiry, date(2027, 6, 10))


@tagged("post_install", "-at_install")
class TestValidity(CertificationCommon):
    def test_a_year_from_a_leap_day_ends_on_the_last_of_february(self):
        certificate = self._take_on(self.seller, date(2028, 2, 29))
        self.assertEqual(certificate.date_expiry, date(2029, 2, 28))

    def test_four_years_from_a_leap_day_end_on_a_leap_day(self):
        self.kind.validity_months = 48
        certificate = self._take_on(self.seller, date(2028, 2, 29))
        self.assertEqual(certificate.date_expiry, date(2032, 2, 29))

    def test_without_validity_it_never_expires(self):
        self.kind.validity_months = 0
        certificate = self._take_on(self.seller, date(2000, 1, 1))
        self.assertFalse(certificate.date_expiry)
        self.assertEqual(certificate.state, "valid")

    def test_it_is_dated_where_the_person_is_whoever_issues_it(self):
        self.seller.tz = "Pacific/Kiritimati"
        self.rival.tz = "Pacific/Pago_Pago"
        moment = datetime(2028, 2, 29, 23, 30)
        attempts = self._take(self.seller, finish=False)
        attempts |= self._take(self.rival, finish=False)
        attempts.write({"state": "done", "end_datetime": moment})
        self.Certification.with_context(tz="Asia/Tokyo")._issue_from_attempts(attempts)
        self.assertEqual(self._certificates(self.seller).date_issued, date(2028, 3, 1))
        self.assertEqual(self._certificates(self.rival).date_issued, date(2028, 2, 29))

    def test_the_state_follows_the_calendar_and_the_searches_agree(self):
        certificate = self._take_on(self.seller, date(2026, 3, 31))
        everything = [("id", "=", certificate.id)]
        for day, state in (
            ("2026-04-01", "valid"),
            ("2027-01-29", "valid"),
            ("2027-01-30", "expiring"),
            ("2027-03-31", "expiring"),
            ("2027-04-01", "expired"),
        ):
            with self.subTest(day=day), freeze_time(day):
                certificate.invalidate_recordset(["state"])
                self.assertEqual(certificate.state, state)
                for asked in ("valid", "expiring", "expired", "revoked"):
                    found = self.Certification.search(
                        [*everything, ("state", "=", asked)]
                    )
                    self.assertEqual(bool(found), asked == state, asked)
                    found = self.Certification.search(
                        [*everything, ("state", "!=", asked)]
                    )
                    self.assertEqual(bool(found), asked != state, asked)
                grouped = self.Certification._read_group(
                    everything, ["state"], ["__count"]
                )
                self.assertEqual(grouped, [(state, 1)])
                holds = certificate.filtered_domain(
                    certificate._get_valid_domain(fields.Date.to_date(day))
                )
                self.assertEqual(bool(holds), state in ("valid", "expiring"))

    def test_changing_the_type_later_leaves_the_end_but_moves_the_renewal(self):
        certificate = self._take_on(self.seller, date(2026, 3, 31))
        self.kind.write({"validity_months": 1, "renewal_days": 30})
        self.assertEqual(certificate.date_expiry, date(2027, 3, 31))
        self.assertEqual(certificate.date_renewal, date(2027, 3, 1))


@tagged("post_install", "-at_install")
class TestHistory(CertificationCommon):
    def test_it_counts_for_the_company_the_person_works_for_now(self):
        self._take(self.seller)
        certificate = self._certificates(self.seller)
        self.seller.parent_id = self.south
        self.assertEqual(certificate.commercial_partner_id, self.south)
        self.assertEqual(certificate.issued_company_partner_id, self.north)

    def test_merging_two_contacts_of_one_person_keeps_both_certificates(self):
        old = self.env["res.partner"].create(
            {"name": "S. Seller", "parent_id": self.south.id}
        )
        self._take(old)
        self._take(self.seller)
        first, second = self._certificates(old), self._certificates(self.seller)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((old | self.seller).ids, self.seller)
        self.env.invalidate_all()
        self.assertEqual((first | second).partner_id, self.seller)
        self.assertEqual((first | second).commercial_partner_id, self.north)
        self.assertEqual(first.issued_company_partner_id, self.south)

    def test_a_revoked_certificate_stays_revoked(self):
        attempt = self._take(self.seller)
        certificate = self._certificates(self.seller)
        self.assertEqual(certificate._revoke("Taken by somebody else"), certificate)
        self.assertFalse(certificate._revoke("Again"))
        self.assertRecordValues(
            certificate,
            [
                {
                    "state": "revoked",
                    "date_revoked": fields.Date.today(),
                    "revoke_reason": "Taken by somebody else",
                }
            ],
        )
        self.assertFalse(self.Certification._issue_from_attempts(attempt))

    def test_the_wizard_revokes_several_at_once(self):
        self._take(self.seller)
        self._take(self.rival)
        both = self._certificates(self.seller) | self._certificates(self.rival)
        action = both.action_revoke()
        wizard = self.env[action["res_model"]].with_context(**action["context"])
        wizard.create({"reason": "The questions were leaked"}).action_confirm()
        self.assertEqual(both.mapped("state"), ["revoked", "revoked"])

    def test_not_even_the_superuser_writes_proof_by_hand(self):
        self._take(self.seller)
        certificate = self._certificates(self.seller).sudo()
        for values in (
            {"date_expiry": "2099-12-31"},
            {"revoked": True},
            {"partner_id": self.rival.id},
            {"user_input_id": False},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                certificate.write(values)
        with self.assertRaises(AccessError):
            self.Certification.sudo().create(
                {
                    "partner_id": self.rival.id,
                    "type_id": self.kind.id,
                    "date_issued": "2026-01-01",
                }
            )

    def test_uninstalling_leaves_nothing_that_holds_on_to_exams(self):
        attempt = self._take(self.seller)
        uninstall_hook(self.env)
        self.env.flush_all()
        self.assertFalse(self.Certification.search([]))
        self.assertFalse(self.requirement.exists())
        attempt.unlink()
        self.course.slide_ids.filtered("survey_id").unlink()
        self.exam.unlink()
        self.assertFalse(self.exam.exists())

    @mute_logger("odoo.sql_db")
    def test_proof_keeps_its_person_and_its_attempt(self):
        attempt = self._take(self.seller)
        with self.assertRaises(IntegrityError):
            attempt.unlink()
