from odoo import api, fields, models

from .certification_coverage_mixin import READERS


class CertificationFunnelMixin(models.AbstractModel):
    """How far people got with a certification."""

    _name = "certification.funnel.mixin"
    _description = "Training Funnel of a Certification"

    learner_count = fields.Integer(
        "Learners",
        compute="_compute_learner_count",
        groups=READERS,
        help="People of partners who attend its course or have begun its exam.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_learner_count(self):
        counts = dict(
            self.env["partner.training.funnel"]._read_group(
                [("type_id", "in", self.ids)], ["type_id"], ["__count"]
            )
        )
        for kind in self:
            kind.learner_count = counts.get(kind, 0)

    def action_view_training_funnel(self):
        """Open how far people got with these certifications.

        :return: window action
        """
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel_lms.partner_training_funnel_action"
        )
        action["domain"] = [("type_id", "in", self.ids)]
        return action
