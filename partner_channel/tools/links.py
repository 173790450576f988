"""Addresses on the web that may be shown as links."""

import unicodedata
from urllib.parse import urlsplit

MAX_LENGTH = 2000


def is_web_address(text):
    """Return whether a text is a complete http or https address, and nothing else.

    No name and password in it, no blank and nothing that cannot be seen: what is shown
    is where it leads.

    >>> is_web_address("https://vendor.example/deck?x=1")
    True
    >>> is_web_address("javascript:alert(1)"), is_web_address("//evil.example")
    (False, False)
    >>> is_web_address("https://vendor.example@evil.example/")
    False
    >>> is_web_address("https://a b.example"), is_web_address("https://[x")
    (False, False)
    >>> is_web_address("https:///x"), is_web_address("https://x.example\\n")
    (False, False)
    """
    if not text or len(text) > MAX_LENGTH or "\\" in text:
        return False
    if any(unicodedata.category(char)[0] in "CZ" for char in text):
        return False
    try:
        parts = urlsplit(text)
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and "@" not in parts.netloc
        and has_port
    )
