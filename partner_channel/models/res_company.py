from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.health import COMPONENTS

HEALTH_WEIGHTS = tuple(f"channel_weight_{name}" for name in COMPONENTS)


class ResCompany(models.Model):
    _inherit = "res.company"

    channel_weight_revenue_trend = fields.Integer(
        "Weight of the Revenue Trend", default=35, groups="base.group_user"
    )
    channel_weight_engagement = fields.Integer(
        "Weight of the Engagement", default=25, groups="base.group_user"
    )
    channel_weight_enablement = fields.Integer(
        "Weight of the Enablement", default=20, groups="base.group_user"
    )
    channel_weight_pipeline = fields.Integer(
        "Weight of the Pipeline", default=20, groups="base.group_user"
    )

    channel_share_policy = fields.Selection(
        [
            ("exact", "Exactly 100 %"),
            ("most", "At most 100 %"),
            ("free", "Free"),
        ],
        "Shares of a Role on a Deal",
        default="most",
        groups="base.group_user",
        help="What the shares of the partners in one role of a deal sum to.",
    )

    channel_distribute_leads = fields.Boolean(
        "Distribute New Leads",
        groups="base.group_user",
        help="New leads without a partner are offered to partners by the lead rules.",
    )

    @api.constrains(*HEALTH_WEIGHTS)
    def _check_health_weights(self):
        for company in self:
            weights = [company[name] for name in HEALTH_WEIGHTS]
            if min(weights) < 0 or sum(weights) != 100:
                raise ValidationError(
                    self.env._(
                        "The weights of the health score of “%(company)s” are "
                        "%(weights)s: they must not be negative and have to make 100 "
                        "together, not %(total)d.",
                        company=company.display_name,
                        weights=", ".join(map(str, weights)),
                        total=sum(weights),
                    )
                )

    def _get_health_weight(self, component):
        """Return what a component of the health counts, in percent.

        :param str component: one of ``tools.health.COMPONENTS``
        """
        self.ensure_one()
        return self[f"channel_weight_{component}"]

    def _get_channel_tz(self):
        """Return the name of the company's time zone."""
        self.ensure_one()
        # sudo: where the vendor is, whoever asks
        tz = self.sudo().partner_id.tz
        return tz or self.env.context.get("tz") or self.env.user.tz or "UTC"

    def _get_channel_today(self, now=None):
        """Return today's date where the company is.

        :param datetime now: UTC moment whose day is asked, default now
        """
        self.ensure_one()
        there = self.with_context(tz=self._get_channel_tz())
        return fields.Date.context_today(there, now)
