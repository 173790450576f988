from odoo import SUPERUSER_ID, api
from odoo.fields import Command


def migrate(cr, version):
    """Mark the files that applicants sent: what the vendor attached is not theirs.

    Who sent a file with the form was none of the vendor's people.
    """
    # the public user is not active
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    name = "partner.application"
    files = env["ir.attachment"].search(
        [("res_model", "=", name), ("create_uid.share", "=", True)]
    )
    sent = files.grouped("res_id")
    for application in env[name].browse(sent).exists():
        links = [Command.link(file.id) for file in sent[application.id]]
        application._set_protected({"file_ids": links})
