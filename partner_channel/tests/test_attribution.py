from odoo.fields import Command
from odoo.tests import tagged

from ..tools.attribution import Attribution
from .common import PartnerChannelInvoicingCommon


@tagged("post_install", "-at_install")
class TestAttribution(PartnerChannelInvoicingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create({"name": "Acme"})
        cls.lead = cls._register(cls.northwind)
        cls.lead._approve_registration()

    def _attributions(self, moves):
        return moves.invoice_line_ids._get_channel_attributions()

    def test_a_line_is_attributed_through_its_order(self):
        move = self._invoice(self.customer, 100, "2026-05-01", lead=self.lead)
        line = move.invoice_line_ids
        self.assertEqual(
            self._attributions(move),
            {line.id: [Attribution(self.northwind.id, "sourced", 100, self.lead.id)]},
        )

    def test_a_line_sold_to_a_member_is_resale(self):
        move = self._invoice(self.contoso.partner_id, 100, "2026-05-01")
        self.assertEqual(
            self._attributions(move),
            {
                move.invoice_line_ids.id: [
                    Attribution(self.contoso.id, "resale", 100.0, False)
                ]
            },
        )

    def test_a_stranger_is_attributed_to_nobody(self):
        move = self._invoice(self.customer, 100, "2026-05-01")
        self.assertEqual(self._attributions(move), {})

    def test_two_partners_share_and_sections_do_not_count(self):
        self.env["partner.deal.role"].create(
            {
                "lead_id": self.lead.id,
                "membership_id": self.contoso.id,
                "role": "sold",
                "share": 30,
            }
        )
        move = self._invoice(self.customer, 100, "2026-05-01", lead=self.lead)
        move.button_draft()
        move.invoice_line_ids = [
            Command.create({"display_type": "line_section", "name": "Part"})
        ]
        product = move.invoice_line_ids.filtered(lambda x: x.display_type == "product")
        self.assertEqual(
            self._attributions(move),
            {
                product.id: [
                    Attribution(self.northwind.id, "sourced", 100, self.lead.id),
                    Attribution(self.contoso.id, "sold", 30, self.lead.id),
                ]
            },
        )

    def test_a_member_of_another_companys_program_has_no_resale_here(self):
        program = self._create_program("Elsewhere", company=self.other_company)
        elsewhere = self._create_membership("Fabrikam", program=program)
        move = self._invoice(elsewhere.partner_id, 100, "2026-05-01")
        self.assertEqual(self._attributions(move), {})

    def test_a_partner_of_this_very_transaction_is_found(self):
        move = self._invoice(self.customer, 100, "2026-05-01", lead=self.lead)
        self.env.flush_all()
        fresh = self._create_membership("Fabrikam")
        self.env["partner.deal.role"].create(
            {"lead_id": self.lead.id, "membership_id": fresh.id, "role": "sold"}
        )
        (items,) = self._attributions(move).values()
        self.assertIn(fresh.id, {item.membership_id for item in items})

    def test_an_order_moved_to_this_company_just_now_is_found(self):
        move = self._invoice(self.customer, 100, "2026-05-01", lead=self.lead)
        order = move.invoice_line_ids.sale_line_ids.order_id
        self.env.flush_all()
        self.cr.execute(
            "UPDATE sale_order SET company_id = %s WHERE id = %s",
            [self.other_company.id, order.id],
        )
        order.invalidate_recordset()
        order.company_id = self.company
        self.assertTrue(self._attributions(move))

    def test_a_batch_costs_as_many_queries_as_one_invoice(self):
        one = self._invoice(self.customer, 1, "2026-05-01", lead=self.lead)
        many = self.env["account.move"]
        for _number in range(8):
            many |= self._invoice(self.customer, 1, "2026-05-01", lead=self.lead)

        def queries(moves):
            self.env.flush_all()
            self.env.invalidate_all()
            lines = self.env["account.move.line"].browse(moves.invoice_line_ids.ids)
            before = self.cr.sql_log_count
            lines._get_channel_attributions()
            return self.cr.sql_log_count - before

        queries(one)  # fills the caches of the registry
        self.assertEqual(queries(one), queries(many))
