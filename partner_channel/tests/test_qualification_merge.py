"""Deals that are merged: one qualification runs on, nothing is lost."""

from odoo.tests import tagged

from .qualification_case import QualificationCase


@tagged("post_install", "-at_install")
class TestQualificationMerge(QualificationCase):
    def _begun(self, **values):
        """Return a lead that is being qualified."""
        lead = self._given(**values)
        lead.action_qualification()
        self._answer_partner(lead.qualification_id)
        return lead

    def _merge(self, head, tail):
        """Merge into a lead by choice, not by Odoo's order; return what there was."""
        sheets = (head | tail).qualification_ids
        answers = sheets.answer_ids.filtered("is_answered")
        head._merge_dependences(tail)
        head.write((head | tail)._merge_data(head._merge_get_fields()))
        tail.unlink()
        self.assertEqual(sheets.exists().lead_id, head)
        self.assertEqual(answers.exists().filtered("is_answered"), answers)
        self.assertEqual(
            head.qualification_id, head.qualification_ids.filtered("is_current")
        )
        self.assertLessEqual(len(head.qualification_id), 1)

    def test_the_newest_of_the_deals_that_go_runs_on(self):
        head, second, third = self._given(), self._begun(), self._begun()
        older, newest = second.qualification_id, third.qualification_id
        self._merge(head, third | second)
        self.assertEqual(head.qualification_id, newest)
        self.assertEqual(head.qualification_state, "draft")
        self.assertFalse(older.is_current or older.date_due)
        self.assertTrue(newest.date_due)

    def test_what_runs_here_goes_on(self):
        head, tail = self._begun(), self._begun()
        sheet, other = head.qualification_id, tail.qualification_id
        self._merge(head, tail)
        self.assertEqual(head.qualification_id, sheet)
        self.assertFalse(other.is_current)

    def test_it_comes_with_its_partner(self):
        for kind in ("lead", "opportunity"):
            with self.subTest(kind):
                head = self._given(partner_assigned_id=False, type=kind)
                tail = self._begun(type=kind)
                sheet = tail.qualification_id
                self._merge(head, tail)
                self.assertEqual(head.partner_assigned_id, self.northwind.partner_id)
                self.assertEqual(head.qualification_id, sheet)

    def test_that_of_another_partner_ends(self):
        head = self._given(partner_assigned_id=self.contoso.partner_id.id)
        tail = self._begun()
        sheet = tail.qualification_id
        self._merge(head, tail)
        self.assertFalse(head.qualification_id or sheet.is_current)

    def test_odoos_own_merge(self):
        first, second = self._begun(), self._begun(name="Second")
        sheets = first.qualification_id | second.qualification_id
        head = (first | second).merge_opportunity()
        self.assertEqual(sheets.lead_id, head)
        self.assertEqual(sheets.filtered("is_current"), head.qualification_id)
