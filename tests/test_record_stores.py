"""The pull against two real learning record stores that differ from each other.

Learning Locker follows the standard; Ralph, keeping files, does not: each difference
that was measured is a test here.
"""

import uuid
from datetime import datetime, timedelta

import pytest

from odoo import SUPERUSER_ID, api

from odoo.addons.partner_channel_lms.tools.lms_api import LmsRefused
from odoo.addons.partner_channel_lms.tools.lms_api_xapi import XapiApi

from .record_stores import servers

COURSE = "https://lms.example.org/course"
ADL = "http://adlnet.gov/expapi/verbs/"
PEOPLE = 6


@pytest.fixture(scope="module")
def locker(tmp_path_factory):
    if not servers.LOCKER:
        pytest.skip("PARTNER_CHANNEL_LEARNING_LOCKER names no server")
    with servers.learning_locker(tmp_path_factory.mktemp("locker")) as address:
        yield address


@pytest.fixture(scope="module")
def ralph(tmp_path_factory):
    if not servers.RALPH:
        pytest.skip("PARTNER_CHANNEL_RALPH names no server")
    with servers.ralph(tmp_path_factory.mktemp("ralph")) as address:
        yield address


@pytest.fixture(params=["locker", "ralph"])
def store(request):
    return request.getfixturevalue(request.param)


def say(person, verb="passed", day="2026-01-01", **values):
    """Return a statement about a person's number."""
    return {
        "id": str(uuid.uuid4()),
        "actor": {"mbox": f"mailto:person{person}@example.org"},
        "verb": {"id": f"{ADL}{verb}"},
        "object": {"objectType": "Activity", "id": COURSE},
        "timestamp": f"{day}T10:00:00.000Z",
        **values,
    }


def read(store, since=None, **options):
    """Return the statements of all pages, by id."""
    client = XapiApi(store, servers.USER, servers.PASSWORD, **options)
    pages = list(client.completions(since))
    assert pages[-1].is_last
    return {one["id"]: one for page in pages for one in page.statements}


def test_all_pages_are_read(store):
    said = [say(number) for number in range(10)]
    assert servers.send(store, said) == 200
    # ten is a multiple of five: Ralph has an empty page more
    for size in (5, 3, 100):
        assert {one["id"] for one in said} <= read(store, page_size=size).keys()


def test_a_conformant_store_filters_by_verb(locker):
    failed = say(1, "failed")
    servers.send(locker, [failed])
    assert failed["id"] in read(locker, by_verb=True)


def test_a_store_that_cannot_filter_is_asked_for_everything(ralph):
    failed = say(1, "failed")
    servers.send(ralph, [failed])
    assert read(ralph, by_verb=True) == {}
    assert failed["id"] in read(ralph)


def test_since_is_of_storing_or_of_happening(locker, ralph):
    """Why there is an overlap, and a full check each night."""
    old = say(2, day="2020-01-01")
    since = datetime.utcnow() - timedelta(days=1)
    for store in (locker, ralph):
        servers.send(store, [old])
    assert old["id"] in read(locker, since)
    assert old["id"] not in read(ralph, since)


def test_what_is_voided_may_still_be_told(locker, ralph):
    passed = say(3)
    void = say(0, "voided")
    void["object"] = {"objectType": "StatementRef", "id": passed["id"]}
    for store in (locker, ralph):
        servers.send(store, [passed])
        servers.send(store, [void])
    assert passed["id"] not in read(locker)
    assert passed["id"] in read(ralph)
    assert void["id"] in read(ralph)


def test_wrong_credentials_are_refused(ralph):
    with pytest.raises(LmsRefused):
        list(XapiApi(ralph, servers.USER, "wrong").completions())


def test_passes_there_are_certificates_here(store, registry_copy):
    """A whole run of the jobs: pull, process, pull again, void."""
    course = f"https://lms.example.org/{uuid.uuid4()}"
    about = {"object": {"objectType": "Activity", "id": course}}
    said = [say(f"{course[-6:]}{number}", **about) for number in range(PEOPLE)]
    servers.send(store, said)
    wrong = say(0, result={"score": {"scaled": 2}}, **about)
    is_strict = servers.send(store, [wrong]) == 400
    with registry_copy.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        provider = connect(env, store, course, said)
        assert run(env, provider) == (PEOPLE, PEOPLE)
        assert run(env, provider) == (0, PEOPLE)
        # what a store takes against the standard is not believed here
        invalid = [("provider_id", "=", provider.id), ("reason", "=", "invalid")]
        assert bool(env["lms.statement"].search_count(invalid)) != is_strict
        # now, as one of the stores filters by when it happened
        now = datetime.utcnow().strftime("%Y-%m-%dT%H:%M:%S.000Z")
        void = say(0, "voided", timestamp=now)
        void["object"] = {"objectType": "StatementRef", "id": said[0]["id"]}
        servers.send(store, [void])
        assert run(env, provider)[1] == PEOPLE - 1
        provider.action_switch_off()
        cr.commit()


def connect(env, store, course, said):
    """Return a learning system that is on, with its course and people."""
    provider = env["lms.provider"].create(
        {
            "name": store,
            "endpoint": store,
            "username": servers.USER,
            "password": servers.PASSWORD,
            "page_size": 4,
        }
    )
    kind = env["partner.certification.type"].create({"name": course})
    env["lms.course"].create(
        {
            "name": course,
            "provider_id": provider.id,
            "activity": course,
            "type_id": kind.id,
        }
    )
    for one in said:
        person = env["res.partner"].create({"name": one["id"]})
        env["lms.identity"].create(
            {
                "provider_id": provider.id,
                "actor_key": f"mbox:{one['actor']['mbox']}",
                "partner_id": person.id,
            }
        )
    provider.action_switch_on()
    return provider


def run(env, provider):
    """Run the jobs; return new statements of the people and valid certificates."""
    tied = [("provider_id", "=", provider.id), ("partner_id", "!=", False)]
    before = env["lms.statement"].search_count(tied)
    env["lms.provider"]._cron_pull()
    env["lms.statement"]._cron_process()
    env.invalidate_all()
    held = env["partner.certification"].search_count(
        [
            ("lms_course_id", "in", provider.course_ids.ids),
            ("revoked", "=", False),
        ]
    )
    return env["lms.statement"].search_count(tied) - before, held
