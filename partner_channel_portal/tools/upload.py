"""Which files a partner may attach: judged by content, not by name."""

from collections import namedtuple

from odoo.addons.partner_channel.tools.documents import (
    ALLOWED_TYPES,
    MAX_SIZE,
    clean_name,
    find_file_problem,
    find_type,
)

from .form_values import FieldProblem

#: a file as read from a request; ``content`` holds at most one byte more than
#: :data:`MAX_SIZE`, so that a huge upload never sits in memory
Upload = namedtuple("Upload", "name content")

MAX_FILES = 5


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
    if problem := find_file_problem(name, upload.content):
        raise FieldProblem(
            f"file_{problem}",
            name=name,
            size=MAX_SIZE // 1024 // 1024,
            types=", ".join(ALLOWED_TYPES),
        )
    return find_type(upload.content)
