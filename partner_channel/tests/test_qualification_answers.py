"""Answers of the wrong kind are refused, and every change leaves a trace."""

import math

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .qualification_case import QualificationCase


@tagged("post_install", "-at_install")
@freeze_time("2028-03-01 12:00:00")
class TestQualificationAnswers(QualificationCase):
    # === WRONG ANSWERS === #

    def test_answers_of_the_wrong_kind_are_refused(self):
        foreign = self._create_template(
            "Foreign", (("X", "choice", 1, {"options": [("A", 1), ("B", 2)]}),)
        ).criterion_ids.option_ids[0]
        for name, value in (
            ("Need named", "maybe"),
            ("Need named", 1),
            ("Size", foreign.id),
            ("Size", 10**9),
            ("Size", True),
            ("Budget", "a lot"),
            ("Budget", math.inf),
            ("Budget", math.nan),
            ("Budget", True),
            ("Decides on", "2028-05-30"),
            ("Story", "x" * 4001),
            ("Story", 7),
        ):
            criterion = self._criterion(name)
            with (
                self.subTest(name=name, value=str(value)[:20]),
                self.assertRefused(ValidationError, f"“{name}”"),
            ):
                self.sheet._answer_for_partner({criterion.id: value})
        self.assertFalse(any(self.sheet.answer_ids.mapped("is_answered")))
        self.assertFalse(self.sheet.history_ids)

    def test_the_vendor_answers_in_the_field_of_the_kind(self):
        row = self._row("Need named").with_user(self.manager)
        for vals in ({"value_text": "yes"}, {"value_amount": 7}):
            with self.subTest(vals), self.assertRefused(ValidationError, "Need named"):
                row.write(vals)
        with self.assertRefused(ValidationError, "Decides on"):
            self._row("Decides on").write({"value_date": "soon"})
        with self.assertRefused(UserError, "answered by the partner"):
            self._row("Story").write({"value_text": "Once upon a time"})
        self._row("Story").write({"remark": "Tell more"})

    def test_questions_of_the_vendor_are_not_the_partners(self):
        for name in ("Bad credit", "Called"):
            with self.subTest(name), self.assertRefused(UserError, "not part of"):
                self.sheet._answer_for_partner(self._values({name: "no"}))
        other = self._create_template("Other", (("X", "yesno", 1, {}),))
        with self.assertRefused(UserError, "not part of"):
            self.sheet._answer_for_partner({other.criterion_ids.id: "yes"})

    # === HISTORY === #

    def test_every_answer_leaves_a_trace(self):
        self._answer_partner()
        self._answer_partner(Budget=4_000.0)
        self._answer_partner(Budget=4_000.0)
        budget = self._criterion("Budget")
        self.sheet._answer_for_partner({}, {budget.id: "By mail"})
        rows = self.sheet.history_ids.filtered(
            lambda row: row.answer_id.criterion_id == budget
        )
        self.assertEqual(rows.mapped("what"), ["comment", "answer", "answer"])
        self.assertEqual(rows[0].new_text, "By mail")
        self.assertIn("3,000.00", rows[1].old_text)
        self.assertIn("4,000.00", rows[1].new_text)
        self.assertEqual(rows[2].old_text, "")
        self.assertEqual(set(rows.mapped("side")), {"partner"})

    def test_the_history_stands(self):
        self._answer_partner()
        row = self.sheet.history_ids[0]
        for user in (self.manager, self.head, self.env.user):
            with self.subTest(user.login), self.assertRaises(AccessError):
                row.with_user(user).write({"new_value": ["x"]})
            with self.subTest(user.login), self.assertRaises(AccessError):
                row.with_user(user).unlink()
        with self.assertRaises(AccessError):
            row.with_user(self.head).copy()
        with self.assertRefused(UserError, "stay"):
            self.sheet.unlink()

    def test_a_change_is_counted(self):
        before = self.sheet.revision
        self._answer_partner()
        after = self.sheet.revision
        self.assertEqual(after, before + 2)
        self._answer_partner()
        self.assertEqual(self.sheet.revision, after, "nothing changed")
