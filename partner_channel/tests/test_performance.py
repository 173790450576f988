from odoo.tests import tagged

from .common import PartnerChannelCommon


@tagged("post_install", "-at_install")
class TestPerformance(PartnerChannelCommon):
    def _fill(self, count):
        """Registrations of other customers, written as the load would be."""
        self.cr.execute(
            """
            WITH lead AS (
                INSERT INTO crm_lead (name, type, active, registration_state,
                                      membership_id, company_id, partner_name)
                SELECT 'Deal ' || n, 'lead', true, 'submitted', %s, %s, 'Customer ' || n
                  FROM generate_series(1, %s) n
             RETURNING id)
            INSERT INTO partner_deal_claim (lead_id, company_id, kind, value, state)
            SELECT id, %s, 'name', 'customer ' || id, 'pending' FROM lead
            """,
            [self.contoso.id, self.company.id, count, self.company.id],
        )
        self.cr.execute("ANALYZE partner_deal_claim")

    def test_the_conflict_look_up_uses_the_index(self):
        self._fill(20_000)
        Claim = self.env["partner.deal.claim"]
        lead = self._register(self.northwind)
        domain = Claim._get_conflict_domain(
            self.company, Claim._get_claim_keys(lead._get_claim_values())
        )
        query = Claim._search(domain).select()
        self.cr.execute("EXPLAIN " + self.cr.mogrify(query.code, query.params).decode())
        plan = "\n".join(row[0] for row in self.cr.fetchall())
        self.assertIn("lookup_idx", plan)
        self.assertNotIn("Seq Scan", plan)

    def test_opening_a_membership_costs_few_queries(self):
        form = [
            "partner_id",
            "program_id",
            "grade_id",
            "next_grade_id",
            "tier_progress",
            "tier_gap",
            "tier_explanation",
            "review_ids",
            "lead_count",
            "state",
        ]

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.northwind.with_user(self.manager).web_read({name: {} for name in form})
            return self.cr.sql_log_count - before

        queries()  # fills the caches of the registry
        self.assertLessEqual(queries(), 30)

    def test_the_board_costs_the_same_for_two_and_for_twenty(self):
        Lead = self.env["crm.lead"].with_user(self.head)

        def queries(count):
            leads = self.env["crm.lead"]
            for number in range(count):
                leads |= self._register(
                    self.northwind,
                    partner_name=f"N{count}-{number}",
                    customer_vat="",
                    website="",
                )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            Lead.browse(leads.ids).web_read(
                {"name": {}, "has_conflict": {}, "is_decision_late": {}, "user_id": {}}
            )
            return self.cr.sql_log_count - before

        queries(1)  # fills the caches of the registry
        self.assertEqual(queries(2), queries(20))
