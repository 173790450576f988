"""Amounts as people write them."""

import re
from decimal import Decimal

from .form_values import FieldProblem, clean_line

_AMOUNT = re.compile(r"[0-9]+(?:\.[0-9]{1,6})?")
#: the largest amount a deal may have, in the currency's unit
MAX_AMOUNT = 10**12


def parse_amount(text, thousands_sep=",", allow_zero=False):
    """Return an amount, written the way of any language.

    Point or comma, what comes last marks the decimals. A lone one before three
    digits is the thousands separator if the page's language says so; otherwise
    it could mean two things a thousandfold apart, and is refused.

    :param str text: what was typed
    :param str thousands_sep: of the page's language, may be empty
    :param bool allow_zero: whether 0 is an amount as well
    :return: ``Decimal``, or ``None`` when nothing was typed
    :raise FieldProblem: ``amount``, ``amount_positive``, ``amount_large``

    >>> parse_amount("1,234.50"), parse_amount("1.234,50")
    (Decimal('1234.50'), Decimal('1234.50'))
    >>> parse_amount("1 234,5"), parse_amount("1'200")
    (Decimal('1234.5'), Decimal('1200'))
    >>> for text in ("-1", "1e400", "NaN", "inf", "1,23.4", "12 €", "1.234"):
    ...     try:
    ...         print(text, parse_amount(text))
    ...     except FieldProblem as problem:
    ...         print(text, problem.code)
    -1 amount_positive
    1e400 amount
    NaN amount
    inf amount
    1,23.4 amount
    12 € amount
    1.234 amount
    """
    value = clean_line(text, 60)
    if not value:
        return None
    plain = normalise_number(value, thousands_sep)
    negative = plain.startswith("-")
    if not _AMOUNT.fullmatch(plain.removeprefix("-")):
        raise FieldProblem("amount")
    amount = Decimal(plain)
    if negative or not (amount or allow_zero):
        raise FieldProblem("amount_positive")
    if amount > MAX_AMOUNT:
        raise FieldProblem("amount_large")
    return amount


def normalise_number(value, thousands_sep):
    """Return a number with a point for decimals and nothing for thousands.

    What the text is else is not looked at; see :func:`parse_amount`.

    :param str value: one line, what was typed
    :param str thousands_sep: of the page's language, may be empty
    :raise FieldProblem: ``amount``

    >>> normalise_number("-12,500", ","), normalise_number("-12.500,5", ".")
    ('-12500', '-12500.5')
    """
    value = re.sub(r"(?<=\d)[ \u00a0\u202f'’](?=\d{3}(?:\D|$))", "", value)
    point, comma = value.rfind("."), value.rfind(",")
    if point >= 0 and comma >= 0:
        decimal = "." if point > comma else ","
    else:
        decimal = _lone_separator(value, thousands_sep)
    group = "," if decimal == "." else "."
    head, separator, tail = value.rpartition(decimal) if decimal else ("", "", "")
    if not separator:
        head, tail = value, ""
    if group in head and not re.fullmatch(rf"-?\d{{1,3}}(?:\{group}\d{{3}})+", head):
        raise FieldProblem("amount")
    return head.replace(group, "") + ("." + tail if separator else "")


def write_number(number, decimal_point=".", places=4, least=0):
    """Return a number as :func:`normalise_number` reads it in the same language.

    Three decimals get a fourth one: they would be taken for thousands.

    :param float number: what to write
    :param str decimal_point: of the page's language
    :param int places: most decimals written
    :param int least: fewest decimals written, if there are any

    >>> write_number(1250000.0), write_number(-0.25, ","), write_number(1.125, ",")
    ('1250000', '-0,25', '1,1250')
    >>> write_number(1234.5, places=2, least=2), write_number(0.1234567, places=6)
    ('1234.50', '0.123457')
    >>> parse_amount(write_number(0.125, ",", places=3), thousands_sep=".")
    Decimal('0.1250')
    """
    # the only other one that is read
    sign = "," if decimal_point == "," else "."
    whole, _point, decimals = f"{number:.{places}f}".partition(".")
    decimals = decimals.rstrip("0")
    if decimals:
        decimals = decimals.ljust(4 if len(decimals) == 3 else least, "0")
    return f"{whole}{sign}{decimals}" if decimals else whole


def _lone_separator(value, thousands_sep):
    """Return which of ``.`` and ``,`` marks decimals when only one is used."""
    sign = "." if "." in value else "," if "," in value else ""
    grouped = sign and re.fullmatch(rf"-?\d{{1,3}}(?:\{sign}\d{{3}})+", value)
    if not sign or not grouped:
        return sign or "."
    if sign == thousands_sep or value.count(sign) > 1:
        return "," if sign == "." else "."
    raise FieldProblem("amount")
