"""A file made on the spot, as a download."""

from pathlib import PurePath

from odoo.http import content_disposition

_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def make_download(request, content, name):
    """Return the answer that lets a browser save a file, and nobody keep it between.

    :param request: the one to answer
    :param content: text as of ``tools.table_csv.to_csv``, or bytes
    :param str name: of the file, with one of the extensions above
    """
    return request.make_response(
        content,
        [
            ("Content-Type", _TYPES[PurePath(name).suffix]),
            ("Content-Disposition", content_disposition(name)),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
        ],
    )
