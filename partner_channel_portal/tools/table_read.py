"""Tables people upload: a workbook or a CSV file, read without trusting it.

A cell is text afterwards, whatever it was; nothing is ever computed. A file that cannot
be read raises :class:`FieldProblem` with a code, as a form's value does.
"""

import csv
import io
import re
import warnings
import zipfile
import zlib
from datetime import date, datetime

import openpyxl

from .form_values import FieldProblem

#: largest file, in bytes; what it may unpack to; parts it may have
MAX_TABLE_SIZE = 2 * 1024 * 1024
_MAX_UNPACKED = 20 * 1024 * 1024
_MAX_PARTS = 200
#: rows below the headings, and columns read
MAX_TABLE_ROWS = 100
_MAX_COLUMNS = 40
_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    openpyxl.utils.exceptions.InvalidFileException,
    ArithmeticError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    # ElementTree's ParseError is one
    SyntaxError,
    TypeError,
    ValueError,
)


def read_table(content):
    """Return the rows of a file as texts, headings first, empty rows left out.

    :param bytes content: of an ``xlsx`` or a CSV file; its name says nothing
    :return: list of ``(number, texts)``, the number as the spreadsheet counts
    :raise FieldProblem: ``table_empty``, ``table_large``, ``table_rows``,
        ``table_content``, ``table_text``

    >>> read_table("Company;Tax ID\\n\\nAcme;DE136695976\\n".encode())
    [(1, ['Company', 'Tax ID']), (3, ['Acme', 'DE136695976'])]
    >>> read_table(b"PK\\x03\\x04 no workbook")
    Traceback (most recent call last):
        ...
    partner_channel_portal...FieldProblem: table_content
    """
    if not content:
        raise FieldProblem("table_empty")
    if len(content) > MAX_TABLE_SIZE:
        raise FieldProblem("table_large", size=MAX_TABLE_SIZE // 1024 // 1024)
    read = _read_workbook if content.startswith(b"PK") else _read_csv
    rows = []
    for number, texts in enumerate(read(content), 1):
        if any(texts):
            rows.append((number, texts))
        if len(rows) > MAX_TABLE_ROWS + 1 or number > 10 * MAX_TABLE_ROWS:
            raise FieldProblem("table_rows", limit=MAX_TABLE_ROWS)
    if len(rows) < 2:
        raise FieldProblem("table_empty")
    return rows


def _read_csv(content):
    """Yield the rows of a CSV file with any of the usual separators."""
    try:
        is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        text = content.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeError as error:
        raise FieldProblem("table_text") from error
    if "\0" in text:
        raise FieldProblem("table_content")
    head = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=head.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield [cell.strip() for cell in row[:_MAX_COLUMNS]]
    except csv.Error as error:
        raise FieldProblem("table_content") from error


def _read_workbook(content):
    """Yield the rows of the first sheet of a workbook."""
    try:
        _check_archive(content)
        with warnings.catch_warnings():
            # of styles and extensions that do not matter here
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(
                io.BytesIO(content), read_only=True, keep_links=False
            )
            sheet = book.worksheets[0]
            # what the file says of its size need not be true
            sheet.reset_dimensions()
            for row in sheet.iter_rows(max_col=_MAX_COLUMNS, values_only=True):
                yield [_as_text(value) for value in row]
    except FieldProblem:
        raise
    except _UNREADABLE as error:
        raise FieldProblem("table_content") from error


def _check_archive(content):
    """Refuse an archive that unpacks to too much, or whose XML declares entities."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        if len(parts) > _MAX_PARTS or unpacked > _MAX_UNPACKED:
            raise FieldProblem("table_large", size=MAX_TABLE_SIZE // 1024 // 1024)
        for part in parts:
            # no more than the size above comes out of it, whatever is packed
            xml = archive.read(part).replace(b"\0", b"")
            if _DECLARATION.search(xml):
                raise FieldProblem("table_content")


def _as_text(value):
    """Return a cell as a person would type it into the form.

    >>> [_as_text(v) for v in (None, 7712345678, 1.5, 2.0, datetime(2030, 1, 31))]
    ['', '7712345678', '1.50', '2', '2030-01-31']
    """
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.0f}" if value == int(value) else f"{value:.2f}"
    return str(value).strip()


def write_workbook(header):
    """Return an empty workbook with headings, as bytes."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(list(header))
    for cell in sheet[1]:
        cell.font = openpyxl.styles.Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = 22
    sheet.freeze_panes = "A2"
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()
