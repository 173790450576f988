"""The partner reads the whole history of the answers, and nothing internal."""

from lxml import html

from odoo.tests import tagged

from .qualification_case import SECRET, QualificationPortalCase

MANY = 130


@tagged("post_install", "-at_install")
class TestQualificationHistory(QualificationPortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        History = cls.env["crm.lead.qualification.history"]
        for user, criterion, side, what, text in (
            (cls.seller, cls.story, "partner", "answer", "Story"),
            (cls.manager, cls.need, "vendor", "comment", "Vendor"),
            (cls.manager, cls.risk, "vendor", "answer", SECRET),
        ):
            answer = cls.sheet.answer_ids.filtered(
                lambda row, c=criterion, s=side: row.criterion_id == c and row.side == s
            )
            History.with_user(user)._append(
                [
                    (answer, what, f"{text} {number - 1}.", f"{text} {number}.")
                    for number in range(1, MANY + 1)
                ]
            )

    def _get_rows(self):
        page = html.fromstring(self._get().text)
        self.assertNotIn(SECRET, page.text_content())
        return [
            [" ".join(cell.text_content().split()) for cell in row.iterfind("td")][1:]
            for row in page.xpath("//details//tbody/tr")
        ]

    def test_all_rows_the_last_one_first(self):
        self.login(self.seller)
        rows = self._get_rows()
        self.assertEqual(
            rows,
            [
                [
                    self.seller.name,
                    "Story (Answer)",
                    f"Story {number - 1}.",
                    f"Story {number}.",
                ]
                for number in range(MANY, 0, -1)
            ],
            "neither what is internal nor what the vendor has not returned yet",
        )

    def test_the_vendors_rows_once_it_has_returned(self):
        self.sheet._set_protected({"state": "returned"})
        self.login(self.seller)
        rows = self._get_rows()
        self.assertEqual(len(rows), 2 * MANY)
        vendor = [row for row in rows if row[2].startswith("Vendor")]
        self.assertEqual(len(vendor), MANY)
        self.assertEqual({row[0] for row in vendor}, {self.sheet.company_id.name})
        self.assertEqual(rows[0][-1], f"Vendor {MANY}.")
        self.assertEqual(rows[-1][-1], "Story 1.")
