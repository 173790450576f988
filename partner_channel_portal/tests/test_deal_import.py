import csv
import io
from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..tools import table_read
from .import_case import HEADER, ImportCase


@tagged("post_install", "-at_install")
class TestDealImport(ImportCase):
    """Many deals at once, from a spreadsheet."""

    # === THE WAY === #

    def test_good_rows_are_registered_and_bad_ones_told(self):
        self.login(self.seller)
        content = self.make_xlsx(
            self.get_row("Acme GmbH", **{"Tax ID": "DE136695976"}),
            self.get_row("Late Ltd", **{"Expected date (YYYY-MM-DD)": "2020-01-01"}),
            self.get_row("Rest Ltd", **{"Expected amount": 300}),
            self.get_row("", **{"E-mail": "x@nameless.example"}),
        )
        url, results = self.preview(content)
        self.assertEqual(results[2], "Can be registered")
        self.assertIn("in the past", results[3])
        self.assertEqual(results[4], "Can be registered")
        self.assertIn("Company: Please fill in", results[5])
        self.assertFalse(self.get_deals(), "nothing is registered by looking")
        self.assertEqual(self.confirm(url).status_code, 303)
        deals = self.get_deals().sorted("id")
        common = {
            "registration_state": "submitted",
            "date_deadline": self.day,
            "product_family_id": self.family.id,
            "country_id": self.env.ref("base.de").id,
            "registrant_id": self.seller.partner_id.id,
            "membership_id": self.alpha_membership.id,
        }
        acme = {"partner_name": "Acme GmbH", "customer_vat": "DE136695976"}
        rest = {"partner_name": "Rest Ltd", "customer_vat": False}
        self.assertRecordValues(
            deals,
            [
                {**common, **acme, "expected_revenue": 1200.5},
                {**common, **rest, "expected_revenue": 300.0},
            ],
        )
        self.assertEqual(self.get_results(url)[2], "Registered")
        rows = list(
            csv.DictReader(
                io.StringIO(self.url_open(f"{url}/errors").content.decode("utf-8-sig"))
            )
        )
        self.assertEqual([row["Row"] for row in rows], ["3", "5"])
        self.assertEqual(rows[0]["Company"], "Late Ltd")

    def test_twice_is_once(self):
        self.login(self.seller)
        url, _results = self.preview(self.make_csv(self.get_row(), self.get_row("B")))
        for _turn in range(3):
            self.assertEqual(self.confirm(url).status_code, 303)
        self.assertEqual(len(self.get_deals()), 2)
        table = self.env["partner.registration.import"].search([])
        table.is_done = False
        self.confirm(url)
        self.assertEqual(len(self.get_deals()), 2, "also when it broke off half way")
        table._gc_tables()
        self.assertTrue(table.exists())
        with freeze_time(fields.Datetime.now() + timedelta(days=2)):
            table._gc_tables()
        self.assertFalse(table.exists())
        self.assertEqual(len(self.get_deals()), 2)

    def test_drafts_may_lack_what_a_submission_needs(self):
        self.login(self.seller)
        row = self.get_row("Draft Ltd", **{"Expected amount": "", "E-mail": ""})
        _url, results = self.preview(self.make_csv(row))
        self.assertNotEqual(results[2], "Can be registered")
        url, results = self.preview(self.make_csv(row), kind="draft")
        self.assertEqual(results[2], "Can be registered")
        self.confirm(url)
        self.assertEqual(self.get_deals().registration_state, "draft")

    def test_csv_of_any_separator_and_excel_dates_are_read(self):
        self.login(self.seller)
        for delimiter in ";\t,":
            _url, results = self.preview(
                self.make_csv(self.get_row(), delimiter=delimiter)
            )
            self.assertEqual(results[2], "Can be registered", delimiter)
        day = datetime(self.day.year, self.day.month, self.day.day)
        rows = [
            self.get_row("A", **{"Expected date (YYYY-MM-DD)": value})
            for value in (day, date(day.year, day.month, day.day))
        ]
        _url, results = self.preview(self.make_xlsx(rows[0]))
        self.assertEqual(results[2], "Can be registered")
        wide = self.make_csv(self.get_row()).decode().encode("utf-16")
        _url, results = self.preview(wide)
        self.assertEqual(results[2], "Can be registered")

    def test_the_template_is_what_is_read(self):
        self.login(self.seller)
        for kind in ("csv", "xlsx"):
            answer = self.url_open(f"/my/deals/import/template/{kind}")
            self.assertIn("attachment", answer.headers["Content-Disposition"])
            self.assertIn(f".{kind}", answer.headers["Content-Disposition"])
            self.assertEqual(answer.headers["Cache-Control"], "no-store")
            self.assertIn("no rows", self.get_error(answer.content))
        columns = self.env["partner.registration.import"]._get_columns()
        [(_number, header)] = list(self.read_all(answer.content))
        self.assertEqual(header, list(columns.values()))
        with mute_logger("odoo.http"):
            answer = self.url_open("/my/deals/import/template/exe")
        self.assertEqual(answer.status_code, 404)

    def read_all(self, content):
        return enumerate(
            ([c for c in row if c] for row in table_read._read_workbook(content)), 1
        )

    def test_the_programs_rules_hold_for_each_row(self):
        field = self.env["partner.registration.field"].search(
            [("technical_name", "=", "phone")]
        )
        self.program.required_field_ids = field
        self.login(self.seller)
        _url, results = self.preview(self.make_csv(self.get_row()))
        self.assertEqual(results[2], "Phone: Please fill in this field.")

    def test_what_is_refused_on_submission_is_told_at_its_row(self):
        self.login(self.seller)
        url, results = self.preview(self.make_csv(self.get_row(), self.get_row("B")))
        self.assertEqual(results[3], "Can be registered")
        Lead = self.env.registry["crm.lead"]
        submit = Lead._submit_registration

        limit = "Your company has reached its limit."

        def refuse_b(deals, *args, **kwargs):
            if "B" in deals.mapped("partner_name"):
                raise UserError(limit)
            return submit(deals, *args, **kwargs)

        with patch.object(Lead, "_submit_registration", refuse_b):
            self.confirm(url)
        results = self.get_results(url)
        self.assertEqual(results[2], "Registered")
        self.assertEqual(results[3], limit)
        self.assertEqual(self.get_deals().mapped("partner_name"), ["Acme GmbH"])

    def preview_tenders(self, *words, **values):
        """Preview a row for each answer to whether it is a public tender."""
        rows = [
            [*self.get_row(f"Row {number} Ltd", **values), word]
            for number, word in enumerate(words)
        ]
        header = [*HEADER, "Public tender (yes or empty)"]
        url, results = self.preview(self.make_csv(*rows, header=header))
        return url, list(results.values())

    def test_words_that_are_no_answer_are_told(self):
        self.login(self.seller)
        known = ("yes", "Y", "X", "1", "да", "", "no", "N", "0", "false", "нет", "ні")
        _url, results = self.preview_tenders(*known)
        self.assertEqual(set(results), {"Can be registered"})
        _url, results = self.preview_tenders("maybe", "=1", "ja")
        for text, result in zip(("maybe", "formula", "ja"), results, strict=True):
            self.assertIn("Public tender", result)
            self.assertIn(text, result)

    def test_what_is_to_correct_comes_back_as_it_was_typed(self):
        self.login(self.seller)
        url, _results = self.preview_tenders("Yes", "maybe", Country="Narnia")
        text = self.url_open(f"{url}/errors").content.decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        self.assertEqual(
            [row["Public tender (yes or empty)"] for row in rows], ["Yes", "maybe"]
        )
        self.assertEqual({row["Country"] for row in rows}, {"Narnia"})

    # === CUSTOMERS === #

    def test_the_same_customer_is_taken_once(self):
        self._create_deals(
            self.seller, partner_name="Mine Ltd", email_from="a@mine.example"
        )._submit_registration()
        self._create_deals(
            self.owner, partner_name="Colleague Ltd", email_from="a@colleague.example"
        )._submit_registration()
        self._create_deals(
            self.rival, partner_name="Theirs Ltd", email_from="a@theirs.example"
        )._submit_registration()
        self.login(self.seller)
        _url, results = self.preview(
            self.make_csv(
                self.get_row("New Ltd"),
                self.get_row("Other", **{"E-mail": "b@newltd.example"}),
                self.get_row("Mine", **{"E-mail": "b@mine.example"}),
                self.get_row("Coll", **{"E-mail": "b@colleague.example"}),
                self.get_row("Theirs", **{"E-mail": "b@theirs.example"}),
            )
        )
        self.assertEqual(results[2], "Can be registered")
        self.assertIn("same customer as in row 2", results[3])
        self.assertIn("“Mine Ltd”", results[4])
        self.assertIn("a deal of a colleague", results[5])
        self.assertNotIn("Colleague Ltd", results[5])
        self.assertIn("There may be a conflict", results[6])
        for text in ("Beta", "Rival", "Theirs Ltd"):
            self.assertNotIn(text, results[6])

    def test_a_table_asks_no_more_about_others_than_the_form(self):
        self._create_deals(
            self.rival, partner_name="Theirs Ltd", email_from="a@theirs.example"
        )._submit_registration()
        self.login(self.seller)
        row = self.get_row("Theirs", **{"E-mail": "b@theirs.example"})
        self.assertIn("conflict", self.preview(self.make_csv(row))[1][2])
        self.env["partner.portal.throttle"].with_user(self.seller).sudo()._count(
            "hint", 1, hits=120
        )
        self.assertEqual(self.preview(self.make_csv(row))[1][2], "Can be registered")
