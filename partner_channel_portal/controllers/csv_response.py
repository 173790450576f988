"""A table as a download."""

from odoo.http import content_disposition, request


def make_csv_response(text, name):
    """Return the answer that lets a browser save a table.

    :param str text: as of ``tools.table_csv.to_csv``
    :param str name: of the file, without extension
    """
    return request.make_response(
        text,
        [
            ("Content-Type", "text/csv; charset=utf-8"),
            ("Content-Disposition", content_disposition(f"{name}.csv")),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
        ],
    )
