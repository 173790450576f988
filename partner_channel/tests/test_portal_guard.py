from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PartnerChannelCommon


@tagged("post_install", "-at_install")
class TestPortalGuard(PartnerChannelCommon):
    """Odoo's Resellers methods, called by RPC as a partner's person."""

    def setUp(self):
        super().setUp()
        self.lead = self._register(self.northwind)
        self.as_seller = self.lead.with_user(self.seller)

    def test_an_undecided_registration_is_out_of_reach(self):
        stage = self.env["crm.stage"].search([("is_won", "=", False)], limit=1)
        calls = {
            "partner_interested": (),
            "partner_desinterested": (),
            "update_lead_portal": ({},),
            "update_contact_details_from_portal": ({"phone": "1"},),
            "update_stage_from_portal": (stage.id,),
        }
        for name, args in calls.items():
            with self.subTest(method=name), self.assertRaises(UserError):
                getattr(self.as_seller, name)(*args)
        self.assertEqual(self.lead.type, "lead")
        self.assertEqual(self.lead.partner_assigned_id, self.northwind.partner_id)

    def test_no_partner_wins_its_own_deal(self):
        self.lead._approve_registration()
        won = self.env["crm.stage"].search([("is_won", "=", True)], limit=1)
        with self.assertRaises(AccessError):
            self.as_seller.update_stage_from_portal(won.id)
        ordinary = self.env["crm.lead"].create(
            {"name": "Given", "partner_assigned_id": self.northwind.partner_id.id}
        )
        with self.assertRaises(AccessError):
            ordinary.with_user(self.seller).update_stage_from_portal(won.id)
        working = self.env["crm.stage"].search([("is_won", "=", False)], limit=1)
        self.assertTrue(self.as_seller.update_stage_from_portal(working.id))

    def test_the_customer_of_a_protected_deal_stays(self):
        self.lead._approve_registration()
        with self.assertRaises(UserError):
            self.as_seller.update_contact_details_from_portal({"partner_name": "Big"})
        self.as_seller.update_contact_details_from_portal({"phone": "+49 30 1234567"})
        self.assertEqual(self.lead.partner_name, "Acme GmbH")

        germany = self.env.ref("base.de")
        self.lead.country_id = germany
        with self.assertRaises(UserError):
            self.as_seller.update_contact_details_from_portal(
                {"country_id": self.env.ref("base.at").id}
            )
        self.as_seller.update_contact_details_from_portal(
            {"country_id": germany.id, "partner_name": "Acme GmbH", "email_from": ""}
        )
        self.assertEqual(self.lead.country_id, germany)

    def test_what_no_page_sends_of_a_contact_is_refused(self):
        self.lead._approve_registration()
        for values in (
            {"phone": ["1"]},
            {"phone": "1\x00"},
            {"city": "x" * 501},
            {"state_id": "1"},
            {"state_id": 2**31 - 1},
            {"state_id": {"id": 1}},
            {"stage_id": 1},
            {"registration_state": "won"},
            ["phone"],
            None,
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                self.as_seller.update_contact_details_from_portal(values)

    def test_only_a_stage_of_the_deals_team_is_taken(self):
        team, other = self.env["crm.team"].create([{"name": "Ours"}, {"name": "Not"}])
        self.lead._approve_registration()
        self.lead.team_id = team
        ours, theirs, everybodys = self.env["crm.stage"].create(
            [
                {"name": "Ours", "team_ids": team.ids},
                {"name": "Theirs", "team_ids": other.ids},
                {"name": "Everybody's"},
            ]
        )
        for stage in (ours, everybodys):
            self.assertTrue(self.as_seller.update_stage_from_portal(stage.id))
            self.assertEqual(self.lead.stage_id, stage)
        for wrong in (
            theirs.id,
            2**31 - 1,
            0,
            -1,
            2**70,
            True,
            None,
            False,
            "x",
            str(ours.id),
            ours.ids,
            [ours.id, theirs.id],
            {"id": ours.id},
            1.5,
        ):
            with self.subTest(wrong=wrong), self.assertRaises(UserError):
                self.as_seller.update_stage_from_portal(wrong)
        self.assertEqual(self.lead.stage_id, everybodys)

    def test_only_figures_that_can_be_are_taken(self):
        self.lead._approve_registration()
        values = {
            "expected_revenue": 9999.5,
            "probability": 60,
            "priority": "2",
            "date_deadline": str(fields.Date.add(fields.Date.today(), years=5)),
            "activity_type_id": None,
            "activity_summary": "",
            "activity_date_deadline": False,
        }
        self.as_seller.update_lead_portal(values)
        self.assertRecordValues(
            self.lead, [{"expected_revenue": 9999.5, "probability": 60}]
        )
        wrong = {
            "expected_revenue": (-1, float("nan"), float("inf"), "5", 1e300, [1]),
            "probability": (100, 100.0, -0.5, float("nan"), True, "50"),
            "priority": ("9", "", None, 2),
            "date_deadline": ("2001-01-01", "soon", "2099-02-30", 5, "2999-12-31"),
            "activity_date_deadline": ("x", [], "0000-00-00"),
            "activity_type_id": (2**31 - 1, "1", [1], True),
            "activity_summary": (["x"], "\ud800"),
            "stage_id": (1,),
        }
        for name, bad_ones in wrong.items():
            for bad in bad_ones:
                with (
                    self.subTest(name=name, value=repr(bad)),
                    self.assertRaises(UserError),
                ):
                    self.as_seller.update_lead_portal({**values, name: bad})
        for incomplete in ({}, {"probability": 1}, [], "x", None):
            with self.subTest(values=incomplete), self.assertRaises(UserError):
                self.as_seller.update_lead_portal(incomplete)
        self.lead.date_deadline = "2001-01-01"
        self.as_seller.update_lead_portal({**values, "date_deadline": "2001-01-01"})

    def test_the_customers_of_several_deals_stay(self):
        """Values that are true of one deal are a change of another."""
        other = self._register(
            self.northwind,
            partner_name="Beta AG",
            customer_vat="FR40303265045",
            website="https://beta.example",
        )
        both = self.lead | other
        both._approve_registration()
        with self.assertRaises(UserError):
            both.with_user(self.seller).update_contact_details_from_portal(
                {"partner_name": "Acme GmbH"}
            )
        self.assertEqual(other.partner_name, "Beta AG")

    def test_a_rival_touches_nothing(self):
        self.lead._approve_registration()
        with self.assertRaises(AccessError):
            self.lead.with_user(self.rival).update_stage_from_portal(1)
        with self.assertRaises(AccessError):
            self.lead.with_user(self.rival).partner_interested()

    def test_members_register_instead_of_making_opportunities(self):
        answer = (
            self.env["crm.lead"]
            .with_user(self.seller)
            .create_opp_portal(
                {"title": "Quick", "description": "x", "contact_name": "y"}
            )
        )
        self.assertIn("errors", answer)
        self.assertFalse(self.env["crm.lead"].search([("name", "=", "Quick")]))

    def _prepare_attempts(self):
        """Return what a partner might change of each record of the rules."""
        rule = self.env["partner.approval.rule"].create(
            {
                "name": "All",
                "program_id": self.program.id,
                "approver_id": self.other_manager.id,
            }
        )
        check = self.env["partner.program.eligibility"].create(
            {"program_id": self.program.id, "code": "territory"}
        )
        today = self.program._get_today()
        absence = self.env["partner.approval.absence"].create(
            {"user_id": self.manager.id, "date_from": today, "date_to": today}
        )
        lead = self._register(
            self.northwind, partner_name="Beta AG", customer_vat="", website=""
        )
        lead._write_evidence()
        lead._set_corrections(
            {self.env["partner.registration.field"].search([])[0].id: "x"}
        )
        return {
            rule: {"approver_id": self.manager.id, "active": False},
            check: {"policy": "off"},
            absence: {"substitute_id": self.seller.id},
            lead.current_step_id: {"state": "approved"},
            lead.evidence_ids: {"is_failing": False},
            lead.correction_ids: {"remark": "none"},
            self.env["partner.registration.field"].search([], limit=1): {"name": "x"},
        }

    def test_no_partner_touches_what_decides_its_deals(self):
        """Steps, absences, rules, checks and evidence, by every way there is."""
        for records, values in self._prepare_attempts().items():
            self.assertTrue(records, records._name)
            mine = records.with_user(self.seller)
            for name, call in {
                "read": lambda r=mine: r.read(["id", "display_name"]),
                "search": lambda r=mine: r.search([]),
                "name_search": lambda r=mine: r.name_search(""),
                "read_group": lambda r=mine: r._read_group([], [], ["__count"]),
                "write": lambda r=mine, v=values: r.write(v),
                "copy": lambda r=mine: r[:1].copy(),
                "unlink": lambda r=mine: r.unlink(),
            }.items():
                with (
                    self.subTest(model=records._name, call=name),
                    self.assertRefused(AccessError),
                ):
                    call()

    def test_no_partner_decides_or_opens_the_wizard(self):
        rule = {
            "name": "All",
            "program_id": self.program.id,
            "approver_id": self.other_manager.id,
        }
        self.env["partner.approval.rule"].create(rule)
        lead = self._register(
            self.northwind, partner_name="Beta AG", customer_vat="", website=""
        )
        step = lead.current_step_id
        mine = lead.with_user(self.seller)
        for context in ({}, {"approval_step_id": step.id}, {"approval_step_id": 0}):
            for name in (
                "action_registration_submit",
                "action_registration_approve",
                "action_registration_withdraw",
            ):
                with (
                    self.subTest(method=name, context=context),
                    self.assertRefused(AccessError),
                ):
                    getattr(mine.with_context(**context), name)()
        with self.assertRefused(AccessError):
            self.env["crm.lead.registration.decide"].with_user(self.seller).create(
                {"lead_ids": lead.ids, "decision": "approve"}
            )
        with self.assertRefused(AccessError):
            mine.write({"is_public_tender": True})
        self.assertEqual(step.state, "asked")
        self.assertEqual(lead.registration_state, "submitted")

    def test_a_step_of_another_deal_tells_a_late_approver_nothing(self):
        self.env["partner.approval.rule"].create(
            {
                "name": "All",
                "program_id": self.program.id,
                "approver_id": self.other_manager.id,
            }
        )
        lead = self._register(
            self.contoso, partner_name="Beta AG", customer_vat="", website=""
        )
        step = lead.current_step_id
        lead.with_user(self.other_manager).action_registration_approve()
        with self.assertRefused(AccessError):
            lead.with_user(self.seller).with_context(
                approval_step_id=step.id
            ).action_registration_approve()
