from odoo import SUPERUSER_ID, api
from odoo.tools.convert import convert_file


def migrate(cr, version):
    """Let the rule of deals look up the own memberships instead of joining them.

    Rules are data that is not updated by itself.

    :param cr: cursor of the upgrade
    :param str version: version before it
    """
    if not version:
        return
    convert_file(
        api.Environment(cr, SUPERUSER_ID, {}),
        "partner_channel_portal",
        "security/crm_lead_security.xml",
        {},
        mode="init",
        noupdate=True,
    )
