from odoo import api, fields, models

from .res_company import HEALTH_WEIGHTS


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    channel_program_count = fields.Integer(compute="_compute_channel_program_count")
    channel_share_policy = fields.Selection(
        related="company_id.channel_share_policy", readonly=False
    )
    channel_distribute_leads = fields.Boolean(
        related="company_id.channel_distribute_leads", readonly=False
    )
    # not related fields: those are written one by one, and their sum is checked
    channel_weight_revenue_trend = fields.Integer("Revenue Trend")
    channel_weight_engagement = fields.Integer("Engagement")
    channel_weight_enablement = fields.Integer("Enablement")
    channel_weight_pipeline = fields.Integer("Pipeline")

    def _compute_channel_program_count(self):
        count = self.env["partner.program"].search_count([])
        for settings in self:
            settings.channel_program_count = count

    @api.model
    def get_values(self):
        company = self.env.company
        return {
            **super().get_values(),
            **{name: company[name] for name in HEALTH_WEIGHTS},
        }

    def set_values(self):
        result = super().set_values()
        weights = {name: self[name] for name in HEALTH_WEIGHTS}
        if any(self.company_id[name] != value for name, value in weights.items()):
            self.company_id.write(weights)
        return result
