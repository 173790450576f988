"""Hash chain: each link binds the one before it.

>>> first = link("", {"event": "submit", "lead": 7})
>>> second = link(first, {"event": "approve", "lead": 7})
>>> second == link(first, {"lead": 7, "event": "approve"})
True
>>> second == link("", {"event": "approve", "lead": 7})
False
"""

import hashlib
import json

#: entries of the log that are for the vendor's eyes
INTERNAL_EVENTS = ("escalated", "attributed", "qualification_waived")


def digest(content):
    """Return the SHA-256 of a JSON-able value, independent of key order.

    :param content: dict or list of plain values (dates as ISO text)
    :return: 64 hexadecimal digits
    """
    text = json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str
    )
    return hashlib.sha256(text.encode()).hexdigest()


def link(previous, content):
    """Return the hash of a new link.

    :param str previous: hash of the link before, empty for the first
    :param content: what the link says, see :func:`digest`
    :return: 64 hexadecimal digits
    """
    return hashlib.sha256(f"{previous}{digest(content)}".encode()).hexdigest()
