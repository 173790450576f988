import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import file_open

from ..tools.result_file import read_rows
from .results_case import HEAD, ResultsCase


@tagged("post_install", "-at_install")
class TestResultImport(ResultsCase):
    def _open(self, text, user=None, **values):
        content = text.encode() if isinstance(text, str) else text
        return (
            self.env["lms.result.import"]
            .with_user(user or self.trainer)
            .create(
                {
                    "provider_id": self.source.id,
                    "file": base64.b64encode(content),
                    "filename": "results.csv",
                    **values,
                }
            )
        )

    def _preview(self, text, **values):
        wizard = self._open(text, **values)
        action = wizard.action_preview()
        self.assertEqual(
            (action["res_model"], action["res_id"]), (wizard._name, wizard.id)
        )
        return wizard

    GOOD = f"{HEAD}seller@example.com,Selling on Paper,2026-03-01,85,passed\n"

    def test_the_preview_says_what_will_happen_and_writes_nothing(self):
        wizard = self._preview(
            self.GOOD + "nobody@example.com,Sales,1.3.2026,,passed\n"
            "seller@example.com,Selling on Paper,03/04/2026,x,perhaps\n"
        )
        self.assertEqual(wizard.line_ids.mapped("number"), [2, 3, 4])
        self.assertEqual(
            wizard.line_ids.mapped("outcome"), ["certificate", "no_person", "error"]
        )
        self.assertEqual(wizard.line_ids[0].partner_id, self.seller)
        self.assertEqual(wizard.line_ids[0].type_id, self.kind)
        message = wizard.line_ids[2].message
        self.assertIn("Date: With / day and month can be mixed up", message)
        self.assertIn("Score: It is no number", message)
        self.assertIn("Result: Write passed, completed or failed.", message)
        counts = (wizard.row_count, wizard.new_count, wizard.error_count)
        self.assertEqual(counts, (3, 2, 1))
        self.assertFalse(self._said())

    def test_confirming_stores_what_was_shown(self):
        wizard = self._preview(self.GOOD)
        wizard.action_confirm()
        self.assertEqual((wizard.state, wizard.stored_count), ("done", 1))
        self.env.invalidate_all()
        self._process()
        self.assertTrue(self._held(self.seller))
        again = self._preview(self.GOOD)
        self.assertEqual(again.line_ids.outcome, "known")
        self.assertEqual(again.new_count, 0)
        again.action_confirm()
        self.assertEqual(again.stored_count, 0)
        self.assertEqual(len(self._said()), 1)

    def test_all_or_the_good_rows(self):
        wizard = self._preview(self.GOOD + "x,y,z,,\n")
        with self.assertRaisesRegex(UserError, "1 rows have errors"):
            wizard.action_confirm()
        self.assertFalse(self._said())
        wizard.mode = "good"
        wizard.action_confirm()
        self.assertEqual(wizard.stored_count, 1)

    def test_rows_with_errors_are_handed_back_and_can_be_mended(self):
        wizard = self._preview(
            self.GOOD + "=cmd(),Selling on Paper,2026-03-01,,passed\n"
        )
        content = base64.b64decode(wizard.error_file)
        [row] = read_rows(content)
        self.assertEqual(row.values["person"], "=cmd()")
        self.assertNotIn(b"<f>", content)
        self.assertFalse(self._preview(self.GOOD).error_file)

    def test_the_template_is_read_again(self):
        wizard = self._open(self.GOOD)
        with file_open(wizard.template_file.lstrip("/"), "rb") as file:
            content = file.read()
        with self.assertRaisesRegex(UserError, "no rows"):
            self._preview(content)

    def test_another_file_than_the_one_shown_is_not_stored(self):
        wizard = self._open(self.GOOD)
        with self.assertRaisesRegex(UserError, "preview it first"):
            wizard.action_confirm()
        wizard.action_preview()
        other = self.GOOD.replace("seller@", "rival@")
        wizard.file = base64.b64encode(other.encode())
        with self.assertRaisesRegex(UserError, "preview it first"):
            wizard.action_confirm()
        wizard.action_back()
        self.assertEqual(wizard.state, "file")
        self.assertFalse(wizard.line_ids)

    def test_a_file_that_cannot_be_read_is_explained(self):
        for content, wording in (
            ("a,b\n1,2", "Columns are missing: person, course, date, result"),
            ('person,course,date,result\n"x', "Line 2"),
            (b"PK\x03\x04", "cannot be read"),
        ):
            with self.assertRaisesRegex(UserError, wording):
                self._preview(content)

    def test_who_may(self):
        for user in (self.manager, self.seller.user_ids):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._open(self.GOOD, user=user)
        self.assertEqual(self._preview(self.GOOD, user=self.admin).new_count, 1)
        wizard = self._preview(self.GOOD)
        with self.assertRaises(AccessError):
            wizard.with_user(self.admin).read(["file"])
        with self.assertRaises(AccessError):
            wizard.line_ids.with_user(self.trainer).write({"outcome": "certificate"})

    def test_a_trainer_needs_no_other_rights(self):
        wizard = self._preview(self.GOOD)
        wizard.action_confirm()
        action = wizard.action_view_unmatched()
        self.assertEqual(action["res_model"], "lms.statement")
