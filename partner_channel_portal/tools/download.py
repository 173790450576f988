"""A table as a download."""

from pathlib import PurePath

from odoo.http import content_disposition

_TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def make_download(request, content, name):
    """Return the answer that lets a browser save a table, and nobody keep it between.

    :param request: the one to answer
    :param content: text as of ``tools.table_csv.to_csv``, or the bytes of a workbook
    :param str name: of the file, with the extension ``.csv`` or ``.xlsx``
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
