"""Several people who click at the same moment.

Each in a transaction of its own, as requests are.
"""

import threading

from odoo import api
from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tools import mute_logger


def approve_at_once(registry, clicks, check):
    """Approve on a thread and connection for each click; return the answers.

    :param registry: of the database
    :param dict clicks: ``{key: (user_id, context, lead_id)}``
    :param check: called with the lead before anybody decides
    :return: ``{key: "approved" or what the person was told}``
    """
    start = threading.Barrier(len(clicks))
    answers = {}

    def approve(key, user_id, context, lead_id):
        threading.current_thread().dbname = registry.db_name
        with registry.cursor() as cr:
            env = api.Environment(cr, user_id, context)
            lead = env["crm.lead"].browse(lead_id)
            check(lead)
            start.wait(30)
            try:
                retrying(lead.action_registration_approve, env)
                answers[key] = "approved"
            except UserError as error:
                answers[key] = str(error)

    threads = [
        threading.Thread(target=approve, args=(key, *click))
        for key, click in clicks.items()
    ]
    with mute_logger("odoo.sql_db", "odoo.service.model"):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
    assert len(answers) == len(clicks), "an approval did not come back"
    return answers
