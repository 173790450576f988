from datetime import date

from odoo import fields
from odoo.tests import freeze_time, tagged

from .common import CertificationCommon


@tagged("post_install", "-at_install")
@freeze_time("2027-01-15")
class TestLeadRule(CertificationCommon):
    """Certified people weigh where leads are given to partners."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls.env["partner.lead.rule"].create(
            {"name": "All", "program_id": cls.program.id, "mode": "one"}
        )

    def _measure(self):
        return self.rule._measure_certificates(self.memberships)

    def test_people_weigh_and_two_of_them_are_half_of_all(self):
        self._take_on(self.seller, date(2026, 6, 1))
        self._take_on(self.owner, date(2026, 6, 1))
        # another certificate of the same person
        exam = self._create_exam("Support Exam")
        self.env["partner.certification.type"].create(
            {"name": "Support", "survey_id": exam.id}
        )
        self._take_on(self.seller, date(2026, 6, 1), exam=exam)
        north, south = self.memberships.ids
        self.assertEqual(self._measure(), {north: 0.5, south: 0})
        candidates = self.rule._get_candidates(self.memberships, fields.Datetime.now())
        parts = {one.id: one.parts["certificates"] for one in candidates}
        self.assertEqual(parts, {north: 0.5, south: 0})

    def test_what_does_not_hold_does_not_weigh(self):
        self._take_on(self.seller, date(2026, 1, 1))
        self._take_on(self.owner, date(2026, 6, 1))._revoke("Cheated")
        self.assertEqual(self._measure(), {}, "nobody can be measured")
        self._take_on(self.rival, date(2026, 6, 1))
        north, south = self.memberships.ids
        self.assertEqual(self._measure(), {north: 0, south: 1 / 3})

    def test_one_query_for_all(self):
        self._take_on(self.seller, date(2026, 6, 1))
        self._measure()
        self.env.flush_all()
        with self.assertQueryCount(1):
            self._measure()
