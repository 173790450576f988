"""Strong keys of a customer: what makes two registrations the same deal.

A key is equal or not; similarity is another matter and never blocks.

>>> clean_vat("DE 123.456-789")
'DE123456789'
>>> clean_vat("n/a")
''
>>> clean_vat("0000000000")
''
>>> clean_name("  Müller & Söhne, GmbH. ")
'müller söhne gmbh'
>>> clean_name("«Ромашка»")
'ромашка'
>>> clean_domain("https://www.Acme.example:8080/shop?x=1")
'acme.example'
>>> clean_domain("Jane <jane@acme.example>")
'acme.example'
>>> clean_domain("jane@gmail.com")
''
>>> clean_domain("not a site")
''
"""

import re
import unicodedata

from odoo.addons.iap.tools.iap_tools import _MAIL_DOMAIN_BLACKLIST

_DOMAIN = re.compile(r"^(?:[\w-]+\.)+[^\W\d][\w-]{1,62}$")
#: shorter tax ids are placeholders people type to get past a form
_MIN_VAT = 5


def clean_vat(text):
    """Return a tax id as letters and digits, or ``""`` when it is no key.

    :param text: what was typed
    :return: upper-case letters and digits; empty for fewer than five
        characters, no digit at all or one digit repeated
    """
    value = "".join(c for c in (text or "").upper() if c.isalnum())
    digits = {c for c in value if c.isdigit()}
    if len(value) < _MIN_VAT or len(digits) < 2:
        return ""
    return value


def clean_name(text):
    """Return a company name without case, punctuation and double spaces.

    :param text: name as typed
    :return: normalised name (NFKC, case-folded), may be empty
    """
    value = unicodedata.normalize("NFKC", text or "").casefold()
    value = "".join(
        c if unicodedata.category(c)[0] in "LMN" else " "
        for c in value
        if unicodedata.category(c) != "Cf"
    )
    return " ".join(value.split())


def clean_domain(text):
    """Return the customer's own domain out of a web or e-mail address.

    :param text: URL, host name or e-mail address
    :return: lower-case domain without ``www.``; empty for free-mail
        providers and for anything that is not a domain
    """
    value = (text or "").strip().casefold().rstrip(">")
    value = value.rsplit("@", 1)[-1]
    value = re.sub(r"^[a-z][a-z0-9+.-]*://", "", value)
    value = re.split(r"[/?#:\s]", value, maxsplit=1)[0].strip(".")
    value = value.removeprefix("www.")
    if not _DOMAIN.match(value) or value in _MAIL_DOMAIN_BLACKLIST:
        return ""
    return value
