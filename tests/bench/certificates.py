"""The nights of 500,000 certificates of 100,000 people, by each nightly job.

Certificates end evenly over two years, so that each night some hundreds enter the time
to be renewed and as many end. ``CERTIFICATE_SHARE=0.1`` makes a tenth of all.
"""

from collections.abc import Callable
from typing import NamedTuple

from odoo import fields

from ..databases import analyze, environment
from . import certificates_data as data
from .databases import SUITE
from .measure import format_table, measured

#: seconds of a night's jobs of certificates; those of learning paths are only reported
GOAL = 60


class Job(NamedTuple):
    """A nightly job: its work, what counts it before and after, what is due.

    ``is_timed`` tells whether the goal is about it.
    """

    name: str
    work: Callable
    count: Callable
    expected: Callable
    is_timed: bool = True


def run(report):
    """Measure and report; return whether the goal is met.

    :param report: called with each line
    """
    with environment(SUITE) as env:
        data.fill(env)
        env.cr.commit()
    analyze(SUITE)
    rows, right, timed, total, queries = [], True, 0, 0, 0
    for job in JOBS:
        done, due, sample = _measure(job)
        right = right and done == due
        total += sample.wall
        queries += sample.queries
        timed += sample.wall if job.is_timed else 0
        rows.append((job.name, f"{done:,}", f"{sample.wall:.1f}", sample.queries))
        if done != due:
            report(f"{job.name}: {due:,} are due, {done:,} were done")
    rows.append(("of certificates", "", f"{timed:.1f}", ""))
    rows.append(("all", "", f"{total:.1f}", queries))
    title = (
        f"{data.CERTIFICATES:,} certificates of {data.PEOPLE:,} people of"
        f" {data.PARTNERS:,} partners, {data.ENROLMENTS:,} on a learning path"
    )
    report(format_table(title, ("Job", "records", "s", "queries"), rows))
    report(f"Goal: {GOAL} s for certificates; all that is due, nothing twice.")
    return right and timed <= GOAL


def _measure(job):
    """Return how many records a job was done with, how many were due, the sample."""
    with environment(SUITE) as env:
        due, before, samples = job.expected(env), job.count(env), []
        with measured(samples, env.cr):
            job.work(env)
            env.cr.commit()
        env.invalidate_all()
        return job.count(env) - before, due, samples[0]


def _sum(env):
    env["partner.certification"]._run_sums()


def _count_sums(env):
    return env["partner.certification"].search_count([("sum_key", "!=", False)])


def _follow(env):
    env["partner.certification"]._cron_follow_certifications()


def _foresee(env):
    env["partner.membership"]._cron_forecast_certifications()


def _count_due(env):
    """Return how many certificates there are to tell of."""
    certificates, today = env["partner.certification"], fields.Date.today()
    return sum(
        certificates.search_count(certificates._get_telling_domain(kind, today))
        for kind in ("ended", "expiring")
    )


def _count_told(env):
    """Return how many reminders were told: of the time to renew, and of the end."""
    env.cr.execute(
        "SELECT COUNT(*) FILTER (WHERE date_told_ended IS NOT NULL)"
        " + COUNT(*) FILTER (WHERE date_told_expiring IS NOT NULL"
        " AND date_expiry >= %s) FROM partner_certification",
        [fields.Date.today()],
    )
    return env.cr.fetchone()[0]


def _count_losses(env):
    return env["partner.certification.forecast"].search_count([])


def _review(env):
    env["learning.enrolment"]._cron_review()


def _count_reminded(env):
    """Return how many people on the path were reminded of what is due next."""
    env.cr.execute(
        "SELECT COUNT(*) FROM learning_enrolment WHERE reminded_for = date_next"
    )
    return env.cr.fetchone()[0]


def _count_to_remind(env):
    """Return how many are due in a week from now on, the path's own days."""
    env.cr.execute(
        "SELECT COUNT(*) FROM learning_enrolment"
        " WHERE date_next <= CURRENT_DATE + 7 AND reminded_for IS NULL"
    )
    return env.cr.fetchone()[0]


def _enrol(env):
    env["learning.path"]._cron_enrol()


def _count_enrolled(env):
    return env["learning.enrolment"].search_count([])


JOBS = (
    Job("sums of certificates", _sum, _count_sums, lambda env: data.SUMS),
    Job("states and reminders", _follow, _count_told, _count_due),
    Job("the same again", _follow, _count_told, lambda env: 0),
    Job("what is at risk", _foresee, _count_losses, lambda env: data.LOSING),
    Job("on learning paths", _review, _count_reminded, _count_to_remind, False),
    Job(
        "for whom paths are", _enrol, _count_enrolled, lambda env: data.NEWCOMERS, False
    ),
)
