"""Partner of record: invoices that come from no deal."""

from datetime import date

from psycopg2.errors import ExclusionViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..tools.attribution import Attribution
from .common import PartnerChannelInvoicingCommon


@tagged("post_install", "-at_install")
class TestCustomerRecord(PartnerChannelInvoicingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create(
            {"name": "Acme", "is_company": True}
        )
        cls.family = cls.env["product.category"].create(
            {"name": "Cloud", "is_channel_family": True}
        )
        cls.licence = cls.env["product.product"].create(
            {
                "name": "Licence",
                "categ_id": cls.env["product.category"]
                .create({"name": "Storage", "parent_id": cls.family.id})
                .id,
            }
        )
        cls.Record = cls.env["partner.customer.record"]
        cls.record = cls._record(cls.northwind)

    @classmethod
    def _record(cls, membership, **values):
        return cls.Record.create(
            {
                "partner_id": cls.customer.id,
                "membership_id": membership.id,
                "role": "sold",
                "date_from": date(2026, 1, 1),
                "date_to": date(2026, 6, 30),
                **values,
            }
        )

    def _who(self, day, lead=None, **values):
        move = self._invoice(self.customer, 100, day, lead=lead, **values)
        found = move.invoice_line_ids._get_channel_attributions()
        return found.get(move.invoice_line_ids.id, [])

    def test_a_renewal_counts_for_the_partner_of_record_of_its_day(self):
        expected = [Attribution(self.northwind.id, "sold", 100, False)]
        self.assertEqual(self._who("2025-12-31"), [])
        self.assertEqual(self._who("2026-01-01"), expected)
        self.assertEqual(self._who("2026-06-30"), expected)
        self.assertEqual(self._who("2026-07-01"), [])

    def test_the_deal_goes_before_the_record(self):
        lead = self._register(self.contoso)
        lead._approve_registration()
        self.assertEqual(
            self._who("2026-03-01", lead=lead),
            [Attribution(self.contoso.id, "sourced", 100, lead.id)],
        )
        lead.deal_role_ids.unlink()
        self.assertEqual(
            self._who("2026-03-01", lead=lead),
            [Attribution(self.northwind.id, "sold", 100, False)],
        )

    def test_a_family_covers_the_products_below_it(self):
        self.record.family_id = self.family
        self.assertTrue(self._who("2026-03-01", product=self.licence))
        self.assertFalse(self._who("2026-03-01", product=self.product_a))
        self.assertFalse(self._who("2026-03-01"), "a line without product")

    def test_many_families_cost_as_many_queries_as_one(self):
        self.record.family_id = self.family
        below = self.env["product.category"].create(
            [{"name": f"Part {n}", "parent_id": self.family.id} for n in range(8)]
        )
        products = self.env["product.product"].create(
            [{"name": part.name, "categ_id": part.id} for part in below]
        )
        moves = self.env["account.move"]
        for product in products:
            moves |= self._invoice(self.customer, 100, "2026-03-01", product=product)

        def queries(some):
            self.env.flush_all()
            self.env.invalidate_all()
            lines = self.env["account.move.line"].browse(some.invoice_line_ids.ids)
            before = self.cr.sql_log_count
            self.assertEqual(len(lines._get_channel_attributions()), len(lines))
            return self.cr.sql_log_count - before

        queries(moves[0])  # fills the caches of the registry
        self.assertEqual(queries(moves[0]), queries(moves))

    def test_another_companys_record_does_not_count(self):
        program = self._create_program("Elsewhere", company=self.other_company)
        elsewhere = self._create_membership("Fabrikam", program=program)
        self.record.unlink()
        self._record(elsewhere)
        self.assertEqual(self._who("2026-03-01"), [])

    def test_a_role_has_one_partner_of_record_at_a_time(self):
        overlaps = (
            {},
            {"date_from": date(2026, 6, 30), "date_to": False},
            {"family_id": self.family.id},
        )
        for values in overlaps:
            with (
                self.assertRaises(ExclusionViolation),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self._record(self.contoso, **values)
        self._record(self.contoso, role="influenced")
        self._record(self.contoso, date_from=date(2026, 7, 1), date_to=False)

    def test_the_constraint_is_really_there(self):
        self.cr.execute(
            "SELECT 1 FROM pg_constraint WHERE conname = %s",
            ["partner_customer_record_exclusive"],
        )
        self.assertTrue(self.cr.fetchone())

    def test_the_customer_is_a_company(self):
        contact = self.env["res.partner"].create(
            {"name": "Jane", "parent_id": self.customer.id}
        )
        with self.assertRaises(ValidationError):
            self._record(self.contoso, partner_id=contact.id, role="delivered")

    @freeze_time("2026-07-15 12:00:00")
    def test_who_wins_becomes_the_partner_of_record(self):
        self.program.record_months = 12
        lead = self._register(self.contoso, partner_id=self.customer.id)
        lead._approve_registration()
        lead.action_set_won()
        record = self.Record.search([("lead_id", "=", lead.id)])
        self.assertEqual(record.membership_id, self.contoso)
        self.assertEqual(
            (record.role, record.date_from, record.date_to),
            ("sourced", date(2026, 7, 15), date(2027, 7, 14)),
        )
        second = self._register(
            self.northwind,
            partner_id=self.customer.id,
            product_family_id=self.family.id,
        )
        second._set_protected({"registration_state": "approved"})
        second._attribute_to_registrant()
        second.action_set_won()
        self.assertFalse(self.Record.search([("lead_id", "=", second.id)]))

    def test_rights(self):
        with self.assertRaises(AccessError):
            self.Record.with_user(self.seller).search([])
        found = self.Record.with_user(self.other_manager).search([])
        self.assertNotIn(self.record, found)
        self.assertIn(self.record, self.Record.with_user(self.manager).search([]))
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            self._record(self.contoso, role="delivered").with_user(self.manager).write(
                {"share": 1}
            )
