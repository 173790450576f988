from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from .common import PartnerChannelCommon, PartnerChannelInvoicingCommon


def _keep(found):
    return {(one.model, one.id): one for one in found}


@tagged("post_install", "-at_install")
class TestKnownCustomer(PartnerChannelCommon):
    def _customer(self, name="Acme", **values):
        return self.env["res.partner"].create(
            {"name": name, "is_company": True, **values}
        )

    def _find(self, lead):
        return _keep(lead._find_known_customers()[lead.id])

    def _kinds(self, lead, record):
        one = self._find(lead).get((record._name, record.id))
        return one and one.kinds

    def test_a_customer_is_known_by_tax_id_however_it_is_written(self):
        lead = self._register(self.northwind, website="")
        spelled = self._customer("One", vat="DE 123.456-788")
        germany = self.env.ref("base.de")
        bare = self._customer("Two", vat="123456788", country_id=germany.id)
        # SQL: as an import wrote it, before the tax ids were checked
        self.cr.execute(
            "UPDATE res_partner SET vat = '123456788' WHERE id = %s", [bare.id]
        )
        other = self._customer("Three", vat="DE136695976")
        found = self._find(lead)
        self.assertEqual(found["res.partner", spelled.id].kinds, ("vat",))
        self.assertEqual(found["res.partner", bare.id].kinds, ("vat",))
        self.assertNotIn(("res.partner", other.id), found)

    def test_a_customer_is_known_by_its_registrable_domain(self):
        lead = self._register(self.northwind, customer_vat="")
        shop = self._customer("Shop", website="http://www.shop.acme.example/start")
        mail = self._customer("Mail", email="jo@mail.acme.example")
        bare = self._customer("Bare", email="jo@acme.example")
        longer = self._customer("Longer", website="notacme.example")
        for customer in (shop, mail, bare):
            self.assertEqual(self._kinds(lead, customer), ("domain",))
        self.assertIsNone(self._kinds(lead, longer))

    def test_a_free_mail_address_is_known_as_a_whole_only(self):
        lead = self._register(
            self.northwind,
            customer_vat="",
            website="",
            email_from="Jane <Jane.Doe@gmail.com>",
        )
        jane = self._customer("Jane", email="jane.doe@gmail.com")
        john = self._customer("John", email="john.doe@gmail.com")
        self.assertEqual(self._kinds(lead, jane), ("email",))
        self.assertIsNone(self._kinds(lead, john))

    def test_the_group_of_a_company_is_known_with_it(self):
        parent = self._customer("Holding")
        sister = self._customer("Sister", parent_id=parent.id)
        company = self._customer("Acme", vat="DE123456788", parent_id=parent.id)
        stranger = self._customer("Stranger")
        lead = self._register(self.northwind, website="")
        found = self._find(lead)
        self.assertEqual(found["res.partner", company.id].kinds, ("vat",))
        self.assertEqual(found["res.partner", parent.id].kinds, ("group",))
        self.assertEqual(found["res.partner", sister.id].kinds, ("group",))
        self.assertNotIn(("res.partner", stranger.id), found)

    def test_open_quotations_are_found_and_orders_not(self):
        customer = self._customer(vat="DE123456788")
        person = self._customer("Jo", is_company=False, parent_id=customer.id)
        values = {"partner_id": person.id, "company_id": self.company.id}
        draft, done = self.env["sale.order"].create([values, values])
        done.state = "cancel"
        found = self._find(self._register(self.northwind))
        self.assertEqual(found["sale.order", draft.id].partner_id, customer.id)
        self.assertEqual(found["sale.order", draft.id].state, "draft")
        self.assertNotIn(("sale.order", done.id), found)

    def test_open_leads_of_the_vendor_are_found_and_closed_ones_not(self):
        customer = self._customer(vat="DE123456788")
        common = {"name": "Call", "company_id": self.company.id}
        by_mail, by_site, by_customer, closed, freemail = self.env["crm.lead"].create(
            [
                {**common, "email_from": "jo@mail.acme.example"},
                {**common, "website": "https://acme.example/x"},
                {**common, "partner_id": customer.id},
                {**common, "email_from": "jo@acme.example"},
                {**common, "email_from": "jo@gmail.com"},
            ]
        )
        closed.action_set_lost()
        rival = self._register(self.contoso)
        lead = self._register(self.northwind)
        self.assertEqual(self._kinds(lead, by_mail), ("domain",))
        self.assertEqual(self._kinds(lead, by_site), ("domain",))
        self.assertEqual(self._kinds(lead, by_customer), ("group",))
        for absent in (closed, freemail, rival, lead):
            self.assertIsNone(self._kinds(lead, absent))

    def test_other_companies_and_the_partner_itself_are_left_out(self):
        elsewhere = self._customer(vat="DE123456788", company_id=self.other_company.id)
        common = self._customer("Common", vat="DE123456788")
        self.northwind.partner_id.website = "https://acme.example"
        order = self.env["sale.order"].create(
            {"partner_id": common.id, "company_id": self.other_company.id}
        )
        found = self._find(self._register(self.northwind))
        self.assertIn(("res.partner", common.id), found)
        for absent in (elsewhere, self.northwind.partner_id, order):
            self.assertNotIn((absent._name, absent.id), found)

    def test_one_lead_costs_as_many_queries_as_twenty(self):
        leads = self.env["crm.lead"]
        for number in range(21):
            customer = self._customer(f"C{number}", website=f"c{number}.example")
            self.env["sale.order"].create(
                {"partner_id": customer.id, "company_id": self.company.id}
            )
            self.env["crm.lead"].create(
                {
                    "name": "Call",
                    "partner_id": customer.id,
                    "website": f"c{number}.example",
                }
            )
            leads |= self._register(
                self.northwind, customer_vat="", website=f"https://c{number}.example"
            )

        def queries(records):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            found = records._find_known_customers()
            for record in records:
                models = [one.model for one in found[record.id]]
                self.assertEqual(models, ["res.partner", "sale.order", "crm.lead"])
            return self.cr.sql_log_count - before

        queries(leads[:1])  # fills the caches of the registry
        self.assertEqual(queries(leads[:1]), queries(leads[1:]))

    def test_a_new_customer_finds_nothing(self):
        lead = self._register(self.northwind, website="https://brand-new.example")
        nameless = self._register(self.northwind, customer_vat="", website="")
        found = (lead | nameless)._find_known_customers()
        self.assertEqual(found, {lead.id: [], nameless.id: []})
        self.assertEqual(lead.browse()._find_known_customers(), {})

    def test_the_look_up_goes_by_index(self):
        self.cr.execute(
            """INSERT INTO res_partner (name, complete_name, is_company, active, vat,
                                        website, email_normalized, autopost_bills)
               SELECT 'C' || n, 'C' || n, true, true, 'BE' || (1000000000 + n),
                      'http://c' || n || '.example', 'a@c' || n || '.example', 'ask'
                 FROM generate_series(1, 20000) n"""
        )
        self.cr.execute("ANALYZE res_partner")
        lead = self._register(self.northwind, email_from="jo@acme.example")
        plan = self._explain(lead)
        for index in ("vat_idx", "email_idx", "website_idx"):
            self.assertIn(f"res_partner_channel_{index}", plan)
        self.assertNotIn("Seq Scan", plan)

    def _explain(self, lead):
        wanted = lead._spell_keys({lead.id: lead._get_customer_keys()})
        query = lead._get_contact_query(wanted)
        rows = self.env.execute_query(SQL("EXPLAIN %s", query))
        return "\n".join(row[0] for row in rows)


@tagged("post_install", "-at_install")
class TestInvoicedCustomer(PartnerChannelInvoicingCommon):
    def test_the_last_posted_invoice_of_the_company_counts(self):
        customer = self.env["res.partner"].create(
            {"name": "Acme", "is_company": True, "website": "acme.example"}
        )
        person = self.env["res.partner"].create(
            {"name": "Jo", "parent_id": customer.id}
        )
        self._invoice(customer, 100, "2026-01-10")
        self._invoice(person, 100, "2026-03-10")
        draft = self._invoice(customer, 100, "2026-05-10")
        draft.button_draft()
        self._invoice(customer, -100, "2026-06-10")
        lead = self._register(self.northwind, customer_vat="")
        [known] = lead._find_known_customers()[lead.id]
        self.assertEqual(known.id, customer.id)
        self.assertEqual(known.date, fields.Date.to_date("2026-03-10"))
