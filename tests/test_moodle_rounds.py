"""Rounds of a Moodle in processes of their own: killed with -9, and two at once.

On a copy of the database, against a stand-in over HTTP. Nothing may be lost, nothing
stored twice, and the place of the round never be past what is stored.
"""

import pytest

from odoo import SUPERUSER_ID, api

from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.addons.partner_channel_lms.tests.moodle_stand_in import TOKEN, MoodleStandIn

from .shells import end_all, finish_job, start_shell, wait_for

PEOPLE = 12
NOON = 1_772_366_400
SCRIPT = """
import time
from unittest.mock import patch
Provider = type(env["lms.provider"])
store = Provider._store_page
def slowly(self, page, log):
    store(self, page, log)
    self.env.flush_all()
    print("BATCH", flush=True)
    time.sleep({pause})
with patch.object(Provider, "_store_page", slowly):
    env["lms.provider"]._cron_pull()
env.cr.commit()
print("DONE", flush=True)
"""


@pytest.fixture(scope="module")
def moodle(registry_copy):
    """A Moodle where twelve people of a partner are done with a course, committed."""
    stand_in = MoodleStandIn()
    stand_in.add_course(2, "Selling")
    with registry_copy.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["lms.provider"].search([]).active = False
        program = env["partner.program"].create({"name": "Rounds", "code": "ROUNDS"})
        env["res.partner.grade"].create({"name": "Entry", "program_id": program.id})
        company = env["res.partner"].create({"name": "Rounds", "is_company": True})
        membership = env["partner.membership"].create(
            {"partner_id": company.id, "program_id": program.id}
        )
        membership.action_activate()
        for number in range(PEOPLE):
            login = f"round{number}@example.org"
            user = mail_new_test_user(
                env, login=login, password=login, groups="base.group_portal"
            )
            user.partner_id.parent_id = company
            stand_in.add_user(100 + number, login)
            stand_in.finish(100 + number, 2, NOON)
    yield stand_in
    stand_in.close()


@pytest.fixture
def provider_id(registry_copy, moodle):
    """A connection to it, asked about three people at a time."""
    with registry_copy.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        provider = env["lms.provider"].create(
            {
                "name": "Rounds",
                "kind": "moodle",
                "endpoint": moodle.url,
                "password": TOKEN,
                "page_size": 3,
            }
        )
        provider.action_switch_on()
    yield provider.id
    with registry_copy.cursor() as cr:
        api.Environment(cr, SUPERUSER_ID, {})["lms.provider"].browse(
            provider.id
        ).unlink()


def look(registry, provider_id):
    """Return how many people have statements, how many there are, and the place."""
    with registry.cursor() as cr:
        cr.execute(
            """SELECT COUNT(DISTINCT actor_key), COUNT(*) FROM lms_statement
                WHERE provider_id = %s""",
            [provider_id],
        )
        people, statements = cr.fetchone()
        cr.execute("SELECT resume FROM lms_provider WHERE id = %s", [provider_id])
        place = (cr.fetchone()[0] or {}).get("pull") or {}
        return people, statements, place.get("more")


def count_before(registry, place):
    """Return how many of the people come before a place, or at it."""
    with registry.cursor() as cr:
        cr.execute(
            """SELECT COUNT(*) FROM res_users
                WHERE login LIKE 'round%%@example.org' AND partner_id <= %s""",
            [int(place or 0)],
        )
        return cr.fetchone()[0]


def test_a_round_killed_in_the_middle_is_finished(registry_copy, provider_id):
    for _time in range(2):
        process = start_shell(registry_copy, SCRIPT.format(pause=30))
        # stored, and not yet committed
        wait_for(process, "BATCH")
        process.kill()
        process.wait()
        people, _statements, place = look(registry_copy, provider_id)
        assert people == count_before(registry_copy, place), "no further than stored"
    process = start_shell(registry_copy, SCRIPT.format(pause=0.5))
    wait_for(process, "BATCH")
    wait_for(process, "BATCH")
    process.kill()
    process.wait()
    people, _statements, place = look(registry_copy, provider_id)
    assert place, "a committed batch moves the place"
    assert people == count_before(registry_copy, place), "no further than stored"
    process = start_shell(registry_copy, SCRIPT.format(pause=0))
    finish_job(process)
    assert look(registry_copy, provider_id) == (PEOPLE, 2 * PEOPLE, None)


def test_two_rounds_at_once_store_everything_once(registry_copy, provider_id):
    processes = [
        start_shell(registry_copy, SCRIPT.format(pause=0.3)) for _server in range(2)
    ]
    try:
        for process in processes:
            # who gives way ends as well, and says so in its run
            finish_job(process)
    finally:
        end_all(processes)
    assert look(registry_copy, provider_id) == (PEOPLE, 2 * PEOPLE, None)
