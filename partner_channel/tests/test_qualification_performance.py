"""What the qualification adds to the page of a lead, and what a save costs."""

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools.misc import get_lang

from .qualification_case import QualificationCase

_ADDED = ("qualification_state", "qualification_waiver", "qualification_comparison")


@tagged("post_install", "-at_install")
class TestQualificationPerformance(QualificationCase):
    def _count(self, fields):
        self.env.flush_all()
        self.env.invalidate_all()
        lead = self.lead.with_user(self.manager)
        # every request reads who asks, and where
        self.assertTrue(get_lang(lead.env) and lead.env.company.partner_id.name)
        before = self.cr.sql_log_count
        lead.web_read({name: {} for name in fields})
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
        sheet, ids = self._open_long()
        sheet._answer_for_partner(dict.fromkeys(ids, "yes"))
        self._count(_ADDED)
        self.assertLessEqual(self._count(_ADDED), few)

    def _open_long(self):
        """Return a qualification of sixty questions, and their ids."""
        questions = tuple((f"Question {n}", "yesno", 1, {}) for n in range(60))
        self.template.active = False
        self.env.flush_all()
        template = self._create_template("Long", questions, program_id=self.program.id)
        self.lead.qualification_id._end_current()
        return self.lead._open_qualifications(), template.criterion_ids.ids

    def _count_save(self, save):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        save()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_a_save_of_twenty_answers_costs_as_much_as_one_of_two(self):
        sheet, ids = self._open_long()
        rows = [row.id for row in sheet.vendor_answer_ids]
        as_manager = sheet.with_user(self.manager)

        def save_partner(numbers, value):
            return lambda: sheet._answer_for_partner(dict.fromkeys(numbers, value))

        def save_vendor(numbers, value):
            form = [Command.update(row, {"value_yesno": value}) for row in numbers]
            return lambda: as_manager.write({"vendor_answer_ids": form})

        for save, numbers in ((save_partner, ids), (save_vendor, rows)):
            with self.subTest(save.__name__):
                self._count_save(save(numbers[:22], "yes"))  # fills the caches
                two = self._count_save(save(numbers[:2], "no"))
                twenty = self._count_save(save(numbers[2:22], "no"))
                self.assertEqual(twenty, two)
                self.assertLessEqual(two, 20)
