"""Several people who click at the same moment.

Each in a transaction of its own, as requests are.
"""

import threading

from odoo import api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import retrying
from odoo.tools import mute_logger


def do_at_once(registry, deeds):
    """Do several things on a thread and connection each; return the answers.

    :param registry: of the database
    :param dict deeds: ``{key: (user_id, context, prepare)}``; ``prepare(env)`` reads
        what the person sees and returns what is done when all have read
    :return: ``{key: "done" or what the person was told}``
    """
    start = threading.Barrier(len(deeds))
    answers = {}

    def work(key, user_id, context, prepare):
        threading.current_thread().dbname = registry.db_name
        with registry.cursor() as cr:
            env = api.Environment(cr, user_id, context)
            deed = prepare(env)
            start.wait(30)
            try:
                retrying(deed, env)
                answers[key] = "done"
            except UserError as error:
                # as a request does
                cr.rollback()
                answers[key] = str(error)

    threads = [
        threading.Thread(target=work, args=(key, *deed)) for key, deed in deeds.items()
    ]
    with mute_logger("odoo.sql_db", "odoo.service.model"):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
    assert len(answers) == len(deeds), "somebody got no answer"
    return answers


def approve_at_once(registry, clicks, check):
    """Approve on a thread and connection for each click; return the answers.

    :param registry: of the database
    :param dict clicks: ``{key: (user_id, context, lead_id)}``
    :param check: called with the lead before anybody decides
    :return: ``{key: "approved" or what the person was told}``
    """

    def look(lead_id):
        def prepare(env):
            lead = env["crm.lead"].browse(lead_id)
            check(lead)
            return lead.action_registration_approve

        return prepare

    answers = do_at_once(
        registry,
        {
            key: (user_id, context, look(lead_id))
            for key, (user_id, context, lead_id) in clicks.items()
        },
    )
    return {
        key: "approved" if answer == "done" else answer
        for key, answer in answers.items()
    }


def make_owner(env, company, number):
    """Create an owner of a partner, with a login.

    :param company: ``res.partner``
    :param int number: tells the owners of one partner apart
    :return: ``res.users``
    """
    person = env["res.partner"].create(
        {
            "name": f"Owner {number}",
            "email": f"owner{number}.{company.id}@partner.example",
            "parent_id": company.id,
            "portal_role_id": env.ref("partner_channel_portal.portal_role_owner").id,
        }
    )
    users = env["res.users"].with_context(no_reset_password=True)
    return users.create(
        {
            "login": person.email,
            "partner_id": person.id,
            "group_ids": [Command.set(env.ref("base.group_portal").ids)],
        }
    )
