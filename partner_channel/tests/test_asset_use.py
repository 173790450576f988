from datetime import datetime

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .asset_case import AssetCase


@tagged("post_install", "-at_install")
class TestAssetUse(AssetCase):
    """What is recorded, and what the reports make of it."""

    def _use(self, asset, membership, person=None, kind="open", **values):
        users = {self.northwind: self.seller, self.contoso: self.rival}
        person = person or users[membership].partner_id
        self.env["partner.asset.use"]._record(
            asset, kind, membership, person=person, **values
        )

    def _row(self, asset):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["partner.asset.report"].search([("asset_id", "=", asset.id)])

    def test_a_use_says_who_what_for_which_deal_and_when(self):
        assets = self._asset("A") | self._file_asset("B")
        lead = self._register(self.northwind)
        moment = datetime(2028, 3, 10, 9, 30)
        self._use(assets, self.northwind, kind="download", lead=lead, date=moment)
        uses = self.env["partner.asset.use"].search([("asset_id", "in", assets.ids)])
        self.assertEqual(len(uses), 2)
        self.assertEqual(uses.person_id, self.seller.partner_id)
        self.assertEqual(uses.partner_id, self.northwind.partner_id)
        self.assertEqual(uses.lead_id, lead)
        self.assertEqual(uses.company_id, self.company)
        self.assertEqual(set(uses.mapped("date")), {moment})
        self.assertEqual(sorted(uses.mapped("version_number")), [0, 1])

    def test_the_same_within_the_hour_is_one_use(self):
        asset, lead = self._asset("A"), self._register(self.northwind)
        with freeze_time("2028-03-10 09:05:00"):
            for _again in range(3):
                self._use(asset, self.northwind)
        with freeze_time("2028-03-10 09:55:00"):
            self._use(asset, self.northwind)
            self._use(asset, self.northwind, lead=lead)
            self._use(asset, self.northwind, kind="download")
        with freeze_time("2028-03-10 10:01:00"):
            self._use(asset, self.northwind)
        self.assertEqual(asset.use_count, 4)

    def test_a_use_stays(self):
        asset = self._asset("A")
        lead = self.env["crm.lead"].create({"name": "Gone"})
        other = self.env["crm.lead"].create({"name": "Gone as well"})
        self._use(asset, self.northwind, lead=lead)
        self._use(asset, self.northwind, lead=other)
        use = self.env["partner.asset.use"].search([("lead_id", "=", lead.id)])
        with self.assertRefused(AccessError):
            use.write({"kind": "download"})
        with self.assertRefused(AccessError):
            use.unlink()
        with self.assertRefused(AccessError):
            use.create({"asset_id": asset.id, "kind": "open", "date": use.date})
        (lead | other).unlink()
        self.env.invalidate_all()
        self.assertFalse(use.lead_id)
        self.assertEqual(asset.use_count, 2)

    def test_the_vendors_people_open_and_are_recorded(self):
        lead = self.env["crm.lead"].create({"name": "Lead", "user_id": self.head.id})
        link = self._asset("Link", kind="link", url="https://calc.example/")
        file = self._file_asset("File")
        mine = (link | file).with_user(self.head).with_context(asset_lead_id=lead.id)
        self.assertEqual(mine[0].action_open()["url"], "https://calc.example/")
        self.assertIn(str(file.version_id.id), mine[1].action_open()["url"])
        uses = self.env["partner.asset.use"].search([("lead_id", "=", lead.id)])
        self.assertEqual(uses.asset_id, link | file)
        self.assertFalse(uses.membership_id)
        for wrong in ("x", [1], True, -1, 2**40):
            with self.subTest(wrong=wrong):
                self.assertTrue(
                    link.with_user(self.head)
                    .with_context(asset_lead_id=wrong)
                    .action_open()
                )

    def test_the_report_tells_used_unused_and_won(self):
        used, unused = self._asset("Used"), self._asset("Unused")
        won, lost = (
            self.env["crm.lead"].create({"name": n, "type": "opportunity"})
            for n in "WL"
        )
        self._use(used, self.northwind, lead=won)
        self._use(used, self.northwind, lead=won, kind="download")
        self._use(used, self.contoso, lead=lost)
        won.action_set_won()
        lost.action_set_lost()
        row = self._row(used)
        self.assertEqual((row.uses, row.downloads, row.people), (3, 1, 2))
        self.assertEqual((row.deals, row.won_deals), (2, 1))
        row = self._row(unused)
        self.assertEqual((row.uses, row.deals, row.won_deals), (0, 0, 0))

    def _segment(self, name):
        """Return the segment of the partner with a name."""
        return self.env["partner.segment"].create(
            {
                "name": name,
                "company_id": self.company.id,
                "domain": repr([("partner_id.name", "=", name)]),
            }
        )

    def test_never_seen_is_the_share_of_active_partners_with_access(self):
        """Five active partners of the program, two of them in Poland."""
        members = self.northwind | self.contoso
        for name in ("Third", "Fourth", "Fifth"):
            members |= self._create_membership(name)
        (members[0] | members[2]).partner_id.country_id = self.env.ref("base.pl")
        everybody = self._asset("Everybody", program_ids=self.program)
        polish = self._asset(
            "Polish", program_ids=self.program, country_ids=self.env.ref("base.pl")
        )
        third = self._asset("Third", segment_ids=self._segment("Third"))
        self._use(everybody, self.northwind)
        self._use(everybody, self.northwind, kind="download")
        self._use(everybody, self.contoso)
        # the vendor's people, and a partner without access, are no partner who saw it
        self.env["partner.asset.use"]._record(everybody, "open")
        self._use(polish, self.contoso)
        row = self._row(everybody)
        self.assertEqual((row.audience, row.seen, row.unseen_rate), (5, 2, 60))
        row = self._row(polish)
        self.assertEqual((row.audience, row.seen, row.unseen_rate), (2, 0, 100))
        row = self._row(third)
        self.assertEqual((row.audience, row.seen, row.unseen_rate), (1, 0, 100))
        domain = [("unseen_rate", ">=", 60), ("company_id", "=", self.company.id)]
        unseen = self.env["partner.asset.report"].search(domain).asset_id
        self.assertEqual(
            unseen & (everybody | polish | third), everybody | polish | third
        )
        members[3].action_suspend()
        self.assertEqual(self._row(everybody).unseen_rate, 50)
        self.assertNotIn(
            everybody, self.env["partner.asset.report"].search(domain).asset_id
        )

    def test_the_report_takes_as_many_queries_for_many_assets(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            rows = self.env["partner.asset.report"].search_read([], ["unseen_rate"])
            self.assertTrue(rows)
            return self.cr.sql_log_count - before

        self._asset("First")
        count()
        few = count()
        for number in range(30):
            self._asset(f"Asset {number}")
        self.assertEqual(count(), few)
