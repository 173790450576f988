"""A lead has one accepted offer at most: earlier ones were taken back since."""

from odoo.tools.sql import table_exists


def migrate(cr, version):
    """Let an answer hold where the lead is still that partner's, and the last one."""
    if not table_exists(cr, "partner_lead_offer"):
        return
    cr.execute(
        """
        UPDATE partner_lead_offer offer
           SET state = 'withdrawn'
          FROM crm_lead lead
     LEFT JOIN res_partner partner ON partner.id = lead.partner_assigned_id
         WHERE lead.id = offer.lead_id
           AND offer.state = 'accepted'
           AND (partner.commercial_partner_id IS DISTINCT FROM offer.partner_id
                OR EXISTS (SELECT FROM partner_lead_offer later
                            WHERE later.lead_id = offer.lead_id
                              AND later.state <> 'withdrawn'
                              AND (later.date_offered, later.id)
                                  > (offer.date_offered, offer.id)))
        """
    )
