from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Let partners follow no certification type."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["mail.followers"].search(
        [
            ("res_model", "=", "partner.certification.type"),
            ("partner_id.partner_share", "=", True),
        ]
    ).unlink()
