"""Which files are kept as signed papers: judged by content, not by name."""

import base64
import hashlib
import os

from odoo.tools.mimetypes import guess_mimetype

MAX_SIZE = 10 * 1024 * 1024
#: content type → extension of what was printed or scanned
PAPER_TYPES = {
    "application/pdf": "pdf",
    "image/png": "png",
    "image/jpeg": "jpg",
}


def find_paper_problem(content):
    """Return why a file is no paper to keep, empty when it is one.

    :param bytes content: the file
    :return: ``""``, ``"empty"``, ``"large"`` or ``"type"``

    >>> find_paper_problem(b"%PDF-1.4 signed")
    ''
    >>> find_paper_problem(b"MZ" + bytes(200)), find_paper_problem(b"")
    ('type', 'empty')
    """
    if not content:
        return "empty"
    if len(content) > MAX_SIZE:
        return "large"
    return "" if guess_mimetype(content) in PAPER_TYPES else "type"


def name_paper(name, content, default):
    """Return the name a paper is stored under: its extension is what it really is.

    :param str name: as the person's computer calls it, may be empty
    :param bytes content: the file, one of :data:`PAPER_TYPES`
    :param str default: name without extension, when there is none

    >>> name_paper("C:/x/deal.exe", b"%PDF-1.4 signed", "agreement")
    'deal.pdf'
    >>> name_paper("", b"%PDF-1.4 signed", "agreement")
    'agreement.pdf'
    """
    root = os.path.splitext(os.path.basename((name or "").replace("\\", "/")))[0]
    return f"{root[:100] or default}.{PAPER_TYPES[guess_mimetype(content)]}"


def digest(*parts):
    """Return the SHA-256 of texts and files, as hexadecimal digits.

    >>> digest("terms") == hashlib.sha256(b"terms").hexdigest()
    True
    >>> digest("ab", b"c") == digest("a", b"bc")
    False
    """
    data = [part.encode() if isinstance(part, str) else part for part in parts]
    if len(data) > 1:
        # each by its own hash first: what moves from one part to another is seen
        data = [hashlib.sha256(part).digest() for part in data]
    return hashlib.sha256(b"".join(data)).hexdigest()


def read_binary(value):
    """Return the bytes of the value of a binary field.

    >>> read_binary(False), read_binary(b"YWI=")
    (b'', b'ab')
    """
    return base64.b64decode(value) if value else b""
