"""The tax id a person types into a form."""

import re
import unicodedata

import stdnum.exceptions
import stdnum.util

from odoo.addons.partner_channel.tools.claim_keys import find_vat_country

from .form_values import FieldProblem, clean_line

_TAX_ID = re.compile(r"[A-Za-z0-9 .,/&_-]+")


def parse_tax_id(text, country_code=None):
    """Return a tax id, checked by the rules of its country where known.

    :param str text: what was typed
    :param str country_code: ISO code of the customer's country, if given
    :return: the id in upper case with single blanks
    :raise FieldProblem: ``tax_id``, ``tax_id_characters``, ``tax_id_country``,
        ``tax_id_prefix``

    >>> parse_tax_id("de 136,695 976", "DE")
    'DE 136,695 976'
    >>> parse_tax_id("ＤＥ１３６６９５９７６")
    'DE136695976'
    >>> parse_tax_id("DЕ136695976")  # the E is Cyrillic
    Traceback (most recent call last):
        ...
    partner_channel_portal...FieldProblem: tax_id_characters
    >>> parse_tax_id("DE136695977", "DE")
    Traceback (most recent call last):
        ...
    partner_channel_portal...FieldProblem: tax_id_country
    >>> parse_tax_id("12-3456789", "US")
    '12-3456789'
    >>> parse_tax_id("12-3456789")  # of any country
    Traceback (most recent call last):
        ...
    partner_channel_portal...FieldProblem: tax_id_prefix
    """
    value = unicodedata.normalize("NFKC", clean_line(text, 32))
    if not value:
        return ""
    if not _TAX_ID.fullmatch(value):
        raise FieldProblem("tax_id_characters")
    value = value.upper()
    compact = "".join(c for c in value if c.isalnum())
    if len(compact) < 5 or not any(c.isdigit() for c in compact):
        raise FieldProblem("tax_id")
    if not country_code and not find_vat_country(compact):
        raise FieldProblem("tax_id_prefix")
    module = country_code and stdnum.util.get_cc_module(country_code.lower(), "vat")
    if module:
        try:
            module.validate(value)
        except stdnum.exceptions.ValidationError as error:
            raise FieldProblem("tax_id_country", country=country_code) from error
    return value
