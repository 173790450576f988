"""OCA's way of the same: agent lines of paid invoices, settlements, draft bills."""

from odoo.fields import Command
from odoo.tools import SQL

from ..databases import copy_rows

LINES = 5
#: two agents a line
AGENTS_A_LINE = 2
SETTLE = (
    'env["commission.make.settle"].create({"settlement_type": "sale_invoice"})'
    ".action_settle()"
)
BILL = (
    'env["commission.make.invoice"].create({"product_id": env["product.product"]'
    '.search([("default_code", "=", "settled")]).id}).button_create()'
)


def fill(env, partners, entries, day):
    """Create agents and the agent lines of paid invoices: one booked, others copies.

    :param int partners: how many agents
    :param int entries: how many agent lines, the same number for each agent
    :param day: date of the invoices, in a month that is over
    """
    # what other benchmarks booked would be settled as well
    env.cr.execute("DELETE FROM account_invoice_line_agent")
    commission = env["commission"].create(
        {"name": "Settled", "fix_qty": 5, "invoice_state": "paid"}
    )
    agents = env["res.partner"].create(
        [
            {
                "name": f"Settled agent {number:04}",
                "is_company": True,
                "agent": True,
                "commission_id": commission.id,
            }
            for number in range(partners)
        ]
    )
    env["product.product"].create(
        {"name": "Commission", "default_code": "settled", "type": "service"}
    )
    move = _book_first(env, agents[:AGENTS_A_LINE], day)
    count = entries // (LINES * AGENTS_A_LINE)
    _copy_documents(env, move, count, agents)


def _book_first(env, agents, day):
    """Return a paid invoice each line of which is paid to these agents."""
    customer = env["res.partner"].create(
        {"name": "Settled customer", "commission_agent_ids": [Command.set(agents.ids)]}
    )
    product = env["product.product"].create({"name": "Licence"})
    move = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": customer.id,
            "invoice_date": day,
            "invoice_line_ids": [
                Command.create(
                    {"product_id": product.id, "price_unit": 1000, "tax_ids": []}
                )
                for _number in range(LINES)
            ],
        }
    )
    move.action_post()
    env["account.payment.register"].with_context(
        active_model="account.move", active_ids=move.ids
    ).create({"payment_date": day})._create_payments()
    env.flush_all()
    return move


def _copy_documents(env, move, count, agents):
    """Give the other invoices lines and agent lines; each agent gets as many."""
    copy_rows(env, move, count - 1, {"name": SQL("'SETTLED/' || n")})
    _number_rows(env, "settled_move", "account_move", SQL("name LIKE 'SETTLED/%%'"))
    for place, line in enumerate(move.invoice_line_ids):
        label = f"settled {place}"
        of_move = SQL("(SELECT id FROM settled_move WHERE number = n)")
        copy_rows(env, line, count - 1, {"move_id": of_move, "name": SQL("%s", label)})
        _number_rows(env, "settled_line", "account_move_line", SQL("name = %s", label))
        for number, agent_line in enumerate(line.agent_ids):
            step = place * AGENTS_A_LINE + number
            copy_rows(
                env,
                agent_line,
                count - 1,
                {
                    "object_id": SQL("(SELECT id FROM settled_line WHERE number = n)"),
                    "invoice_id": of_move,
                    "agent_id": SQL(
                        "(%s::int[])[1 + (n * %s + %s) %% %s]",
                        agents.ids,
                        LINES * AGENTS_A_LINE,
                        step,
                        len(agents),
                    ),
                },
            )
            # the first one's place in the row
            agent_line.agent_id = agents[step]


def _number_rows(env, name, table, condition):
    env.cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(name)))
    env.cr.execute(
        SQL(
            "CREATE TEMP TABLE %s ON COMMIT DROP AS SELECT id, "
            "ROW_NUMBER() OVER (ORDER BY id) AS number FROM %s WHERE %s",
            SQL.identifier(name),
            SQL.identifier(table),
            condition,
        )
    )
    env.cr.execute(SQL("CREATE INDEX ON %s (number)", SQL.identifier(name)))


def is_settled(env, partners, entries):
    """Return whether each agent has one billed settlement and no line is left."""
    settlements = env["commission.settlement"].search([("state", "=", "invoiced")])
    return (len(settlements), len(settlements.line_ids)) == (partners, entries)
