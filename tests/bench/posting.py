"""Creating and posting invoices beside Odoo alone and beside OCA's commissions.

Each line is paid to two partners, see ``sales``. The sides take turns batch by batch.
"""

from odoo.tools import SQL

from ..databases import analyze, environment
from .databases import LABELS, PLAIN, SUITE, get_sides, in_turn
from .measure import Sample, format_table, measured, median, show_ms, total
from .sales import LINES, create_invoices, is_prepared, prepare

REPEATS = 3
# title, how many invoices a time, how often, goal
BATCHES = ("batches of 100", 100, 10, 1.03)
SINGLE = ("one by one", 1, 100, 1.05)
GOAL_QUERIES = 1.03
HEAD = ("Creating and posting", "CPU ms", "×", "wall ms", "in database ms", "queries")


def run(report):
    """Measure and report; return whether the goals are met.

    :param report: called with each line
    """
    sides = get_sides()
    for name in sides:
        with environment(name) as env:
            if not is_prepared(env):
                prepare(env)
            env.cr.commit()
        analyze(name)
    rows, met = [], True
    for title, size, times, goal in (BATCHES, SINGLE):
        results = _measure(sides, size, times)
        rows += _format(f"{size * times:,} invoices, {title}", results)
        met &= results[SUITE].cpu <= goal * results[PLAIN].cpu
        if size > 1:
            met &= results[SUITE].queries <= GOAL_QUERIES * results[PLAIN].queries
            rows.append(_measure_floor(results[PLAIN].cpu, size * times))
    report(format_table(f"Invoices of {LINES} lines for two partners", HEAD, rows))
    report(
        f"Goals: CPU at most {BATCHES[-1]:.2f} × in batches with {GOAL_QUERIES:.2f} × "
        f"the queries, {SINGLE[-1]:.2f} × one by one."
    )
    return met


def _measure(sides, size, times):
    """Return the median of the runs of each side: ``{name: Sample}``."""
    runs = {name: [] for name in sides}
    # The first turn warms all up.
    for repeat in range(REPEATS + 1):
        samples = {name: [] for name in sides}
        for turn in range(times if repeat else 1):
            for name in in_turn(sides, repeat + turn):
                _post(name, size, samples[name])
        for name in sides if repeat else ():
            runs[name].append(total(samples[name]))
    return {name: median(some) for name, some in runs.items()}


def _post(name, size, samples):
    with environment(name) as env, measured(samples, env.cr):
        create_invoices(env, size).action_post()
        env.cr.commit()


def _format(title, results):
    plain = results[PLAIN]
    return [
        (
            f"{title}, {LABELS[name]}",
            show_ms(sample.cpu),
            f"{sample.cpu / plain.cpu:.3f}",
            show_ms(sample.wall),
            show_ms(sample.database),
            f"{sample.queries:,} ({sample.queries / plain.queries:.3f} ×)",
        )
        for name, sample in results.items()
    ]


def _measure_floor(plain_cpu, invoices):
    """Return the row of what inserting the entries of so many invoices takes."""
    samples = []
    for _repeat in range(REPEATS):
        with environment(SUITE) as env:
            entries = env["partner.commission.entry"].search(
                [], order="id desc", limit=invoices * LINES * 2
            )
            names = [
                field.name
                for field in entries._fields.values()
                if field.store and field.column_type and field.name != "id"
            ]
            env.cr.execute(
                SQL(
                    "CREATE TEMP TABLE floor ON COMMIT DROP AS SELECT * "
                    "FROM partner_commission_entry WHERE id IN %s",
                    tuple(entries.ids),
                )
            )
            # the chain of a line may not hold a number twice
            env.cr.execute("UPDATE floor SET revision = revision + 1000000")
            columns = SQL(", ").join(map(SQL.identifier, names))
            with measured(samples, env.cr):
                env.cr.execute(
                    SQL(
                        "INSERT INTO partner_commission_entry (%s) "
                        "SELECT %s FROM floor ORDER BY id",
                        columns,
                        columns,
                    )
                )
    sample = Sample(*median(samples))
    return (
        f"the floor: one INSERT of their {invoices * LINES * 2:,} entries",
        show_ms(sample.cpu),
        f"+ {sample.cpu / plain_cpu:.3f}",
        show_ms(sample.wall),
        show_ms(sample.database),
        1,
    )
