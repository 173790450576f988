"""Posting customer invoices with a commission plan, beside Odoo alone.

Both databases get the same invoices to the same 20 customers. With our addons the
customers are members of a program with an active plan of 5 % on every line.
"""

import datetime

from odoo.fields import Command

from ..databases import analyze, environment
from .databases import PLAIN, SUITE
from .measure import format_table, measured, median, show_ms

LINES = 5
SIZES = (20, 200)
REPEATS = 3
GOAL = 1.10
CUSTOMERS = 20
# On a database without payments PostgreSQL plans Odoo's query for them badly, and
# posting would be measured many times slower than it is in use.
PAID = 60
DAY = datetime.date(2026, 1, 15)


def run(report):
    """Measure and report; return whether the goal is met.

    :param report: called with each line
    """
    for name in (PLAIN, SUITE):
        with environment(name) as env:
            _prepare(env)
            env.cr.commit()
        analyze(name)
    results = {(name, size): [] for size in SIZES for name in (PLAIN, SUITE)}
    for size in SIZES:
        for turn in range(REPEATS + 1):
            for name in (PLAIN, SUITE) if turn % 2 else (SUITE, PLAIN):
                # The first turn warms both up.
                _post(name, size, results[name, size] if turn else [])
    rows, ratio = [], 0
    for size in SIZES:
        plain, suite = (median(results[name, size]) for name in (PLAIN, SUITE))
        ratio = suite.wall / plain.wall
        rows += [
            (f"{size} invoices, Odoo alone", *_show(plain)),
            (f"{size} invoices, with a plan", *_show(suite)),
            (
                "ratio, more queries",
                f"{ratio:.2f} ×",
                f"{suite.cpu / plain.cpu:.2f} ×",
                f"{suite.database / plain.database:.2f} ×",
                f"+ {suite.queries - plain.queries}",
            ),
        ]
    head = ("Posting", "wall ms", "CPU ms", "in database ms", "queries")
    report(format_table(f"Posting invoices of {LINES} lines", head, rows))
    report(f"Goal: at most {GOAL:.2f} × with {SIZES[-1]} invoices.")
    return ratio <= GOAL


def _show(sample):
    return (
        show_ms(sample.wall),
        show_ms(sample.cpu),
        show_ms(sample.database),
        sample.queries,
    )


def _prepare(env):
    partners = env["res.partner"].create(
        [
            {"name": f"Bench customer {number:02}", "is_company": True, "ref": "bench"}
            for number in range(CUSTOMERS)
        ]
    )
    env["product.product"].create(
        [
            {"name": f"Bench product {number}", "default_code": "bench"}
            for number in range(LINES)
        ]
    )
    if "partner.program" in env:
        _prepare_plan(env, partners)
    moves = _create_invoices(env, PAID)
    moves.action_post()
    env["account.payment.register"].with_context(
        active_model="account.move", active_ids=moves.ids
    ).create({"payment_date": DAY, "group_payment": False})._create_payments()


def _prepare_plan(env, partners):
    program = env["partner.program"].create(
        {
            "name": "Bench",
            "grade_ids": [Command.create({"name": "Bench"})],
        }
    )
    env["partner.membership"].create(
        [{"partner_id": partner.id, "program_id": program.id} for partner in partners]
    ).action_activate()
    env["partner.commission.plan"].create(
        {
            "name": "Bench",
            "program_id": program.id,
            "date_from": DAY,
            "rule_ids": [
                Command.create({"role": "resale", "rate": 5, "trigger": "posting"})
            ],
        }
    ).action_activate()


def _create_invoices(env, count):
    partners = env["res.partner"].search([("ref", "=", "bench")])
    products = env["product.product"].search([("default_code", "=", "bench")])
    return env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": partners[number % len(partners)].id,
                "invoice_date": DAY,
                "invoice_line_ids": [
                    Command.create(_prepare_line(product, 1 + number % 3, 99 + number))
                    for product in products
                ],
            }
            for number in range(count)
        ]
    )


def _prepare_line(product, quantity, price):
    return {
        "product_id": product.id,
        "quantity": quantity,
        "price_unit": price,
        "tax_ids": [Command.clear()],
        # Creating drafts is not measured, and with the balance given Odoo does it in
        # half the time.
        "balance": -quantity * price,
        "amount_currency": -quantity * price,
    }


def _post(name, size, samples):
    """Create drafts, then measure posting them in a transaction of its own."""
    with environment(name) as env:
        ids = _create_invoices(env, size).ids
        env.cr.commit()
    with environment(name) as env:
        moves = env["account.move"].browse(ids)
        with measured(samples, env.cr):
            moves.action_post()
            env.cr.commit()
