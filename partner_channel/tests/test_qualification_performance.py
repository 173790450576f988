"""What the qualification adds to the page of a lead."""

from odoo.tests import tagged

from .qualification_case import QualificationCase

_ADDED = ("qualification_state", "qualification_waiver", "qualification_comparison")


@tagged("post_install", "-at_install")
class TestQualificationPerformance(QualificationCase):
    def _count(self, fields):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self.lead.with_user(self.manager).web_read({name: {} for name in fields})
        return self.cr.sql_log_count - before

    def test_a_lead_page_costs_six_queries_more_at_most(self):
        self._qualify()
        plain = ("name", "partner_name", "registration_state", "membership_id")
        self._count((*plain, *_ADDED))  # fills the caches of the registry
        added = self._count((*plain, *_ADDED)) - self._count(plain)
        self.assertLessEqual(added, 6)
        self.assertGreater(added, 0)

    def test_many_questions_cost_no_more(self):
        self._qualify()
        self._count(_ADDED)
        few = self._count(_ADDED)
        questions = tuple((f"Question {n}", "yesno", 1, {}) for n in range(60))
        self.template.active = False
        self.env.flush_all()
        template = self._create_template("Long", questions, program_id=self.program.id)
        self.lead.qualification_id._end_current()
        sheet = self.lead._open_qualifications()
        sheet._answer_for_partner(dict.fromkeys(template.criterion_ids.ids, "yes"))
        self._count(_ADDED)
        self.assertLessEqual(self._count(_ADDED), few)
