from odoo import fields, models


class PartnerLeadOffer(models.Model):
    """Opens offers to the people of the partner, by pages and e-mails alone."""

    _name = "partner.lead.offer"
    _inherit = [
        "lead.offer.mail.mixin",
        "lead.offer.page.mixin",
        "lead.offer.portal.mixin",
        "channel.job.mixin",
        "partner.lead.offer",
    ]

    answered_by_id = fields.Many2one(
        "res.partner", readonly=True, copy=False, ondelete="set null"
    )
    date_remind = fields.Datetime("Remind On", readonly=True, copy=False)

    _remind_idx = models.Index("(date_remind) WHERE date_remind IS NOT NULL")
