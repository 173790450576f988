"""The nightly job of certificates: killed with -9, then run by two servers at once.

In processes of their own, on a copy of the database. Nobody may be told twice, and
nothing be left.
"""

from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields

from .shells import run_after_kill

PEOPLE = 60
BATCH = 5


def hold(env):
    """Let people of many partners hold a certificate that ends soon."""
    kind = env["partner.certification.type"].create({"name": "Killed"})
    people = env["res.partner"].create(
        [{"name": f"Holder {n}", "email": f"h{n}@k.example"} for n in range(PEOPLE)]
    )
    today = fields.Date.today()
    env["partner.certification"]._get_issuer().create(
        [
            {
                "partner_id": person.id,
                "type_id": kind.id,
                "date_issued": today - timedelta(days=300),
                "date_expiry": today + timedelta(days=10),
            }
            for person in people
        ]
    )
    return people.ids


def count(registry, ids):
    """Return how many were told, and the most often anybody was."""
    with registry.cursor() as cr:
        cr.execute(
            """SELECT COUNT(*) FILTER (WHERE mails > 0), MAX(mails) FROM (
                   SELECT COUNT(mail.id) FROM unnest(%s) person (id)
                LEFT JOIN mail_mail_res_partner_rel rel
                       ON rel.res_partner_id = person.id
                LEFT JOIN mail_mail mail ON mail.id = rel.mail_mail_id
                    GROUP BY person.id) told (mails)""",
            [ids],
        )
        return cr.fetchone()


def test_killed_and_run_twice_at_once_all_are_told_once(registry_copy, tmp_path):
    with registry_copy.cursor() as cr:
        ids = hold(api.Environment(cr, SUPERUSER_ID, {}))

    def check():
        assert count(registry_copy, ids) == (2 * BATCH, 1)

    job = 'env["partner.certification"]._cron_follow_certifications()'
    run_after_kill(registry_copy, "partner.certification", job, BATCH, tmp_path, check)
    assert count(registry_copy, ids) == (PEOPLE, 1)
