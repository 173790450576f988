"""Names without legal form, registered domains, groups: keys in force are renewed."""

import logging

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


def migrate(cr, version):
    """Renew the claims in force; of two that become one the earlier one gets the key.

    :param cr: cursor of the upgrade
    :param str version: version before it
    """
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    claims = env["partner.deal.claim"].search([("state", "!=", "released")])
    for lead in claims.lead_id.sorted("id"):
        try:
            with cr.savepoint():
                lead._renew_claims()
        except UserError as error:
            # protected beside another one that turns out to be the same customer
            _logger.warning("Claims of %s keep their keys: %s", lead, error)
            _ask(lead, error)


def _ask(lead, error):
    """Put the two protected registrations on somebody's desk."""
    lead.activity_schedule(
        "mail.mail_activity_data_todo",
        user_id=lead.user_id.id or SUPERUSER_ID,
        summary=lead.env._("Two protected registrations look like one customer"),
        note=str(error),
    )
