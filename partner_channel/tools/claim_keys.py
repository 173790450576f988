"""Strong keys of a customer: what makes two registrations the same deal.

A key is equal or not; similarity is another matter and never blocks. What only looks
different, by characters of other scripts or by none at all, is equal: see
:mod:`lookalikes`.

>>> clean_vat("DE 123.456-789")
'DE123456789'
>>> clean_vat("n/a")
''
>>> clean_vat("0000000000")
''
>>> clean_vat("АТU 61945266"), clean_vat("61945266", "AT"), clean_vat("U61945266", "at")
('ATU61945266', 'ATU61945266', 'ATU61945266')
>>> clean_name("  Müller & Söhne, GmbH. ")
'müller söhne gmbh'
>>> clean_name("«Ромашка»") == clean_name("РОМАШКА") != clean_name("Ромашки")
True
>>> clean_name("Асме GmbH"), clean_name("Ac\\u200bme\\u202c GmbH")
('acme gmbh', 'acme gmbh')
>>> clean_domain("https://www.Acme.example:8080/shop?x=1")
'acme.example'
>>> clean_domain("https://xn--cme-5cd.example/@else.example")
'acme.example'
>>> clean_domain("Jane <jane@acme.example>")
'acme.example'
>>> clean_domain("jane@gmail.com")
''
>>> clean_domain("not a site")
''
>>> clean_domain("https://shop.acme.co.uk"), clean_domain("jo@mail.acme.com.ua")
('acme.co.uk', 'acme.com.ua')
>>> clean_domain("acme.github.io"), clean_domain("github.io"), clean_domain("co.uk")
('acme.github.io', '', '')
>>> clean_domain("https://www.facebook.com/acme")
''
"""

import re
import unicodedata

import idna
import tldextract
from stdnum.exceptions import ValidationError
from stdnum.util import get_cc_module

from odoo.addons.iap.tools.iap_tools import _MAIL_DOMAIN_BLACKLIST

from .company_name import is_generic, read_variants, strip_form
from .lookalikes import fold, remove_invisible

_DOMAIN = re.compile(r"^(?:[\w-]+\.)+[^\W\d][\w-]{1,62}$")
#: the library's own list of public suffixes, with those of hosters: never the network
_SUFFIXES = tldextract.TLDExtract(
    suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True
)
#: sites where everybody has a page: the domain is nobody's
_SHARED_SITES = frozenset(
    [
        "facebook.com",
        "google.com",
        "instagram.com",
        "linkedin.com",
        "ok.ru",
        "t.me",
        "telegram.me",
        "tiktok.com",
        "twitter.com",
        "vk.com",
        "x.com",
        "xing.com",
        "youtube.com",
    ]
)
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://")
#: shorter tax ids are placeholders people type to get past a form
_MIN_VAT = 5
#: Greece's tax ids do not begin with its country code
_VAT_CODES = {"GR": "EL"}
#: letters of the number itself that people leave out
_VAT_LETTERS = {"AT": "U", "CH": "E"}
_VAT_SUFFIXES = {"CH": ("MWST", "TVA", "IVA", "TPV"), "NO": ("MVA",)}


# === TAX ID === #


def clean_vat(text, country=None):
    """Return a tax id as letters and digits, or ``""`` when it is no key.

    :param text: what was typed
    :param str country: ISO code of the customer's country, if known; with it, the
        key is the same with and without the country's prefix
    :return: upper-case letters and digits; empty for fewer than five
        characters, no digit at all or one digit repeated
    """
    value = "".join(c for c in fold(text).upper() if c.isascii() and c.isalnum())
    digits = {c for c in value if c.isdigit()}
    if len(value) < _MIN_VAT or len(digits) < 2:
        return ""
    code = find_vat_country(value, (country or "").upper())
    return _add_country(value, code) if code else value


def find_vat_country(value, country=""):
    """Return the ISO code of the country a tax id belongs to, if that is known.

    The customer's country decides, unless the id is a valid one of another country
    and says so itself.

    :param str value: upper-case letters and digits
    :param str country: ISO code of the customer's country, if known

    >>> find_vat_country("ATU61945266", "DE"), find_vat_country("61945266")
    ('AT', '')
    """
    codes = {code: iso for iso, code in _VAT_CODES.items()}
    prefix = codes.get(value[:2], value[:2])
    if country and _is_valid(value, country):
        return country
    if prefix.isalpha() and _is_valid(value, prefix):
        return prefix
    return country


def _get_module(country):
    """Return stdnum's module for a country's tax ids, or ``None``."""
    return get_cc_module(country.lower(), "vat")


def _is_valid(value, country):
    module = _get_module(country)
    return bool(module and module.is_valid(value))


def _add_country(value, country):
    """Return the id as the country writes it, its prefix before it."""
    module, code = _get_module(country), _VAT_CODES.get(country, country)
    try:
        number = module.compact(value) if module else value
    except ValidationError:
        number = value
    number = number.removeprefix(code)
    for suffix in _VAT_SUFFIXES.get(country, ()):
        number = number.removesuffix(suffix)
    letter = _VAT_LETTERS.get(country, "")
    return f"{code}{letter}{number.removeprefix(letter)}"


def get_vat_spellings(key):
    """Return how a tax id may be written in a database, as letters and digits.

    :param str key: a result of :func:`clean_vat`

    >>> get_vat_spellings("ATU61945266")
    ['ATU61945266', 'U61945266', '61945266']
    >>> get_vat_spellings("61945266")
    ['61945266']
    """
    code = key[:2]
    country = {code: iso for iso, code in _VAT_CODES.items()}.get(code, code)
    spellings = [key]
    if code.isalpha():
        letter = _VAT_LETTERS.get(country, "")
        number = key[2:]
        spellings += [number, number.removeprefix(letter)]
        spellings += [
            spelling + suffix
            for suffix in _VAT_SUFFIXES.get(country, ())
            for spelling in spellings[:3]
        ]
    return list(dict.fromkeys(spellings))


# === NAME === #


def clean_name(text):
    """Return a company name without case, punctuation and double spaces.

    :param text: name as typed
    :return: normalised name (see :func:`fold`), may be empty
    """
    value = "".join(
        c if unicodedata.category(c)[0] in "LMN" else " " for c in fold(text)
    )
    return " ".join(value.split())


def get_name_keys(text):
    """Return the strong keys of a company's name: with its legal form and without.

    What says nothing without its form ("Trading GmbH") keeps it. The country is no
    part of a key: who leaves it out would get past an earlier claim.

    :param text: name as typed
    :return: list of texts without doubles

    >>> get_name_keys("ACME, GmbH"), get_name_keys("Acme")
    (['acme gmbh', 'acme'], ['acme'])
    >>> get_name_keys("ООО Ромашка"), get_name_keys("Romashka")
    (['romashka ooo', 'romashka'], ['romashka'])
    >>> get_name_keys("Trading GmbH"), get_name_keys("ООО")
    (['trading gmbh'], ['ooo'])
    """
    keys = []
    for name in read_variants(text):
        rest, form = strip_form(name)
        if form:
            keys.append(f"{rest} {form}")
        if not (form and is_generic(rest)):
            keys.append(rest)
    cleaned = clean_name(text)
    return list(dict.fromkeys(keys)) or [cleaned] * bool(cleaned)


# === DOMAIN === #


def clean_domain(text):
    """Return the customer's own domain out of a web or e-mail address.

    :param text: URL, host name or e-mail address
    :return: lower-case domain as it is registered, without what stands before it;
        empty for free-mail providers, for hosters and sites that everybody shares,
        and for anything that is not a domain
    """
    value = remove_invisible(text).casefold().strip().rstrip(">").replace("。", ".")
    if _SCHEME.match(value):
        # what stands before an @ in a path is no user
        value = re.split(r"[/?#]", _SCHEME.sub("", value), maxsplit=1)[0]
    value = value.rsplit("@", 1)[-1]
    value = re.split(r"[/?#:\s]", value, maxsplit=1)[0].strip(".")
    value = value.removeprefix("www.")
    value = ".".join(_read_label(label) for label in value.split("."))
    if not _DOMAIN.match(value):
        return ""
    value = _find_registered(fold(value))
    is_shared = value in _MAIL_DOMAIN_BLACKLIST or value in _SHARED_SITES
    return "" if is_shared else value


def _find_registered(host):
    """Return the part of a host that somebody registered, empty for a suffix alone."""
    found = _SUFFIXES(host)
    if found.suffix:
        return found.top_domain_under_public_suffix
    # an ending that is no public suffix, as in a network of one's own
    return ".".join(host.split(".")[-2:])


def _read_label(label):
    """Return a part of a domain as it is read, not as the net carries it."""
    if not label.startswith("xn--"):
        return label
    try:
        return idna.decode(label)
    except UnicodeError:
        return label
