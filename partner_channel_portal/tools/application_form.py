"""The application of a company that wants to become a partner: its steps and fields.

Nothing here knows Odoo's models; see :mod:`form_values`.
"""

import ipaddress
import re

from .amount import normalise_number
from .form_values import (
    FieldProblem,
    clean_line,
    clean_text,
    parse_email,
    parse_phone,
    parse_website,
)
from .tax_id import parse_tax_id

#: in the order of the form; the last one shows all and sends
STEPS = ("company", "people", "profile", "questions", "files", "check")
#: people named beside the applicant
MAX_COLLEAGUES = 3
COLLEAGUE_FIELDS = ("name", "function", "email")

#: step → field of the application → how its text is read, given the ISO code of the
#: company's country; this is the allow-list, nothing else of what is sent gets near
#: the database
PARSERS = {
    "start": {
        "contact_name": lambda text, code: clean_line(text, 100),
        "email": lambda text, code: parse_email(text),
    },
    "company": {
        "name": lambda text, code: clean_line(text, 128),
        "vat": lambda text, code: parse_tax_id(text, code),
        "website": lambda text, code: parse_website(text),
        "street": lambda text, code: clean_line(text, 128),
        "zip": lambda text, code: clean_line(text, 24),
        "city": lambda text, code: clean_line(text, 100),
    },
    "people": {
        "contact_name": lambda text, code: clean_line(text, 100),
        "function": lambda text, code: clean_line(text, 100),
        "phone": lambda text, code: parse_phone(text),
    },
    "profile": {
        "profile": lambda text, code: clean_text(text, 4000),
        "customers": lambda text, code: clean_text(text, 2000),
    },
    "answer": {"answer": lambda text, code: clean_text(text, 4000)},
}
#: step → fields without which it is not complete
NEEDED = {
    "start": ("contact_name", "email"),
    "company": ("name", "country_id"),
    "people": ("contact_name",),
    "profile": ("employees", "profile"),
    "answer": ("answer",),
}
#: step → fields that are read otherwise than by :data:`PARSERS`
_OTHERS = {
    "company": ("country_id",),
    "people": tuple(
        f"colleague_{number}_{name}"
        for number in range(1, MAX_COLLEAGUES + 1)
        for name in COLLEAGUE_FIELDS
    ),
    "profile": ("employees",),
    "check": ("terms",),
}

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,4})?")


def is_link_token(text):
    """Return whether the text can be the token of a link, as ``token_urlsafe(32)``.

    >>> is_link_token("a" * 43), is_link_token("a" * 42), is_link_token(None)
    (True, False, False)
    """
    return isinstance(text, str) and bool(_TOKEN.fullmatch(text))


def list_fields(step):
    """Return the fields of a step's form; a program's own questions are no fields.

    :param str step: one of :data:`STEPS`, or another key of :data:`PARSERS`

    >>> list_fields("profile"), list_fields("questions")
    (['profile', 'customers', 'employees'], [])
    """
    return [*PARSERS.get(step, ()), *_OTHERS.get(step, ())]


def read_step(step, texts, country_code=None):
    """Read what was typed into one step.

    :param str step: key of :data:`PARSERS`
    :param dict texts: field → text
    :param str country_code: ISO code of the company's country
    :return: ``(values, problems)``; ``problems`` maps field → FieldProblem

    >>> values, problems = read_step("company", {"name": "Acme", "vat": "DE136695977"},
    ...     "DE")
    >>> values["name"], {name: problem.code for name, problem in problems.items()}
    ('Acme', {'vat': 'tax_id_country'})
    """
    values, problems = {}, {}
    for name, parse in PARSERS.get(step, {}).items():
        try:
            values[name] = parse(texts.get(name) or "", country_code)
        except FieldProblem as problem:
            problems[name] = problem
    return values, problems


def read_colleagues(texts):
    """Read the people named beside the applicant; rows left empty are none.

    :param dict texts: ``colleague_<number>_<field>`` → text
    :return: ``(list of dicts, problems)``

    >>> read_colleagues({"colleague_2_name": "Jo", "colleague_2_email": "jo@a.example"})
    ([{'name': 'Jo', 'function': '', 'email': 'jo@a.example'}], {})
    >>> found, problems = read_colleagues({"colleague_1_email": "jo@a.example"})
    >>> {name: problem.code for name, problem in problems.items()}
    {'colleague_1_name': 'required'}
    """
    parsers = {
        "name": lambda text: clean_line(text, 100),
        "function": lambda text: clean_line(text, 100),
        "email": parse_email,
    }
    rows, problems = [], {}
    for number in range(1, MAX_COLLEAGUES + 1):
        row = {}
        for name, parse in parsers.items():
            key = f"colleague_{number}_{name}"
            try:
                row[name] = parse(texts.get(key) or "")
            except FieldProblem as problem:
                problems[key] = problem
        if any(row.values()) and not row.get("name"):
            problems.setdefault(f"colleague_{number}_name", FieldProblem("required"))
        if any(row.values()):
            rows.append(row)
    return rows, problems


def parse_number(text, thousands_sep=","):
    """Return a number somebody typed, or None for none.

    Decimals and thousands are told apart as in :func:`amount.parse_amount`.

    :param str text: what was typed
    :param str thousands_sep: of the page's language, may be empty
    :return: ``float``, at most four decimals
    :raise FieldProblem: ``number``

    >>> parse_number("12 500,5"), parse_number("-3"), parse_number(" ")
    (12500.5, -3.0, None)
    >>> parse_number("12,500"), parse_number("12.500", ".")
    (12500.0, 12500.0)
    >>> for text in ("1e400", "12.500", "1,23.4"):
    ...     try:
    ...         print(text, parse_number(text))
    ...     except FieldProblem as problem:
    ...         print(text, problem.code)
    1e400 number
    12.500 number
    1,23.4 number
    """
    value = clean_line(text, 40)
    if not value:
        return None
    try:
        plain = normalise_number(value, thousands_sep)
    except FieldProblem as problem:
        raise FieldProblem("number") from problem
    if not _NUMBER.fullmatch(plain):
        raise FieldProblem("number")
    return float(plain)


def get_network(address):
    """Return what stands for one visitor: an IPv4 address, or an IPv6 network of /64.

    One person has a whole network of the latter.

    >>> get_network("192.0.2.7"), get_network("2001:db8:0:1::7"), get_network("x")
    ('192.0.2.7', '2001:db8:0:1::', '')
    >>> get_network("::ffff:192.0.2.7")
    '192.0.2.7'
    """
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return ""
    if found.version == 4:
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    network = ipaddress.ip_network((found, 64), strict=False)
    return str(network.network_address)
