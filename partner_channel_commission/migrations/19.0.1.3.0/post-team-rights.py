from odoo import SUPERUSER_ID, api
from odoo.tools.convert import convert_file

_FILES = ("commission_entry_security.xml", "commission_statement_security.xml")


def migrate(cr, version):
    """Let roles be limited to programs, tiers and states where money is shown.

    Rules are data that is not updated by itself.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in _FILES:
        convert_file(
            env,
            "partner_channel_commission",
            f"security/{name}",
            {},
            mode="init",
            noupdate=True,
        )
