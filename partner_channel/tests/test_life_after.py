"""What a deal that is handed on, refused again or ended leaves behind."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import PartnerChannelCommon


@tagged("post_install", "-at_install")
class TestLifeAfter(PartnerChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.write({"runner_up_policy": "next", "update_days": 14})
        cls.lead = cls._register(cls.northwind, registrant_id=cls.seller.partner_id.id)
        cls.lead._approve_registration()

    def _other(self, membership, name="Zen", **values):
        values = {"customer_vat": "", "website": "", **values}
        return self._register(membership, partner_name=name, **values)

    def _wait(self, membership, minutes=0):
        lead = self._register(membership)
        lead._set_protected(
            {"date_submitted": lead.date_submitted + timedelta(minutes=minutes)}
        )
        lead._reject_registration("conflict")
        return lead

    # === NEXT IN LINE === #

    def test_the_next_one_has_its_turn_when_the_first_is_refused_again(self):
        fabrikam = self._create_membership("Fabrikam", manager=self.manager)
        first, late = self._wait(self.contoso), self._wait(fabrikam, 5)
        self.lead._withdraw_registration()
        self.assertEqual(late.runner_up_lead_id, first)
        first._reject_registration("territory")
        self.assertEqual(first.registration_state, "rejected")
        self.assertEqual(late.registration_state, "submitted")

    def test_the_line_moves_on_to_who_holds_the_customer_now(self):
        fabrikam = self._create_membership("Fabrikam", manager=self.manager)
        first, late = self._wait(self.contoso), self._wait(fabrikam, 5)
        self.lead._withdraw_registration()
        holder = self._register(self._create_membership("Woodgrove"))
        holder._approve_registration()
        first._reject_registration("conflict")
        self.assertEqual((first | late).runner_up_lead_id, holder)
        self.assertEqual(late.registration_state, "rejected")
        holder._expire_registrations()
        self.assertEqual(first.registration_state, "submitted")

    def test_a_reverted_holder_that_is_refused_frees_the_line(self):
        first = self._wait(self.contoso)
        self.lead._revert_decision("Wrong button")
        self.lead._reject_registration("territory")
        self.assertEqual(first.registration_state, "submitted")

    def test_one_that_cannot_be_asked_again_stops_nothing(self):
        fabrikam = self._create_membership("Fabrikam", manager=self.manager)
        first, late = self._wait(self.contoso), self._wait(fabrikam, 5)
        first.write({"partner_name": False, "customer_vat": False, "website": False})
        self.lead._expire_registrations()
        self.assertEqual(self.lead.registration_state, "expired")
        self.assertEqual(first.registration_state, "rejected")
        self.assertEqual(late.registration_state, "submitted")

    # === HANDED ON === #

    def _transfer(self, leads, membership, user=None):
        self.env["crm.lead.registration.transfer"].with_user(
            user or self.manager
        ).create(
            {
                "lead_ids": [Command.set(leads.ids)],
                "membership_id": membership.id,
                "reason": "Northwind left the region",
            }
        ).action_apply()

    def _rule(self, **values):
        return self.env["partner.approval.rule"].create(
            {"name": "All", "program_id": self.program.id, **values}
        )

    def test_who_is_asked_for_one_approval_hands_nothing_on(self):
        self._rule(approver_id=self.other_manager.id)
        asked = self._other(self.northwind)
        self.assertEqual(asked.current_step_id.acting_id, self.other_manager)
        with self.assertRefused(AccessError):
            self._transfer(asked, self.contoso, user=self.other_manager)
        self.assertEqual(asked.membership_id, self.northwind)

    def test_the_rules_are_asked_anew_for_the_new_partner(self):
        self._rule(approver_kind="manager")
        asked, other = self._other(self.northwind), self._other(self.northwind, "Yen")
        (asked | other)._write_evidence()
        self._transfer(asked | other, self.contoso)
        for lead in asked | other:
            self.assertEqual(lead.current_step_id.acting_id, self.other_manager)
            self.assertEqual(lead.activity_ids.user_id, self.other_manager)
            self.assertFalse(lead.date_evaluated, "checked for the former partner")
            lead.with_user(self.other_manager).action_registration_approve()
            self.assertEqual(lead.registration_state, "approved")

    def test_the_duty_to_report_begins_anew(self):
        today = self.program._get_today()
        self.lead._set_protected(
            {
                "date_update_due": today - timedelta(days=9),
                "date_update_overdue": today - timedelta(days=6),
            }
        )
        self.assertTrue(self.lead.is_update_overdue)
        self._transfer(self.lead, self.contoso)
        self.assertFalse(self.lead.is_update_overdue)
        self.assertEqual(self.lead.date_update_due, today + timedelta(days=14))
        self.assertFalse(self.lead.date_last_update)

    def test_what_the_program_hides_stays_hidden_from_the_new_distributor(self):
        self.contoso.sponsor_id = self._create_membership("Distributor")
        self.program.hide_from_distributor = True
        self._transfer(self.lead, self.contoso)
        self.assertEqual(self.lead.distributor_id, self.contoso.sponsor_id)
        self.assertTrue(self.lead.is_hidden_from_distributor)

    # === DAYS === #

    def _run(self, name, moment):
        cron = self.env.ref(f"partner_channel.{name}")
        with freeze_time(moment), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_the_last_protected_day_ends_where_the_vendor_is(self):
        """2 o'clock on the 11th in Greenwich is the evening before in Los Angeles."""
        self.company.partner_id.tz = "America/Los_Angeles"
        self.other_company.partner_id.tz = "Pacific/Auckland"
        far = self._create_membership(
            "Kiwi", program=self._create_program("Far", company=self.other_company)
        )
        east = self._other(far, "Yen")
        east._approve_registration()
        ended = self._other(self.northwind)
        ended._approve_registration()
        self.lead._set_protected({"date_protection_end": "2028-03-10"})
        ended._set_protected({"date_protection_end": "2028-03-09"})
        east._set_protected({"date_protection_end": "2028-03-10"})
        self._run("ir_cron_expire_registrations", "2028-03-11 02:00:00")
        self.assertEqual(self.lead.registration_state, "approved")
        self.assertEqual(ended.registration_state, "expired")
        self.assertEqual(east.registration_state, "expired")

    def test_a_day_begins_in_the_east_first(self):
        self.company.partner_id.tz = "Pacific/Auckland"
        self.lead._set_protected({"date_protection_end": "2028-03-10"})
        self._run("ir_cron_expire_registrations", "2028-03-10 13:00:00")
        self.assertEqual(self.lead.registration_state, "expired")

    def test_a_claim_counts_until_the_vendors_day_ends(self):
        self.company.partner_id.tz = "America/Los_Angeles"
        claims = self.lead.claim_ids
        rival = self._register(self.contoso)
        keys = [(claim.kind, claim.value) for claim in claims]
        with freeze_time("2028-03-11 02:00:00"):
            for day, found in (("2028-03-10", self.lead), ("2028-03-09", None)):
                claims.write({"date_from": "2028-01-01", "date_to": day})
                self.env.flush_all()
                self.env.invalidate_all()
                expected = found or self.env["crm.lead"]
                self.assertEqual(rival.conflict_lead_ids, expected)
                others = claims._search_conflicts(
                    self.company, keys, exclude_leads=rival
                )
                self.assertEqual(others.sudo(False), expected)

    def test_updates_are_late_by_the_vendors_day(self):
        self.company.partner_id.tz = "America/Los_Angeles"
        self.lead._set_protected(
            {"date_update_due": "2028-03-09", "date_update_overdue": "2028-03-10"}
        )
        Lead = self.env["crm.lead"]
        for moment, is_late in (
            ("2028-03-11 02:00:00", False),
            ("2028-03-11 12:00:00", True),
        ):
            with freeze_time(moment):
                self.env.invalidate_all()
                self.assertEqual(self.lead.is_update_overdue, is_late)
                found = Lead.search([("is_update_overdue", "=", True)])
                self.assertEqual(self.lead in found, is_late)
        self.lead._set_protected({"date_update_due": "2028-03-10"})
        self._run("ir_cron_remind_of_updates", "2028-03-11 02:00:00")
        self.assertFalse(self.lead.date_update_reminded)
        self._run("ir_cron_remind_of_updates", "2028-03-11 12:00:00")
        self.assertTrue(self.lead.date_update_reminded)

    # === PAPER AND PAGE === #

    def test_the_receipt_has_no_entries_of_the_vendors_own(self):
        lead = self._other(self.northwind)
        lead._escalate()
        lead._approve_registration()
        events = [row["event"] for row in lead._get_receipt()["entries"]]
        self.assertEqual(events, ["Submitted", "Approved"])

    def test_a_page_of_comparison_takes_a_reason_and_nothing_else(self):
        self._register(self.contoso)
        review = self._other(self.northwind, "Acme GmbH").with_user(self.manager)
        action = review.action_review_customer()
        line = review.env[action["res_model"]].browse(action["res_id"]).line_ids[0]
        line.reason = "Another company"
        for values in (
            {"res_id": self.lead.id + 1},
            {"model": "res.partner"},
            {"comparison": "<script>alert(1)</script>"},
            {"name": "x"},
        ):
            with self.assertRefused(AccessError):
                line.write(values)
