"""Each check of a program finds what it looks for, and nothing else."""

from datetime import date

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import PartnerChannelInvoicingCommon

VAT = "DE123456788"


@tagged("post_install", "-at_install")
@freeze_time("2028-03-15")
class TestEligibility(PartnerChannelInvoicingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.germany, cls.france = cls.env.ref("base.de"), cls.env.ref("base.fr")
        cls.customer = cls.env["res.partner"].create(
            {"name": "Acme", "is_company": True, "vat": VAT}
        )
        cls.branch = cls.env["res.partner"].create(
            {"name": "Acme Bonn", "parent_id": cls.customer.id}
        )

    def _check(self, code, policy="warn", months=12):
        self.program.eligibility_ids.unlink()
        return self.env["partner.program.eligibility"].create(
            {
                "program_id": self.program.id,
                "code": code,
                "policy": policy,
                "months": months,
            }
        )

    def _lead(self, name="Acme", vat=VAT, **values):
        return self._register(
            self.northwind, partner_name=name, customer_vat=vat, website="", **values
        )

    def _find(self, leads):
        """Return ``{name of the customer: what the check found}`` of failing ones."""
        leads._write_evidence()
        failing = leads.evidence_ids.filtered("is_failing")
        return {found.lead_id.partner_name: found.facts for found in failing}

    def _write_to(self, customer, author, day="2028-03-01"):
        """A lead of the vendor's own on which somebody has written."""
        lead = self.env["crm.lead"].create(
            {"name": f"Talks with {customer.name}", "partner_id": customer.id}
        )
        with freeze_time(day):
            lead.message_post(
                body="Hello",
                author_id=author.partner_id.id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        return lead

    # === CUSTOMERS OF THE VENDOR === #

    def test_an_existing_customer_was_invoiced_at_some_time(self):
        leads = self._lead() | self._lead("Free", "", email_from="a@free.example")
        self._check("existing_customer")
        self.assertEqual(self._find(leads), {})
        self._invoice(self.branch, 100, date(2019, 5, 2))
        found = self._find(leads)
        self.assertEqual(list(found), ["Acme"])
        self.assertIn("1 invoices, the last on 05/02/2019", found["Acme"])
        self.program.eligibility_ids.policy = "off"
        self.assertEqual(self._find(leads), {}, "nothing without the rule")

    def test_invoiced_counts_the_months(self):
        lead = self._lead()
        rule = self._check("invoiced", months=12)
        self._invoice(self.customer, 100, date(2027, 3, 14))
        self.assertEqual(self._find(lead), {}, "a day too long ago")
        rule.months = 13
        self.assertEqual(list(self._find(lead)), ["Acme"])
        rule.months = 12
        self._invoice(self.customer, -50, date(2028, 1, 5))
        self.assertEqual(self._find(lead), {}, "a credit note is no sale")
        self._invoice(self.customer, 100, date(2027, 3, 15))
        self.assertIn("the last on 03/15/2027", self._find(lead)["Acme"])

    def test_invoices_of_another_company_do_not_count(self):
        self._check("existing_customer")
        move = self._invoice(self.customer, 100, date(2028, 1, 5))
        lead = self._lead()
        self.assertEqual(list(self._find(lead)), ["Acme"])
        program = self._create_program("Elsewhere", company=self.other_company)
        self.assertNotEqual(move.company_id, program.company_id)
        membership = self._create_membership("Initech", program)
        self.env["partner.program.eligibility"].create(
            {"program_id": program.id, "code": "existing_customer"}
        )
        other = self._register(membership)
        self.assertEqual(self._find(other), {})

    def test_a_customer_is_known_by_tax_id_however_typed_and_by_mail(self):
        self.branch.email = "Jane@Acme.example"
        self._invoice(self.customer, 100, date(2028, 1, 5))
        self._check("existing_customer")
        leads = (
            self._lead("Typed", "de 123.456.788")
            | self._lead("Mail", "", email_from="jane@acme.example")
            | self._lead("Other", "", email_from="jane@other.example")
        )
        self.assertEqual(set(self._find(leads)), {"Typed", "Mail"})

    def test_the_vendor_is_in_contact_where_its_people_wrote(self):
        lead = self._lead()
        rule = self._check("vendor_contact", months=6)
        talks = self._write_to(self.branch, self.seller)
        self.assertEqual(self._find(lead), {}, "a partner is not the vendor")
        self._write_to(self.branch, self.manager, "2027-09-14")
        self.assertEqual(self._find(lead), {}, "longer ago than six months")
        rule.months = 0
        self.assertEqual(list(self._find(lead)), ["Acme"], "whenever it was")
        rule.months = 6
        self._write_to(self.customer, self.manager, "2027-09-16")
        self.assertEqual(self._find(lead), {"Acme": "Talks with Acme"})
        self.assertFalse(talks.registration_state)

    # === TERRITORY === #

    def test_the_territory_bounds_countries_and_states(self):
        self.northwind.territory_country_ids = self.germany
        self._check("territory")
        leads = (
            self._lead("In", "", email_from="a@in.example", country_id=self.germany.id)
            | self._lead("Out", "", email_from="a@o.example", country_id=self.france.id)
            | self._lead("Unknown", "", email_from="a@unknown.example")
        )
        self.assertEqual(self._find(leads), {"Out": "France", "Unknown": "No country"})
        bavaria, berlin = self.env["res.country.state"].search(
            [("country_id", "=", self.germany.id)], limit=2
        )
        self.northwind.territory_state_ids = bavaria
        leads[0].state_id = berlin
        self.assertIn("In", self._find(leads))
        leads[0].state_id = bavaria
        self.assertNotIn("In", self._find(leads))
        self.northwind.territory_state_ids = False
        self.northwind.territory_country_ids = False
        self.assertEqual(self._find(leads), {}, "everywhere")

    def test_outside_the_territory_is_refused_when_submitted(self):
        self.northwind.territory_country_ids = self.germany
        self._lead("Free", "", email_from="a@f.example", country_id=self.france.id)
        self._check("territory", "refuse")
        with self.assertRefused(UserError, "Outside the partner's territory"):
            self._lead("Out", "", email_from="a@o.example", country_id=self.france.id)
        self._lead("In", "", email_from="a@in.example", country_id=self.germany.id)

    # === PRODUCTS === #

    def test_products_the_partner_may_not_sell(self):
        mine, other = self.env["product.category"].create(
            [
                {"name": "Pumps", "is_channel_family": True},
                {"name": "Valves", "is_channel_family": True},
            ]
        )
        self.northwind.family_ids = mine

        def lead(name, family):
            mail = f"a@{name}.example"
            return self._lead(name, "", email_from=mail, product_family_id=family.id)

        with self.assertRefused(UserError, "Pumps"):
            lead("none", other)
        self._check("product_not_allowed", "warn")
        leads = lead("mine", mine) | lead("other", other) | lead("all", other[:0])
        self.assertEqual(self._find(leads), {"other": "Valves", "all": "All products"})
        self._check("product_not_allowed", "refuse")
        with self.assertRefused(UserError, "Product the partner may not sell"):
            lead("late", other)

    # === SPEED === #

    def test_checks_that_find_much_take_as_many_queries_as_those_of_two(self):
        self.program.eligibility_ids.unlink()
        codes = ("existing_customer", "open_quotation", "vendor_contact", "invoiced")
        rules = self.env["partner.program.eligibility"].create(
            [{"program_id": self.program.id, "code": code} for code in codes]
        )

        def queries(count):
            leads = self.env["crm.lead"]
            for number in range(count):
                mail = f"jo@c{count}-{number}.example"
                customer = self.env["res.partner"].create(
                    {"name": f"C{count}-{number}", "email": mail}
                )
                self._invoice(customer, 10, date(2028, 2, 1))
                self._write_to(customer, self.manager)
                self.env["sale.order"].create({"partner_id": customer.id})
                leads |= self._lead(customer.name, "", email_from=mail)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            found = leads._run_checks(rules)
            used = self.cr.sql_log_count - before
            for _rule, failing in found:
                self.assertEqual(set(failing), set(leads.ids))
            return used

        queries(1)
        self.assertEqual(queries(2), queries(12))

    def test_a_customer_is_found_by_domain_and_group_as_in_the_review(self):
        self.customer.website = "https://www.acme.example"
        holding = self.env["res.partner"].create(
            {
                "name": "Holding",
                "is_company": True,
                "website": "https://holding.example",
            }
        )
        self.customer.parent_id = holding
        self._invoice(self.customer, 10, date(2028, 2, 1))
        self._check("existing_customer")
        leads = self._lead("By domain", "", email_from="jo@shop.acme.example")
        leads |= self._lead("By group", "", email_from="jo@holding.example")
        leads |= self._lead("Another", "", email_from="jo@else.example")
        self.assertEqual(set(self._find(leads)), {"By domain", "By group"})

    def test_families_of_many_partners_take_as_many_queries_as_of_one(self):
        rule = self._check("product_not_allowed")
        leads = self.env["crm.lead"]
        for number in range(4):
            member = self._create_membership(f"Member {number}")
            leads |= self._register(member, partner_name=f"F{number}", website="")

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some._check_eligibility_product_not_allowed(rule)
            return self.cr.sql_log_count - before

        count(leads)
        self.assertEqual(count(leads), count(leads[0]))

    def test_rejections_of_many_are_counted_in_as_many_queries_as_of_one(self):
        self.program.write({"limit_after_rejection": True, "max_after_rejection": 5})
        leads = self.env["crm.lead"]
        for number in range(4):
            leads |= self._lead(f"R{number}", "", email_from=f"a@r{number}.example")

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            some._check_rejections()
            return self.cr.sql_log_count - before

        count(leads)
        self.assertEqual(count(leads), count(leads[0]))

    def test_invoices_of_customers_are_found_by_an_index(self):
        self._invoice(self.customer, 10, date(2028, 2, 1))
        self.env.flush_all()
        self.cr.execute("SET LOCAL enable_seqscan = off")
        domain = [
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("commercial_partner_id", "in", self.customer.ids),
        ]
        query = self.env["account.move"].sudo()._search(domain).select()
        text = self.cr.mogrify(query.code, query.params).decode()
        self.cr.execute("EXPLAIN " + text)
        plan = "\n".join(row[0] for row in self.cr.fetchall())
        self.assertIn("channel_revenue_idx", plan)
