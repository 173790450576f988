"""Statements and bills of 1,000 partners out of 100,000 payable entries.

Each job runs in a process of its own, as a scheduled one does: the statements of a
month, then the draft bills of what was accepted, both in restartable batches. OCA's
settlements and bills of as many agent lines run beside, in turns. Each run starts with
a fresh copy of the database.
"""

import datetime
import json
import statistics
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from odoo.tools import config

from ..databases import analyze, copy, drop, environment
from . import statements_data, statements_oca
from .databases import OCA, SUITE, get_sides
from .measure import format_table
from .oca import get_folder

PARTNERS = 1_000
ENTRIES = 100_000
REPEATS = 3
# a day of the last month that is over
DAY = datetime.date.today().replace(day=1) - datetime.timedelta(days=10)
# CPU an entry in parts of OCA's, and memory
GOAL, GOAL_MB = 0.1, 512
HEAD = (
    "Statements",
    "CPU s",
    "CPU ms an entry",
    "wall s",
    "queries",
    "peak MB",
    "batches",
)
MARK = "JOB "
CODE = """
import json, sys
from unittest.mock import patch
sys.path[:0] = [{root!r}]
from tests.bench.measure import measured
from tests.memory import get_peak_mb
Cron = type(env["ir.cron"])
progress, batches, samples = Cron._commit_progress, [], []
def note(self, processed=0, **kwargs):
    if processed:
        batches.append(processed)
    return progress(self, processed, **kwargs)
with measured(samples, env.cr), patch.object(Cron, "_commit_progress", note):
    {job}
    env.cr.commit()
peak = get_peak_mb()
sample = samples[0]
print("{mark}" + json.dumps(
    [sample.cpu, sample.wall, sample.queries, peak, len(batches) or 1]))
"""
STATE = (
    'env["partner.commission.statement"]'
    '._create_period_statements(env.company, "monthly")'
)
BILL = 'env["partner.commission.statement"]._cron_create_bills()'


def run(report):
    """Measure and report; return whether the goals are met.

    :param report: called with each line
    """
    sides = [name for name in get_sides() if name in (OCA, SUITE)]
    for name in sides:
        data = statements_oca if name == OCA else statements_data
        with environment(name) as env:
            data.fill(env, PARTNERS, ENTRIES, DAY)
            env.cr.commit()
        analyze(name)
    runs, right = {name: [] for name in sides}, True
    for _repeat in range(REPEATS):
        for name in sides:
            jobs, ok = (_run_oca if name == OCA else _run_suite)(name)
            runs[name].append(jobs)
            right &= ok
    rows, totals = [], {}
    for name in sides:
        first, second = map(_median, zip(*runs[name], strict=True))
        both = [one + other for one, other in zip(first, second, strict=True)]
        both[3] = max(first[3], second[3])
        totals[name] = both
        what = ("settlements, OCA", "draft bills, OCA", "both, OCA")
        if name == SUITE:
            what = ("statements, ours", "draft bills, ours", "both, ours")
        rows += [
            (title, *_show(figures))
            for title, figures in zip(what, (first, second, both), strict=True)
        ]
    title = f"{ENTRIES:,} payable entries of {PARTNERS:,} partners"
    report(format_table(title, HEAD, rows))
    return _judge(report, totals, right)


def _judge(report, totals, right):
    """Report and return whether the goals are met."""
    ours, theirs = totals[SUITE], totals.get(OCA)
    said = "yes" if right else "NO"
    report(f"Each entry once, each bill its statement's total: {said}.")
    if theirs:
        report(f"Ours takes {ours[0] / theirs[0]:.2f} of OCA's CPU an entry.")
    else:
        report("OCA was left out: whether the goal of time is met cannot be told.")
    report(f"Goal: at most {GOAL:.2f} of OCA's CPU an entry and {GOAL_MB} MB.")
    fast = theirs is not None and ours[0] <= GOAL * theirs[0]
    return right and fast and ours[3] <= GOAL_MB


def _run_suite(source):
    """Return the figures of both jobs, and whether they did what they should."""
    with _fresh(source) as name:
        stated = _run(name, STATE)
        with environment(name) as env:
            right = _accept_all(env)
            env.cr.commit()
        billed = _run(name, BILL)
        with environment(name) as env:
            right = right and _is_billed(env)
    return (stated, billed), right


def _run_oca(source):
    """Return the figures of OCA's two wizards, and whether they did all."""
    with _fresh(source) as name:
        settled = _run(name, statements_oca.SETTLE)
        billed = _run(name, statements_oca.BILL)
        with environment(name) as env:
            right = statements_oca.is_settled(env, PARTNERS, ENTRIES)
    return (settled, billed), right


def _accept_all(env):
    """Have every statement accepted; return whether they hold each entry once."""
    statements = env["partner.commission.statement"].search([])
    entries = sum(statements.mapped("entry_count"))
    statements._with_state_move().write({"state": "accepted"})
    env.company.channel_bill_auto = True
    return (len(statements), entries) == (PARTNERS, ENTRIES)


def _is_billed(env):
    """Return whether each statement has a bill of its own over its total."""
    statements = env["partner.commission.statement"].search([])
    return len(statements.bill_id) == PARTNERS and all(
        statement.bill_id.amount_untaxed == statement.amount_total
        for statement in statements
    )


def _median(some):
    return [statistics.median(values) for values in zip(*some, strict=True)]


def _show(figures):
    cpu, seconds, queries, megabytes, batches = figures
    return (
        f"{cpu:.2f}",
        f"{1000 * cpu / ENTRIES:.3f}",
        f"{seconds:.2f}",
        f"{queries:,.0f}",
        f"{megabytes:.0f}",
        batches,
    )


@contextmanager
def _fresh(source):
    """Provide a copy of a database for the block."""
    name = f"{source}_run"
    drop(name)
    copy(source, name)
    analyze(name)
    try:
        yield name
    finally:
        drop(name)


def _run(name, job):
    """Run a job in a process of its own; return its figures."""
    paths = [*config["addons_path"], *filter(None, [get_folder()])]
    command = [sys.executable, sys.argv[0], "shell", "-d", name, "--no-http"]
    done = subprocess.run(
        [*command, f"--addons-path={','.join(paths)}"],
        input=CODE.format(job=job, mark=MARK, root=str(Path(__file__).parents[2])),
        capture_output=True,
        text=True,
        check=False,
    )
    for line in done.stdout.splitlines():
        if MARK in line:
            return json.loads(line.partition(MARK)[2])
    raise RuntimeError(done.stderr[-4000:])
