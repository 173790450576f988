"""Tables people upload: CSV in any common dress, and Excel workbooks.

Odoo's own ``base_import`` makes texts of everything, in the user's date format; here an
Excel date has to stay a date, and a row its number in the file.
"""

import csv
import io
import zipfile
from dataclasses import dataclass

import openpyxl
import xlsxwriter

from .lms_result import FIELDS

MOST_BYTES = 5 * 1024 * 1024
#: what a workbook may unfold to; it is packed
MOST_UNPACKED = 50 * 1024 * 1024
MOST_ROWS, MOST_COLUMNS = 5_000, 50
TEMPLATE_COLUMNS = FIELDS[:5]
_NEEDED = ("person", "course", "date", "result")
_NAMES = {
    "person": "person, login, account, e-mail, email, сотрудник, логин, співробітник",
    "course": "course, certification, exam, курс, сертификация, сертифікація",
    "date": "date, day, дата",
    "score": "score, score (%), баллы, бали",
    "result": "result, результат",
    "key": "key",
}
_FIELD_BY_NAME = {
    name: field for field, names in _NAMES.items() for name in names.split(", ")
}


class FileError(Exception):
    """Why a file cannot be read, as a code and what it is about."""

    def __init__(self, code, about=""):
        super().__init__(f"{code}: {about}")
        self.code, self.about = code, about


@dataclass(frozen=True)
class Row:
    """A row of a file: its number there and what is in the columns we know."""

    number: int
    values: dict


def read_rows(content, name=""):
    """Return the rows of a file.

    :param bytes content: of a CSV file or an Excel workbook
    :param str name: of the file
    :return: list of :class:`Row`, empty ones left out
    :raise FileError: if it cannot be read, or is too large

    >>> [row] = read_rows("Person;Course;Date;Result\\na@b.c;Sales;1.2.2026;passed")
    >>> row.number, row.values["date"]
    (2, '1.2.2026')
    """
    if isinstance(content, str):
        content = content.encode()
    if len(content) > MOST_BYTES:
        raise FileError("size", str(MOST_BYTES // 1024 // 1024))
    if content.startswith(b"PK"):
        table = _read_workbook(content)
    elif content.startswith(b"\xd0\xcf\x11\xe0") or name.lower().endswith(".xls"):
        raise FileError("old")
    else:
        table = _read_csv(_decode(content))
    return _read_table(table)


def _read_table(table):
    """Return the rows of an iterable of ``(number, cells)``."""
    fields, rows = None, []
    for number, cells in table:
        if all(_is_empty(cell) for cell in cells):
            continue
        if fields is None:
            fields = _read_header(cells)
            continue
        if len(rows) >= MOST_ROWS:
            raise FileError("rows", str(MOST_ROWS))
        values = {
            field: cell
            for field, cell in zip(fields, cells, strict=False)
            if field and not _is_empty(cell)
        }
        if values:
            rows.append(Row(number, values))
    if not rows:
        raise FileError("empty")
    return rows


def _is_empty(cell):
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _read_header(cells):
    """Return for each column the field it holds, or ``None``."""
    names = [str(cell or "").strip().strip("*").strip().casefold() for cell in cells]
    fields = [_FIELD_BY_NAME.get(name) for name in names]
    known = [field for field in fields if field]
    for field in known:
        if known.count(field) > 1:
            raise FileError("double", field)
    missing = [field for field in _NEEDED if field not in known]
    if missing:
        raise FileError("columns", ", ".join(missing))
    return fields


# === CSV === #


def _decode(content):
    """Return the text of a file, whatever program has saved it.

    >>> _decode("дата".encode("cp1251")), _decode("Zoé".encode("cp1252"))
    ('дата', 'Zoé')
    >>> _decode("Zoé".encode("utf-8-sig")), _decode("Zoé".encode("utf-16"))
    ('Zoé', 'Zoé')
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        order = ["utf-16"]
    else:
        order = ["utf-8-sig", "cp1251" if _looks_cyrillic(content) else "cp1252"]
    for encoding in [*order, "latin-1"]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileError("broken")


def _looks_cyrillic(content):
    """Return whether letters beyond ASCII come in words, not one by one."""
    high = [index for index, byte in enumerate(content) if byte >= 0xC0]
    neighbours = sum(
        1 for before, after in zip(high, high[1:], strict=False) if after == before + 1
    )
    return neighbours * 2 > len(high)


def _read_csv(text):
    """Yield the rows of a CSV file, with the number of the line they begin at."""
    skipped = 0
    delimiter = None
    first, _newline, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        delimiter, text, skipped = first.strip()[4], rest, 1
    if not delimiter:
        head = text.lstrip().partition("\n")[0]
        delimiter = max(";,\t|", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        number = reader.line_num + 1 + skipped
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise FileError("csv", str(number)) from error
        if cells is None:
            return
        yield number, cells[:MOST_COLUMNS]


# === EXCEL === #


def _read_workbook(content):
    """Yield the rows of the first sheet."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MOST_UNPACKED:
            raise FileError("size", str(MOST_BYTES // 1024 // 1024))
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        sheet = book.worksheets[0]
        # some programs write a wrong size of the sheet
        sheet.reset_dimensions()
        cells = sheet.iter_rows(max_row=10 * MOST_ROWS, max_col=MOST_COLUMNS)
        for number, row in enumerate(cells, start=1):
            yield number, [_read_cell(cell, book.epoch) for cell in row]
    except FileError:
        raise
    # openpyxl raises anything at all for what is no proper workbook
    except Exception as error:
        raise FileError("broken") from error


def _read_cell(cell, epoch):
    """Return what a cell shows: a percentage is more than its number."""
    value = cell.value
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and "%" in (cell.number_format or ""):
        return round(value * 100, 6)
    return value


# === WRITING === #


def write_workbook(rows, widths=()):
    """Return an Excel workbook of texts; nothing in it is a formula.

    :param rows: lists of values, the first one is the header
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            text = "" if value is None else str(value)
            sheet.write_string(number, column, text, None if number else bold)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    book.close()
    return stream.getvalue()
