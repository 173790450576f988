"""What files are, and which are kept as papers: by content, not by name."""

import base64
import hashlib
import io
import os
import re
import struct
import unicodedata

from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from odoo.tools.mimetypes import guess_mimetype

MAX_SIZE = 10 * 1024 * 1024
#: a small file may unfold to a picture that fills the memory; as many as Odoo allows
MAX_PIXELS = 50_000_000
#: what reads the size of a picture without unfolding it
_PICTURES = {"image/png": PngImageFile, "image/jpeg": JpegImageFile}
PDF = "application/pdf"
#: content type → extension of what was printed or scanned
PAPER_TYPES = {PDF: "pdf", "image/png": "png", "image/jpeg": "jpg"}
_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
#: extension → content types such a file really has
ALLOWED_TYPES = {
    "pdf": {PDF},
    "png": {"image/png"},
    "jpg": {"image/jpeg"},
    "jpeg": {"image/jpeg"},
    "docx": {_OOXML + "wordprocessingml.document"},
    "xlsx": {_OOXML + "spreadsheetml.sheet"},
    "pptx": {_OOXML + "presentationml.presentation"},
    "odt": {_ODF + "text"},
    "ods": {_ODF + "spreadsheet"},
    "odp": {_ODF + "presentation"},
    "txt": {"text/plain"},
    "csv": {"text/plain", "text/csv", "application/csv"},
}
#: what a PDF may have before its mark: a byte order mark, blanks
_BLANK = b"\xef\xbb\xbf \t\r\n"


def clean_name(name):
    """Return a file name without path, control and direction marks.

    >>> clean_name("C:\\\\tmp\\\\offer\\u202efdp.exe")
    'offerfdp.exe'
    >>> len(clean_name("a" * 300 + ".pdf"))
    104
    """
    name = re.split(r"[\\/]", name or "")[-1]
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C").strip()
    root, extension = os.path.splitext(name)
    return root[:100] + extension[:10]


def find_type(content):
    """Return the content type of a file; a PDF is what begins as one.

    :param bytes content: the file
    :return: the type, ``""`` for a PDF with something else before it

    >>> find_type(b"\\xef\\xbb\\xbf%PDF-1.4 signed")
    'application/pdf'
    >>> find_type(b"<script>x</script>%PDF-1.4 %%EOF") == PDF
    False
    """
    if content[:1024].lstrip(_BLANK).startswith(b"%PDF-"):
        return PDF
    content_type = guess_mimetype(content)
    return "" if content_type == PDF else content_type


def _is_huge(content):
    """Return whether a picture has more than :data:`MAX_PIXELS`, by its header.

    >>> _is_huge(b"%PDF-1.4 signed")
    False
    """
    reader = _PICTURES.get(find_type(content))
    if not reader:
        return False
    try:
        width, height = reader(io.BytesIO(content)).size
    # what has no readable size is never unfolded; PIL says so in many ways
    except (OSError, SyntaxError, ValueError, struct.error, IndexError, KeyError):
        return False
    return width * height > MAX_PIXELS


def find_file_problem(name, content, max_size=MAX_SIZE):
    """Return why a file may not be stored, empty when it may.

    Judged by content: a name only says what the content has to be.

    :param str name: with an extension of :data:`ALLOWED_TYPES`
    :param bytes content: the file
    :param int max_size: bytes allowed
    :return: ``""``, ``"empty"``, ``"large"`` (also of a picture with too many pixels),
        ``"type"`` or ``"content"``

    >>> find_file_problem("note.txt", b"two licences")
    ''
    >>> find_file_problem("a.exe", b"MZ"), find_file_problem("a.pdf", b"MZ" + bytes(99))
    ('type', 'content')
    """
    if not content:
        return "empty"
    if len(content) > max_size or _is_huge(content):
        return "large"
    extension = os.path.splitext(clean_name(name))[1].lower().lstrip(".")
    if extension not in ALLOWED_TYPES:
        return "type"
    return "" if find_type(content) in ALLOWED_TYPES[extension] else "content"


def find_paper_problem(content, types=tuple(PAPER_TYPES)):
    """Return why a file is no paper to keep, empty when it is one.

    :param bytes content: the file
    :param types: content types allowed, of :data:`PAPER_TYPES`
    :return: ``""``, ``"empty"``, ``"large"`` or ``"type"``

    >>> find_paper_problem(b"%PDF-1.4 signed")
    ''
    >>> find_paper_problem(b"MZ" + bytes(200)), find_paper_problem(b"")
    ('type', 'empty')
    """
    if not content:
        return "empty"
    if len(content) > MAX_SIZE or _is_huge(content):
        return "large"
    return "" if find_type(content) in types else "type"


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
    root = os.path.splitext(clean_name(name))[0]
    return f"{root or default}.{PAPER_TYPES[find_type(content)]}"


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
