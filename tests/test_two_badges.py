"""The first badge of a company asked for twice at once, by two servers.

Over HTTP, on a real server of several processes: both answers are badges, there is one
key and one row of the certificate.
"""

import base64
import json

import pytest

from odoo import SUPERUSER_ID, api
from odoo.fields import Command

from .server import Person, all_at_once, serving

AT_ONCE = 6


@pytest.fixture(scope="module")
def earned(registry_copy):
    """A registry, the user who holds a certificate, and its id."""
    with registry_copy.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        company = env["res.partner"].create({"name": "Badges", "is_company": True})
        user = (
            env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": "Holder",
                    "login": "holder@example.com",
                    "group_ids": [Command.set([env.ref("base.group_portal").id])],
                }
            )
        )
        user.partner_id.parent_id = company
        kind = env["partner.certification.type"].create({"name": "At Once"})
        issued = (
            env["partner.certification"]
            ._get_issuer()
            .create(
                {
                    "partner_id": user.partner_id.id,
                    "type_id": kind.id,
                    "date_issued": "2026-01-01",
                }
            )
        )
        return registry_copy, user.id, issued.id


def test_badges_asked_for_at_once_have_one_key(earned, tmp_path):
    registry, user_id, certificate_id = earned
    path = f"/my/certifications/{certificate_id}/badge.jwt"
    log = tmp_path / "server.log"
    with serving(registry.db_name, log, workers=3) as url:
        people = [Person(url, registry, user_id) for _number in range(AT_ONCE)]
        answers = all_at_once(
            [lambda one=one: one.browser.get(f"{url}{path}") for one in people]
        )
    assert [answer.status_code for answer in answers] == [200] * AT_ONCE
    said = [_read(answer.text) for answer in answers]
    assert len({head["kid"] for head, _body in said}) == 1
    assert len({body["id"] for _head, body in said}) == 1
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        assert env["partner.badge.key"].search_count([]) == 1
        assert env["partner.certification.badge"].search_count([]) == 1


def _read(token):
    """Return header and payload of a token."""
    return [
        json.loads(base64.urlsafe_b64decode(part + "=="))
        for part in token.split(".")[:2]
    ]
