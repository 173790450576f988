"""Which files a partner may attach: judged by content, not by name."""

import os
import re
import unicodedata
from collections import namedtuple

from odoo.tools.mimetypes import guess_mimetype

from .form_values import FieldProblem

#: a file as read from a request; ``content`` holds at most one byte more than
#: :data:`MAX_SIZE`, so that a huge upload never sits in memory
Upload = namedtuple("Upload", "name content")

MAX_SIZE = 10 * 1024 * 1024
MAX_FILES = 5

#: what a PDF may have before its mark: a byte order mark, blanks
_BLANK = b"\xef\xbb\xbf \t\r\n"
_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
#: extension → content types such a file really has
ALLOWED_TYPES = {
    "pdf": {"application/pdf"},
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


def read_uploads(files):
    """Read what was sent, no more of it than is needed to judge it.

    One byte more than allowed tells that a file is too large, and one file more that
    there are too many, without taking all of it into memory.

    :param files: list of ``werkzeug`` ``FileStorage``
    :return: list of :class:`Upload`
    """
    return [
        Upload(file.filename, file.stream.read(MAX_SIZE + 1))
        for file in files[: MAX_FILES + 1]
        if file.filename
    ]


def check_upload(upload):
    """Return the content type of a file that may be stored.

    :param Upload upload: the file
    :return: content type to store it under
    :raise FieldProblem: ``file_empty``, ``file_large``, ``file_type``,
        ``file_content``; each names the file

    >>> check_upload(Upload("note.txt", b"two licences, please"))
    'text/plain'
    >>> check_upload(Upload("offer.pdf", b"MZ" + bytes(200)))
    Traceback (most recent call last):
        ...
    partner_channel_portal...FieldProblem: file_content

    What is something else first and a PDF further down is no PDF:

    >>> check_upload(Upload("offer.pdf", b"<script>x</script>%PDF-1.4 %%EOF"))
    Traceback (most recent call last):
        ...
    partner_channel_portal...FieldProblem: file_content
    """
    name = clean_name(upload.name)
    if not upload.content:
        raise FieldProblem("file_empty", name=name)
    if len(upload.content) > MAX_SIZE:
        raise FieldProblem("file_large", name=name, size=MAX_SIZE // 1024 // 1024)
    extension = os.path.splitext(name)[1].lower().lstrip(".")
    if extension not in ALLOWED_TYPES:
        raise FieldProblem("file_type", name=name, types=", ".join(ALLOWED_TYPES))
    content_type = guess_mimetype(upload.content)
    is_pdf = upload.content.lstrip(_BLANK).startswith(b"%PDF-")
    if content_type not in ALLOWED_TYPES[extension] or (
        content_type == "application/pdf" and not is_pdf
    ):
        raise FieldProblem("file_content", name=name)
    return content_type
