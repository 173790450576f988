"""Time, processor time and queries of a block of code; medians and tables."""

import statistics
import threading
import time
from contextlib import contextmanager
from typing import NamedTuple


class Sample(NamedTuple):
    """One measurement, or the median of several.

    ``wall`` and ``cpu`` (of this process) and ``database`` (waiting for PostgreSQL)
    are in seconds.
    """

    wall: float
    cpu: float
    database: float
    queries: int


@contextmanager
def measured(samples):
    """Append a :class:`Sample` of the block to a list.

    :param list samples: gets the sample
    """
    thread = threading.current_thread()
    # Odoo's cursors count on the thread, if it has these attributes.
    thread.query_count, thread.query_time = 0, 0.0
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    samples.append(
        Sample(
            time.perf_counter() - wall,
            time.process_time() - cpu,
            thread.query_time,
            thread.query_count,
        )
    )


def median(samples):
    """Return the median of each figure.

    >>> median([Sample(1, 4, 0, 9), Sample(3, 5, 0, 9), Sample(2, 6, 0, 9)])
    Sample(wall=2, cpu=5, database=0, queries=9)
    """
    return Sample(*map(statistics.median, zip(*samples, strict=True)))


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
