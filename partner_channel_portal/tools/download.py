"""Tables and files as downloads."""

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


def send_file(stream, inline=False):
    """Return the answer with a stored file, and nobody keeps it between.

    Whether somebody may have it is asked anew each time.

    :param stream: ``odoo.http.Stream``, of a record that was found for the person
    :param bool inline: let the browser show it; scripts in it run neither way
    """
    response = stream.get_response(as_attachment=not inline)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response
