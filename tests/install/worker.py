"""Install, use, upgrade and uninstall; print what was found as one line of JSON."""

import base64
import json
import os
import sys
import time
from contextlib import contextmanager
from unittest.mock import patch

from odoo.fields import Command

from .. import databases
from . import snapshot, stock

CORE, PORTAL = "partner_channel", "partner_channel_portal"
COMMISSION, LMS = "partner_channel_commission", "partner_channel_lms"
ALL = (CORE, PORTAL, COMMISSION, LMS)
COMBINATIONS = ((CORE,), (PORTAL,), (COMMISSION,), (LMS,), (COMMISSION, LMS))


def main(_env, arguments):
    """Run one of the jobs.

    :param arguments: ``combinations`` or ``life``, and the name of a database with
        Odoo's modules and none of ours; without it one is made
    """
    job, template = [*arguments, ""][:2]
    prefix = f"partner_channel_install_{os.getpid()}"
    own = f"{prefix}_core"
    try:
        if not template:
            databases.create(own)
        found = {"combinations": try_combinations, "life": live_through}[job](
            template or own, prefix
        )
    finally:
        databases.drop(own, prefix)
    sys.stdout.write(f"{json.dumps(found)}\n")


def try_combinations(template, name):
    """Install each combination alone and register a deal with it."""
    found = []
    for modules in COMBINATIONS:
        databases.copy(template, name)
        databases.install(name, modules)
        with databases.environment(name) as env:
            installed = env["ir.module.module"].search(
                [("name", "=like", "partner_channel%"), ("state", "=", "installed")]
            )
            found.append(
                {
                    "asked": list(modules),
                    "installed": sorted(installed.mapped("name")),
                    "state": use(env).registration_state,
                }
            )
        databases.drop(name)
    return found


def live_through(template, name):
    """Install on a full database, use, upgrade, uninstall, and the same once more."""
    databases.copy(template, name)
    with databases.environment(name) as env:
        stock.fill(env)
        env.cr.commit()
        before, rows = snapshot.take(env.cr), stock.count_rows(env.cr)
    found = {"rows": rows, "uninstalls": []}
    with _timed(found, "install seconds"):
        databases.install(name, ALL)
    with databases.environment(name) as env:
        found["rewritten by installing"] = stock.count_rewritten(env.cr)
        found["constraints missing"] = find_missing_constraints(env)
    databases.upgrade(name, ALL)
    with databases.environment(name) as env:
        found["rewritten by upgrading"] = stock.count_rewritten(env.cr)
        found["rows lost"] = _count_lost(rows, stock.count_rows(env.cr))
    found["used"], bill = _leave_traces(name)
    for again in (False, True):
        if again:
            databases.install(name, ALL)
        databases.uninstall(name, ALL)
        found["uninstalls"].append(_look_after(name, before))
    found["bill"] = _read_states(name, bill)
    return found


def _leave_traces(name):
    """Use our addons; return the state of a registration and the id of a bill."""
    with databases.environment(name) as env:
        deal = use(env)
        bill = pay_out(env, deal.membership_id)
        env.cr.commit()
        return deal.registration_state, bill


def _read_states(name, move_id):
    """Return the state of a document, in a list that is empty when it is gone."""
    with databases.environment(name) as env:
        env.cr.execute("SELECT state FROM account_move WHERE id = %s", [move_id])
        return [state for (state,) in env.cr.fetchall()]


@contextmanager
def _timed(found, key):
    start = time.monotonic()
    yield
    found[key] = time.monotonic() - start


def _look_after(name, before):
    with databases.environment(name) as env:
        return {
            "left": snapshot.compare(before, snapshot.take(env.cr)),
            "orphans": snapshot.find_orphans(env.cr),
        }


def _count_lost(before, after):
    return {table: count for table, count in before.items() if after[table] < count}


def find_missing_constraints(env):
    """Return the constraints and indexes our models name but the database lacks.

    Odoo only logs it when one cannot be built.
    """
    env.cr.execute(
        "SELECT conname FROM pg_constraint UNION SELECT relname FROM pg_class"
    )
    there = {name for (name,) in env.cr.fetchall()}
    wanted = {
        item.full_name(env[model])
        for model in env.registry
        for item in env[model]._table_objects.values()
        if item._module in ALL and not env[model]._abstract
    }
    return sorted(wanted - there)


def use(env):
    """Leave data of ours behind: a registration with its log, messages, a file."""
    program = env["partner.program"].create(
        {"name": "Used", "grade_ids": [Command.create({"name": "Used"})]}
    )
    partner = env["res.partner"].create({"name": "Used", "is_company": True})
    membership = env["partner.membership"].create(
        {
            "partner_id": partner.id,
            "program_id": program.id,
            "manager_id": env.ref("base.user_admin").id,
        }
    )
    membership.action_activate()
    membership.message_post(body="Used")
    membership.activity_schedule("mail.mail_activity_data_todo", summary="Used")
    env["ir.attachment"].create(
        [
            {
                "name": "used.txt",
                "raw": b"used",
                "res_model": record._name,
                "res_id": record.id,
            }
            for record in (membership, program)
        ]
    )
    deal = env["crm.lead"]._create_registrations(
        membership, [{"partner_name": "Customer", "website": "customer.example"}]
    )
    sign_agreement(env, membership)
    if "partner.certification.demand" in env:
        kind = env["partner.certification.type"].create({"name": "Used"})
        env["partner.certification.demand"].create(
            {"program_id": program.id, "type_id": kind.id}
        )
    deal._submit_registration()
    deal._approve_registration()
    return deal


def sign_agreement(env, membership):
    """Leave a signed agreement behind: with its paper, digest and version."""
    template = env["partner.agreement.template"].create(
        {"name": "Used", "program_id": membership.program_id.id, "is_required": True}
    )
    env["partner.agreement.version"].create(
        {"template_id": template.id, "text": "<p>Used</p>", "validity": "endless"}
    ).action_publish()
    env["partner.agreement"].create(
        {
            "membership_id": membership.id,
            "template_id": template.id,
            "signed_name": "Used",
            "signed_document": base64.b64encode(b"%PDF-1.4 used"),
        }
    ).action_sign()


def pay_out(env, membership):
    """Pay commission out to a partner; return the id of the posted vendor bill."""
    env["partner.commission.plan"].create(
        {
            "name": "Used",
            "program_id": membership.program_id.id,
            "date_from": "2020-01-01",
            "rule_ids": [
                Command.create({"role": "resale", "rate": 10, "trigger": "posting"})
            ],
        }
    ).action_activate()
    line = {"name": "Used", "price_unit": 1000, "tax_ids": []}
    env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": membership.partner_id.id,
            "invoice_date": "2026-03-10",
            "invoice_line_ids": [Command.create(line)],
        }
    ).action_post()
    statement = env["partner.commission.statement"]._create_statements(
        env.company, "2026-03-01", "2026-03-31"
    )
    # no server runs here that could serve the style of a printed page
    with patch.object(type(statement), "_get_mail_attachments", lambda _self: []):
        statement.action_send()
    statement.action_accept()
    statement.action_create_bill()
    statement.bill_id.action_post()
    return statement.bill_id.id
