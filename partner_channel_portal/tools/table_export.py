"""Records as a table to download, however many they are."""

from odoo.tools import split_every

from .table_csv import to_csv

#: most records an export holds
MAX_ROWS = 20_000
_BATCH = 1000


def export_records(model, domain, header, get_rows, more, order=None):
    """Return records as CSV text, batch by batch.

    :param model: to search as the user, whose record rules apply
    :param domain: which records
    :param header: headings
    :param get_rows: called with some of the records, returns a row for each
    :param str more: what a last row says when there are more than ``MAX_ROWS``
    :param str order: those to leave out come last; default is the model's
    """
    ids = model.search(domain, order=order, limit=MAX_ROWS + 1).ids

    def get_all():
        for batch in split_every(_BATCH, ids[:MAX_ROWS], model.browse):
            yield from get_rows(batch)
            batch.invalidate_recordset()
        if len(ids) > MAX_ROWS:
            yield [more]

    return to_csv(header, get_all())
