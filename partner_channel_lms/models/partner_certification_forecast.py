from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError


class PartnerCertificationForecast(models.Model):
    """What a partner loses on a day, if nobody renews the certificates that end.

    Written at night, and at once for a partner at risk whose people earn a certificate;
    see ``membership.forecast.mixin``.
    """

    _name = "partner.certification.forecast"
    _description = "Loss by Expiring Certificates"
    _order = "date, id"
    _rec_name = "partner_id"

    membership_id = fields.Many2one(
        "partner.membership", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        related="membership_id.partner_id", store=True, index=True
    )
    program_id = fields.Many2one(
        related="membership_id.program_id", store=True, index=True
    )
    company_id = fields.Many2one(
        related="membership_id.company_id", store=True, index=True
    )
    manager_id = fields.Many2one(related="membership_id.manager_id", store=True)
    kind = fields.Selection(
        [
            ("tier", "Tier"),
            ("right", "Right to register deals"),
            ("deal", "Open deal"),
        ],
        "What Is Lost",
        required=True,
    )
    date = fields.Date(
        "Missing From",
        required=True,
        index=True,
        help="First day on which too few people are certified.",
    )
    date_renew = fields.Date("Renew Until", compute="_compute_date_renew", store=True)
    date_effective = fields.Date(
        "Tier Given Up On", help="After the notice the program gives."
    )
    grade_id = fields.Many2one("res.partner.grade", "Tier Lost", ondelete="cascade")
    grade_to_id = fields.Many2one("res.partner.grade", "Tier Then", ondelete="cascade")
    family_id = fields.Many2one(
        "product.category", "Product Family", ondelete="set null"
    )
    lead_id = fields.Many2one("crm.lead", "Deal", index=True, ondelete="cascade")
    type_id = fields.Many2one(
        "partner.certification.type",
        "Certification",
        required=True,
        index=True,
        ondelete="cascade",
    )
    people_needed = fields.Integer(aggregator=None)
    people_left = fields.Integer(aggregator=None)
    certification_ids = fields.Many2many("partner.certification", string="To Renew")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary("Expected Revenue", help="Of the open deal.")

    @api.depends("date")
    def _compute_date_renew(self):
        for loss in self:
            loss.date_renew = loss.date - timedelta(days=1)

    @api.depends("kind", "grade_id", "family_id", "lead_id")
    def _compute_display_name(self):
        for loss in self:
            # sudo: the deal may be one only others may read; its name says which
            loss.display_name = {
                "tier": loss.grade_id.name,
                "right": loss.family_id.name or self.env._("All products"),
                "deal": loss.sudo().lead_id.name,
            }[loss.kind]

    @api.model
    def _follow(self, companies):
        """Work out again what partners lose whom a loss was foreseen for.

        :param companies: ``res.partner`` whose people earned certificates
        """
        # sudo: certificates change it, whoever earns them
        at_risk = self.sudo().search([("partner_id", "in", companies.ids)])
        if at_risk:
            at_risk.membership_id._refresh_forecast()

    def _get_portal_title(self):
        """Return in words what the partner loses, and what to renew."""
        self.ensure_one()
        values = {
            "certification": self.type_id.name,
            "left": self.people_left,
            "needed": self.people_needed,
            "tier": self.grade_id.name,
            "family": self.family_id.name,
        }
        if self.kind == "tier":
            return self.env._(
                "Tier %(tier)s is at risk: renew “%(certification)s”, or %(left)d of "
                "%(needed)d people hold it",
                **values,
            )
        if self.family_id:
            return self.env._(
                "Deals of %(family)s are at risk: renew “%(certification)s”, or "
                "%(left)d of %(needed)d people hold it",
                **values,
            )
        return self.env._(
            "New deals are at risk: renew “%(certification)s”, or %(left)d of "
            "%(needed)d people hold it",
            **values,
        )

    def action_refresh(self):
        """Work out now what is lost by the partners the user may see."""
        if not self.env.user.has_group("partner_channel.group_channel_manager"):
            raise AccessError(self.env._("Only channel managers foresee losses."))
        memberships = self.env["partner.membership"].search(
            [("state", "in", ("active", "suspended"))]
        )
        memberships._refresh_forecast()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_open_certificates(self):
        """Open the certificates whose renewal avoids the losses."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel_lms.partner_certification_action"
        )
        return {
            **action,
            "domain": [("id", "in", self.certification_ids.ids)],
            "context": {},
        }
