"""Templates: the most specific one, one at a time, and what was asked stays."""

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .qualification_case import QualificationCase

ONE = (("Need", "yesno", 1, {}),)


@tagged("post_install", "-at_install")
class TestQualificationTemplate(QualificationCase):
    def _find(self, program, team=None):
        return self.env["qualification.template"]._find_template(
            program, team or self.env["crm.team"], self.company
        )

    def test_the_most_specific_template_wins(self):
        team = self.env["crm.team"].create(
            {"name": "North", "company_id": self.company.id}
        )
        other = self._create_program("Integrator")
        general = self._create_template("General", ONE)
        of_company = self._create_template("House", ONE, company_id=self.company.id)
        of_team = self._create_template("Team", ONE, team_id=team.id)
        both = self._create_template(
            "Both", ONE, program_id=self.program.id, team_id=team.id
        )
        self.assertEqual(both.company_id, self.company, "follows the program")
        self.assertEqual(self._find(self.program, team), both)
        self.assertEqual(self._find(self.program), self.template)
        self.assertEqual(self._find(other, team), of_team)
        self.assertEqual(self._find(other), of_company)
        of_company.active = False
        self.assertEqual(self._find(other), general)
        self.assertFalse(
            self.env["qualification.template"]
            .with_context(active_test=True)
            ._find_template(other.browse(), self.env["crm.team"], self.other_company)
            - general
        )

    def test_one_is_active_at_a_time(self):
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self._create_template("Again", ONE, program_id=self.program.id)
        copy = self.template.copy()
        self.assertFalse(copy.active)
        self.assertEqual(copy.name, "Template (copy)")
        self.assertEqual(
            copy.criterion_ids.mapped("name"),
            self.template.criterion_ids.mapped("name"),
        )
        self.assertEqual(
            copy.criterion_ids.option_ids.mapped("points"), [100, 40], "its choices too"
        )
        self.template.active = False
        copy.active = True
        self.assertEqual(self._find(self.program), copy)

    def test_what_an_archived_template_began_goes_on(self):
        self.template.active = False
        self._qualify()
        self.assertEqual(self.sheet.state, "vendor_qualified")

    def test_a_changed_question_changes_nothing_that_was_answered(self):
        self._answer_partner(Size="Small")
        # (2 × 100 + 40 + 50 + 0) / 5 of the weights 2, 1, 1, 1 and 0
        self.assertEqual(self.sheet.partner_score, 58.0)
        size, need = self._criterion("Size"), self._criterion("Need named")
        size.write({"weight": 100, "name": "Bigness"})
        size.option_ids.filtered(lambda o: o.name == "Small").points = 0
        need.write({"kind": "text", "knockout": False})
        self._answer_partner(Bigness=size.option_ids[1].id)
        self.env.invalidate_all()
        self.assertEqual(self.sheet.partner_score, 58.0)
        row = self.sheet.answer_ids.filtered(
            lambda r: r.criterion_id == size and r.side == "partner"
        )
        self.assertEqual((row.question, row.points), ("Size", 40.0))
        other = self._register(self.northwind, partner_name="Zen", customer_vat="")
        row = other.qualification_id.answer_ids.filtered(
            lambda r: r.criterion_id == size and r.side == "partner"
        )
        self.assertEqual(row.question, "Bigness", "the next one is asked anew")
        self.assertNotEqual(other.qualification_id.snapshot_id, self.sheet.snapshot_id)

    def test_sheets_of_the_same_questions_share_them(self):
        other = self._register(self.contoso, partner_name="Zen", customer_vat="")
        self.assertEqual(other.qualification_id.snapshot_id, self.sheet.snapshot_id)
        with self.assertRefused(AccessError, "as it was asked"):
            self.sheet.snapshot_id.facts = []

    def test_what_was_used_is_archived_not_deleted(self):
        self._answer_partner(Size="Small")
        size = self._criterion("Size")
        for record in (size, size.section_id, self.template):
            with (
                self.subTest(record._name),
                self.assertRefused(UserError, "archive it instead"),
            ):
                record.unlink()
        with self.assertRefused(UserError, "was chosen"):
            size.option_ids.filtered(lambda o: o.name == "Small").unlink()
        size.active = False
        other = self._register(self.northwind, partner_name="Zen", customer_vat="")
        asked = other.qualification_id.answer_ids.criterion_id
        self.assertNotIn(size, asked)
        self.assertIn(size, self.sheet.answer_ids.criterion_id)
        unused = self._create_template("Unused", ONE)
        unused.unlink()
        self.assertFalse(unused.exists())

    def test_a_question_is_archived_and_taken_back_where_it_is_written(self):
        size = self._criterion("Size")
        section = size.section_id
        for active, count in ((False, 6), (True, 7)):
            with Form(section) as form, form.criterion_ids.edit(1) as line:
                self.assertEqual(line.name, "Size")
                line.active = active
            section.invalidate_recordset()
            self.assertIn(size, section.criterion_ids)
            self.assertEqual((size.active, section.criterion_count), (active, count))
        size.active = False
        sheet = self.sheet._begin(
            self._register(self.contoso, submit=False, partner_name="Zen"),
            self.contoso,
            self.template,
        )
        self.assertNotIn("Size", sheet.answer_ids.mapped("question"))

    def test_a_question_can_be_scored(self):
        need = self._criterion("Need named")
        for words, values in (
            ("at least two choices", {"kind": "choice", "knockout": False}),
            ("different bounds", {"kind": "number", "knockout": False}),
            ("rule the deal out", {"kind": "text"}),
            ("rule the deal out", {"knockout": "zero"}),
        ):
            with self.subTest(values), self.assertRefused(ValidationError, words):
                need.write(values)
        size = self._criterion("Size", self._create_template("New", active=False))
        with self.assertRefused(ValidationError, "at least two choices"):
            size.option_ids = [Command.delete(size.option_ids[0].id)]

    def test_what_is_internal_the_vendor_answers(self):
        need = self._criterion("Need named")
        for values in ({"is_internal": True}, {"step": "additional"}):
            with (
                self.subTest(values),
                self.assertRaises(Exception) as refused,
                mute_logger("odoo.sql_db"),
            ):
                need.write(values)
                need.flush_recordset()
            self.assertIn("internal_vendor", str(refused.exception))

    def test_questions_are_read_in_ones_own_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        need = self._criterion("Need named")
        need.with_context(lang="de_DE").name = "Bedarf genannt"
        other = self._register(self.contoso, partner_name="Zen", customer_vat="")
        row = self._row("Need named", sheet=other.qualification_id)
        row.is_answered = False
        self.assertEqual(row.with_context(lang="de_DE").question, "Bedarf genannt")
        self.assertEqual(row.question, "Need named")
        row.write({"value_yesno": "yes"})
        self.assertEqual(row.answer_text, "Yes")

    def test_a_template_is_ready_to_use(self):
        template = self.env.ref("partner_channel.qualification_template_general")
        self.assertEqual(len(template.section_ids), 7)
        kinds = set(template.criterion_ids.mapped("kind"))
        self.assertEqual(kinds, {"yesno", "choice", "money", "date", "text"})
        template.active = True
        self.assertEqual(
            self._find(self._create_program("Integrator")), template, "for all others"
        )
