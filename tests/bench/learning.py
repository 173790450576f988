"""100,000 xAPI statements of 10,000 people: judged, stored, matched, certified.

In a process of its own, in pages as a record store sends them; then the same again.
"""

import json
import subprocess
import sys
from pathlib import Path

from ..databases import analyze, environment
from .databases import SUITE
from .measure import format_table

STATEMENTS, PEOPLE, PAGE = 100_000, 10_000, 1_000
GOAL_A_SECOND, GOAL_MB = 1_000, 512
MARK = "LEARNING "
#: of ten statements: what a course's log holds, most of it no proof
VERBS = ("progressed",) * 6 + ("completed", "failed", "passed", "passed")
CODE = """
import json, resource, sys, time, uuid
sys.path[:0] = [{root!r}]
from tests.bench.learning import PAGE, make_statements
from odoo.addons.partner_channel_lms.tools.xapi_statement import read_json, validate
provider = env["lms.provider"].search([("name", "=", "Bench")])
inbox = env["lms.statement"]
pages = [
    json.dumps([*make_statements(first, first + PAGE)])
    for first in range(0, {statements}, PAGE)
]
def run():
    start, stored = time.perf_counter(), 0
    for page in pages:
        judged = [(one, validate(one)) for one in read_json(page)]
        stored += inbox._take_in(provider, judged)[0]
        env.cr.commit()
        env.invalidate_all()
    middle = time.perf_counter()
    inbox._cron_process()
    env.cr.commit()
    end = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    certificates = env["partner.certification"].search_count([])
    unmatched = inbox.search_count([("state", "!=", "matched")])
    return [stored, middle - start, end - middle, peak, certificates, unmatched]
print("{mark}" + json.dumps([run(), run()]))
"""


def make_statements(first, last):
    """Yield statements of numbers, always the same; each tenth person passes twice."""
    for number in range(first, last):
        person, round_ = number % PEOPLE, number // PEOPLE
        yield {
            "id": f"00000000-0000-4000-8000-{number:012x}",
            "actor": {
                "account": {"homePage": "https://lms.example", "name": str(person)}
            },
            "verb": {
                "id": "http://adlnet.gov/expapi/verbs/"
                f"{VERBS[(round_ + person) % len(VERBS)]}",
                "display": {"en": "did"},
            },
            "object": {
                "id": f"https://lms.example/course/{person % 20}",
                "definition": {"name": {"en": "A course"}},
            },
            "result": {"score": {"scaled": 0.8}, "duration": "PT30M"},
            "timestamp": f"2026-01-{1 + round_:02d}T10:00:00Z",
        }


def fill(env):
    """Create the people, their identities, courses and certifications."""
    provider = env["lms.provider"].create({"name": "Bench"})
    companies = env["res.partner"].create(
        [{"name": f"Partner {n}", "is_company": True} for n in range(PEOPLE // 10)]
    )
    people = env["res.partner"].create(
        [
            {"name": f"Person {n}", "parent_id": companies[n // 10].id}
            for n in range(PEOPLE)
        ]
    )
    env["lms.identity"].create(
        [
            {
                "provider_id": provider.id,
                "actor_key": f"account:https://lms.example|{number}",
                "partner_id": person.id,
            }
            for number, person in enumerate(people)
        ]
    )
    kinds = env["partner.certification.type"].create(
        [{"name": f"Competence {number}"} for number in range(20)]
    )
    env["lms.course"].create(
        [
            {
                "name": kind.name,
                "provider_id": provider.id,
                "activity": f"https://lms.example/course/{number}",
                "type_id": kind.id,
            }
            for number, kind in enumerate(kinds)
        ]
    )


def run(report):
    """Measure and report; return whether the goals are met.

    :param report: called with each line
    """
    with environment(SUITE) as env:
        fill(env)
        env.cr.commit()
    analyze(SUITE)
    first, again = _run()
    rows = []
    for name, figures in (("first time", first), ("the same again", again)):
        stored, taking, processing, peak = figures[:4]
        speed = f"{STATEMENTS / (taking + processing):,.0f}"
        seconds = (f"{taking:.1f}", f"{processing:.1f}")
        rows.append((name, f"{stored:,}", *seconds, speed, f"{peak:.0f}"))
    head = ("Import", "new", "s to store", "s to match", "a second", "peak MB")
    report(format_table(f"{STATEMENTS:,} xAPI statements", head, rows))
    passes = STATEMENTS * VERBS.count("passed") // len(VERBS)
    right = first[4:] == again[4:] == [passes, 0]
    report(f"Goal: {GOAL_A_SECOND:,} a second, {GOAL_MB} MB, nothing new the 2nd time.")
    report(f"{first[4]:,} certificates; as worked out: {'yes' if right else 'NO'}.")
    speed = STATEMENTS / sum(first[1:3])
    return (
        right
        and again[0] == 0
        and speed >= GOAL_A_SECOND
        and max(first[3], again[3]) <= GOAL_MB
    )


def _run():
    """Import twice in a process of its own; return the figures of both."""
    done = subprocess.run(
        [sys.executable, sys.argv[0], "shell", "-d", SUITE, "--no-http"],
        input=CODE.format(
            root=str(Path(__file__).parents[2]), statements=STATEMENTS, mark=MARK
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith(MARK)]
    if not lines:
        raise RuntimeError(done.stderr[-4000:])
    return json.loads(lines[-1][len(MARK) :])
