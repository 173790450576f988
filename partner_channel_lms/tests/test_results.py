import base64
import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import mail_new_test_user

from ..models import learning_results_mixin
from ..tools.result_file import read_rows
from .lms_case import LmsCase

HEAD = "person,course,date,score,result\n"


class ResultsCase(LmsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = cls._create_provider("Spreadsheets", kind="file")
        cls.exercise = cls.env["lms.course"].create(
            {
                "name": "Selling on Paper",
                "provider_id": cls.source.id,
                "activity": "https://paper.example.org/selling",
                "type_id": cls.kind.id,
            }
        )
        cls.trainer, cls.manager, cls.admin = (
            mail_new_test_user(cls.env, f"lms_r_{name}", groups=group)
            for name, group in (
                ("trainer", "partner_channel_lms.group_channel_trainer"),
                ("manager", "partner_channel.group_channel_manager"),
                ("admin", "base.group_system"),
            )
        )

    @staticmethod
    def _row(person="seller@example.com", **values):
        row = {"person": person, "course": "Selling on Paper", "date": "2026-03-01"}
        return {**row, "score": 85, "result": "passed", **values}

    def _said(self):
        return self.Statement.search([("provider_id", "=", self.source.id)])


@tagged("post_install", "-at_install")
class TestSubmitResults(ResultsCase):
    def _submit(self, *rows, user=None, **options):
        source = self.source.with_user(user or self.trainer)
        answer = source.submit_results(list(rows), **options)
        self.env.invalidate_all()
        return answer

    def _get_outcomes(self, *rows, **options):
        return [one["outcome"] for one in self._submit(*rows, **options)]

    def test_results_certify(self):
        answer = self._submit(self._row(), self._row("RIVAL@example.com"))
        self.assertEqual([one["outcome"] for one in answer], ["certificate"] * 2)
        self.assertEqual(
            {one["statement"] for one in answer},
            set(self._said().mapped("statement_id")),
        )
        self._process()
        expected = [("2026-03-01", "2026-03-01", "2027-03-01")]
        self.assertEqual(self._held(self.seller), expected)
        self.assertEqual(self._held(self.rival), expected)
        self.assertEqual(self._certificates(self.seller).score, 85)

    def test_the_same_again_adds_nothing(self):
        rows = [self._row(), self._row("nobody@example.com"), self._row(result="x")]
        first = self._submit(*rows)
        count = len(self._said())
        self._process()
        again = self._submit(*rows)
        self.assertEqual(count, 2)
        self.assertEqual(len(self._said()), 2)
        self.assertEqual([one["stored"] for one in first], [True, True, False])
        self.assertEqual(
            [(one["outcome"], one["stored"]) for one in again],
            [("known", False), ("known", False), ("error", False)],
        )
        self.assertEqual(len(self._held(self.seller)), 1)

    def test_each_row_says_what_becomes_of_it(self):
        self.course.create(
            {
                "name": "Not ours",
                "provider_id": self.source.id,
                "activity": "https://paper.example.org/other",
            }
        )
        rows = [
            self._row(),
            self._row(),
            self._row(score=90),
            self._row(date="2026-03-01T15:00:00Z", result="completed"),
            self._row(date="2026-03-02", result="failed"),
            self._row("nobody@example.com"),
            self._row("E-7"),
            self._row(course="Unheard Of"),
            self._row(course="not OURS"),
            self._row(course="https://paper.example.org/selling", date="02.03.2026"),
        ]
        self.assertEqual(
            self._get_outcomes(*rows),
            [
                "certificate",
                "known",
                "clash",
                "held",
                "kept",
                "no_person",
                "no_person",
                "no_course",
                "course_off",
                "certificate",
            ],
        )
        self._process()
        self.assertEqual(len(self._held(self.seller)), 2)
        states = dict.fromkeys(self._said().mapped("state"))
        self.assertEqual(set(states), {"matched", "unmatched", "ignored"})

    def test_what_was_foretold_is_what_happens(self):
        self.exercise.move_on = "completed_and_passed"
        first = self._row()
        second = self._row(date="2026-03-05", result="completed")
        self.assertEqual(self._get_outcomes(first), ["kept"])
        self._process()
        self.assertFalse(self._held(self.seller))
        self.assertEqual(self._get_outcomes(second), ["certificate"])
        self._process()
        self.assertEqual(self._held(self.seller)[0][0], "2026-03-01")

    def test_a_certification_is_named_instead_of_a_course(self):
        self.exercise.unlink()
        rows = [
            self._row(course="sales"),
            self._row("rival@example.com", course="Sales"),
        ]
        self.assertEqual(self._get_outcomes(*rows), ["certificate"] * 2)
        self._process()
        self.assertTrue(self._held(self.seller))
        self.assertTrue(self._held(self.rival))
        self.assertEqual(self.source.course_ids.mapped("name"), ["Sales"])
        self.assertEqual(self._get_outcomes(*rows), ["known"] * 2)
        self.assertEqual(len(self.source.course_ids), 1)

    def test_names_of_several_courses_are_refused(self):
        self.exercise.copy({"activity": "https://paper.example.org/twin"})
        for course in ("Selling on Paper", "Sales"):
            [answer] = self._submit(self._row(course=course))
            self.assertEqual(answer["errors"][0]["field"], "course")
            self.assertIn("Several courses", answer["errors"][0]["message"])

    def test_accounts_are_tied_by_hand(self):
        self._submit(self._row("E-7"))
        self.assertEqual(
            self._said().actor_key, f"account:urn:lms:{self.source.id}|E-7"
        )
        self._process()
        self.env["lms.identity"].with_user(self.trainer).create(
            {
                "provider_id": self.source.id,
                "actor_key": self._said().actor_key,
                "partner_id": self.seller.id,
            }
        )
        self._process()
        self.assertTrue(self._held(self.seller))

    def test_the_e_mail_of_a_contact_finds_nobody(self):
        self.owner.email = "boss@example.com"
        self.assertEqual(
            self._get_outcomes(self._row("boss@example.com")), ["no_person"]
        )

    def test_the_callers_key_knows_a_result_again(self):
        one = self._row(key="order-1")
        self.assertEqual(self._get_outcomes(one), ["certificate"])
        self.assertEqual(self._get_outcomes(one), ["known"])
        self.assertEqual(self._get_outcomes({**one, "date": "2026-03-02"}), ["clash"])
        self._process()
        self.assertEqual(self._get_outcomes({**one, "key": "order-2"}), ["held"])

    def test_all_or_nothing(self):
        rows = [self._row(), self._row(date="31/12/2025")]
        answer = self._submit(*rows, all_or_nothing=True)
        self.assertEqual([one["stored"] for one in answer], [False, False])
        self.assertFalse(self._said())
        answer = self._submit(*rows)
        self.assertEqual([one["stored"] for one in answer], [True, False])

    def test_who_may(self):
        for user in (
            self.manager,
            self.seller.user_ids,
            self.env.ref("base.public_user"),
        ):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._submit(self._row(), user=user)
        self.assertFalse(self._said())
        self.assertEqual(
            self._get_outcomes(self._row(), user=self.admin), ["certificate"]
        )

    def test_limits(self):
        for rows in ("x", {"a": 1}, None, [self._row()] * 1001):
            with self.assertRaises(UserError):
                self.source.with_user(self.trainer).submit_results(rows)
        with self.assertRaisesRegex(UserError, "exactly one"):
            (self.source | self.provider).with_user(self.trainer).submit_results([])
        limit = learning_results_mixin.CALLS_PER_HOUR
        try:
            learning_results_mixin.CALLS_PER_HOUR = 1
            self._submit()
            with self.assertRaisesRegex(UserError, "this hour"):
                self._submit()
        finally:
            learning_results_mixin.CALLS_PER_HOUR = limit

    def test_a_system_that_is_off_or_strict_takes_nothing(self):
        self.source.action_switch_off()
        with self.assertRaisesRegex(UserError, "switched on"):
            self._submit(self._row())
        self.provider.is_strict = True
        with self.assertRaisesRegex(UserError, "cmi5"):
            self.provider.with_user(self.trainer).submit_results([])

    def test_two_systems_are_kept_apart(self):
        other = self._create_provider("More", kind="file")
        row = self._row(course="https://elsewhere.example/1")
        self._submit(row)
        other.with_user(self.trainer).submit_results([row])
        said = self.Statement.search([("activity", "=", row["course"])])
        self.assertEqual(len(said), 2)
        self.assertEqual(len(set(said.mapped("statement_id"))), 2)

    def test_the_queries_do_not_grow_with_the_rows(self):
        def count(*rows):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.source.with_user(self.trainer).submit_results(list(rows))
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(self._row())
        few = count(self._row(date="2026-02-01"))
        many = count(
            *(self._row(date=f"2026-01-{day:02}") for day in range(1, 31)),
            *(
                self._row("rival@example.com", date=f"2026-01-{d:02}")
                for d in range(1, 31)
            ),
        )
        self.assertLessEqual(many, few + 2)
        self.assertLess(few, 50)


@tagged("post_install", "-at_install")
class TestJson2(HttpCase, ResultsCase):
    def _call(self, user, body, **headers):
        # people of partners may have keys if the vendor wants them to
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("portal.allow_api_keys", "True")
        key = (
            self.env["res.users.apikeys"]
            .with_user(user)
            .sudo()
            ._generate("rpc", "test", False)
        )
        self.env.flush_all()
        return self._send(body, Authorization=f"Bearer {key}", **headers)

    def _send(self, body, **headers):
        response = self.url_open(
            "/json/2/lms.provider/submit_results",
            data=json.dumps(body),
            headers={"Content-Type": "application/json", **headers},
        )
        self.env.invalidate_all()
        return response

    def test_a_program_hands_results_in(self):
        body = {"ids": self.source.ids, "results": [self._row(key="1"), {"person": 7}]}
        response = self._call(self.trainer, body)
        self.assertEqual(response.status_code, 200, response.text)
        good, bad = response.json()
        self.assertEqual((good["outcome"], good["stored"]), ("certificate", True))
        self.assertEqual((bad["row"], bad["outcome"]), (1, "error"))
        self.assertEqual(
            bad["errors"],
            [
                {"field": name, "message": "It is empty; fill it in."}
                for name in ("course", "date", "result")
            ],
        )
        self._process()
        self.assertTrue(self._held(self.seller))

    def _assert_forbidden(self, user):
        body = {"ids": self.source.ids, "results": [self._row()]}
        with mute_logger("odoo.http"):
            response = self._call(user, body)
        self.assertEqual(response.status_code, 403, response.text)
        self.assertFalse(self._said())

    def test_others_of_the_vendor_are_forbidden(self):
        self._assert_forbidden(self.manager)

    def test_people_of_partners_are_forbidden(self):
        # their keys open something only if the vendor wants them to
        self.program.company_id.channel_api_keys = True
        self._assert_forbidden(self.seller.user_ids)

    def test_nobody_comes_in_without_a_key(self):
        body = {"ids": self.source.ids, "results": [self._row()]}
        self.assertEqual(self._send(body).status_code, 401)
        self.assertEqual(self._send(body, Authorization="Bearer x").status_code, 401)
        self.assertFalse(self._said())

    def test_what_is_asked_wrongly_is_explained(self):
        for body, status, wording in (
            ({"results": []}, 422, "exactly one learning system"),
            ({"ids": self.source.ids, "results": "x"}, 422, "send a list"),
            ({"ids": self.source.ids}, 422, "results"),
            ({"ids": self.source.ids, "results": [], "x": 1}, 422, "x"),
        ):
            with self.subTest(body):
                with mute_logger("odoo.http"):
                    response = self._call(self.trainer, body)
                self.assertEqual(response.status_code, status, response.text)
                self.assertIn(wording, response.text)

    def test_the_steps_behind_it_cannot_be_called(self):
        for method in ("_store_results", "_judge_results", "_enrol", "_take_in"):
            response = self.url_open(
                f"/json/2/lms.provider/{method}",
                data="{}",
                headers={"Content-Type": "application/json"},
            )
            self.assertIn(response.status_code, (401, 404))


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
        with self.assertRaisesRegex(UserError, "no rows"):
            self._preview(base64.b64decode(wizard.template_file))

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
