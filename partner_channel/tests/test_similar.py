from odoo.tests import tagged

from .common import PartnerChannelCommon


@tagged("post_install", "-at_install")
class TestSimilar(PartnerChannelCommon):
    def _register_name(self, membership, name):
        return self._register(
            membership, partner_name=name, customer_vat="", website=""
        )

    def test_similar_names_are_found_in_the_whole_database(self):
        lead = self.env["crm.lead"].create(
            {
                "name": "Call",
                "partner_name": "Crystalord Limited",
                "company_id": self.company.id,
            }
        )
        customer = self.env["res.partner"].create(
            {"name": "CRYSTALORD Ltd", "is_company": True}
        )
        order = self.env["sale.order"].create(
            {"partner_id": customer.id, "company_id": self.company.id}
        )
        elsewhere = self.env["crm.lead"].create(
            {
                "name": "Elsewhere",
                "partner_name": "Crystalord",
                "company_id": self.other_company.id,
            }
        )
        rival = self._register_name(self.contoso, "Cristalord GmbH")
        ours = self._register_name(self.northwind, "Crystalord")
        other = self._register_name(self.northwind, "Volkswagen")
        found = ours._find_similar()
        ids = {(one.model, one.id): one.score for one in found}
        self.assertEqual(ids[("crm.lead", lead.id)], 100)
        self.assertEqual(ids[("res.partner", customer.id)], 100)
        self.assertEqual(ids[("sale.order", order.id)], 100)
        self.assertGreaterEqual(ids[("crm.lead", rival.id)], 75)
        for absent in (elsewhere, ours, other):
            self.assertNotIn(("crm.lead", absent.id), ids)
        scores = [one.score for one in found]
        self.assertEqual(scores, sorted(scores, reverse=True))
        self.assertEqual(len(ours._find_similar(limit=2)), 2)

    def test_a_name_typed_in_cyrillic_finds_the_latin_one(self):
        latin = self._register_name(self.contoso, "Romashka LLC")
        ours = self._register_name(self.northwind, "ООО Ромашка")
        self.assertEqual([one.id for one in ours._find_similar()], [latin.id])

    def test_similar_names_do_not_block(self):
        self._register_name(self.contoso, "Cristalord")._approve_registration()
        ours = self._register_name(self.northwind, "Crystalord")
        self.assertTrue(ours._find_similar())
        ours._approve_registration()
        self.assertEqual(ours.registration_state, "approved")

    def test_a_name_of_common_words_only_finds_nothing(self):
        self._register_name(self.contoso, "Trading Company")
        ours = self._register_name(self.northwind, "Trading GmbH")
        self.assertEqual(ours._find_similar(), [])
