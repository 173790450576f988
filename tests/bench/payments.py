"""Registering payments beside Odoo alone and beside OCA's commissions."""

from ..databases import analyze, environment
from .databases import LABELS, PLAIN, SUITE, get_sides, in_turn
from .measure import format_table, measured, median, show_ms, total
from .sales import LINES, create_invoices, is_prepared, pay, prepare

COUNT = 200
REPEATS = 3
GOAL, GOAL_QUERIES = 1.05, 5
HEAD = ("Paying one invoice", "CPU ms", "×", "wall ms", "in database ms", "queries")


def run(report):
    """Measure and report; return whether the goals are met.

    :param report: called with each line
    """
    sides = get_sides()
    unpaid = {}
    for name in sides:
        with environment(name) as env:
            if not is_prepared(env):
                prepare(env)
            moves = create_invoices(env, COUNT * REPEATS + 1)
            moves.action_post()
            unpaid[name] = moves.ids
            env.cr.commit()
        analyze(name)
    results = _measure(sides, unpaid)
    plain, suite = results[PLAIN], results[SUITE]
    rows = [
        (
            LABELS[name],
            show_ms(sample.cpu / COUNT),
            f"{sample.cpu / plain.cpu:.3f}",
            show_ms(sample.wall / COUNT),
            show_ms(sample.database / COUNT),
            f"{sample.queries / COUNT:.1f}",
        )
        for name, sample in results.items()
    ]
    title = f"Payments of {COUNT} invoices of {LINES} lines, one by one"
    report(format_table(title, HEAD, rows))
    report(f"Goals: CPU at most {GOAL:.2f} ×, at most {GOAL_QUERIES} more queries.")
    more = (suite.queries - plain.queries) / COUNT
    return suite.cpu <= GOAL * plain.cpu and more <= GOAL_QUERIES


def _measure(sides, unpaid):
    """Return the median of the runs of each side: ``{name: Sample}``.

    :param unpaid: ``{name: [move_id]}``, are paid one by one
    """
    runs = {name: [] for name in sides}
    for name in sides:
        # once to warm up
        _pay(name, unpaid[name].pop(), [])
    for repeat in range(REPEATS):
        samples = {name: [] for name in sides}
        for turn in range(COUNT):
            for name in in_turn(sides, repeat + turn):
                _pay(name, unpaid[name].pop(), samples[name])
        for name in sides:
            runs[name].append(total(samples[name]))
    return {name: median(some) for name, some in runs.items()}


def _pay(name, move_id, samples):
    with environment(name) as env, measured(samples, env.cr):
        pay(env["account.move"].browse(move_id))
        env.cr.commit()
