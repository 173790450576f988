"""What a lead that lies untouched is worth, and what is work on it."""

from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time, tagged

from .distribution_case import DistributionCase


@tagged("post_install", "-at_install")
class TestLeadIdle(DistributionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._lead_rule(idle_days=10)
        cls.program.write(
            {"qualification_required": True, "qualification_own_step": True}
        )

    def _accept_long_ago(self, leads, days=11):
        moment = fields.Datetime.now() - timedelta(days=days)
        with freeze_time(moment):
            leads._distribute()
            self._open(leads)._accept()
        leads.date_last_stage_update = moment
        self.env.flush_all()
        self.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id IN %s",
            [moment, tuple(leads.ids)],
        )
        self.env.invalidate_all()

    def _open(self, leads):
        return self.Offer.search(
            [("lead_id", "in", leads.ids), ("state", "=", "offered")], order="id"
        )

    def _measure(self, metric, members):
        today = fields.Date.today()
        requirement = self.env["partner.tier.requirement"].new({"metric": metric})
        values = {}
        for some in members.grouped("program_id").values():
            values |= requirement._measure_metric(
                some, today - timedelta(days=1), today + timedelta(days=1)
            )
        return [values.get(member.id) for member in members]

    def test_a_lead_left_untouched_counts_as_not_accepted(self):
        far = self._create_program("Elsewhere", company=self.other_company)
        fabrikam = self._create_membership("Fabrikam", program=far)
        self._lead_rule(program_id=far.id, idle_days=10)
        idle = self._lead(2) | self._lead(company_id=self.other_company.id)
        self._accept_long_ago(idle)
        worked = self._lead(2)
        worked._distribute()
        self._open(worked)._accept()
        members = self.northwind | self.contoso | fabrikam
        self.assertEqual(
            self._measure("acceptance_rate", members),
            [100, 100, None],
            "what was accepted earlier is of an earlier period",
        )
        for _turn in range(2):
            self._run("take_back")
        offers = idle.offer_ids
        self.assertEqual(set(offers.mapped("state")), {"idle"})
        self.assertEqual(set(idle.mapped("distribution_state")), {"queued"})
        self.assertFalse(idle.partner_assigned_id)
        self.assertEqual(self._measure("acceptance_rate", members), [50, 50, 0])
        # 11 days for the one, nothing for the other
        hours = self._measure("response_time", members)
        for found, expected in zip(hours, [132, 132, 264], strict=True):
            self.assertAlmostEqual(found, expected, 1)

    def test_what_the_vendor_takes_back_counts_for_nothing(self):
        lead = self._lead()
        self._accept_long_ago(lead)
        lead._take_from_partners()
        self.assertEqual(lead.offer_ids.state, "withdrawn")
        self._run("take_back")
        self.assertEqual(self._measure("acceptance_rate", self.members), [None, None])

    def test_who_left_it_untouched_is_not_asked_again(self):
        lead = self._lead()
        self._accept_long_ago(lead)
        former = lead.partner_assigned_id
        self._run("take_back")
        self._run()
        (first, _idle), (second, state) = self._states(lead)
        self.assertEqual((first, state), (former.name, "offered"))
        self.assertNotEqual(second, first)
        self._let_pass(self._open(lead))
        self._run()
        self.assertEqual(lead.distribution_state, "fallback")

    def test_taking_a_lead_begins_its_qualification(self):
        leads = self._lead(2, type="lead")
        other = self._create_program("Other")
        other.qualification_required = True
        # of two memberships the one counts whose rule gave the lead
        second = self.env["partner.membership"].create(
            {"partner_id": self.northwind.partner_id.id, "program_id": other.id}
        )
        second.action_activate()
        self.northwind.is_primary = False
        second.is_primary = True
        leads._distribute()
        self.assertFalse(leads.qualification_ids)
        offers = self._open(leads)
        for _turn in range(2):
            offers._accept()
        self.assertEqual(leads.qualification_id.mapped("state"), ["draft", "draft"])
        self.assertEqual(len(leads.qualification_ids), 2)
        self.assertEqual(leads.qualification_id.membership_id, self.members)
        self.program.qualification_required = False
        plain = self._lead(type="lead")
        plain._distribute()
        self._open(plain)._accept()
        self.assertFalse(plain.qualification_id)

    def test_qualifying_is_work(self):
        saved, signed, own, none = leads = self._lead(4, type="lead")
        self._accept_long_ago(leads)
        self.assertEqual(leads.qualification_id.mapped("state"), ["draft"] * 4)
        criterion = saved.qualification_id.answer_ids.filtered(
            lambda row: row.kind == "yesno" and row.side == "partner"
        )[:1].criterion_id
        saved.qualification_id._answer_for_partner({criterion.id: "yes"})
        long_ago = fields.Datetime.now() - timedelta(days=40)
        for lead, state in ((signed, "partner_qualified"), (own, "vendor_qualified")):
            lead.qualification_id._set_protected(
                {"state": state, "date_state": long_ago}
            )
        for _turn in range(2):
            self._run("take_back")
        self.assertEqual(
            leads.mapped("distribution_state"),
            ["assigned", "assigned", "assigned", "queued"],
            "saved yesterday, or with the vendor: the partner is not idle",
        )
        self.assertFalse(none.partner_assigned_id)
        # without a step of its own the vendor has done its part
        self.program.qualification_own_step = False
        self.env.flush_all()
        for lead in (signed, own):
            lead._set_protected({"date_distribution_due": long_ago})
        self._run("take_back")
        self.assertEqual(signed.distribution_state, "assigned")
        self.assertEqual(own.distribution_state, "queued")

    def test_what_was_said_with_a_partner_stays_from_the_next(self):
        first, second = leads = self._lead(2)
        self._accept_long_ago(leads)
        said = {}
        for lead in leads:
            partner = lead.partner_assigned_id
            post = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
            said[lead] = lead.message_post(
                body="They want it cheap", author_id=partner.id, **post
            ) | lead.message_post(body="Do it", partner_ids=partner.ids, **post)
        customer = self.env["res.partner"].create({"name": "Jane Secret"})
        letter = first.message_post(
            body="When do you come?",
            author_id=customer.id,
            partner_ids=first.partner_assigned_id.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        first.partner_assigned_id = second.partner_assigned_id
        self.assertEqual(said[first].mapped("is_internal"), [True, True])
        self.assertFalse(letter.is_internal, "the customer's is for who has the lead")
        self.assertEqual(said[second].mapped("is_internal"), [False, False])
        person = self.env["res.partner"].create(
            {"name": "Sam", "parent_id": second.partner_assigned_id.id}
        )
        second.partner_assigned_id = person
        self.assertEqual(
            said[second].mapped("is_internal"), [False, False], "the same company"
        )
