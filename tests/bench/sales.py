"""The same customers, products and invoices for each side of a benchmark.

Each line is paid to two partners: with our addons the customer has two partners of
record, with OCA's two agents; Odoo alone pays nobody.
"""

import datetime

from odoo.fields import Command

LINES = 5
CUSTOMERS = 20
PARTNERS = 10
# On a database without payments PostgreSQL plans Odoo's query for them badly, and
# posting would be measured many times slower than it is in use.
PAID = 60
DAY = datetime.date(2026, 1, 15)
# role and percentage of the two partners
PARTS = (("sourced", 3), ("sold", 5))


def is_prepared(env):
    """Return whether another benchmark has made the data already."""
    return bool(env["product.product"].search_count([("default_code", "=", "bench")]))


def prepare(env, trigger="payment"):
    """Create customers, products, those who are paid, and some paid invoices.

    :param str trigger: when our plan pays, see the rules; OCA's like it
    """
    customers = env["res.partner"].create(
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
    moves = create_invoices(env, PAID)
    moves.action_post()
    pay(moves)
    if "partner.program" in env:
        _prepare_plan(env, customers, trigger)
    if "commission.settlement" in env:
        _prepare_agents(env, customers, trigger)


def _create_partners(env):
    return env["res.partner"].create(
        [
            {"name": f"Bench partner {number:02}", "is_company": True}
            for number in range(PARTNERS)
        ]
    )


def _get_pair(partners, number):
    """Return the two partners of a customer, by its number."""
    return [partners[(number + shift) % len(partners)] for shift in (0, 1)]


def _prepare_plan(env, customers, trigger):
    program = env["partner.program"].create(
        {"name": "Bench", "grade_ids": [Command.create({"name": "Bench"})]}
    )
    members = env["partner.membership"].create(
        [
            {"partner_id": partner.id, "program_id": program.id}
            for partner in _create_partners(env)
        ]
    )
    members.action_activate()
    env["partner.customer.record"].create(
        [
            {
                "partner_id": customer.id,
                "membership_id": member.id,
                "role": role,
                "date_from": DAY,
            }
            for number, customer in enumerate(customers)
            for member, (role, _rate) in zip(
                _get_pair(members, number), PARTS, strict=True
            )
        ]
    )
    env["partner.commission.plan"].create(
        {
            "name": "Bench",
            "program_id": program.id,
            "date_from": DAY,
            "rule_ids": [
                Command.create({"role": role, "rate": rate, "trigger": trigger})
                for role, rate in PARTS
            ],
        }
    ).action_activate()


def _prepare_agents(env, customers, trigger):
    commission = env["commission"].create(
        {
            "name": "Bench",
            "fix_qty": 5,
            "invoice_state": "paid" if trigger == "payment" else "open",
        }
    )
    agents = _create_partners(env)
    agents.write({"agent": True, "commission_id": commission.id})
    for number, customer in enumerate(customers):
        pair = [agent.id for agent in _get_pair(agents, number)]
        customer.commission_agent_ids = [Command.set(pair)]


def create_invoices(env, count):
    """Return draft invoices of :data:`LINES` lines to the customers, in turn."""
    customers = env["res.partner"].search([("ref", "=", "bench")])
    products = env["product.product"].search([("default_code", "=", "bench")])
    return env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": customers[number % len(customers)].id,
                "invoice_date": DAY,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "quantity": 1 + number % 3,
                            "price_unit": 99 + number,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for product in products
                ],
            }
            for number in range(count)
        ]
    )


def pay(moves):
    """Register a payment of each invoice, as the wizard does."""
    moves.env["account.payment.register"].with_context(
        active_model="account.move", active_ids=moves.ids
    ).create({"payment_date": DAY, "group_payment": False})._create_payments()
