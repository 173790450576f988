"""The databases of a benchmark: Odoo alone, with OCA's commissions, with our addons."""

from contextlib import contextmanager, nullcontext

from odoo.sql_db import db_connect

from ..databases import copy, create, drop, install
from . import oca

PLAIN = "partner_channel_bench_plain"
OCA = "partner_channel_bench_oca"
SUITE = "partner_channel_bench"
ADDONS = ("partner_channel_commission", "partner_channel_lms")
LABELS = {PLAIN: "Odoo alone", OCA: "with OCA's commissions", SUITE: "with ours"}


@contextmanager
def prepared(template=None, oca_folder=None, with_oca=True):
    """Provide the databases for the block and drop them afterwards.

    :param str template: a database with Odoo's modules and none of ours, to be copied
        instead of installing them anew
    :param str oca_folder: see :func:`oca.provided`
    :param bool with_oca: whether any benchmark wants OCA's
    """
    drop(SUITE, OCA, PLAIN)
    with oca.provided(oca_folder) if with_oca else nullcontext(False) as has_oca:
        try:
            _prepare(template, has_oca)
            yield
        finally:
            drop(SUITE, OCA, PLAIN)


def _prepare(template, has_oca):
    """Make the databases, see :func:`prepared`."""
    if template:
        copy(template, PLAIN)
    else:
        create(PLAIN)
    copy(PLAIN, SUITE)
    install(SUITE, ADDONS)
    if has_oca:
        copy(PLAIN, OCA)
        install(OCA, (oca.ADDON,))


def get_sides():
    """Return the names of the databases there are, Odoo's own first."""
    with db_connect("postgres").cursor() as cr:
        cr.execute("SELECT datname FROM pg_database WHERE datname = ANY(%s)", [[OCA]])
        return (PLAIN, OCA, SUITE) if cr.rowcount else (PLAIN, SUITE)


def in_turn(sides, turn):
    """Return the sides in another order each turn, so that none is always first.

    >>> in_turn((1, 2, 3), 0), in_turn((1, 2, 3), 4)
    ((1, 2, 3), (2, 3, 1))
    """
    start = turn % len(sides)
    return sides[start:] + sides[:start]
