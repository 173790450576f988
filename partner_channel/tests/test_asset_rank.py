import random

from odoo.fields import Command, Domain
from odoo.tests import tagged

from ..models.enablement.deal_asset_mixin import FACETS
from ..tools.asset_rank import rank
from .asset_case import AssetCase

MANY = 10_000


@tagged("post_install", "-at_install")
class TestAssetRank(AssetCase):
    """The few assets that fit a lead, best first, in three queries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.families = cls.env["product.category"].create(
            [{"name": f"Family {n}", "is_channel_family": True} for n in range(3)]
        )
        cls.industries = cls.env["res.partner.industry"].create(
            [{"name": f"Industry {n}"} for n in range(3)]
        )
        cls.stages = cls.env["crm.stage"].create(
            [{"name": f"Stage {n}"} for n in range(3)]
        )
        english = cls.env["res.lang"]._get_data(code="en_US").id
        cls.english = cls.env["res.lang"].browse(english)
        cls.french = cls.env["res.lang"]._activate_lang("fr_FR")
        customer = cls.env["res.partner"].create(
            {"name": "Customer", "industry_id": cls.industries[0].id}
        )
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Lead",
                "user_id": cls.head.id,
                "company_id": cls.company.id,
                "partner_id": customer.id,
                "product_family_id": cls.families[0].id,
                "stage_id": cls.stages[0].id,
                "lang_id": cls.english.id,
            }
        )

    def _fill(self, count):
        """Assets by the thousand, written as an import would leave them."""
        template = self._asset("Template")
        self.env.flush_all()
        self.cr.execute(
            """
            WITH asset AS (
                INSERT INTO partner_asset (name, type_id, company_id, kind, state,
                                           user_id, date_published)
                SELECT jsonb_build_object('en_US', 'Asset ' || n), type_id, company_id,
                       kind, state, user_id, '2028-01-01'::date + n
                  FROM partner_asset, generate_series(1, %s) n WHERE id = %s
             RETURNING id),
            family AS (
                INSERT INTO partner_asset_family_rel (asset_id, family_id)
                SELECT id, (%s::int[])[1 + id %% 3] FROM asset WHERE id %% 2 = 0),
            stage AS (
                INSERT INTO partner_asset_stage_rel (asset_id, stage_id)
                SELECT id, (%s::int[])[1 + id %% 3] FROM asset WHERE id %% 5 < 3)
            INSERT INTO partner_asset_industry_rel (asset_id, industry_id)
            SELECT id, (%s::int[])[1 + id %% 3] FROM asset WHERE id %% 7 < 3
            """,
            [
                count,
                template.id,
                self.families.ids,
                self.stages.ids,
                self.industries.ids,
            ],
        )
        self.cr.execute("ANALYZE partner_asset")

    def test_the_best_comes_first_and_what_is_for_others_is_left_out(self):
        self._asset("General")
        self._asset("Product", family_ids=self.families[0])
        self._asset("Other product", family_ids=self.families[1])
        self._asset("Stage", stage_ids=self.stages[:2])
        self._asset("All", family_ids=self.families, industry_ids=self.industries)
        self._asset("French", lang_id=self.french.id)
        self._asset("English", lang_id=self.english.id)
        self._asset("Newer general")
        self._asset("Draft", family_ids=self.families[0], publish=False)
        self._asset("Foreign", company_id=self.other_company.id)
        found = self.lead._get_assets(20)
        self.assertEqual(
            found.mapped("name")[:5],
            ["All", "Product", "Stage", "English"] + ["Newer general"],
        )
        self.assertEqual(found.mapped("name")[5:6], ["General"])
        self.assertEqual(len(found), 6)
        self.assertEqual(self.lead._get_assets(2), found[:2])
        match = self.lead._rank_assets(limit=1)[0]
        self.assertEqual(match.facets, ("family", "industry"))
        self.assertEqual(
            (match.name, match.type, match.score), ("All", "Customer Case", 10)
        )

    def test_the_industry_of_the_lead_goes_before_that_of_the_customer(self):
        asset = self._asset("Theirs", industry_ids=self.industries[1])
        self.assertNotIn(asset, self.lead._get_assets(20))
        self.lead.customer_industry_id = self.industries[1]
        self.assertIn(asset, self.lead._get_assets(20))

    def test_a_lead_nothing_is_known_of_is_shown_what_is_new(self):
        lead = self.env["crm.lead"].create({"name": "Lead", "stage_id": False})
        self._asset("Older", family_ids=self.families[0])
        self._asset("Newer")
        self.assertEqual(lead._get_assets(2).mapped("name"), ["Newer", "Older"])

    def _make_random(self, rng, count):
        """Return published assets for some, one or all of each facet."""

        def some(records):
            return rng.choice(
                [[], [], *(record.ids for record in records), records.ids]
            )

        assets = self.env["partner.asset"].create(
            [
                {
                    "name": f"Asset {number}",
                    "type_id": self.type.id,
                    "kind": "page",
                    "body": "x",
                    "family_ids": [Command.set(some(self.families))],
                    "industry_ids": [Command.set(some(self.industries))],
                    "stage_ids": [Command.set(some(self.stages))],
                    "lang_id": rng.choice([False, self.english.id, self.french.id]),
                }
                for number in range(count)
            ]
        )
        assets.action_publish()
        return assets

    def test_the_database_ranks_as_the_formula_says(self):
        """300 random assets, ten random leads, against tools/asset_rank.py."""
        rng = random.Random(7)
        assets = self._make_random(rng, 300)
        facts = [
            (
                asset.id,
                {key: set(asset[name].ids) for key, name in FACETS.items()},
                asset.id,
            )
            for asset in assets
        ]
        for _turn in range(10):
            self.lead.write(
                {
                    "product_family_id": rng.choice([False, *self.families.ids]),
                    "stage_id": rng.choice(self.stages.ids),
                    "lang_id": rng.choice([False, self.english.id, self.french.id]),
                }
            )
            self.lead.partner_id.industry_id = rng.choice([False, *self.industries.ids])
            expected = rank(facts, self.lead._get_asset_facts(), 50)
            found = self.lead._rank_assets(
                domain=Domain("id", "in", assets.ids), limit=50
            )
            self.assertEqual([match.asset_id for match in found], expected)

    def test_three_queries_with_ten_thousand_assets(self):
        def count(lead):
            self.env.flush_all()
            self.env.invalidate_all()
            lead.fetch()
            before = self.cr.sql_log_count
            assets = lead._get_assets()
            shown = [(asset.name, asset.kind) for asset in assets]
            self.assertEqual(len(shown), 5)
            return self.cr.sql_log_count - before

        for number in range(5):
            self._asset(f"Asset {number}")
        lead = self.lead.with_user(self.head)
        count(lead)
        few = count(lead)
        self._fill(MANY)
        self.assertEqual(count(lead), few)
        self.assertLessEqual(few, 3)

    def test_the_form_shows_what_fits(self):
        asset = self._asset("Product", family_ids=self.families[0])
        self._asset("Other", family_ids=self.families[1])
        lead = self.lead.with_user(self.head)
        self.assertIn(asset.id, lead.asset_ids.ids)
        self.assertEqual(lead.asset_ids[0], asset)
        action = lead.action_open_assets()
        self.assertIn(asset.id, action["domain"][0][2])
        self.assertEqual(action["context"], {"asset_lead_id": lead.id})
