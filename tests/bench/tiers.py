"""The nightly review of tiers and health, of 1,000 and of 10,000 partners.

Each night runs in a process of its own, as a scheduled job does; beside it the same
metrics measured partner by partner. Sales are spread over 200,000 posted invoices.
"""

import json
import subprocess
import sys
from pathlib import Path

from ..databases import analyze, environment
from . import tiers_data
from .databases import SUITE
from .measure import format_table

PARTNERS = tiers_data.PARTNERS
POINTS = (1_000, PARTNERS)
SAMPLE = 200
GOAL_SECONDS, GOAL_MB, GOAL_FORM = 60, 512, 40
MARK = "NIGHT "
NIGHT = """
import json, sys, threading, time
sys.path[:0] = [{root!r}]
from tests.memory import get_peak_mb
thread = threading.current_thread()
thread.query_count, thread.query_time = 0, 0.0
start = time.perf_counter()
{run}
seconds = time.perf_counter() - start
megabytes = get_peak_mb()
print("{mark}" + json.dumps([seconds, thread.query_count, megabytes]))
"""
JOB = """
env["partner.tier.review"]._cron_review_tiers()
env["partner.membership"]._cron_review_health()
"""
LOOP = """
members = env["partner.membership"].search([], limit={sample})
for member in members:
    env.invalidate_all()
    member._review_tiers()
    member._review_health()
"""
FORM = """
action = env["partner.membership"].get_view(view_type="form")
names = [f for f in action["models"]["partner.membership"] if f != "id"]
# the client sends the time zone with every request
member = env["partner.membership"].with_context(tz="Europe/Berlin").search([], limit=1)
member.web_read({{name: {{}} for name in names}})
env.flush_all(); env.invalidate_all()
thread.query_count, start = 0, time.perf_counter()
member.web_read({{name: {{}} for name in names}})
"""


def run(report):
    """Measure and report; return whether the goals are met.

    :param report: called with each line
    """
    with environment(SUITE) as env:
        expected = tiers_data.fill(env)
        env.cr.commit()
    analyze(SUITE)
    first = _run_night(PARTNERS)
    with environment(SUITE) as env:
        right = tiers_data.read_tiers(env) == expected
        changes = env["partner.tier.review"].search_count([("state", "=", "applied")])
    nights = {count: _run_night(count) for count in POINTS}
    loop = _run(LOOP.format(sample=SAMPLE))
    form = _run(FORM.format())
    rows = [(f"first night, {PARTNERS:,} partners, {changes:,} change", *_show(first))]
    rows += [
        (f"a night, {count:,} partners", *_show(night, count))
        for count, night in nights.items()
    ]
    rows.append((f"one by one, {SAMPLE} partners", *_show(loop, SAMPLE)))
    rows.append(("opening a partner's form", *_show(form)))
    head = ("Review of tiers and health", "s", "ms a partner", "queries", "peak MB")
    report(
        format_table(
            f"Tiers and health by {tiers_data.INVOICES:,} invoices", head, rows
        )
    )
    report(f"Tiers as worked out apart: {'yes' if right else 'NO'}.")
    few, many = (nights[count][1] for count in POINTS)
    report(
        f"Goal: at most {GOAL_SECONDS} s and {GOAL_MB} MB, as many queries for "
        f"{POINTS[0]:,} partners as for {POINTS[1]:,}, a form of {GOAL_FORM}."
    )
    return (
        right
        and max(first[0], nights[PARTNERS][0]) <= GOAL_SECONDS
        and max(first[2], nights[PARTNERS][2]) <= GOAL_MB
        and few == many
        and form[1] <= GOAL_FORM
    )


def _show(figures, count=None):
    seconds, queries, megabytes = figures
    each = f"{1000 * seconds / count:.2f}" if count else ""
    return (f"{seconds:.2f}", each, f"{queries:,}", f"{megabytes:.0f}")


def _run_night(count):
    """Review the first so many partners as if it were a new night."""
    with environment(SUITE) as env:
        tiers_data.leave_to_review(env, count)
        env.cr.commit()
    return _run(JOB)


def _run(code):
    """Run code in a process of its own; return seconds, queries and megabytes."""
    done = subprocess.run(
        [sys.executable, sys.argv[0], "shell", "-d", SUITE, "--no-http"],
        input=NIGHT.format(run=code, mark=MARK, root=str(Path(__file__).parents[2])),
        capture_output=True,
        text=True,
        check=False,
    )
    for line in done.stdout.splitlines():
        if MARK in line:
            return json.loads(line[line.index(MARK) + len(MARK) :])
    raise RuntimeError(f"The review did not end:\n{done.stderr[-2000:]}")
