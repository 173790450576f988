from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .asset_common import LIST, PDF, PNG, AssetPageCase


@tagged("post_install", "-at_install")
class TestAssetLibrary(AssetPageCase):
    """What people find in their library, and what is taken down of it."""

    def setUp(self):
        super().setUp()
        self.login(self.seller)

    # === LIST === #

    def test_the_list_has_what_is_for_the_person(self):
        self.assertEqual(set(self.get_titles()), {"Slides", "Case", "Link"})
        self.login(self.finance)
        self.assertIn("For finance", self.get_titles())

    def test_search_filters_and_groups(self):
        german = self.env["res.lang"]._activate_lang("de_DE")
        industry = self.env["res.partner.industry"].create({"name": "Mills"})
        other = self.env["product.category"].create(
            {"name": "Other Family", "is_channel_family": True}
        )
        self._asset("German", lang_id=german.id)
        self._asset("Mills", industry_ids=industry, family_ids=other)
        for query, titles in (
            (f"type={self.slides_type.id}", {"Slides"}),
            (f"family={self.family.id}", {"Slides", "Case", "Link", "German"}),
            (f"lang={german.id}", {"Slides", "Case", "Link", "German", "Mills"}),
            (
                f"industry={industry.id}&family={other.id}",
                {"Mills"} | {"Case"} | {"Link", "German"},
            ),
            ("search=case", {"Case"}),
            ("search=nothing", set()),
            ("filterby=favourites", set()),
            (f"type={self.draft.id + 10**6}", None),
            ("type=x&family=&industry=-1&lang=99999999999", None),
        ):
            with self.subTest(query=query):
                everything = {"Slides", "Case", "Link", "German", "Mills"}
                found = set(self.get_titles(f"{LIST}?{query}"))
                self.assertEqual(found, everything if titles is None else titles)
        page = self.get_page(f"{LIST}?groupby=type&sortby=name")
        headings = page.xpath("//main//th[@scope='colgroup']")
        self.assertEqual(
            [" ".join(heading.text_content().split()) for heading in headings],
            ["Presentation", "Customer Case"],
        )

    def test_what_was_chosen_stays_from_page_to_page(self):
        for number in range(25):
            self._file_asset(f"Slides {number}")
        page = self.get_page(f"{LIST}?type={self.slides_type.id}&sortby=name")
        [following] = set(page.xpath("//a[contains(@href,'/my/library/page/2')]/@href"))
        self.assertIn(f"type={self.slides_type.id}", following)
        self.assertEqual(len(self.get_titles(following)), 6)

    def test_new_is_what_came_since_the_last_visit(self):
        """The first visit marks nothing; an hour later another visit begins."""

        def get_new():
            page = self.get_page(LIST)
            rows = page.xpath("//main//tr[.//span[text()='New']]/td[1]/a")
            return [row.text_content().strip() for row in rows]

        self.assertEqual(get_new(), [])
        visit = self.env["partner.asset.visit"].search([])
        self.assertEqual(visit.user_id, self.seller)
        now = fields.Datetime.now()
        (self.slides | self.case | self.link)._set_protected(
            {"date_published": now - timedelta(days=5)}
        )
        visit.date_last = now - timedelta(days=1)
        self._asset("Fresh")
        for _again in range(2):
            self.assertEqual(get_new(), ["Fresh"], "marked as long as the visit lasts")
        self.assertEqual(self.get_titles(f"{LIST}?filterby=new"), ["Fresh"])
        self.login(self.seller2)
        self.assertEqual(get_new(), [], "everybody has visits of their own")

    def test_favourites_are_ones_own(self):
        url = f"{LIST}/{self.case.id}/favourite"
        for _again in range(2):
            self.assertEqual(self.post(url, on="1").headers["Location"][-11:], LIST)
        self.assertEqual(self.get_titles(f"{LIST}?filterby=favourites"), ["Case"])
        self.login(self.seller2)
        self.assertEqual(self.get_titles(f"{LIST}?filterby=favourites"), [])
        self.login(self.seller)
        answer = self.post(url, on="0", **{"from": "page"})
        self.assertTrue(answer.headers["Location"].endswith(f"{LIST}/{self.case.id}"))
        self.assertFalse(self.env["partner.asset.favourite"].search([]))
        self.post(f"{LIST}/{self.tier.id}/favourite", status=404, on="1")
        self.open(url, status=405)

    def test_an_empty_library_teaches(self):
        self.env["partner.asset"].search([]).action_archive_asset()
        self.assertIn("The library is empty", self.open(LIST).text)
        self.assertIn("/my/library", self.open("/my/home").text)
        self.login(self.norole)
        self.assertIn("The library is closed", self.open(LIST).text)
        self.assertNotIn("/my/library", self.open("/my/home").text)

    # === PAGE AND FILE === #

    def test_a_page_shows_and_is_recorded(self):
        deal = self._create_deals(self.seller)
        text = self.open(f"{LIST}/{self.case.id}?deal={deal.id}").text
        self.assertIn("Once upon a time", text)
        use = self.get_uses(asset_id=self.case.id)
        self.assertEqual((use.kind, use.lead_id), ("open", deal))
        self.assertEqual(use.person_id, self.seller.partner_id)
        self.assertEqual(use.membership_id, self.alpha_membership)

    def test_a_download_is_a_file_and_nothing_a_browser_runs(self):
        answer = self.open(f"{LIST}/{self.slides.id}/file")
        self.assertEqual(answer.content, PDF)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertIn("slides.pdf", answer.headers["Content-Disposition"])
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        use = self.get_uses(asset_id=self.slides.id)
        self.assertEqual((use.kind, use.version_number), ("download", 1))
        self.assertFalse(use.lead_id)

    def test_only_papers_and_pictures_are_shown(self):
        picture = self._file_asset("Picture", content=PNG, file_name="a.png")
        table = self._file_asset("Table", content=b"a,b", file_name="a.csv")
        for asset, kind in ((self.slides, "application/pdf"), (picture, "image/png")):
            answer = self.open(f"{LIST}/{asset.id}/preview")
            self.assertEqual(answer.headers["Content-Type"].split(";")[0], kind)
            self.assertNotIn("attachment", answer.headers["Content-Disposition"])
            self.assertIn(
                "default-src 'none'", answer.headers["Content-Security-Policy"]
            )
        self.open(f"{LIST}/{table.id}/preview", status=404)
        answer = self.open(f"{LIST}/{table.id}/file")
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        for asset in (self.case, self.link):
            self.open(f"{LIST}/{asset.id}/file", status=404)
        self.assertIn("<img", self.open(f"{LIST}/{picture.id}").text)

    def test_a_link_leads_where_it_says(self):
        answer = self.open(f"{LIST}/{self.link.id}/link", status=303)
        self.assertEqual(answer.headers["Location"], "https://calc.example/?a=1")
        self.assertEqual(self.get_uses(asset_id=self.link.id).kind, "open")
        self.open(f"{LIST}/{self.case.id}/link", status=404)
        # what stands there by whatever way leads nowhere else
        self.env.cr.execute(
            "UPDATE partner_asset SET url = 'javascript:alert(1)' WHERE id = %s",
            self.link._ids,
        )
        self.env.invalidate_all()
        self.open(f"{LIST}/{self.link.id}/link", status=404)
        self.assertNotIn("javascript:alert", self.open(f"{LIST}/{self.link.id}").text)

    # === DEAL === #

    def test_a_deal_shows_what_fits_and_is_for_the_person(self):
        deal = self._create_deals(self.seller, product_family_id=self.family.id)
        other = self.env["product.category"].create(
            {"name": "Other Family", "is_channel_family": True}
        )
        self._asset("Other product", family_ids=other)

        def get_links(user):
            self.login(user)
            page = self.get_page(f"/my/deals/{deal.id}")
            links = page.xpath("//section[@aria-labelledby='deal_assets']//li/a")
            return [(link.text_content().strip(), link.get("href")) for link in links]

        links = get_links(self.seller)
        self.assertEqual(
            links[0], ("Slides", f"{LIST}/{self.slides.id}?deal={deal.id}")
        )
        self.assertEqual({name for name, _url in links}, {"Slides", "Case", "Link"})
        self.assertIn("For finance", dict(get_links(self.finance)))
        self.login(self.seller)
        self.open(links[0][1])
        self.assertEqual(self.get_uses(asset_id=self.slides.id).lead_id, deal)
        deal._submit_registration()
        deal._reject_registration("other", "No")
        self.assertEqual(get_links(self.seller), [])

    # === FUZZ === #

    def test_whatever_is_asked_no_page_is_an_error(self):
        junk = "&".join(
            f"{name}=abc"
            for name in ("self", "env", "domain", "page", "asset_id", "query", "deal")
        )
        for url in (LIST, f"{LIST}/page/2", f"{LIST}/{self.slides.id}"):
            self.open(f"{url}?{junk}")
        for value in ("%00", "%ED%A0%80", "9" * 300, "-1", "1e9", "%27", "☃" * 200):
            for name in ("type", "family", "lang", "search", "sortby", "deal", "page"):
                with self.subTest(name=name, value=value[:10]):
                    for url in (LIST, f"{LIST}/{self.case.id}"):
                        status = self.url_open(f"{url}?{name}={value}").status_code
                        self.assertLess(status, 500)
        for wrong in (0, self.draft.id, 2**31 - 1, 2**31, 2**63, 10**30, "x", "-1"):
            for path in ("", "/file", "/preview", "/link"):
                with self.subTest(wrong=wrong, path=path):
                    self.open(f"{LIST}/{wrong}{path}", status=404)
