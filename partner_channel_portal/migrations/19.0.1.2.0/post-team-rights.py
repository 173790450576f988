from odoo import SUPERUSER_ID, api
from odoo.tools.convert import convert_file


def migrate(cr, version):
    """Give the roles there are what their people could do before.

    Who saw money could accept statements, who saw all deals or managed the team saw the
    certificates of colleagues. Rules are data that is not updated by itself.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    roles = env["partner.portal.role"].with_context(active_test=False).search([])
    roles.filtered("can_see_money").can_sign = True
    roles.filtered(
        lambda role: role.can_see_all_deals or role.can_manage_team
    ).can_see_training = True
    owner = env.ref("partner_channel_portal.portal_role_owner", False)
    if owner and owner.can_manage_team:
        owner.is_owner = True
    convert_file(
        env,
        "partner_channel_portal",
        "security/crm_lead_security.xml",
        {},
        mode="init",
        noupdate=True,
    )
