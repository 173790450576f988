from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import PartnerChannelCommon


@tagged("post_install", "-at_install")
class TestDesk(PartnerChannelCommon):
    """What the channel manager sees and does on the form of a registration."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.env["product.product"].create({"name": "Licence"})

    def _order(self, lead):
        return self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Buyer"}).id,
                "opportunity_id": lead.id,
                "order_line": [Command.create({"product_id": self.product.id})],
            }
        )

    # === CONFLICTS === #

    def test_a_rival_that_only_asks_holds_nothing(self):
        mine, other = self._register(self.northwind), self._register(self.contoso)
        desk = mine.with_user(self.head)
        self.assertEqual(desk.conflict_lead_ids.ids, other.ids)
        self.assertFalse(desk.conflict_holder)
        self.assertEqual(
            desk.conflict_kinds, "Tax ID, Web or e-mail domain, Company name"
        )

    def test_the_holder_of_the_customer_is_named_with_its_last_day(self):
        held = self._register(self.contoso)
        held._approve_registration()
        mine = self._register(self.northwind, customer_vat="", website="")
        desk = mine.with_user(self.head)
        self.assertIn("Contoso holds this customer until", desk.conflict_holder)
        self.assertIn("cannot be approved", desk.conflict_holder)
        self.assertEqual(desk.conflict_kinds, "Company name")
        self.assertEqual(desk.conflict_label, "Conflict")

    def test_what_another_product_family_holds_is_no_conflict(self):
        families = self.env["product.category"].create(
            [{"name": name, "is_channel_family": True} for name in ("One", "Two")]
        )
        held = self._register(self.contoso, product_family_id=families[0].id)
        held._approve_registration()
        mine = self._register(self.northwind, product_family_id=families[1].id)
        self.assertFalse(mine.conflict_holder)
        self.assertFalse(mine.conflict_kinds)

    def test_several_registrations_keep_their_own_conflicts(self):
        self._register(self.contoso)._approve_registration()
        free = self._register(
            self.northwind,
            partner_name="Free Ltd",
            customer_vat="",
            website="free.example",
        )
        taken = self._register(self.northwind)
        leads = free + taken
        self.assertEqual([bool(lead.conflict_holder) for lead in leads], [False, True])

    def test_a_held_customer_record_is_shown_by_its_name(self):
        customer = self.env["res.partner"].create({"name": "Acme Buyer"})
        lead = self._register(self.northwind, partner_id=customer.id)
        shown = {c.kind: c.shown_value for c in lead.claim_ids}
        self.assertEqual(shown["partner"], "Acme Buyer")
        self.assertEqual(shown["vat"], "DE123456788")

    # === RETURNED === #

    def test_the_manager_reads_what_the_partner_changed(self):
        lead = self._register(self.northwind)
        lead._return_registration("Which tax ID?")
        lead.write({"customer_vat": "DE136695976", "expected_revenue": 30_000})
        lead._submit_registration()
        note = lead.message_ids[0]
        for body in lead.message_ids.mapped("body"):
            if "Changed since" in body:
                note = body
        self.assertIn("DE123456788", note)
        self.assertIn("DE136695976", note)
        self.assertIn("30,000", note)
        self.assertNotIn("Website", note)

    def test_the_note_on_changes_is_internal_and_escaped(self):
        lead = self._register(self.northwind)
        lead._return_registration("Why?")
        lead.contact_name = "<script>alert(1)</script>"
        lead._submit_registration()
        [note] = lead.message_ids.filtered(lambda m: "Changed since" in m.body)
        self.assertTrue(note.is_internal or note.subtype_id.internal)
        self.assertNotIn("<script>", note.body)

    def test_a_return_without_correction_is_told_as_well(self):
        lead = self._register(self.northwind)
        lead._return_registration("Why?")
        lead._submit_registration()
        bodies = "".join(lead.message_ids.mapped("body"))
        self.assertIn("Submitted again without changes", bodies)
        self.assertFalse(lead.returned_content)

    def test_nobody_writes_the_returned_content_by_hand(self):
        lead = self._register(self.northwind)
        with self.assertRaises(AccessError):
            lead.with_user(self.head).write({"returned_content": {"phone": "1"}})

    # === SALES === #

    def test_a_deal_is_won_and_lost_from_its_registration(self):
        won, lost = (
            self._register(self.northwind),
            self._register(self.northwind, partner_name="Other", customer_vat=""),
        )
        lost.website = "other.example"
        for lead in (won, lost):
            lead._approve_registration()
        won.with_user(self.manager).action_set_won_rainbowman()
        self.assertEqual(won.registration_state, "won")
        wizard = self.env["crm.lead.lost"].with_user(self.manager)
        bare = wizard.create({"lead_ids": [Command.set(lost.ids)]})
        with self.assertRefused(UserError, "lost reason"):
            bare.action_lost_reason_apply()
        bare.lost_reason_id = self.env["crm.lost.reason"].search([], limit=1)
        bare.action_lost_reason_apply()
        self.assertEqual(lost.registration_state, "lost")
        lost.with_user(self.manager).action_restore()
        self.assertEqual(lost.registration_state, "approved")

    def test_sold_but_not_won_deals_are_found_and_not_won_by_the_order(self):
        sold, quoted = (
            self._register(self.northwind),
            self._register(self.contoso, partner_name="B Ltd", customer_vat="1234567"),
        )
        quoted.website = "b.example"
        for lead in (sold, quoted):
            lead._approve_registration()
        self._order(sold).action_confirm()
        self._order(quoted)
        self.assertEqual(sold.registration_state, "approved")
        view = self.env.ref("partner_channel.crm_lead_registration_view_search")
        self.assertIn('name="sold"', view.arch)
        found = self.env["crm.lead"].search(
            [
                ("registration_state", "=", "approved"),
                ("order_ids", "any", [("state", "=", "sale")]),
            ]
        )
        self.assertIn(sold, found)
        self.assertNotIn(quoted, found)

    def test_the_form_opens_for_a_manager_in_every_state(self):
        lead = self._register(self.northwind)
        form_view = "partner_channel.crm_lead_registration_view_form"
        for step in (
            lambda: None,
            lead._approve_registration,
            lambda: self._lose(lead),
        ):
            step()
            desk = lead.with_user(self.manager)
            Form(desk, view=form_view)
            action = desk.action_open_opportunity()
            self.assertEqual(action["res_id"], lead.id)

    @mute_logger("odoo.models")
    def test_partners_open_no_invoices_through_the_deal(self):
        lead = self._register(self.northwind)
        lead._approve_registration()
        with self.assertRaises(AccessError):
            lead.with_user(self.seller).action_open_channel_invoices()

    # === CUSTOMER === #

    def test_a_customer_made_from_the_deal_keeps_its_tax_id(self):
        lead = self._register(self.northwind, contact_name="Jane Doe")
        lead._approve_registration()
        person = lead._create_customer()
        company = person.parent_id
        self.assertEqual(company.name, "Acme GmbH")
        self.assertEqual(company.vat, "DE123456788")
        self.assertEqual(person.commercial_partner_id, company)

    def test_the_wizard_asks_for_what_the_decision_needs(self):
        lead = self._register(self.northwind)
        Wizard = self.env["crm.lead.registration.decide"].with_user(self.manager)
        form = Form(
            Wizard.with_context(
                default_decision="reject", default_lead_ids=[Command.set(lead.ids)]
            )
        )
        with self.assertRaises(AssertionError):
            form.save()
        form.reason = "territory"
        form.save().action_apply()
        self.assertEqual(lead.registration_state, "rejected")
