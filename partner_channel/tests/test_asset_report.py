import random
from collections import Counter
from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .asset_case import AssetCase


@tagged("post_install", "-at_install")
class TestAssetReport(AssetCase):
    """The figures of the analysis, counted again by what decides about access."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dice = random.Random(19)
        cls.countries = cls.env["res.country"].search([], limit=3)
        cls.other = cls.env["partner.program"].create(
            {
                "name": "Other",
                "company_id": cls.company.id,
                "grade_ids": [Command.create({"name": "Other"})],
            }
        )
        cls.programs = cls.program | cls.other
        cls.members = cls.northwind | cls.contoso
        for number in range(10):
            cls.members |= cls._create_membership(f"Partner {number}")
        # the same partner twice, by two programs
        cls.second = cls.env["partner.membership"].create(
            [
                {"partner_id": member.partner_id.id, "program_id": cls.other.id}
                for member in cls.members[:4]
            ]
        )
        cls.second.action_activate()
        cls.members[5].action_suspend()
        cls.members |= cls.second
        for number, member in enumerate(cls.members):
            member.partner_id.country_id = cls.countries[number % 3]
        cls.segments = cls.env["partner.segment"].create(
            [
                {
                    "name": f"Segment {number}",
                    "company_id": cls.company.id,
                    "domain": repr([("partner_id", "in", members.partner_id.ids)]),
                }
                for number, members in enumerate((cls.members[:3], cls.members[2:7]))
            ]
        )
        cls.assets = cls.env["partner.asset"]
        for number in range(40):
            cls.assets |= cls._asset(f"Asset {number}", **cls._get_limits())

    @classmethod
    def _get_limits(cls):
        """Return whom an asset is for: each limit is there or not."""
        limits = {
            "program_ids": cls.programs,
            "grade_ids": cls.programs.grade_ids,
            "country_ids": cls.countries,
            "segment_ids": cls.segments,
        }
        return {
            name: records.browse(
                cls.dice.sample(records.ids, cls.dice.randint(1, len(records)))
            )
            for name, records in limits.items()
            if cls.dice.random() < 0.4
        }

    def _use_at_random(self):
        """Record 200 uses, a tenth of them by the vendor's people."""
        uses = self.env["partner.asset.use"]
        start = datetime(2028, 3, 10)
        for number in range(200):
            member = self.dice.choice(self.members)
            uses._record(
                self.dice.choice(self.assets),
                self.dice.choice(("open", "download")),
                member if number % 10 else None,
                person=member.partner_id if number % 10 else None,
                date=start + timedelta(hours=number),
            )

    def _count(self):
        """Return ``{asset: (audience, seen)}`` by what each partner may see."""
        audience, seen = Counter(), Counter()
        uses = self.env["partner.asset.use"].search(
            [("asset_id", "in", self.assets.ids)]
        )
        pairs = {(use.asset_id, use.partner_id) for use in uses}
        for partner in self.members.partner_id:
            mine = self.members.filtered(lambda m, p=partner: m.partner_id == p)
            found = self.assets.search(self.assets._get_access_domain(mine.sudo()))
            found &= self.assets
            audience.update(found)
            seen.update(asset for asset in found if (asset, partner) in pairs)
        return {asset: (audience[asset], seen[asset]) for asset in self.assets}

    def test_audience_and_seen_are_what_access_says(self):
        self._use_at_random()
        expected = self._count()
        self.env.flush_all()
        rows = self.env["partner.asset.report"].search(
            [("asset_id", "in", self.assets.ids)]
        )
        self.assertEqual(
            {row.asset_id: (row.audience, row.seen) for row in rows}, expected
        )
        for row in rows:
            audience, seen = expected[row.asset_id]
            share = 100 * (audience - seen) / audience if audience else 0
            self.assertAlmostEqual(row.unseen_rate, share)
        # the dice made it worth asking: nobody's, partly seen, and seen by nobody
        self.assertGreater(len(set(expected.values())), 8)
        self.assertIn(0, {audience for audience, _seen in expected.values()})
        self.assertEqual(sum(row.uses for row in rows), 200)
