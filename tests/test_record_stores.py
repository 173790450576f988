"""The pull against two real learning record stores that differ from each other.

Learning Locker follows the standard; Ralph, keeping files, does not: each difference
that was measured is a test here.
"""

import uuid
from datetime import datetime, timedelta

import pytest

from odoo import SUPERUSER_ID, api

from odoo.addons.partner_channel_lms.tools.lms_api import LmsBroken, LmsRefused
from odoo.addons.partner_channel_lms.tools.lms_api_xapi import XapiApi

from .record_stores import servers
from .record_stores.talk import ask, connect, get_ids, read, run, say

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


# === EACH DIFFERENCE, AND WHAT IT MEANS FOR US === #


def test_the_order_is_of_storing_or_of_pages(locker, ralph):
    for store in (locker, ralph):
        for number in range(4):
            servers.send(store, [say(number)])
    newest_first = get_ids(locker, limit=1000)
    assert get_ids(locker, limit=1000, ascending="true") == newest_first[::-1]
    # the same first page, only turned round
    page = get_ids(ralph, limit=3)
    assert get_ids(ralph, limit=3, ascending="true") == page[::-1]


def test_one_statement_is_told_bare_or_as_a_list(locker, ralph):
    said = say(1)
    for store, is_bare in ((locker, True), (ralph, False)):
        servers.send(store, [said])
        answer = ask(store, params={"statementId": said["id"]}).json()
        assert ("statements" not in answer) == is_bare
        client = XapiApi(store, servers.USER, servers.PASSWORD)
        address = client._get_address({"statementId": said["id"]})
        [page] = client._follow(address)
        assert [one["id"] for one in page.statements] == [said["id"]]


def test_the_same_again_is_taken_or_a_conflict(locker, ralph):
    said = say(1)
    del said["timestamp"]
    place = {"params": {"statementId": said["id"]}, "json": said}
    assert servers.send(locker, [said]) == 200
    assert servers.send(locker, [said]) == 200
    assert ask(ralph, "PUT", **place).status_code == 204
    # it gives each its own time, and finds the two different
    assert ask(ralph, "PUT", **place).status_code == 409
    for store in (locker, ralph):
        assert said["id"] in read(store)


def test_the_same_instant_elsewhere_is_a_conflict(store):
    said = say(1)
    assert servers.send(store, [said]) == 200
    elsewhere = {**said, "timestamp": "2026-01-01T12:00:00.000+02:00"}
    assert servers.send(store, [elsewhere]) == 409
    assert said["id"] in read(store)


def test_what_is_wrong_is_400_or_422(locker, ralph):
    wrong = say(1)
    del wrong["verb"]
    for store, status in ((locker, 400), (ralph, 422)):
        assert servers.send(store, [wrong]) == status
    # the other one passes over a moment it does not understand
    assert ask(ralph, params={"since": "soon"}).status_code == 422
    client = XapiApi(ralph, servers.USER, servers.PASSWORD)
    with pytest.raises(LmsBroken):
        client._read(client._get_address({"since": "soon"}))
    # not understood is not the same as of another version
    assert client.version == "1.0.3"


def test_a_version_is_demanded_or_not_looked_at(locker, ralph):
    for version in ("", "2.0.0"):
        assert ask(locker, version=version).status_code == 400
        assert ask(ralph, version=version).status_code == 200
    for store in (locker, ralph):
        client = XapiApi(store, servers.USER, servers.PASSWORD)
        list(client.completions())
        assert client.version == "1.0.3"
    # there is no way back from the other version
    with pytest.raises(LmsBroken):
        read(locker, version="2.0.0")
    assert read(ralph, version="2.0.0").keys() == read(ralph).keys()


def test_how_far_an_answer_is_complete_may_not_be_told(locker, ralph):
    for store, is_told in ((locker, True), (ralph, False)):
        servers.send(store, [say(1)])
        pages = list(XapiApi(store, servers.USER, servers.PASSWORD).completions())
        assert all(bool(page.through) == is_told for page in pages)


def test_no_limit_is_never_asked_for(store):
    """Which one of the stores takes for all it has."""
    said = [say(number) for number in range(3)]
    servers.send(store, said)
    assert ask(store, params={"limit": 0}).status_code == 200
    client = XapiApi(store, servers.USER, servers.PASSWORD, page_size=0)
    assert "limit=500&" in client._ask(None, None, None)
    assert {one["id"] for one in said} <= read(store, page_size=0).keys()


def test_more_is_relative_and_ends_differently(locker, ralph):
    for store in (locker, ralph):
        servers.send(store, [say(number) for number in range(3)])
        page = ask(store, params={"limit": 1}).json()
        assert page["more"].startswith("/")
        assert ("pit_id" in page["more"]) == (store == ralph)
    assert ask(locker, params={"limit": 1000}).json()["more"] == ""
    assert "more" not in ask(ralph, params={"limit": 1000}).json()


def test_a_pull_takes_each_once_and_knows_the_newest(store, registry_copy):
    """Whatever the order and the ends of pages, and with all said twice."""
    course = f"https://lms.example.org/{uuid.uuid4()}"
    about = {"object": {"objectType": "Activity", "id": course}}
    said = [say(f"{course[-6:]}{number}", **about) for number in range(PEOPLE)]
    for one in [*said, *said]:
        servers.send(store, [one])
    newest = max(one["stored"] for one in read(store).values())
    with registry_copy.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        provider = connect(env, store, course, said)
        assert run(env, provider) == (PEOPLE, PEOPLE)
        log = env["lms.sync.log"].search(
            [("provider_id", "=", provider.id)], order="id desc", limit=1
        )
        assert log.state == "done"
        assert provider.version == "1.0.3"
        # up to the newest, or a minute behind where nothing is told
        newest = datetime.fromisoformat(newest[:19])
        now = datetime.utcnow() - timedelta(seconds=120)
        assert min(newest, now) <= provider.date_cursor <= newest
        provider.action_switch_off()
        cr.commit()
