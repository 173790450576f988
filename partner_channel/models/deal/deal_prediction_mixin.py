from odoo import api, fields, models

from .deal_registration_mixin import INTERNAL


class DealPredictionMixin(models.AbstractModel):
    """What Odoo's predictive lead scoring may learn from the channel.

    Its variables are stored columns of the lead. The state of a registration is none of
    them: it follows from the end of the deal, and would predict it from itself.
    """

    _name = "deal.prediction.mixin"
    _description = "Variables of the Predictive Lead Scoring"

    channel_grade_id = fields.Many2one(
        "res.partner.grade",
        "Partner's Tier",
        compute="_compute_channel_grade_id",
        store=True,
        precompute=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=INTERNAL,
        help="When the partner got or registered the lead; it does not change later.",
    )

    # not on the tier itself: it is that of the day, as the other variables are
    @api.depends("partner_assigned_id", "membership_id")
    def _compute_channel_grade_id(self):
        for lead in self:
            lead.channel_grade_id = (
                lead.membership_id.grade_id or lead.partner_assigned_id.grade_id
            )
