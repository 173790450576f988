"""The nightly job of agreements: killed with -9, then run by two servers at once.

In processes of their own, on a copy of the database. Nothing may end twice, nobody be
told twice, and nothing be left.
"""

import base64
from datetime import timedelta

import pytest

from odoo import SUPERUSER_ID, api
from odoo.fields import Command

from .shells import run_after_kill

AGREEMENTS = 60
BATCH = 5
PDF = base64.b64encode(b"%PDF-1.4 signed by hand")


def sign(env, first, last):
    """Sign an agreement for each of many partners; return the agreements."""
    program = env["partner.program"].create(
        {
            "name": "Signed",
            "grade_ids": [Command.create({"name": "Entry"})],
            "head_id": env.ref("base.user_admin").id,
        }
    )
    template = env["partner.agreement.template"].create(
        {"name": "Terms", "program_id": program.id, "is_required": True}
    )
    env["partner.agreement.version"].create(
        {"template_id": template.id, "text": "<p>Terms</p>", "validity": "endless"}
    ).action_publish()
    partners = env["res.partner"].create(
        [{"name": f"Signer {n}", "is_company": True} for n in range(AGREEMENTS)]
    )
    memberships = env["partner.membership"].create(
        [{"partner_id": p.id, "program_id": program.id} for p in partners]
    )
    memberships.action_activate()
    agreements = env["partner.agreement"].create(
        [
            {
                "membership_id": member.id,
                "template_id": template.id,
                "signed_name": "Ann",
                "signed_document": PDF,
                "date_signed": first,
                "date_from": first,
                "date_to": last,
            }
            for member in memberships
        ]
    )
    agreements.action_sign()
    return agreements


@pytest.fixture(params=["ends", "runs out"])
def case(request, registry_copy):
    """Agreements that have ended, or soon will, committed."""
    with registry_copy.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        today = env.company._get_channel_today()
        days = -1 if request.param == "ends" else 10
        first, last = today - timedelta(days=100), today + timedelta(days=days)
        agreements = sign(env, first, last)
        return registry_copy, request.param, agreements.ids


def test_killed_and_run_twice_at_once_all_is_done_once(case, tmp_path):
    def check():
        assert count_done(case) == 2 * BATCH

    code = 'env["partner.agreement"]._cron_follow_agreements()'
    run_after_kill(case[0], "partner.agreement", code, BATCH, tmp_path, check)
    assert count_done(case) == AGREEMENTS


def count_done(case):
    """Return how many agreements have ended, or are to be renewed; none of them twice.

    An end is a change of the state in the chatter, a renewal is an activity.
    """
    registry, kind, ids = case
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        agreements = env["partner.agreement"].browse(ids)
        if kind == "ends":
            ended = agreements.filtered(lambda a: a.state == "expired")
            moves = ended.message_ids.tracking_value_ids.filtered(
                lambda value: (
                    value.field_id.name == "state" and value.old_value_char == "Signed"
                )
            )
            assert len(moves) == len(ended)
            return len(ended)
        assert set(agreements.mapped("state")) == {"signed"}
        assert all(len(a.activity_ids) <= 1 for a in agreements)
        return len(agreements.filtered("activity_ids"))
