"""Tables as CSV files that spreadsheets open as they are, and run nothing of."""

import csv
import io
import re
from datetime import date, datetime

# a cell that begins like this is a formula to a spreadsheet; the last four are what
# some of them read as the first four
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
#: tells Excel that a file is UTF-8
BOM = "\ufeff"


def as_cell(value):
    """Return a value as the text of a cell no spreadsheet takes for a formula.

    Dates and numbers are written the same way whatever the reader's language.

    >>> as_cell("=1+1"), as_cell("-12.50"), as_cell(False), as_cell("-x")
    ("'=1+1", '-12.50', '', "'-x")
    >>> as_cell("+49 30 1234"), as_cell("\\t=1"), as_cell("@SUM(A1)"), as_cell("-inf")
    ("'+49 30 1234", "'\\t=1", "'@SUM(A1)", "'-inf")
    >>> as_cell(date(2030, 1, 31)), as_cell(datetime(2030, 1, 31, 9, 5)), as_cell(0)
    ('2030-01-31', '2030-01-31 09:05', '0')
    """
    if value is None or value is False:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def to_csv(header, rows):
    """Return a table as the text of a file.

    :param header: headings
    :param rows: iterable of rows, each an iterable of values
    :return: text that begins with the mark of UTF-8

    >>> to_csv(["Name", "Amount"], [["Acme; Co", 1.5], ["=A1", None]])
    "\\ufeffName,Amount\\r\\nAcme; Co,1.5\\r\\n'=A1,\\r\\n"
    """
    output = io.StringIO()
    output.write(BOM)
    writer = csv.writer(output)
    writer.writerow([as_cell(value) for value in header])
    for row in rows:
        writer.writerow([as_cell(value) for value in row])
    return output.getvalue()
