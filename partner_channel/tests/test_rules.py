"""What a program asks of registrations, and who decides them."""

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.modules.module import load_script
from odoo.tests import freeze_time, tagged
from odoo.tools import file_path

from .case import RulesCase


@tagged("post_install", "-at_install")
class TestRules(RulesCase):
    # === SUBMISSION === #

    def test_every_missing_field_is_named(self):
        names = ("phone", "contact_name")
        self.program.required_field_ids = self.env["partner.registration.field"].search(
            [("technical_name", "in", names)]
        )
        lead = self._another("Acme", submit=False)
        with self.assertRefused(UserError, "Phone", "Contact Person"):
            lead._submit_registration()
        lead.write({"phone": "1", "contact_name": "Jane"})
        lead._submit_registration()
        self.assertEqual(lead.registration_state, "submitted")

    @freeze_time("2026-11-20 14:00:00")
    def test_a_decision_is_due_in_working_hours(self):
        """Friday 15:00 in Brussels and four hours: two more on Monday."""
        self.program.decision_hours = 4
        self.company.resource_calendar_id.tz = "Europe/Brussels"
        lead = self._another("Acme")
        due = fields.Datetime.to_string(lead.date_decision_due)
        self.assertEqual(due, "2026-11-23 09:00:00")
        paces = []
        for now in ("2026-11-20 15:00", "2026-11-23 08:30", "2026-11-23 09:01"):
            with freeze_time(now):
                lead.invalidate_recordset(["decision_pace"])
                paces.append(lead.decision_pace)
        self.assertEqual(paces, ["green", "amber", "red"])

    def test_days_of_earlier_databases_become_hours(self):
        self.company.resource_calendar_id.hours_per_day = 7.5
        self.env.flush_all()
        self.cr.execute("ALTER TABLE partner_program ADD decision_days int")
        self.cr.execute("ALTER TABLE partner_program DROP decision_hours")
        self.cr.execute("UPDATE partner_program SET decision_days = 3")
        path = "partner_channel/migrations/19.0.1.2.0/pre-migrate.py"
        for _twice in range(2):
            script = load_script(file_path(path), "pre-migrate")
            script.migrate(self.cr, "19.0.1.1.0")
        self.env.invalidate_all()
        self.assertEqual(self.program.decision_hours, 22.5)

    def test_resubmissions_are_counted(self):
        self.program.write({"limit_after_return": True, "max_after_return": 1})
        lead = self._another("Acme")
        lead._return_registration("Who?")
        lead._submit_registration()
        lead._return_registration("Who again?")
        with self.assertRefused(UserError, "1 times at most"):
            lead._submit_registration()

    def test_a_rejected_customer_is_not_asked_for_again(self):
        self.program.write({"limit_after_rejection": True, "max_after_rejection": 0})
        self._another("Acme")._reject_registration("other")
        with self.assertRefused(UserError, "Acme", "0 times at most"):
            self._another("Acme")
        self._another("Beech")

    # === APPROVERS === #

    def test_approvers_decide_in_turn(self):
        self._rule(self.other_manager, sequence=1)
        self._rule(self.head, 50_000, sequence=2)
        small, large = (
            self._another("Acme"),
            self._another("B", expected_revenue=60_000),
        )
        self.assertEqual(small.approval_step_ids.approver_id, self.other_manager)
        self.assertEqual(len(large.approval_step_ids), 2)
        self.assertEqual(large.activity_ids.user_id, self.other_manager)
        with self.assertRefused(AccessError, self.other_manager.name):
            large.with_user(self.manager).action_registration_approve()
        with self.assertRefused(UserError, self.other_manager.name):
            large._approve_registration()
        step = large.current_step_id
        seen = {"approval_step_id": step.id}
        large.with_user(self.other_manager).action_registration_approve()
        self.assertEqual(large.registration_state, "submitted")
        self.assertEqual(large.activity_ids.user_id, self.head)
        # the head saw the first step: its click comes too late and decides nothing
        with self.assertRefused(UserError, self.other_manager.name, "already"):
            large.with_user(self.head).with_context(
                **seen
            ).action_registration_approve()
        # who clicks twice has made no mistake, and approves once
        large.with_user(self.other_manager).with_context(
            **seen
        ).action_registration_approve()
        self.assertEqual(large.registration_state, "submitted")
        large.with_user(self.head).action_registration_approve()
        self.assertEqual(large.registration_state, "approved")
        self.assertRecordValues(
            large.approval_step_ids,
            [
                {"state": "approved", "decided_by_id": self.other_manager.id},
                {"state": "approved", "decided_by_id": self.head.id},
            ],
        )

    def test_a_substitute_decides_for_who_is_away(self):
        self._rule(self.other_manager)
        today = self.program._get_today()
        self.env["partner.approval.absence"].create(
            {
                "user_id": self.other_manager.id,
                "substitute_id": self.manager.id,
                "date_from": today,
                "date_to": today,
            }
        )
        lead = self._another("Acme")
        self.assertEqual(lead.current_step_id.acting_id, self.manager)
        lead.with_user(self.manager).action_registration_approve()
        self.assertEqual(lead.registration_state, "approved")

    def test_nobody_decides_on_the_own_companys_deal(self):
        lead = self._another("Acme")
        self.manager.partner_id.parent_id = self.northwind.partner_id
        with self.assertRefused(AccessError, "own company"):
            lead.with_user(self.manager).action_registration_approve()
        with self.assertRefused(AccessError):
            lead.with_user(self.seller).sudo().action_registration_approve()

    def test_steps_are_written_by_nobody(self):
        self._rule(self.other_manager)
        step = self._another("Acme").current_step_id
        for user in (self.head, self.seller):
            with self.assertRefused(AccessError):
                step.with_user(user).write({"state": "approved"})

    # === ELIGIBILITY === #

    def test_what_the_partner_knows_is_refused_at_once(self):
        self._check("public_tender", "refuse")
        with self.assertRefused(UserError, "Public tender"):
            self._another("Acme", is_public_tender=True)

    def test_what_the_vendor_knows_is_not_told_at_once(self):
        self._check("open_quotation", "refuse")
        customer = self.env["res.partner"].create({"name": "C", "vat": "DE123456788"})
        self.env["sale.order"].create({"partner_id": customer.id})
        lead, free = self._register(self.northwind), self._another("Free")
        self.assertEqual(lead.registration_state, "submitted")
        with self.enter_registry_test_mode():
            for _twice in range(2):
                self.env.ref(
                    "partner_channel.ir_cron_evaluate_registrations"
                ).method_direct_trigger()
        self.assertEqual(lead.registration_reason, "open_quotation")
        self.assertEqual(free.registration_state, "submitted")
        self.assertEqual(lead.evidence_ids.mapped("is_failing"), [True])
        with self.assertRefused(AccessError):
            lead.with_user(self.seller).read(["evidence_ids"])

    def test_checks_of_many_take_as_many_queries_as_of_two(self):
        for code in ("open_quotation", "invoiced", "vendor_contact", "territory"):
            self._check(code, "warn")

        def queries(count):
            leads = self.env["crm.lead"]
            for number in range(count):
                leads |= self._another(f"N{count}-{number}")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            leads._run_checks(self.program.eligibility_ids)
            return self.cr.sql_log_count - before

        queries(1)
        self.assertEqual(queries(2), queries(20))

    # === AUTOMATIC === #

    def test_small_deals_of_good_partners_need_nobody(self):
        self.program.write(
            {"auto_approve": True, "auto_amount_max": 30_000, "auto_min_won": 1}
        )
        first = self._another("Acme")
        first._evaluate_registrations()
        self.assertEqual(first.registration_state, "submitted", "nothing won yet")
        first._approve_registration()
        first.action_set_won()
        small = self._another("Beech")
        large = self._another("Cedar", expected_revenue=30_001)
        none = self._another("Oak", expected_revenue=0)
        (small | large | none)._evaluate_registrations()
        self.assertEqual(small.registration_state, "approved")
        self.assertTrue(small.is_automatic)
        self.assertIn("1 won of 1", small.evidence_ids.facts)
        self.assertEqual((large | none).mapped("registration_state"), ["submitted"] * 2)

    def test_open_registrations_are_earned(self):
        self.program.write(
            {
                "open_limit_earned": True,
                "earned_base": 1,
                "earned_factor": 2,
                "earned_floor": 1,
            }
        )
        first = self._another("Acme")
        with self.assertRefused(UserError, "1 + 2 × 0 % won (0 of 0)", "= 1"):
            self._another("Beech")
        first._approve_registration()
        first.action_set_won()
        for name in ("Beech", "Cedar", "Oak"):
            self._another(name)
        with self.assertRefused(UserError, "100 % won (1 of 1)", "= 3"):
            self._another("Pine")
