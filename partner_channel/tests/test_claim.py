from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import format_date, mute_logger

from .common import PartnerChannelCommon


@tagged("post_install", "-at_install")
class TestClaim(PartnerChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.licences, cls.services = cls.env["product.category"].create(
            [
                {"name": "Licences", "is_channel_family": True},
                {"name": "Services", "is_channel_family": True},
            ]
        )

    def _refused(self, lead):
        with self.assertRaises(UserError) as refused:
            lead._approve_registration()
        self.assertEqual(lead.registration_state, "submitted", "nothing half-done")
        return str(refused.exception)

    def test_the_exclusion_constraint_is_in_the_database(self):
        """Odoo installs a module without a constraint that could not be built."""
        self.cr.execute(
            "SELECT contype FROM pg_constraint WHERE conname = %s",
            ["partner_deal_claim_exclusive"],
        )
        self.assertEqual(self.cr.fetchall(), [("x",)])

    def test_one_customer_is_protected_for_one_partner(self):
        first, second = self._register(self.northwind), self._register(self.contoso)
        self.assertEqual(second.conflict_lead_ids, first)
        self.assertEqual(first.conflict_lead_ids, second)
        first._approve_registration()
        message = self._refused(second)
        self.assertIn("Northwind", message)

    def test_the_database_refuses_what_the_code_did_not_see(self):
        """Two decisions at once: neither sees the other's protection."""
        first, second = self._register(self.northwind), self._register(self.contoso)
        first._approve_registration()
        Claim = type(self.env["partner.deal.claim"])
        with (
            self.assertRaises(UserError) as refused,
            mute_logger("odoo.sql_db"),
            patch.object(Claim, "_get_exclusion_error", lambda claims: ""),
        ):
            second._approve_registration()
        self.assertIn("a moment ago", str(refused.exception))
        self.assertEqual(second.registration_state, "submitted")

    def test_any_one_strong_key_is_enough(self):
        self._register(self.northwind)._approve_registration()
        for values in (
            {"customer_vat": "de 123 456 788", "website": "", "partner_name": "X"},
            {"customer_vat": "", "website": "acme.example/en", "partner_name": "X"},
            {
                "customer_vat": "",
                "website": "",
                "email_from": "jo@acme.example",
                "partner_name": "X",
            },
            {"customer_vat": "", "website": "", "partner_name": "ACME, GmbH"},
        ):
            with self.subTest(values=values):
                self._refused(self._register(self.contoso, **values))

    def test_characters_that_look_alike_are_one_customer(self):
        self._register(
            self.northwind, customer_vat="DE136695976"
        )._approve_registration()
        for values in (
            {"customer_vat": "DЕ136695976"},  # the Е is Cyrillic
            {"customer_vat": "ＤＥ１３６６９５９７６"},
            {"customer_vat": "136695976", "country_id": self.env.ref("base.de").id},
            {"partner_name": "Асme GmbH"},
            {"partner_name": "Ac\u200bme\u202c GmbH"},
            {"partner_name": "ΑCΜΕ GmbH"},  # three are Greek
            {"website": "https://асме.example"},
            {"website": "https://xn--cme-5cd.example"},
            {"website": "https://acme.example/@gmail.com"},
        ):
            other = {"partner_name": "X", "customer_vat": "", "website": "", **values}
            with self.subTest(values=values):
                self._refused(self._register(self.contoso, **other))

    def test_the_country_of_a_tax_id_is_part_of_it(self):
        Claim = self.env["partner.deal.claim"]
        keys = {
            Claim._get_claim_keys({"customer_vat": text, "country": country})[0]
            for text, country in (
                ("ATU61945266", None),
                ("61945266", "AT"),
                ("U 619 452 66", "AT"),
                ("ATU61945266", "DE"),
            )
        }
        self.assertEqual(keys, {("vat", "ATU61945266")})
        self.assertNotIn(
            ("vat", "ATU61945266"),
            Claim._get_claim_keys({"customer_vat": "61945266", "country": "DK"}),
        )

    def test_a_corrected_country_renews_the_claims(self):
        lead = self._register(self.northwind, customer_vat="61945266")
        lead.country_id = self.env.ref("base.at")
        values = lead.claim_ids.filtered(lambda claim: claim.kind == "vat")
        self.assertEqual(values.mapped("value"), ["ATU61945266"])

    def test_free_mail_and_empty_values_are_no_keys(self):
        keys = self.env["partner.deal.claim"]._get_claim_keys(
            {"email_from": "jo@gmail.com", "customer_vat": "-", "partner_name": "Solo"}
        )
        self.assertEqual(keys, [("name", "solo")])

    def test_legal_form_script_and_subdomain_make_no_other_customer(self):
        self._register(
            self.northwind,
            partner_name="ООО «Ромашка»",
            customer_vat="",
            website="https://romashka.co.uk",
        )._approve_registration()
        for values in (
            {"partner_name": "Romashka"},
            {"partner_name": "ромашка, о.о.о."},
            {"website": "https://shop.romashka.co.uk/en"},
            {"email_from": "jo@mail.romashka.co.uk"},
        ):
            other = {"partner_name": "X", "customer_vat": "", "website": "", **values}
            with self.subTest(values=values):
                self._refused(self._register(self.contoso, **other))

    def test_a_country_left_out_gets_past_no_claim(self):
        names = {"customer_vat": "", "website": ""}
        self._register(
            self.northwind,
            partner_name="Delta",
            country_id=self.env.ref("base.de").id,
            **names,
        )._approve_registration()
        self._refused(self._register(self.contoso, partner_name="Delta GmbH", **names))

    def test_hosters_and_common_words_are_no_key(self):
        keys = self.env["partner.deal.claim"]._get_claim_keys(
            {"website": "https://github.io", "partner_name": "Trading GmbH"}
        )
        self.assertEqual(keys, [("name", "trading gmbh")])

    def test_subsidiaries_of_a_group_are_one_customer(self):
        Partner = self.env["res.partner"]
        group = Partner.create({"name": "Group", "is_company": True})
        one, other = Partner.create(
            [
                {"name": name, "is_company": True, "parent_id": group.id}
                for name in ("Acme North", "Acme South")
            ]
        )
        names = {"customer_vat": "", "website": ""}
        self._register(
            self.northwind, partner_name="North", partner_id=one.id, **names
        )._approve_registration()
        self._refused(
            self._register(
                self.contoso, partner_name="South", partner_id=other.id, **names
            )
        )

    def test_families_are_protected_apart_and_all_products_against_each(self):
        self._register(
            self.northwind, product_family_id=self.licences.id
        )._approve_registration()
        self._register(
            self.contoso, product_family_id=self.services.id
        )._approve_registration()
        self._refused(self._register(self.contoso, product_family_id=self.licences.id))
        self._refused(self._register(self.contoso))

    def test_many_are_asked_about_as_one_is(self):
        licences = self._register(self.northwind, product_family_id=self.licences.id)
        services = self._register(self.contoso, product_family_id=self.services.id)
        services._approve_registration()
        whole = self._register(self.northwind)
        program = self._create_program("Elsewhere", company=self.other_company)
        self._register(self._create_membership("Fabrikam", program=program))
        keys = self.env["partner.deal.claim"]._get_claim_keys(
            {"customer_vat": "DE123456788", "partner_name": "Acme GmbH"}
        )
        every = self.licences.browse()
        wanted = [
            (keys, every),
            (keys, self.licences),
            (keys[:1], self.services),
            ([("vat", "DE000000000"), ("name", "nobody")], every),
            ([], every),
        ]
        expected = [
            services + licences + whole,
            licences + whole,
            services + whole,
            whole.browse(),
            whole.browse(),
        ]
        Claim = self.env["partner.deal.claim"]
        found = Claim._search_many_conflicts(self.company, wanted)
        self.assertEqual([leads.ids for leads in found], [e.ids for e in expected])
        single = [Claim._search_conflicts(self.company, *each) for each in wanted]
        self.assertEqual([leads.ids for leads in single], [e.ids for e in expected])
        self.assertEqual(
            Claim._search_many_conflicts(self.company, wanted[-1:]), [whole.browse()]
        )

    def test_companies_are_protected_apart(self):
        self._register(self.northwind)._approve_registration()
        program = self._create_program("Elsewhere", company=self.other_company)
        elsewhere = self._create_membership("Fabrikam", program=program)
        lead = self._register(elsewhere)
        self.assertFalse(lead.conflict_lead_ids)
        lead._approve_registration()
        self.assertEqual(lead.registration_state, "approved")

    def test_a_protection_that_ended_is_in_nobodys_way(self):
        with freeze_time("2026-01-01"):
            self._register(self.northwind)._approve_registration()
        with freeze_time("2026-04-01"):
            message = self._refused(self._register(self.contoso))
            last_day = format_date(self.env, "2026-04-01")
            self.assertIn(last_day, message, "the last protected day")
        with freeze_time("2026-04-02"):
            self._register(self.contoso)._approve_registration()

    def test_released_claims_are_in_nobodys_way(self):
        for release in ("_withdraw_registration", "_expire_registrations"):
            with self.subTest(release=release):
                lead = self._register(self.northwind)
                lead._approve_registration()
                getattr(lead, release)()
                other = self._register(self.contoso)
                self.assertFalse(other.conflict_lead_ids)
                other._approve_registration()
                other._withdraw_registration()

    def test_conflicts_are_searched_by_the_vendor_only(self):
        first, second = self._register(self.northwind), self._register(self.contoso)
        alone = self._register(
            self.contoso, partner_name="Else", customer_vat="", website=""
        )
        found = (
            self.env["crm.lead"]
            .with_user(self.head)
            .search([("has_conflict", "=", True)])
        )
        self.assertEqual(found & (first | second | alone), first | second)
        for name in ("has_conflict", "is_decision_late"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                self.env["crm.lead"].with_user(self.seller).search([(name, "=", True)])
