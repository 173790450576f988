"""Ways around the qualification, and what they would tell."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .qualification_case import QualificationCase


@tagged("post_install", "-at_install")
class TestQualificationHostile(QualificationCase):
    def test_who_may_not_change_a_lead_learns_nothing_of_the_gate(self):
        for way in (
            lambda lead: lead.write({"type": "opportunity"}),
            lambda lead: lead.convert_opportunity(self.env["res.partner"]),
        ):
            with (
                mute_logger("odoo.addons.base.models.ir_rule", "odoo.models"),
                self.assertRaises(AccessError) as refusal,
                self.env.cr.savepoint(),
            ):
                way(self.lead.with_user(self.seller))
            self.assertNotIn("asks for", str(refusal.exception))

    def test_nobody_writes_what_the_gate_reads(self):
        self._qualify()
        other = self.program.copy({"qualification_own_step": False})
        for name, value in (
            ("vendor_score", 100),
            ("partner_score", 100),
            ("shared_score", 100),
            ("score_difference", 0),
            ("has_knockout", False),
            ("program_id", other.id),
            ("manager_id", self.head.id),
        ):
            with self.subTest(name), self.assertRefused(AccessError, "by hand"):
                self.sheet.with_user(self.manager).write({name: value})

    def test_archived_questions_are_not_asked_by_pages_that_show_all(self):
        team_id = self.lead.team_id.id
        archived = self._create_template(
            "Old",
            program_id=self.program.id,
            team_id=team_id,
            active=False,
        )
        self._criterion("Size").active = False
        self.lead._end_qualifications()
        self.lead.with_context(active_test=False)._open_qualifications()
        sheet = self.lead.qualification_id
        self.assertNotEqual(sheet.template_id, archived)
        self.assertEqual(sheet.template_id, self.template)
        self.assertNotIn("Size", sheet.answer_ids.mapped("question"))

    def test_a_choice_that_is_being_asked_stays(self):
        unasked = self._create_template("Not used", active=False)
        large = self._criterion("Size").option_ids[0]
        with self.assertRefused(UserError, "is part of 1 qualifications"):
            large.unlink()
        self._criterion("Size", unasked).option_ids[0].unlink()

    def test_another_program_of_the_partner_asks_anew(self):
        other = self.program.copy({"name": "Second", "qualification_required": True})
        other.grade_ids = [Command.create({"name": "Second Entry"})]
        membership = self.env["partner.membership"].create(
            {
                "partner_id": self.northwind.partner_id.id,
                "program_id": other.id,
                "manager_id": self.manager.id,
            }
        )
        membership.action_activate()
        template = self._create_template("Second", program_id=other.id)
        self.lead.with_user(self.head)._waive_qualification("Known customer")
        self.lead._transfer_registration(membership, "Other program")
        self.assertFalse(self.lead.qualification_waived_by_id)
        self.assertNotEqual(self.lead.qualification_id, self.sheet)
        self.assertEqual(self.lead.qualification_id.template_id, template)

    def test_a_lead_is_not_merged_past_the_gate(self):
        values = {"name": "Given", "type": "lead"}
        values["partner_assigned_id"] = self.northwind.partner_id.id
        lead = self.env["crm.lead"].create(values)
        empty = self.env["crm.lead"].create({"name": "X", "type": "opportunity"})
        with self.assertRefused(UserError, "Not begun"):
            (lead | empty).merge_opportunity()
        self.assertTrue(lead.exists())

    def test_a_lead_stays_with_its_qualification(self):
        values = {"name": "Given", "type": "lead"}
        values["partner_assigned_id"] = self.northwind.partner_id.id
        given = self.env["crm.lead"].create(values)
        given.action_qualification()
        with self.assertRefused(UserError, "Qualifications stay"):
            given.unlink()

    def test_a_step_is_due_on_the_vendors_day(self):
        """Monday 22:00 in Greenwich is Tuesday in Tokyo."""
        self.env.company.partner_id.tz = "Asia/Tokyo"
        self.env.company.resource_calendar_id.tz = "Asia/Tokyo"
        self.sheet._set_protected({"date_due": "2028-03-13 22:00:00"})
        self.assertEqual(str(self.sheet._get_due_day()), "2028-03-14")
