from odoo import api, fields, models
from odoo.tools import format_amount, format_date

from ...tools.health import COMPONENTS, Component, shares

#: who reads what is measured of partners
CHANNEL = "partner_channel.group_channel_manager,partner_channel.group_channel_analyst"


class PartnerHealthExplainMixin(models.AbstractModel):
    """The evidence of a membership's health in words.

    Every component has a method ``_explain_<component>(facts)`` that returns text.
    """

    _name = "partner.health.explain.mixin"
    _description = "Explanation of a Partner's Health"

    health_evidence = fields.Json(readonly=True, copy=False, groups=CHANNEL)
    health_explanation = fields.Html(
        compute="_compute_health_explanation", sanitize=False, groups=CHANNEL
    )

    @api.depends("health_evidence")
    def _compute_health_explanation(self):
        for membership in self:
            membership.health_explanation = self.env["ir.qweb"]._render(
                "partner_channel.health_explanation",
                {"membership": membership, **membership._explain_health()},
            )

    def _explain_health(self):
        """Return the evidence as plain dicts for a page: components and activity."""
        self.ensure_one()
        evidence = self.health_evidence or {}
        parts = [
            Component.from_evidence(line) for line in evidence.get("components", ())
        ]
        by_name = {
            part.name: {
                "score": part.score,
                "share": round(share),
                "text": getattr(self, f"_explain_{part.name}")(part.facts),
            }
            for part, share in zip(parts, shares(parts), strict=True)
        }
        labels = self._get_health_labels()
        seen = sorted(evidence.get("activity", {}).items(), key=lambda item: item[1])
        return {
            "components": [
                {"label": labels[name], **by_name.get(name, {})} for name in COMPONENTS
            ],
            "activity": [
                {"label": labels[kind], "date": format_date(self.env, day)}
                for kind, day in reversed(seen)
            ],
        }

    @api.model
    def _get_health_labels(self):
        """Return ``{name: label}`` of components and of signs of life."""
        return {
            "revenue_trend": self.env._("Revenue trend"),
            "engagement": self.env._("Engagement"),
            "enablement": self.env._("Enablement"),
            "pipeline": self.env._("Pipeline"),
            "start": self.env._("Start of the membership"),
            "registration": self.env._("Registration"),
            "invoice": self.env._("Invoice"),
            "message": self.env._("Message"),
            "login": self.env._("Login"),
            "answer": self.env._("Answer to a lead"),
        }

    def _explain_revenue_trend(self, facts):
        currency = self.company_id.currency_id
        return self.env._(
            "Last 12 months: %(current)s · the 12 before: %(before)s",
            current=format_amount(self.env, facts["current"], currency),
            before=format_amount(self.env, facts["before"], currency),
        )

    def _explain_engagement(self, facts):
        return self.env._(
            "Last 90 days: registrations %(registrations)d · leads answered "
            "%(answers)d · people who logged in %(people)d of %(staff)d",
            **facts,
        )

    def _explain_enablement(self, facts):
        """Put the facts of :meth:`_measure_enablement` into words.

        :param dict facts: what was counted
        :return: text
        """
        return " · ".join(f"{name} {value}" for name, value in facts.items())

    def _explain_pipeline(self, facts):
        return self.env._("Open approved registrations: %(count)d", count=facts["open"])
