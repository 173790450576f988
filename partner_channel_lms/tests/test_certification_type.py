from datetime import datetime

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import mail_new_test_user

from .common import CertificationCommon


@tagged("post_install", "-at_install")
class TestCertificationType(CertificationCommon):
    def test_only_a_survey_that_is_an_exam_may_prove_a_certification(self):
        for name, value, phrase in (
            ("access_mode", "public", "Invited people only"),
            ("users_login_required", False, "Require Login"),
            ("certification", False, "Is a Certification"),
            ("scoring_success_min", 0, "required score"),
        ):
            with self.subTest(field=name):
                survey = self._create_exam("Weak", **{name: value})
                with self.assertRaisesRegex(ValidationError, phrase):
                    self.env["partner.certification.type"].create(
                        {"name": "Weak", "survey_id": survey.id}
                    )

    def test_an_exam_in_use_cannot_be_loosened(self):
        for values in (
            {"access_mode": "public"},
            {"users_login_required": False},
            {"scoring_success_min": 0},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.exam.write(values)
        self.exam.scoring_success_min = 60

    def test_one_exam_proves_one_competence(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.env["partner.certification.type"].create(
                {"name": "Twin", "survey_id": self.exam.id}
            )

    def test_the_course_of_the_exam_is_proposed(self):
        self.assertEqual(self.kind.channel_id, self.course)

    def test_a_type_that_a_tier_asks_for_cannot_be_archived(self):
        with self.assertRaisesRegex(ValidationError, "Skilled"):
            self.kind.active = False

    def test_a_trainer_finds_the_menu_and_keeps_types_up_to_date(self):
        trainer = mail_new_test_user(
            self.env,
            login="lms_trainer",
            groups="partner_channel_lms.group_channel_trainer",
        )
        menus = self.env["ir.ui.menu"].with_user(trainer)._visible_menu_ids()
        self.assertIn(self.env.ref("partner_channel_lms.menu_certification").id, menus)
        self.assertIn(self.env.ref("partner_channel.menu_root").id, menus)
        with Form(self.kind.with_user(trainer)) as form:
            form.validity_months = 6
        with Form(self.env["partner.certification.type"].with_user(trainer)) as form:
            form.name = "New"
            form.survey_id = self._create_exam("New exam")
        self.assertEqual(self.kind.validity_months, 6)

    def test_it_counts_certificates_and_people(self):
        self._take(self.seller)
        self._take(self.seller)
        self._take(self.rival)
        self._certificates(self.rival)._revoke("Cheated")
        other = self.env["partner.certification.type"].create({"name": "Empty"})
        self.assertRecordValues(
            self.kind | other,
            [
                {"certification_count": 3, "valid_count": 1},
                {"certification_count": 0, "valid_count": 0},
            ],
        )


@tagged("post_install", "-at_install")
class TestBackfill(CertificationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.old_exam = cls._create_exam("Old Exam")
        cls.passed = [
            cls._take(person, exam=cls.old_exam) for person in cls.seller | cls.rival
        ]
        cls._take(cls.owner, exam=cls.old_exam, right=False)
        cls._take(cls.owner, exam=cls.old_exam, trial=True)
        cls.old = cls.env["partner.certification.type"].create(
            {"name": "Old", "survey_id": cls.old_exam.id, "validity_months": 12}
        )

    def test_exams_passed_before_the_type_existed_are_certified_once(self):
        self.passed[0].end_datetime = datetime(2026, 2, 1, 10)
        self.old.action_issue_earlier()
        issued = self.old.certification_ids
        self.assertEqual(issued.partner_id, self.seller | self.rival)
        self.assertEqual(str(self._certificates(self.seller).date_issued), "2026-02-01")
        self.old.action_issue_earlier()
        self.assertEqual(self.old.certification_ids, issued)

    def test_what_falls_short_of_todays_pass_mark_is_not_certified(self):
        weak = self._create_exam("Weak Exam", scoring_success_min=0)
        attempt = self._take(self.owner, exam=weak, right=False)
        self._take(self.seller, exam=weak)
        self.assertTrue(attempt.scoring_success, "an empty form passed")
        weak.scoring_success_min = 80
        kind = self.old.create({"name": "Weak", "survey_id": weak.id})
        kind.action_issue_earlier()
        self.assertEqual(kind.certification_ids.partner_id, self.seller)

    def test_several_types_at_once_are_certified_apart(self):
        (self.old | self.kind).action_issue_earlier()
        self.assertEqual(len(self.old.certification_ids), 2)
        self.assertFalse(self.kind.certification_ids)

    def test_a_trainer_may_and_a_channel_manager_may_not(self):
        trainer, manager = (
            mail_new_test_user(self.env, login=f"lms_{name}", groups=group)
            for name, group in (
                ("trainer", "partner_channel_lms.group_channel_trainer"),
                ("manager", "partner_channel.group_channel_manager"),
            )
        )
        with self.assertRaises(AccessError):
            self.old.with_user(manager).action_issue_earlier()
        self.old.with_user(trainer).action_issue_earlier()
        certificate = self._certificates(self.seller)
        with self.assertRaises(AccessError):
            certificate.with_user(manager)._revoke("I say so")
        with self.assertRaises(AccessError):
            certificate.with_user(manager).action_revoke()
        certificate.with_user(trainer)._revoke("Cheated")
        self.assertEqual(certificate.state, "revoked")
