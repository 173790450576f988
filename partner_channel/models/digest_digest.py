from odoo import fields, models
from odoo.exceptions import AccessError


class DigestDigest(models.Model):
    _inherit = "digest.digest"

    kpi_channel_partners = fields.Boolean("New Partners")
    kpi_channel_partners_value = fields.Integer(
        compute="_compute_kpi_channel_partners_value"
    )
    kpi_channel_registrations = fields.Boolean("Deals Registered by Partners")
    kpi_channel_registrations_value = fields.Integer(
        compute="_compute_kpi_channel_registrations_value"
    )
    kpi_channel_decided = fields.Boolean("Deals Decided in Time")
    kpi_channel_decided_value = fields.Integer(
        compute="_compute_kpi_channel_decided_value"
    )
    kpi_channel_rises = fields.Boolean("Partners Who Rose a Tier")
    kpi_channel_rises_value = fields.Integer(compute="_compute_kpi_channel_rises_value")

    def _check_channel_kpi(self):
        """Skip the figures for who may not see the channel."""
        if not self.env.user.has_group("partner_channel.group_channel_analyst"):
            raise AccessError(
                self.env._("Only people who see all partners get these figures.")
            )

    def _compute_kpi_channel_partners_value(self):
        self._check_channel_kpi()
        self._calculate_company_based_kpi(
            "partner.membership",
            "kpi_channel_partners_value",
            date_field="date_start",
        )

    def _compute_kpi_channel_registrations_value(self):
        self._check_channel_kpi()
        self._calculate_company_based_kpi(
            "crm.lead",
            "kpi_channel_registrations_value",
            date_field="date_submitted",
            additional_domain=[("registration_state", "!=", False)],
        )

    def _compute_kpi_channel_decided_value(self):
        self._check_channel_kpi()
        self._calculate_company_based_kpi(
            "partner.registration.report",
            "kpi_channel_decided_value",
            date_field="date_decision",
            additional_domain=[("in_time_rate", "=", 100)],
        )

    def _compute_kpi_channel_rises_value(self):
        self._check_channel_kpi()
        self._calculate_company_based_kpi(
            "partner.tier.change",
            "kpi_channel_rises_value",
            date_field="date_from",
            additional_domain=[("direction", "=", "up")],
        )

    def _compute_kpis_actions(self, company, user):
        result = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("partner_channel.menu_root").id
        return {
            **result,
            **{
                f"kpi_channel_{name}": f"partner_channel.{action}?menu_id={menu}"
                for name, action in (
                    ("partners", "partner_membership_action"),
                    ("registrations", "crm_lead_registration_action"),
                    ("decided", "partner_registration_report_action"),
                    ("rises", "partner_tier_change_action"),
                )
            },
        }
