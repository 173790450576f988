"""A lead has one accepted offer at most: earlier ones were taken back since."""

from odoo.tools.sql import table_exists


def migrate(cr, version):
    """Let the last answer of each lead be the one that holds."""
    if not table_exists(cr, "partner_lead_offer"):
        return
    cr.execute(
        """
        UPDATE partner_lead_offer offer
           SET state = 'withdrawn'
         WHERE offer.state = 'accepted'
           AND EXISTS (SELECT FROM partner_lead_offer later
                        WHERE later.lead_id = offer.lead_id
                          AND later.state = 'accepted'
                          AND (later.date_offered, later.id)
                              > (offer.date_offered, offer.id))
        """
    )
