import io
from datetime import date, datetime

import openpyxl

from odoo.tests import BaseCase, tagged

from ..tools import result_file
from ..tools.lms_result import FIELDS, read_result
from ..tools.result_file import FileError, read_rows, write_workbook

HEAD = "person,course,date,score,result"
ROW = "ann@example.org,Sales,2026-03-01,85,passed"
NOW = datetime(2026, 3, 10)


def make_workbook(rows, formats=None):
    """Return an Excel workbook with rows of any values, below the header."""
    book = openpyxl.Workbook()
    book.active.append(HEAD.split(","))
    for row in rows:
        book.active.append(row)
    for place, number_format in (formats or {}).items():
        book.active[place].number_format = number_format
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@tagged("post_install", "-at_install")
class TestResultFile(BaseCase):
    def _assert_refused(self, content, code, name=""):
        with self.assertRaises(FileError) as raised:
            read_rows(content, name)
        self.assertEqual(raised.exception.code, code)
        return raised.exception

    def test_any_common_dress_of_csv_is_read(self):
        for content in (
            f"{HEAD}\n{ROW}",
            f"\ufeff{HEAD}\r\n{ROW}\r\n",
            f"{HEAD}\n{ROW}".replace(",", ";"),
            f"{HEAD}\n{ROW}".replace(",", "\t"),
            f"sep=|\n{HEAD}\n{ROW}".replace(",", "|"),
            f"{HEAD.title()}\n\n,,,,\n{ROW}\n\n",
            f"{HEAD}\n{ROW}".encode("utf-16"),
            f'"person*",{HEAD[7:]}\n{ROW}',
        ):
            with self.subTest(content):
                [row] = read_rows(content)
                self.assertEqual(list(row.values.values()), ROW.split(","))

    def test_cyrillic_of_windows_is_read(self):
        text = "логин;курс;дата;баллы;результат\nann@example.org;Продажи;1.3.2026;;Сдал"
        for encoding in ("cp1251", "utf-8", "utf-8-sig", "utf-16"):
            [row] = read_rows(text.encode(encoding))
            self.assertEqual(row.values["course"], "Продажи")
            result, objections = read_result(row.values, NOW)
            self.assertFalse(objections)
            self.assertEqual(result.verb, "passed")

    def test_western_letters_are_read(self):
        [row] = read_rows(f"{HEAD}\n{ROW.replace('Sales', 'Général')}".encode("cp1252"))
        self.assertEqual(row.values["course"], "Général")

    def test_rows_keep_their_number_in_the_file(self):
        rows = read_rows(f'{HEAD}\n{ROW}\n\n"ann\nexample",S,,,\n{ROW}')
        self.assertEqual([row.number for row in rows], [2, 4, 6])
        content = make_workbook([ROW.split(","), [None] * 5, ROW.split(",")])
        self.assertEqual([row.number for row in read_rows(content)], [2, 4])

    def test_what_is_no_table_is_refused(self):
        self._assert_refused("", "empty")
        self._assert_refused(HEAD, "empty")
        self._assert_refused("a,b\n1,2", "columns")
        about = self._assert_refused("person,date\nx,y", "columns").about
        self.assertEqual(about, "course, result")
        self._assert_refused(f"{HEAD},login\n{ROW},x", "double")
        error = self._assert_refused(f'{HEAD}\n{ROW}\n"ann', "csv")
        self.assertEqual(error.about, "3")
        self._assert_refused(b"PK\x03\x04 no workbook", "broken")
        self._assert_refused(b"\xd0\xcf\x11\xe0 old", "old")
        self._assert_refused(b"x", "old", "results.XLS")
        self._assert_refused(b"\x00\xff\xfe\x80" * 9, "columns")

    def test_sizes_are_limited(self):
        self._assert_refused(b"x" * (result_file.MOST_BYTES + 1), "size")
        most = result_file.MOST_ROWS
        self.assertEqual(len(read_rows(f"{HEAD}\n" + f"{ROW}\n" * most)), most)
        self._assert_refused(f"{HEAD}\n" + f"{ROW}\n" * (most + 1), "rows")
        # a workbook that unfolds to more than it should
        bomb = make_workbook([["x" * 30_000, None, None, None, None]] * 1)
        limit, result_file.MOST_UNPACKED = result_file.MOST_UNPACKED, 20_000
        try:
            self._assert_refused(bomb, "size")
        finally:
            result_file.MOST_UNPACKED = limit

    def test_excel_dates_percents_and_accounts_are_what_they_show(self):
        content = make_workbook(
            [
                [1001, "Sales", date(2026, 3, 1), 0.855, "passed"],
                ["ann@example.org", "Sales", datetime(2026, 3, 1, 9), 85.5, "failed"],
            ],
            {"D2": "0.0%"},
        )
        first, second = (read_result(row.values, NOW) for row in read_rows(content))
        self.assertFalse(first[1] + second[1])
        self.assertEqual(first[0].person, "1001")
        self.assertEqual((first[0].score, second[0].score), (85.5, 85.5))
        self.assertEqual(first[0].moment, datetime(2026, 3, 1, 11))
        self.assertEqual(second[0].moment, datetime(2026, 3, 1, 9))

    def test_formulas_and_bare_numbers_of_dates_are_refused(self):
        content = make_workbook(
            [
                ["=A1", "Sales", "=TODAY()", "=1", "passed"],
                ["a", "b", 46082, "", "pass"],
            ]
        )
        first, second = read_rows(content)
        self.assertEqual(
            read_result(first.values, NOW)[1],
            [("person", "formula"), ("date", "formula"), ("score", "formula")],
        )
        self.assertEqual(read_result(second.values, NOW)[1], [("date", "number")])

    def test_dates_that_can_be_mixed_up_are_refused(self):
        row = dict(zip(FIELDS, ROW.split(","), strict=False))
        for text, code in (
            ("03/04/2026", "slash"),
            ("2026-02-30", "date"),
            ("31.02.2026", "date"),
            ("46082", "number"),
            ("March 1st", "date"),
            ("2026-03-12", "future"),
            ("1926-03-01", "old"),
            ("", "missing"),
            (True, "type"),
            (["2026-03-01"], "type"),
        ):
            with self.subTest(text):
                found = read_result({**row, "date": text}, NOW)
                self.assertEqual(found, (None, [("date", code)]))

    def test_values_that_cannot_be_are_refused(self):
        row = dict(zip(FIELDS, ROW.split(","), strict=False))
        for field, value, code in (
            ("score", "101", "range"),
            ("score", "-1", "range"),
            ("score", "85/100", "score"),
            ("score", "nan", "score"),
            ("score", "1e309", "score"),
            ("score", True, "type"),
            ("result", "perhaps", "result"),
            ("person", " ", "missing"),
            ("person", "x" * 301, "long"),
            ("person", "a\x00b", "type"),
            ("person", "\ud800", "type"),
            ("person", {"a": 1}, "type"),
            ("course", "=HYPERLINK()", "formula"),
            ("colour", "red", "unknown"),
        ):
            with self.subTest(field=field, value=value):
                found = read_result({**row, field: value}, NOW)
                self.assertEqual(found, (None, [(field, code)]))

    def test_nothing_that_is_written_is_a_formula(self):
        content = write_workbook([["person"], ["=cmd()"], ["+1"], ["@x"]])
        cells = [cell for (cell,) in openpyxl.load_workbook(io.BytesIO(content)).active]
        self.assertEqual([cell.value for cell in cells[1:]], ["=cmd()", "+1", "@x"])
        self.assertEqual({cell.data_type for cell in cells}, {"s"})
