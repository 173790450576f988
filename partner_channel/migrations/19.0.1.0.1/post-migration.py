import logging

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


def migrate(cr, version):
    """Renew the keys of claims in force, and let partners follow no program."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    claims = env["partner.deal.claim"].search([("state", "!=", "released")])
    # of two that turn out to be one customer the earlier one has the key
    for lead in claims.lead_id.sorted("id"):
        try:
            with cr.savepoint():
                lead._renew_claims()
        except UserError as error:
            # it was protected beside another one that looks the same
            _logger.warning("Claims of %s keep their keys: %s", lead, error)
    env["mail.followers"].search(
        [
            ("res_model", "=", "partner.program"),
            ("partner_id.partner_share", "=", True),
        ]
    ).unlink()
