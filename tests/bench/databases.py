"""The two databases of a benchmark: Odoo alone, and the same with our addons."""

from contextlib import contextmanager

from ..databases import copy, create, drop, install

PLAIN = "partner_channel_bench_plain"
SUITE = "partner_channel_bench"
ADDONS = ("partner_channel_commission", "partner_channel_lms")


@contextmanager
def prepared(template=None):
    """Provide both databases for the block and drop them afterwards.

    :param str template: a database with Odoo's modules and none of ours, to be copied
        instead of installing them anew
    """
    drop(SUITE, PLAIN)
    try:
        if template:
            copy(template, PLAIN)
        else:
            create(PLAIN)
        copy(PLAIN, SUITE)
        install(SUITE, ADDONS)
        yield
    finally:
        drop(SUITE, PLAIN)
