"""Portal pages of a partner with few and with many registrations.

The pages go through Odoo's whole HTTP layer, in this process. Beside them the pages
Odoo has by itself, for a partner with as many opportunities in the database without our
addons. What is asserted is the number of queries; times are reported.
"""

from contextlib import contextmanager

import werkzeug.test
import werkzeug.wrappers

from odoo.http import get_default_session, root
from odoo.service.security import compute_session_token

from ..databases import analyze, environment
from .databases import PLAIN, SUITE
from .measure import format_table, measured, median, show_ms
from .portal_data import assign, create_user, get_login, register

SIZES = (20, 20_000)
REPEATS = 3
FILTERED = "/my/deals?filterby=open&sortby=customer"
#: answers grow with what they hold, and so does the number of batches they ask in
FILES = ("/my/deals/export",)
OURS = (
    "/my/home",
    "/my/deals",
    FILTERED,
    "/my/deals?groupby=status",
    "/my/deals/board",
    "/my/deals/%s",
    "/my/deals/new",
    "/my/deals/import",
    *FILES,
)
ODOOS = ("/my/home", "/my/opportunities", "/my/opportunity/%s")


def run(report):
    """Measure and report; return whether no page's queries grow with the data.

    :param report: called with each line
    """
    rows, steady = [], True
    for name, pages, prepare in (
        (SUITE, OURS, register),
        (PLAIN, ODOOS, assign),
        (SUITE, ODOOS[1:], None),
    ):
        if prepare:
            with environment(name) as env:
                for size in SIZES:
                    prepare(env, create_user(env, size), size)
                env.cr.commit()
            analyze(name)
        results = {size: _measure_pages(name, size, pages) for size in SIZES}
        owner = "with our addons" if name == SUITE else "Odoo alone"
        for page in pages:
            few, many = (results[size][page] for size in SIZES)
            grows = many.queries > few.queries
            if page in OURS and page not in FILES and grows and name == SUITE:
                steady = False
            rows.append(
                (
                    page % "…" if "%s" in page else page,
                    owner,
                    show_ms(few.wall),
                    show_ms(many.wall),
                    few.queries,
                    many.queries,
                )
            )
    few, many = SIZES
    times = [
        f"{what} of {size:,}" for what in ("ms", "queries") for size in (few, many)
    ]
    head = ("Page", "", *times)
    report(format_table("Portal pages by number of registrations", head, rows))
    report("Goal: no page of ours takes more queries with more registrations.")
    return steady


@contextmanager
def _browser(env, user):
    """Provide a client that is logged in as the user."""
    session = root.session_store.new()
    session.update(get_default_session(), db=env.cr.dbname, _trace_disable=True)
    session.uid, session.login = user.id, user.login
    session.context = dict(user.with_user(user).context_get())
    session.session_token = compute_session_token(session, user.with_user(user).env)
    root.session_store.save(session)
    client = werkzeug.test.Client(root, werkzeug.wrappers.Response)
    client.set_cookie("session_id", session.sid, domain="localhost")
    try:
        yield client
    finally:
        root.session_store.delete(session)


def _measure_pages(name, size, pages):
    """Return {page: median sample} for the user with so many registrations."""
    with environment(name) as env:
        user = env["res.users"].search([("login", "=", get_login(size))])
        domain = [("partner_assigned_id", "=", user.partner_id.parent_id.id)]
        lead = env["crm.lead"].search([*domain, ("type", "=", "opportunity")], limit=1)
        with _browser(env, user) as client:
            return {
                page: _measure_page(client, page % lead.id if "%s" in page else page)
                for page in pages
            }


def _measure_page(client, url):
    # The first visit fills caches that all users share, and leads to the page's own
    # address, where the record's number is followed by its name.
    response = client.get(url, follow_redirects=True)
    samples, url = [], response.request.full_path.rstrip("?")
    for _turn in range(REPEATS):
        with measured(samples):
            response = client.get(url)
            response.get_data()
        if response.status_code != 200:
            raise ValueError(f"{url} answers {response.status}")
    return median(samples)
