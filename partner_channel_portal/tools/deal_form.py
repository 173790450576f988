"""The registration form: its fields, how each is read, and which are needed."""

import re
from collections import namedtuple

from .amount import parse_amount
from .form_values import (
    FieldProblem,
    clean_line,
    clean_text,
    parse_date,
    parse_email,
    parse_phone,
    parse_website,
)
from .tax_id import parse_tax_id

#: what reading depends on: the day where the person is, how the page's
#: language writes numbers, and the ISO code of the customer's country
About = namedtuple("About", "today decimal_point thousands_sep country_code")

#: field of the deal → how its text is read; this is the allow-list, nothing
#: else of what is sent gets near the database
PARSERS = {
    "partner_name": lambda text, about: clean_line(text, 128),
    "customer_vat": lambda text, about: parse_tax_id(text, about.country_code),
    "website": lambda text, about: parse_website(text),
    "email_from": lambda text, about: parse_email(text),
    "contact_name": lambda text, about: clean_line(text, 100),
    "phone": lambda text, about: parse_phone(text),
    "description": lambda text, about: clean_text(text, 4000),
    "expected_revenue": lambda text, about: parse_amount(text, about.thousands_sep),
    "date_deadline": lambda text, about: parse_date(text, about.today),
}
#: needed to keep a draft, and to submit
NEEDED = {
    False: ("partner_name",),
    True: ("partner_name", "description", "expected_revenue", "date_deadline"),
}
#: one of these says for certain who the customer is
IDENTIFIERS = ("customer_vat", "website", "email_from")


_TOKEN = re.compile(r"[0-9a-f]{32}")


def is_token(text):
    """Return whether the text can be the token of a form.

    >>> is_token("0f" * 16), is_token("0f"), is_token(None)
    (True, False, False)
    """
    return bool(_TOKEN.fullmatch(text or ""))


def read_form(texts, about, submit):
    """Read what was typed.

    :param dict texts: field → text
    :param About about: what reading depends on
    :param bool submit: whether the deal is sent, not only kept as a draft
    :return: ``(values, problems)``; ``problems`` maps field → FieldProblem

    >>> from datetime import date
    >>> about = About(date(2030, 1, 1), ".", ",", None)
    >>> values, problems = read_form({"partner_name": "Acme"}, about, False)
    >>> values["partner_name"], problems
    ('Acme', {})
    >>> _values, problems = read_form({"partner_name": "Acme"}, about, True)
    >>> {name: problem.code for name, problem in problems.items()}
    ... # doctest: +NORMALIZE_WHITESPACE
    {'description': 'required', 'expected_revenue': 'required',
     'date_deadline': 'required', 'customer_vat': 'identify'}
    """
    values, problems = {}, {}
    for name, parse in PARSERS.items():
        try:
            values[name] = parse(texts.get(name) or "", about)
        except FieldProblem as problem:
            problems[name] = problem
    for name in NEEDED[submit]:
        if name not in problems and not values[name]:
            problems[name] = FieldProblem("required")
    if submit and not any(values.get(n) or n in problems for n in IDENTIFIERS):
        problems[IDENTIFIERS[0]] = FieldProblem("identify")
    return values, problems
