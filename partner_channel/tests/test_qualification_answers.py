"""Answers of the wrong kind are refused, and every change leaves a trace."""

import math

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

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

    def test_choices_are_those_that_were_asked(self):
        size = self._criterion("Size")
        asked, row = size.option_ids, self._row("Size").with_user(self.manager)
        later = self.env["qualification.option"].create(
            {"name": "Huge", "points": 100, "criterion_id": size.id}
        )
        self.env.invalidate_all()
        self.assertEqual(row.option_ids, asked)
        self.assertFalse(self._row("Need named").option_ids)
        with self.assertRefused(ValidationError, "“Size”"):
            row.write({"value_option_id": later.id})
        with self.assertRefused(ValidationError, "“Size”"):
            self._answer_partner(Size="Huge")
        row.write({"value_option_id": asked[0].id})
        with Form(
            row, "partner_channel.crm_lead_qualification_answer_view_form"
        ) as form:
            form.value_option_id = asked[1]
        self.assertEqual(row.value_option_id, asked[1])

    def test_the_form_is_readonly_as_the_answers_are(self):
        view = "partner_channel.crm_lead_qualification_answer_view_form"
        budget, called = (
            self._row(name).with_user(self.manager) for name in ("Budget", "Called")
        )
        with Form(budget, view) as form:
            form.value_amount = 9_000
        self._qualify()
        self.assertEqual((budget.may_answer, called.may_answer), (False, True))
        with (
            self.assertRaisesRegex(AssertionError, "readonly"),
            Form(budget, view) as form,
        ):
            form.value_amount = 8_000
        with Form(called, view) as form:
            form.value_yesno = "yes"
        self.sheet._confirm()
        self.assertFalse(called.may_answer)
        self.sheet.with_user(self.manager).action_begin_again()
        self.assertFalse(any(self.sheet.mapped("answer_ids.may_answer")), "it ended")

    def test_a_form_of_the_vendor_is_one_save(self):
        sheet, before = self.sheet.with_user(self.manager), self.sheet.revision
        form = [
            Command.update(self._row("Need named").id, {"value_yesno": "yes"}),
            Command.update(self._row("Budget").id, {"value_amount": 5_000}),
        ]
        sheet.write({"vendor_answer_ids": form, "reject_reason": "Later"})
        self.assertEqual(self.sheet.revision, before + 1)
        self.assertEqual(len(self.sheet.history_ids), 2)
        self.assertEqual(sheet.reject_reason, "Later")
        self.assertEqual(self.sheet.shared_score, 60.0, "300 / 5")
        with self.assertRefused(ValidationError, "Budget"):
            wrong = {"value_text": "a lot"}
            form[1] = Command.update(self._row("Budget").id, wrong)
            form[0] = Command.update(self._row("Need named").id, {"value_yesno": "no"})
            sheet.write({"vendor_answer_ids": form})
        self.assertEqual(self._row("Need named").value_yesno, "yes", "all or nothing")
        partner = Command.update(self._row("Budget", "partner").id, {"value_amount": 1})
        with self.assertRefused(AccessError, "Only the partner"):
            sheet.write({"vendor_answer_ids": [partner]})

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
        self.assertEqual(after, before + 1, "two answers of one save")
        self._answer_partner()
        self.assertEqual(self.sheet.revision, after, "nothing changed")
