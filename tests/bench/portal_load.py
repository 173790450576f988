"""Portal pages under load, among a million leads, beside Odoo's own.

A real server of two processes for each database; ``wrk`` keeps eight connections busy.
The partner has 20,000 registrations and, in Odoo alone, as many opportunities.
"""

import re
import shutil
import statistics
import subprocess
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from odoo.modules.registry import Registry

from ..databases import analyze, copy, drop, environment
from ..server import Person, serving
from . import conflicts_data, portal_weight
from .databases import LABELS, PLAIN, SUITE
from .measure import format_table
from .portal_data import assign, create_user, publish_assets, register

REGISTRATIONS, ASSETS = 20_000, 1_000
WORKERS, CONNECTIONS, SECONDS, REPEATS = 2, 8, 8, 3
MEASURED = "/my/opportunities"
HOME, GOAL_HOME = "/my/home", 1.5
OURS = (
    HOME,
    "/my/deals",
    "/my/deals?filterby=open&sortby=customer",
    "/my/deals?groupby=status",
    "/my/deals?search=Customer+20000-77&search_in=all",
    "/my/deals/board",
    "/my/deals/%s",
    "/my/deals/new",
    "/my/deals/import",
    "/my/offers",
    "/my/library",
    "/my/team",
    "/my/commissions",
    "/my/commissions/how",
    "/my/statements",
)
ODOOS = (HOME, MEASURED, "/my/opportunity/%s")
#: the databases that are copied, and the pages of each
SIDES = {PLAIN: ODOOS, SUITE: OURS}
_MEDIAN = re.compile(r"^\s+50%\s+([\d.]+)(us|ms|s)\s*$", re.M)
_RATE = re.compile(r"^Requests/sec:\s+([\d.]+)", re.M)
_FAILED = re.compile(r"^\s+(Non-2xx.*|Socket errors:.*)$", re.M)
_UNITS = {"us": 0.001, "ms": 1, "s": 1000}


class Load(NamedTuple):
    """What ``wrk`` saw of a page: median in milliseconds, pages a second."""

    median: float
    rate: float


def run(report):
    """Measure and report; return whether the goals are met.

    :param report: called with each line
    """
    if not shutil.which("wrk"):
        report("Left out: wrk is missing, install it with: apt-get install wrk")
        return False
    with _prepared() as users, ExitStack() as stack:
        sides = {
            LABELS[source]: _Side(stack, *user, SIDES[source])
            for source, user in users.items()
        }
        met = _report_loads(report, _measure(sides))
        weighed = {label: (side.url, side.session) for label, side in sides.items()}
        return portal_weight.run(report, weighed) and met


class _Side:
    """One database with its server and the seller who is logged in."""

    def __init__(self, stack, name, user_id, lead_id, pages):
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        self.url = stack.enter_context(serving(name, folder / "log", WORKERS))
        self.person = person = Person(self.url, Registry(name), user_id)
        self.session = person.browser.cookies["session_id"]
        self.pages = {page: page.replace("%s", str(lead_id)) for page in pages}
        for page, path in self.pages.items():
            # the address a page leads to, with the record's name in it
            answer = person.browser.get(self.url + path, timeout=180)
            answer.raise_for_status()
            self.pages[page] = answer.url
        self.check()

    def check(self):
        """See that each page is shown itself: wrk takes a way to the log-in for it."""
        for page, url in self.pages.items():
            answer = self.person.browser.get(url, timeout=180, allow_redirects=False)
            if answer.status_code != 200 or "/web/login" in url:
                raise ValueError(f"{page}: {answer.status_code} {url}")

    def load(self, page, seconds=SECONDS):
        """Return the :class:`Load` of a page."""
        said = subprocess.run(
            [
                *("wrk", "--latency", "--threads=1", f"--connections={CONNECTIONS}"),
                *(f"--duration={seconds}s", "--timeout=60s"),
                *("--header", f"Cookie: session_id={self.session}", self.pages[page]),
            ],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        if failed := _FAILED.search(said):
            raise ValueError(f"{page}: {failed[1]}")
        value, unit = _MEDIAN.search(said).groups()
        return Load(float(value) * _UNITS[unit], float(_RATE.search(said)[1]))


@contextmanager
def _prepared():
    """Provide copies full of data: ``{source: (name, user_id, lead_id)}``."""
    names = {source: f"{source}_load" for source in SIDES}
    try:
        users = {}
        for source, name in names.items():
            drop(name)
            copy(source, name)
            with environment(name) as env:
                users[source] = (name, *_fill(env, source == SUITE))
                env.cr.commit()
            analyze(name)
        yield users
    finally:
        drop(*names.values())


def _fill(env, ours):
    """Make the leads and the seller; return the ids of the user and of a deal."""
    user = create_user(env, REGISTRATIONS)
    if ours:
        conflicts_data.fill(env)
        register(env, user, REGISTRATIONS)
        publish_assets(env, ASSETS)
    else:
        conflicts_data.fill_leads(env)
        assign(env, user, REGISTRATIONS)
    env.flush_all()
    domain = [
        ("partner_assigned_id", "=", user.partner_id.parent_id.id),
        ("type", "=", "opportunity"),
    ]
    return user.id, env["crm.lead"].search(domain, limit=1).id


def _measure(sides):
    """Return ``{(label, page): Load}``, medians of the runs; the sides take turns."""
    runs = {}
    # the first turn warms all up
    for turn in range(REPEATS + 1):
        for label, side in sides.items():
            for page in side.pages:
                load = side.load(page, SECONDS if turn else 2)
                if turn:
                    runs.setdefault((label, page), []).append(load)
    for side in sides.values():
        side.check()
    return {
        key: Load(*map(statistics.median, zip(*loads, strict=True)))
        for key, loads in runs.items()
    }


def _report_loads(report, loads):
    beside = loads[LABELS[PLAIN], MEASURED].median
    rows, met = [], True
    for (label, page), load in loads.items():
        times = load.median / beside
        if label == LABELS[SUITE]:
            met &= times <= (GOAL_HOME if page == HOME else 1)
        rows.append(
            (page.replace("%s", "…"), label, f"{load.median:,.0f}", f"{load.rate:.1f}")
            + (f"{times:.2f}",)
        )
    head = ("Page", "", "median ms", "pages/s", f"× {MEASURED}")
    title = f"{CONNECTIONS} connections, {WORKERS} processes, 1,000,000 leads"
    report(format_table(title, head, rows))
    report(
        f"Goals: no page above the median of {MEASURED} in Odoo alone, "
        f"{HOME} at most {GOAL_HOME} × of it."
    )
    return met
