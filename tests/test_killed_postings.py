"""A batch of invoices is being posted when its server is killed with -9.

At a moment nobody chose, again and again, until all are posted: what is posted has its
whole commission, what is not has none, and nothing is there twice.
"""

import random
import signal
import time

import pytest

from odoo import SUPERUSER_ID, api
from odoo.fields import Command

from .shells import finish_job, start_shell, wait_for

INVOICES, BATCH, KILLS = 120, 10, 3
#: posts what is a draft still, a batch a transaction
POST = """
print("READY", flush=True)
left = env["account.move"].search(
    [("partner_id", "=", {partner_id}), ("state", "=", "draft")], order="id")
while left:
    left[:{batch}].action_post()
    env.cr.commit()
    print("BATCH", flush=True)
    left = left[{batch}:]
print("DONE", flush=True)
"""


@pytest.fixture(scope="module")
def vendor(registry_with_books):
    """A registry, the reseller and the sponsor, and drafts of two lines each."""
    registry = registry_with_books
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        program = env["partner.program"].create(
            {"name": "Killed", "grade_ids": [Command.create({"name": "Entry"})]}
        )
        make_plan(program)
        partner_id = make_partner(program).id
        env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": partner_id,
                    "invoice_date": "2026-03-10",
                    "invoice_line_ids": [
                        Command.create(
                            {"name": name, "price_unit": price, "tax_ids": []}
                        )
                        for name, price in (("Licence", 70), ("Support", 30))
                    ],
                }
                for _number in range(INVOICES)
            ]
        )
    return registry, partner_id


def make_partner(program):
    """Return a reseller that works under a sponsor."""
    env = program.env
    partner, above = env["res.partner"].create(
        [{"name": name, "is_company": True} for name in ("Contoso", "Wholesale")]
    )
    members = env["partner.membership"]
    sponsor = members.create({"partner_id": above.id, "program_id": program.id})
    values = {"partner_id": partner.id, "program_id": program.id}
    member = members.create({**values, "sponsor_id": sponsor.id})
    (sponsor | member).action_activate()
    return partner


def make_plan(program):
    """Pay 10 % of a year's purchases, 20 % from 5,000 on, and 5 % to the sponsor."""
    names = ("amount_from", "amount_to", "rate")
    resale = {
        "role": "resale",
        "rate": 0,
        "trigger": "posting",
        "band_mode": "marginal",
        "band_scope": "year",
        "band_ids": [
            Command.create(dict(zip(names, band, strict=True)))
            for band in ((0, 5_000, 10), (5_000, 0, 20))
        ],
    }
    sponsor = {"role": "sponsor", "rate": 5, "trigger": "posting"}
    plan = program.env["partner.commission.plan"].create(
        {
            "name": "Killed",
            "program_id": program.id,
            "date_from": "2020-01-01",
            "rule_ids": [Command.create(resale), Command.create(sponsor)],
        }
    )
    plan.action_activate()


def read(vendor):
    """Return how many are posted, and ``{(book, role): (entries, sum)}``."""
    registry, partner_id = vendor
    with registry.cursor() as cr:
        cr.execute(
            "SELECT COUNT(*) FROM account_move "
            "WHERE partner_id = %s AND state = 'posted'",
            [partner_id],
        )
        (posted,) = cr.fetchone()
        cr.execute(
            """SELECT entry.book, entry.role, COUNT(*), SUM(entry.amount),
                      COUNT(*) FILTER (WHERE move.state != 'posted')
                 FROM partner_commission_entry entry
                 JOIN account_move move ON move.id = entry.move_id
                WHERE move.partner_id = %s GROUP BY 1, 2""",
            [partner_id],
        )
        books = {}
        for book, role, count, total, orphans in cr.fetchall():
            assert not orphans, "an entry of an invoice that is not posted"
            books[book, role] = count, float(total)
        return posted, books


def expect(posted):
    """Return what the books hold of so many invoices over 100.00."""
    if not posted:
        return {}
    sales = 100 * posted
    bands = 0.1 * min(sales, 5_000) + 0.2 * max(sales - 5_000, 0)
    roles = {"resale": bands, "sponsor": 0.05 * sales}
    return {
        (book, role): (2 * posted, pytest.approx(total))
        for book in ("accrued", "payable")
        for role, total in roles.items()
    }


def test_a_server_killed_while_it_posts_leaves_whole_invoices(vendor):
    registry, partner_id = vendor
    code = POST.format(partner_id=partner_id, batch=BATCH)
    moments, halfway = random.Random(5), []
    for _kill in range(KILLS):
        server = start_shell(registry, code)
        wait_for(server, "READY")
        for _batch in range(moments.randint(1, 2)):
            start = time.monotonic()
            wait_for(server, "BATCH")
        # anywhere in the next one
        time.sleep(moments.uniform(0, time.monotonic() - start))
        server.send_signal(signal.SIGKILL)
        server.wait(30)
        posted, books = read(vendor)
        halfway.append(posted)
        assert posted % BATCH == 0, "a batch is posted whole or not at all"
        assert books == expect(posted)
    assert any(0 < posted < INVOICES for posted in halfway), "killed in the middle"
    finish_job(start_shell(registry, code))
    assert read(vendor) == (INVOICES, expect(INVOICES))
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        moves = env["account.move"].search([("partner_id", "=", partner_id)])
        assert not moves._sync_commission(), "nothing is missing"
