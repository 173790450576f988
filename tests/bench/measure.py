"""Time, processor time and queries of a block of code; medians and tables."""

import statistics
import threading
import time
from contextlib import contextmanager
from typing import NamedTuple

import psutil


class Sample(NamedTuple):
    """One measurement, or the median of several.

    All but ``queries`` are in seconds: ``wall``, ``cpu`` of this process and, where it
    can be seen, of PostgreSQL for the connection, ``database`` waiting for the latter.
    """

    wall: float
    cpu: float
    database: float
    queries: int


@contextmanager
def measured(samples, cr=None):
    """Append a :class:`Sample` of the block to a list.

    :param list samples: gets the sample
    :param cr: cursor whose server process counts as well
    """
    thread = threading.current_thread()
    # Odoo's cursors count on the thread, if it has these attributes.
    thread.query_count, thread.query_time = 0, 0.0
    wall, cpu = time.perf_counter(), time.process_time() + _read_server_cpu(cr)
    yield
    samples.append(
        Sample(
            time.perf_counter() - wall,
            time.process_time() + _read_server_cpu(cr) - cpu,
            thread.query_time,
            thread.query_count,
        )
    )


def _read_server_cpu(cr):
    """Return the CPU seconds of a connection's server process, if it is ours to see."""
    if cr is None or not cr._cnx.info.host.startswith("/"):
        return 0.0
    try:
        times = psutil.Process(cr._cnx.get_backend_pid()).cpu_times()
    except psutil.Error:
        return 0.0
    return times.user + times.system


def median(samples):
    """Return the median of each figure.

    >>> median([Sample(1, 4, 0, 9), Sample(3, 5, 0, 9), Sample(2, 6, 0, 9)])
    Sample(wall=2, cpu=5, database=0, queries=9)
    """
    return Sample(*map(statistics.median, zip(*samples, strict=True)))


def total(samples):
    """Return the sum of each figure.

    >>> total([Sample(1, 4, 0, 9), Sample(3, 5, 0, 9)])
    Sample(wall=4, cpu=9, database=0, queries=18)
    """
    return Sample(*map(sum, zip(*samples, strict=True)))


def show_ms(seconds):
    """Return seconds as milliseconds for a table.

    >>> show_ms(0.0123), show_ms(1.5)
    ('12.3', '1,500')
    """
    milliseconds = seconds * 1000
    return f"{milliseconds:,.1f}" if milliseconds < 100 else f"{milliseconds:,.0f}"


def format_table(title, head, rows):
    """Return a Markdown table.

    :param str title: heading above it
    :param head: column titles
    :param rows: lists of texts or numbers
    """
    texts = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    lines = ["| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in texts]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    return "\n".join([f"\n### {title}\n", *lines])
