"""The way of a qualification: answers, scores, steps, history, who may what."""

from datetime import date, datetime

from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .qualification_case import QualificationCase


@tagged("post_install", "-at_install")
@freeze_time("2028-03-01 12:00:00")
class TestQualification(QualificationCase):
    # === BEGINNING === #

    def test_a_submission_begins_it_where_the_program_asks(self):
        self.assertEqual(self.sheet.state, "draft")
        self.assertEqual(self.sheet.partner_id, self.northwind.partner_id)
        self.assertEqual(self.lead.qualification_state, "draft")
        partner = self.sheet.answer_ids.filtered(lambda row: row.side == "partner")
        self.assertEqual(
            partner.mapped("criterion_id.name"),
            ["Need named", "Size", "Budget", "Decides on", "Story"],
        )
        self.assertEqual(len(self.sheet.vendor_answer_ids), 7)
        self.assertFalse(self._row("Story").is_asked)
        self.program.qualification_required = False
        other = self._register(self.contoso, partner_name="Zen", customer_vat="")
        self.assertFalse(other.qualification_id)
        other.with_user(self.other_manager).action_qualification()
        self.assertTrue(other.qualification_id)

    def test_one_of_a_lead_is_current(self):
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.sheet._begin(self.lead, self.northwind, self.template)
        self.assertFalse(self.lead._open_qualifications(), "it runs already")
        self._qualify()
        action = self.sheet.with_user(self.manager).action_begin_again()
        self.assertEqual(action["res_id"], self.lead.qualification_id.id)
        self.assertEqual(self.lead.qualification_state, "draft")
        self.assertEqual(len(self.lead.qualification_ids), 2)
        self.assertFalse(self.sheet.is_current)
        with self.assertRefused(UserError, "has ended"):
            self._answer_partner()

    def test_what_was_answered_stays_when_it_begins_again(self):
        self._qualify()
        history, score = self.sheet.history_ids, self.sheet.vendor_score
        self.lead.with_user(self.head)._waive_qualification("Known customer")
        self.sheet.with_user(self.manager).action_begin_again()
        new = self.lead.qualification_id
        self.assertEqual(self.lead.qualification_ids, self.sheet | new)
        self.assertEqual(self.sheet.state, "vendor_qualified")
        self.assertEqual(
            (self.sheet.history_ids, history.sheet_id), (history, self.sheet)
        )
        self.assertEqual(self.sheet.vendor_score, score)
        self.assertFalse(new.history_ids or any(new.mapped("answer_ids.is_answered")))
        self.assertEqual(self.lead.qualification_waived_by_id, self.head)
        self.assertFalse(new.date_due, "nobody waits for what was let through")
        self._qualify(new)
        self.template.active = False
        with self.assertRefused(UserError, "there is a qualification template"):
            new.with_user(self.manager).action_begin_again()
        self.assertTrue(new.is_current, "the one there is goes on")

    def test_the_partner_is_told_when_the_vendor_begins(self):
        self.assertFalse(
            self.lead.message_ids.filtered(lambda m: "Please qualify" in m.body),
            "who submits knows",
        )
        self._qualify()
        self.sheet.with_user(self.manager).action_begin_again()
        message = self.lead.message_ids[0]
        self.assertIn("Please qualify", message.body)
        self.assertIn(self.seller.partner_id, message.notified_partner_ids)
        self.lead.with_user(self.manager).action_qualification()
        self.assertEqual(self.lead.message_ids[0], message, "once")
        self.env["res.lang"]._activate_lang("de_DE")
        partner = self.northwind.partner_id
        partner.lang = "de_DE"
        values = {"name": "Given", "type": "lead", "partner_assigned_id": partner.id}
        given = self.env["crm.lead"].create(values)
        told = []
        self.patch(
            type(given), "_write_to_partner", lambda lead, *args: told.append(args)
        )
        given.action_qualification()
        [[body, person]] = told
        self.assertEqual(person, partner)
        self.assertEqual(given._in_language_of_partner().env.lang, "de_DE")
        self.assertIn("Please qualify", body(given))

    def test_a_lead_of_nobody_is_not_qualified(self):
        lead = self.env["crm.lead"].create({"name": "Own", "type": "lead"})
        with self.assertRefused(UserError, "assign it to a partner"):
            lead.action_qualification()

    def test_an_ordinary_lead_follows_its_partner(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Given",
                "type": "lead",
                "partner_assigned_id": self.northwind.partner_id.id,
            }
        )
        lead.action_qualification()
        self.assertEqual(lead.qualification_id.membership_id, self.northwind)
        lead.partner_assigned_id = self.contoso.partner_id
        self.assertFalse(lead.qualification_id)
        self.assertFalse(lead.qualification_ids.is_current)

    def test_a_deal_handed_on_is_qualified_anew(self):
        self._sign()
        self.lead._transfer_registration(
            self.contoso, "Left", registrant=self.rival.partner_id
        )
        self.assertIn("Please qualify", self.lead.message_ids[0].body)
        self.assertNotEqual(self.lead.qualification_id, self.sheet)
        self.assertEqual(self.lead.qualification_id.partner_id, self.contoso.partner_id)
        self.assertFalse(any(self.lead.qualification_id.mapped("answer_ids.points")))

    # === SCORES === #

    def test_scores_are_the_weighted_mean(self):
        day = date(2028, 5, 30)  # 90 days on
        self._answer_partner(Size="Large", **{"Decides on": day})
        # need 2 × 100, size 100, 3,000 between 1,000 and 5,000 = 50, date 100
        self.assertEqual(self.sheet.partner_score, 90.0)
        self.assertEqual(self.sheet.score_difference, 0.0, "nothing to compare with")
        self._answer_vendor()
        # need 2 × 100, budget 100; size, date and the internal question open: / 6
        self.assertEqual(self.sheet.vendor_score, 50.0)
        self.assertEqual(self.sheet.shared_score, 60.0)
        self.assertEqual(self.sheet.score_difference, -40.0)
        self._row("Bad credit").write({"value_yesno": "yes"})
        self.assertEqual(self.sheet.vendor_score, 66.67)
        self.assertEqual(self.sheet.shared_score, 60.0, "the partner sees no trace")
        self._row("Called").write({"value_yesno": "no"})
        self.assertEqual(self.sheet.vendor_score, 57.14, "one more that is asked")

    def test_nothing_is_no_zero(self):
        row = self._row("Budget")
        self.assertEqual((row.is_answered, row.answer_text), (False, ""))
        row.write({"value_amount": 0})
        self.assertTrue(row.is_answered)
        self.assertIn("0.00", row.answer_text)
        self.assertEqual(self.sheet.history_ids[0].old_text, "")
        self.assertIn("0.00", self.sheet.history_ids[0].new_text)
        row.write({"is_answered": False})
        self.assertEqual((row.is_answered, row.answer_text), (False, ""))

    def test_an_answer_may_rule_the_deal_out(self):
        self._answer_partner(**{"Need named": "no"})
        self.assertTrue(self.sheet.has_knockout)
        self._answer_partner()
        self.assertFalse(self.sheet.has_knockout)

    def test_two_currencies_of_two_programs(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        program = self._create_program("Other", self.other_company)
        program.qualification_required = True
        self._create_template(
            "Euro",
            (("Budget", "money", 1, {"low": 0, "high": 200, "currency_id": euro.id}),),
            program_id=program.id,
        )
        member = self._create_membership("Umbrella", program)
        lead = self._register(member, partner_name="Zen", customer_vat="")
        sheet = lead.qualification_id
        self.assertEqual(sheet.company_id, self.other_company)
        self._row("Budget", sheet=sheet).write({"value_amount": 50})
        self._row("Budget").write({"value_amount": 2_000})
        self.assertEqual((sheet.vendor_score, self.sheet.vendor_score), (25.0, 4.17))
        self.assertIn("€", self._row("Budget", sheet=sheet).answer_text)

    # === STEPS === #

    def test_the_partner_signs_what_is_complete(self):
        with self.assertRefused(UserError, "“Need named”", "“Budget”"):
            self.sheet._sign("Sam", self.seller.partner_id)
        self._answer_partner()
        with self.assertRefused(UserError, "your name"):
            self.sheet._sign(" ", self.seller.partner_id)
        self._sign()
        self.assertEqual(self.lead.qualification_state, "partner_qualified")
        self.assertEqual(
            (self.sheet.signed_name, self.sheet.signed_by_id, self.sheet.date_signed),
            ("Sam Seller", self.seller.partner_id, datetime(2028, 3, 1, 12)),
        )
        self.assertEqual(self.sheet.activity_ids.user_id, self.manager)
        with self.assertRefused(UserError, "stay as they are"):
            self._answer_partner(Budget=1.0)
        self.sheet._sign("Again", self.seller.partner_id)
        self.assertEqual(self.sheet.signed_name, "Sam Seller", "signed once")

    def test_it_comes_back_with_remarks(self):
        self._sign()
        sheet = self.sheet.with_user(self.manager)
        with self.assertRefused(UserError, "remark"):
            sheet.action_return()
        self._row("Budget").with_user(self.manager).write({"remark": "For how long?"})
        sheet.action_return()
        self.assertEqual((sheet.state, sheet.returned_count), ("returned", 1))
        self.assertFalse(sheet.activity_ids)
        self.assertIn("came back", self.lead.message_ids[0].body)
        self.assertIn(
            self.seller.partner_id, self.lead.message_ids[0].notified_partner_ids
        )
        self._answer_partner(Budget=4_000.0)
        self.sheet._sign("Sam", self.seller.partner_id)
        row = self._row("Budget")
        self.assertEqual((row.remark, row.remark_before), (False, "For how long?"))
        with self.assertRefused(UserError, "remark"):
            sheet.action_return()

    def test_an_internal_remark_returns_nothing(self):
        self._sign()
        self._row("Bad credit").write({"remark": "Secret"})
        with self.assertRefused(UserError, "remark"):
            self.sheet._return()

    def test_the_vendor_verifies_once(self):
        self._sign()
        sheet = self.sheet.with_user(self.manager)
        with self.assertRefused(UserError, "“Need named”"):
            sheet.action_qualify()
        self._answer_vendor(self.manager)
        sheet.action_qualify()
        sheet.action_qualify()
        self.assertEqual(sheet.state, "vendor_qualified")
        self.assertEqual(sheet.verified_by_id, self.manager)
        self.assertEqual(self.lead.qualification_band, "good", "300 of 6")
        with self.assertRefused(UserError, "stay as they are"):
            self._row("Budget").with_user(self.manager).write({"value_amount": 1})
        self._row("Called").with_user(self.manager).write({"value_yesno": "no"})
        self.assertEqual(self.lead.qualification_band, "low", "300 of 7, at once")
        sheet.action_confirm()
        self.assertEqual(self.lead.qualification_state, "confirmed")
        self.assertEqual(self.lead.qualification_band, "low")
        with self.assertRefused(UserError, "stay as they are"):
            self._row("Called").with_user(self.manager).write({"value_yesno": "yes"})

    def test_a_rejection_needs_a_reason(self):
        self._sign()
        sheet = self.sheet.with_user(self.manager)
        with self.assertRefused(UserError, "reason of rejection"):
            sheet.action_reject()
        sheet.reject_reason = "No budget before 2030"
        sheet.action_reject()
        self.assertEqual(sheet.state, "rejected")
        self.assertIn("No budget before 2030", self.lead.message_ids[0].body)
        with self.assertRefused(UserError, "cannot become"):
            sheet.action_qualify()

    def test_two_are_verified_at_once(self):
        other = self._register(
            self.contoso, partner_name="Zen", customer_vat="", website=""
        )
        both = self.sheet | other.qualification_id
        for sheet in both:
            self._sign(sheet)
            self._answer_vendor(self.head, sheet)
        both.with_user(self.head).action_qualify()
        self.assertEqual(set(both.mapped("state")), {"vendor_qualified"})
