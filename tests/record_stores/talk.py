"""What is said to the record stores and read from them, and the jobs that read."""

import uuid

import requests

from odoo.addons.partner_channel_lms.tools.lms_api_xapi import XapiApi

from . import servers

COURSE = "https://lms.example.org/course"
ADL = "http://adlnet.gov/expapi/verbs/"


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


def ask(store, method="GET", version="1.0.3", **options):
    """Return a store's plain answer, as no client of ours would ask.

    :param str version: header of that name; empty: none
    :param options: of ``requests``
    """
    headers = {"X-Experience-API-Version": version} if version else {}
    return requests.request(
        method,
        f"{store}/statements",
        headers=headers,
        auth=(servers.USER, servers.PASSWORD),
        timeout=30,
        **options,
    )


def get_ids(store, **params):
    """Return the ids of a question's first page, in its order."""
    page = ask(store, params=params).json()
    return [one["id"] for one in page["statements"]]


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
