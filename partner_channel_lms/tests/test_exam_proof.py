"""Exams passed elsewhere: handed in with proof, verified by a trainer."""

import base64
from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import mail_new_test_user

from .common import CertificationCommon

PDF = b"%PDF-1.4 certificate of another institute"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)


class ExamProofCommon(CertificationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2027-01-15 12:00:00"))
        cls.trainer = mail_new_test_user(
            cls.env,
            "proof_trainer",
            groups="partner_channel_lms.group_channel_trainer",
        )
        cls.elsewhere = cls.env["partner.certification.type"].create(
            {
                "name": "Network",
                "validity_months": 24,
                "accepts_proof": True,
                "verifier_id": cls.trainer.id,
            }
        )
        cls.Proof = cls.env["partner.exam.proof"]

    @classmethod
    def _hand_in(cls, person, day=date(2026, 12, 1), content=PDF, submit=True):
        proof = cls.Proof.create(
            {
                "partner_id": person.id,
                "type_id": cls.elsewhere.id,
                "exam_date": day,
                "reference": "NET-1",
                "document": base64.b64encode(content),
                "document_name": "proof.pdf",
            }
        )
        if submit:
            proof.action_submit()
        return proof

    def _get_told(self, person):
        """Return the texts a person was written, oldest first."""
        messages = self.env["mail.message"].search(
            [
                ("model", "=", "partner.exam.proof"),
                ("notified_partner_ids", "in", person.ids),
            ],
            order="id",
        )
        return messages.mapped("body")


@tagged("post_install", "-at_install")
class TestExamProof(ExamProofCommon):
    def test_verifying_issues_the_certificate_once(self):
        proofs = self._hand_in(self.seller) | self._hand_in(self.rival)
        self.assertFalse(self._certificates(self.seller))
        proofs.with_user(self.trainer).action_verify()
        for person in (self.seller, self.rival):
            [certificate] = self._certificates(person)
            self.assertEqual(certificate.type_id, self.elsewhere)
            self.assertEqual(certificate.date_issued, date(2026, 12, 1))
            self.assertEqual(certificate.date_expiry, date(2028, 12, 1))
            self.assertEqual(certificate.proof_id.decided_by_id, self.trainer)
        self.assertFalse(self.Certification._issue_from_proofs(proofs))
        proofs.with_user(self.trainer).action_verify()
        self.assertEqual(len(self._certificates(self.seller)), 1)

    def test_only_verified_proofs_issue(self):
        draft = self._hand_in(self.seller, submit=False)
        waiting = self._hand_in(self.owner)
        self.assertFalse(self.Certification._issue_from_proofs(draft | waiting))

    def test_a_refusal_has_a_reason_which_the_person_is_told(self):
        proof = self._hand_in(self.seller).with_user(self.trainer)
        with self.assertRaises(UserError):
            proof._refuse(" ")
        action = proof.action_refuse()
        self.env["partner.exam.proof.refuse"].with_user(self.trainer).with_context(
            **action["context"]
        ).create({"reason": "Another <b>name</b>"}).action_confirm()
        self.assertEqual(proof.state, "refused")
        self.assertFalse(self._certificates(self.seller))
        [text] = self._get_told(self.seller)
        self.assertIn("was not accepted", text)
        self.assertIn("Another &lt;b&gt;name&lt;/b&gt;", text)
        with self.assertRaises(UserError):
            proof.action_verify()

    def test_the_person_is_told_in_their_language(self):
        self.env["res.lang"]._activate_lang("uk_UA")
        self.elsewhere.with_context(lang="uk_UA").name = "Мережа"
        self.seller.lang = "uk_UA"
        self._hand_in(self.seller).with_user(self.trainer).action_verify()
        self.assertIn("Мережа", self._get_told(self.seller)[0])

    def test_a_trainer_is_asked_and_the_question_goes_with_the_decision(self):
        proof = self._hand_in(self.seller)
        self.assertEqual(proof.activity_ids.user_id, self.trainer)
        proof.with_user(self.trainer).action_verify()
        self.assertFalse(proof.activity_ids)

    def test_nobody_verifies_their_own(self):
        own = self._hand_in(self.trainer.partner_id)
        self.assertNotEqual(own.activity_ids.user_id, self.trainer)
        for deed in ("action_verify", "action_refuse"):
            with self.assertRaises(UserError):
                getattr(own.with_user(self.trainer), deed)()
        with self.assertRaises(UserError):
            own.with_user(self.trainer)._refuse("No")
        self.assertEqual(own.state, "submitted")

    def test_others_have_no_access(self):
        proof = self._hand_in(self.seller)
        manager = mail_new_test_user(
            self.env, "proof_manager", groups="partner_channel.group_channel_manager"
        )
        for user in (manager, self.seller.user_ids, self.owner.user_ids):
            with self.assertRaises(AccessError):
                proof.with_user(user).read(["state"])
            with self.assertRaises(AccessError):
                proof.with_user(user).action_verify()

    def test_the_state_is_not_written_by_hand(self):
        proof = self._hand_in(self.seller).with_user(self.trainer)
        for vals in ({"state": "verified"}, {"decided_by_id": self.trainer.id}):
            with self.assertRaises(AccessError):
                proof.write(vals)

    def test_what_was_handed_in_does_not_change(self):
        proof = self._hand_in(self.seller).with_user(self.trainer)
        with self.assertRaises(UserError):
            proof.exam_date = date(2026, 11, 1)
        with self.assertRaises(UserError):
            proof.unlink()

    def test_one_exam_is_handed_in_once_unless_it_was_refused(self):
        first = self._hand_in(self.seller)
        self._hand_in(self.seller, date(2026, 12, 2))
        self._hand_in(self.owner)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self._hand_in(self.seller)
        first.with_user(self.trainer)._refuse("Not readable")
        again = self._hand_in(self.seller)
        again.action_withdraw()
        self.assertEqual(self._hand_in(self.seller).state, "submitted")

    def test_files_are_judged_by_what_they_are(self):
        self._hand_in(self.seller, content=PNG)
        for content in (b"<html>%PDF-1.4</html>", b"MZ" + bytes(200), b"plain text"):
            with self.assertRaises(ValidationError):
                self._hand_in(self.owner, content=content)

    def test_an_exam_of_tomorrow_and_one_of_another_way_are_refused(self):
        with self.assertRaises(ValidationError):
            self._hand_in(self.seller, date(2027, 1, 16))
        with self.assertRaises(ValidationError):
            self._hand_in(self.seller, submit=False).type_id = self.kind

    def test_a_type_says_how_it_is_earned(self):
        self.assertEqual(self.kind.earned_by, "exam “Sales Exam”")
        self.assertEqual(
            self.elsewhere.with_user(self.seller.user_ids).earned_by,
            "exam elsewhere, its proof verified by a trainer",
        )
        both = self.env["partner.certification.type"].create(
            {
                "name": "Both",
                "component_ids": (self.kind | self.elsewhere).ids,
            }
        )
        self.assertEqual(both.earned_by, "all of: Network, Sales")
