"""Two contacts of one person become one, with Odoo's own wizard."""

import base64

from odoo.tests import tagged

from .learning_case import LearningCase
from .test_exam_proof import PDF, ExamProofCommon


def merge(twin, person):
    """Merge one contact into another; the login stays with the latter."""
    twin.user_ids.unlink()
    wizard = twin.env["base.partner.merge.automatic.wizard"]
    wizard._merge((twin | person).ids, person)
    twin.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestMergeLearning(LearningCase):
    def test_both_are_on_the_path(self):
        self._create_path()
        twin = self._create_person(self.south, "Sam Seller", "twin", "Seller")
        self._enrol()
        kept = self._of(self.seller)
        double = self._of(twin)
        self.assertEqual((kept | double).mapped("state"), ["waiting"] * 2)
        merge(twin, self.seller)
        self.assertEqual(kept.state, "waiting")
        self.assertEqual(double.state, "cancelled")
        self.assertEqual(self._of(self.seller), kept | double)
        self.assertIn(self.seller, self._attending(self.course))
        self.assertFalse(self._enrol(), "nobody is put on it twice")

    def test_one_is_on_another_path(self):
        self._create_path()
        twin = self._create_person(self.south, "Sam Seller", "twin", "Seller")
        self._enrol()
        other = self._create_path(name="Another", is_automatic=False)
        by_hand = self.Enrolment.create({"path_id": other.id, "partner_id": twin.id})
        merge(twin, self.seller)
        self.assertEqual(by_hand.partner_id, self.seller)


@tagged("post_install", "-at_install")
class TestMergeProofs(ExamProofCommon):
    def _merge_proofs(self, states):
        """Merge two contacts with a proof of the same exam; return both proofs."""
        twin = self.env["res.partner"].create(
            {"name": "Sam Seller", "parent_id": self.south.id}
        )
        proofs = self._hand_in(self.seller) | self._hand_in(twin)
        for proof, state in zip(proofs, states, strict=True):
            if state == "verified":
                proof.with_user(self.trainer).action_verify()
        merge(twin, self.seller)
        self.assertEqual(proofs.partner_id, self.seller)
        self.assertEqual(proofs.commercial_partner_id, self.north)
        return proofs

    def test_the_proof_of_the_contact_that_stays_is_kept(self):
        proofs = self._merge_proofs(("submitted", "submitted"))
        self.assertEqual(proofs.mapped("state"), ["submitted", "withdrawn"])
        self.assertFalse(proofs[1].activity_ids)

    def test_a_verified_proof_is_kept(self):
        proofs = self._merge_proofs(("submitted", "verified"))
        self.assertEqual(proofs.mapped("state"), ["withdrawn", "verified"])
        self.assertEqual(self._certificates(self.seller).state, "valid")

    def test_two_verified_proofs_lose_no_certificate(self):
        proofs = self._merge_proofs(("verified", "verified"))
        self.assertEqual(proofs.mapped("state"), ["verified", "withdrawn"])
        certificates = self._certificates(self.seller)
        self.assertEqual(certificates.mapped("state"), ["valid"] * 2)
        self.assertEqual(certificates.commercial_partner_id, self.north)

    def test_two_exams_are_two(self):
        twin = self.env["res.partner"].create({"name": "Sam Seller"})
        proofs = self._hand_in(self.seller) | self.Proof.create(
            {
                "partner_id": twin.id,
                "type_id": self.elsewhere.id,
                "exam_date": "2026-12-02",
                "document": base64.b64encode(PDF),
            }
        )
        merge(twin, self.seller)
        self.assertEqual(proofs.mapped("state"), ["submitted", "draft"])
        self.assertEqual(proofs.partner_id, self.seller)
