"""Two servers keep the books of one invoice at the same moment.

Each books in a transaction of its own, on a copy of the database, the way two requests
do: each on its own connection, repeated when PostgreSQL asks for it.
"""

import threading
from unittest.mock import patch

import pytest

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.service.model import retrying
from odoo.tools import mute_logger

WRITERS = 4


@pytest.fixture(scope="module")
def vendor(registry_with_books):
    """A registry with a company that has accounts, a reseller and a plan."""
    registry = registry_with_books
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        program = env["partner.program"].create(
            {"name": "Simultaneous", "grade_ids": [Command.create({"name": "Entry"})]}
        )
        partner = env["res.partner"].create({"name": "Contoso", "is_company": True})
        env["partner.membership"].create(
            {"partner_id": partner.id, "program_id": program.id}
        ).action_activate()
        env["partner.commission.plan"].create(
            {
                "name": "Simultaneous",
                "program_id": program.id,
                "date_from": "2020-01-01",
                "rule_ids": [
                    Command.create({"role": "resale", "rate": 10, "trigger": "payment"})
                ],
            }
        ).action_activate()
        partner_id = partner.id
    return registry, partner_id


def post_invoice(vendor, booked=True):
    """Post an invoice over 1,000, committed; return its id.

    :param booked: whether the ledger is told
    """
    registry, partner_id = vendor
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        move = env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner_id,
                "invoice_date": "2026-03-10",
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Licence", "price_unit": 1000, "tax_ids": []}
                    )
                ],
            }
        )
        if booked:
            move.action_post()
        else:
            silent = patch.object(type(move), "_sync_commission", lambda *args, **kw: 0)
            with silent:
                move.action_post()
        return move.id


def at_once(vendor, move_id, action):
    """Do something with one invoice on several connections at the same moment.

    :param action: function that takes the invoice
    :return: how many got through
    """
    registry, _partner = vendor
    start = threading.Barrier(WRITERS)
    done = []

    def work():
        threading.current_thread().dbname = registry.db_name
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            move = env["account.move"].browse(move_id)
            # All have read the past before any of them writes.
            assert move.state == "posted"
            start.wait(30)
            retrying(lambda: action(move), env)
            done.append(move_id)

    threads = [threading.Thread(target=work) for _number in range(WRITERS)]
    with mute_logger("odoo.sql_db", "odoo.service.model"):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(180)
    return len(done)


def read_books(vendor, move_id):
    """Return ``{book: (number of entries, sum)}`` of one invoice."""
    registry, _partner = vendor
    with registry.cursor() as cr:
        cr.execute(
            """SELECT book, COUNT(*), SUM(amount_currency)
                 FROM partner_commission_entry WHERE move_id = %s GROUP BY book""",
            [move_id],
        )
        return {book: (count, float(total)) for book, count, total in cr.fetchall()}


@pytest.mark.parametrize("number", range(3))
def test_what_several_book_at_once_is_booked_once(vendor, number):
    move_id = post_invoice(vendor, booked=False)
    assert not read_books(vendor, move_id)
    done = at_once(vendor, move_id, lambda move: move._sync_commission())
    assert done == WRITERS
    assert read_books(vendor, move_id) == {"accrued": (1, 100.0)}


def test_payments_registered_at_once_pay_no_more_than_was_earned(vendor):
    move_id = post_invoice(vendor)

    def pay(move):
        if move.amount_residual:
            move.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=move.ids
            ).create({"amount": min(300.0, move.amount_residual)})._create_payments()

    done = at_once(vendor, move_id, pay)
    assert done
    books = read_books(vendor, move_id)
    assert books["accrued"] == (1, 100.0)
    count, total = books["payable"]
    registry, _partner = vendor
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        move = env["account.move"].browse(move_id)
        settled = move.amount_total - move.amount_residual
        assert total == pytest.approx(100 * settled / move.amount_total)
        assert not move._sync_commission()
    assert count == done
