"""Asking a learning system: killed with -9, by two servers at once, without an end.

In processes of their own, on a copy of the database, against a small record store in
this one. The cursor never passes what was not stored, and nothing is stored twice.
"""

import contextlib
import itertools
import signal
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from odoo import SUPERUSER_ID, api

from odoo.addons.partner_channel_lms.tests.lrs_stand_in import LrsStandIn

from .shells import end_all, finish_job, run_after_kill, start_shell, wait_for

COURSE = "https://lms.example.org/killed"
PEOPLE, DAYS, PAGE = 8, 3, 2
SAID = PEOPLE * DAYS
MOST_MB = 512
ROOT = str(Path(__file__).parents[1])
#: ``BATCH`` is said when a page is committed, before the next is asked for
_PULL = """
import os, time
from unittest.mock import patch
Cron = type(env["ir.cron"])
commit = Cron._commit_progress
def slowly(self, processed=0, **kwargs):
    left = commit(self, processed, **kwargs)
    if processed:
        print("BATCH", flush=True)
        time.sleep({pause})
    return left
print("READY", flush=True)
while {sign!r} and not os.path.exists({sign!r}):
    time.sleep(0.02)
with patch.object(Cron, "_commit_progress", slowly):
    env["lms.provider"]._cron_pull()
env.cr.commit()
print("DONE", flush=True)
"""
#: pulls a store of very many pages and says how much memory that took
_LONG = """
import sys
sys.path[:0] = [{root!r}]
from tests.memory import get_peak_mb
env["lms.provider"]._cron_pull()
env.cr.commit()
print("MB", int(get_peak_mb()), flush=True)
print("DONE", flush=True)
"""


@pytest.fixture
def store():
    stand_in = LrsStandIn()
    yield stand_in
    stand_in.close()


@pytest.fixture
def provider(registry_copy, store):
    """The id of a learning system that is on, with its course and people, committed."""
    with registry_copy.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["lms.provider"].search([("state", "=", "on")]).action_switch_off()
        # what other tests have left is none of the jobs' here
        env["lms.statement"].search([("state", "=", "new")]).write({"state": "ignored"})
        record = connect(env, store)
        record.action_switch_on()
    return record.id


def connect(env, store):
    """Create the learning system of a record store, its course and its people."""
    record = env["lms.provider"].create(
        {
            "name": "Killed",
            "endpoint": store.url,
            "username": "odoo",
            "password": "secret",
            "page_size": PAGE,
        }
    )
    kind = env["partner.certification.type"].create({"name": "Killed"})
    env["lms.course"].create(
        {
            "name": "Killed",
            "provider_id": record.id,
            "activity": COURSE,
            "type_id": kind.id,
        }
    )
    people = env["res.partner"].create(
        [{"name": f"Person {number}"} for number in range(PEOPLE)]
    )
    env["lms.identity"].create(
        [
            {
                "provider_id": record.id,
                "actor_key": f"mbox:mailto:p{number}@example.org",
                "partner_id": person.id,
            }
            for number, person in enumerate(people)
        ]
    )
    return record


def say(number):
    """Return a pass of one of the people; each is stored a minute after another."""
    stored = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
    stored += timedelta(minutes=number)
    return {
        "id": str(uuid.uuid4()),
        "actor": {"mbox": f"mailto:p{number % PEOPLE}@example.org"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/passed"},
        "object": {"id": COURSE},
        "timestamp": f"2026-01-0{1 + number // PEOPLE % DAYS}T10:00:00Z",
        "stored": f"{stored:%Y-%m-%dT%H:%M:%SZ}",
    }


def look(registry, provider):
    """Return the ids of statements here, each as often as it is, and the cursor."""
    with registry.cursor() as cr:
        cr.execute(
            "SELECT statement_id FROM lms_statement WHERE provider_id = %s", [provider]
        )
        ids = [row[0] for row in cr.fetchall()]
        cr.execute("SELECT date_cursor FROM lms_provider WHERE id = %s", [provider])
        return sorted(ids), cr.fetchone()[0]


def start(registry, sign="", pause=0.0):
    return start_shell(registry, _PULL.format(sign=str(sign), pause=pause))


def finish_pull(registry):
    server = start(registry)
    try:
        wait_for(server, "READY")
        finish_job(server)
    finally:
        end_all([server])


def test_killed_between_two_pages_it_goes_on_where_it_was(
    registry_copy, provider, store
):
    store.statements = [say(number) for number in range(SAID)]
    told = sorted(one["id"] for one in store.statements)
    server = start(registry_copy, pause=0.5)
    try:
        wait_for(server, "READY")
        for _page in range(3):
            wait_for(server, "BATCH")
        server.send_signal(signal.SIGKILL)
        server.wait(30)
    finally:
        end_all([server])
    ids, cursor = look(registry_copy, provider)
    assert ids == sorted(one["id"] for one in store.statements[: 3 * PAGE])
    assert cursor is None
    asked = len(store.asked)
    finish_pull(registry_copy)
    assert "start=6" in store.asked[asked], "not from the beginning"
    ids, cursor = look(registry_copy, provider)
    assert ids == told
    newest = store.statements[-1]["stored"]
    assert cursor == datetime.strptime(newest, "%Y-%m-%dT%H:%M:%SZ")


def test_killed_while_it_waits_for_an_answer_nothing_is_passed_over(
    registry_copy, provider, store
):
    """What the page said that never came is read the next time."""
    store.statements = [say(number) for number in range(SAID)]
    server = start(registry_copy)
    answer = store.answer

    def hang(handler):
        if "start=4" in handler.path and server.poll() is None:
            server.send_signal(signal.SIGKILL)
            server.wait(30)
        # whom it is for is gone
        with contextlib.suppress(OSError):
            answer(handler)

    store.answer = hang
    try:
        server.wait(120)
    finally:
        end_all([server])
    assert server.returncode == -signal.SIGKILL
    ids, cursor = look(registry_copy, provider)
    assert (len(ids), cursor) == (4, None)
    finish_pull(registry_copy)
    ids, _cursor = look(registry_copy, provider)
    assert ids == sorted(one["id"] for one in store.statements)


def test_two_servers_at_once_ask_once(registry_copy, provider, store, tmp_path):
    store.statements = [say(number) for number in range(SAID)]
    sign = tmp_path / "go"
    servers = [start(registry_copy, sign, 0.02) for _server in range(2)]
    try:
        for server in servers:
            wait_for(server, "READY")
        sign.touch()
        for server in servers:
            finish_job(server)
    finally:
        end_all(servers)
    ids, cursor = look(registry_copy, provider)
    assert ids == sorted(one["id"] for one in store.statements)
    assert cursor
    pages = [address for address in store.asked if "start=" in address]
    assert len(pages) == len(set(pages)), "a page was asked for twice at a time"


def test_processing_that_is_killed_certifies_each_once(
    registry_copy, provider, store, tmp_path
):
    store.statements = [say(number) for number in range(SAID)]
    finish_pull(registry_copy)

    def count():
        with registry_copy.cursor() as cr:
            cr.execute(
                """
                SELECT COUNT(*), COUNT(DISTINCT (held.partner_id, held.evidence_date))
                  FROM partner_certification held
                  JOIN lms_course course ON course.id = held.lms_course_id
                 WHERE course.provider_id = %s AND held.revoked IS NOT TRUE
                """,
                [provider],
            )
            return cr.fetchone()

    def check():
        # two batches of four, each of another person or day
        assert count() == (8, 8)

    code = 'env["lms.statement"]._cron_process()'
    run_after_kill(registry_copy, "lms.statement", code, 4, tmp_path, check)
    assert count() == (SAID, SAID)
    with registry_copy.cursor() as cr:
        cr.execute(
            "SELECT DISTINCT state FROM lms_statement WHERE provider_id = %s",
            [provider],
        )
        assert cr.fetchall() == [("matched",)]


def test_very_many_pages_take_little_memory(registry_copy, provider, store):
    """40,000 statements; the store tells of the next page only."""
    size, pages = 1_000, 40
    numbers = itertools.count()
    body = [say(number % SAID) for number in range(size)]

    def page(_query):
        number = next(numbers)
        for place, one in enumerate(body):
            one["id"] = str(uuid.UUID(int=number * size + place))
            # of no course of ours: it is kept all the same
            one["object"] = {"id": "https://lms.example.org/unknown"}
        more = f"/xapi/statements?page={number + 1}" if number < pages else ""
        return {"statements": body, "more": more}

    store._page = page
    with registry_copy.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["lms.provider"].browse(provider).page_size = size
    server = start_shell(registry_copy, _LONG.format(root=ROOT))
    try:
        said, complaints = server.stdout.read(), server.stderr.read()
    finally:
        end_all([server])
    assert "DONE" in said, complaints
    words = said.split()
    assert int(words[words.index("MB") + 1]) <= MOST_MB
    ids, cursor = look(registry_copy, provider)
    # the first page was the question how old the history is
    assert len(ids) == len(set(ids)) == pages * size
    assert cursor
