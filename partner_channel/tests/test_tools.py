import doctest

from odoo.tests import BaseCase, tagged

from ..tools import (
    asset_rank,
    chain,
    claim_keys,
    company_name,
    documents,
    draws,
    goals,
    health,
    lead_distribution,
    lead_round,
    links,
    lookalikes,
    name_similarity,
    portal_values,
    qualification,
    tiers,
    zip_ranges,
)


@tagged("post_install", "-at_install")
class TestTools(BaseCase):
    def test_examples_in_the_tools_hold(self):
        modules = (
            asset_rank,
            chain,
            claim_keys,
            company_name,
            documents,
            draws,
            goals,
            health,
            lead_distribution,
            lead_round,
            links,
            lookalikes,
            name_similarity,
            portal_values,
            qualification,
            tiers,
            zip_ranges,
        )
        for module in modules:
            with self.subTest(module=module.__name__):
                result = doctest.testmod(module)
                self.assertGreater(result.attempted, 0)
                self.assertEqual(result.failed, 0)
