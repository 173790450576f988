from odoo import api, fields, models

#: who reads the reports on training
READERS = (
    "partner_channel.group_channel_manager,partner_channel.group_channel_analyst,"
    "partner_channel_lms.group_channel_trainer"
)


class CertificationCoverageMixin(models.AbstractModel):
    """The certified people of a partner beside those asked for."""

    _name = "certification.coverage.mixin"
    _description = "Certified People of a Partner"

    certification_coverage = fields.Char(
        "Certified People",
        compute="_compute_certification_coverage",
        groups=READERS,
        help="Certified people of those its tiers and programs ask for today.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_certification_coverage(self):
        """Add up what is asked today; more people than asked make up for nothing."""
        companies = self.filtered(lambda rec: rec == rec.commercial_partner_id)
        sums = self.env["partner.certification.coverage"]._read_group(
            [("partner_id", "in", companies.ids), ("source", "!=", "next")],
            ["partner_id"],
            ["required:sum", "missing:sum"],
        )
        texts = {
            partner: f"{required - missing} / {required}"
            for partner, required, missing in sums
        }
        for partner in self:
            partner.certification_coverage = texts.get(partner, False)

    def action_view_certification_coverage(self):
        """Open what tiers and programs ask of these partners.

        :return: window action
        """
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel_lms.partner_certification_coverage_action"
        )
        action["domain"] = [("partner_id", "in", self.commercial_partner_id.ids)]
        action["context"] = {}
        return action
