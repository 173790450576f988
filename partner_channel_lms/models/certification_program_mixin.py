from odoo import api, fields, models

from .certification_coverage_mixin import READERS


class CertificationProgramMixin(models.AbstractModel):
    """How many partners of a program are short of certified people."""

    _name = "certification.program.mixin"
    _description = "Certified People of a Program"

    certification_short_count = fields.Integer(
        "Short of Certified People",
        compute="_compute_certification_short_count",
        groups=READERS,
        help="Partners with fewer certified people than asked for today.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_certification_short_count(self):
        counts = dict(
            self.env["partner.certification.coverage"]._read_group(
                [
                    ("program_id", "in", self.ids),
                    ("source", "!=", "next"),
                    ("missing", ">", 0),
                ],
                ["program_id"],
                ["partner_id:count_distinct"],
            )
        )
        for program in self:
            program.certification_short_count = counts.get(program, 0)

    def action_view_certification_coverage(self):
        """Open what these programs and their tiers ask of partners.

        :return: window action
        """
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel_lms.partner_certification_coverage_action"
        )
        action["domain"] = [("program_id", "in", self.ids)]
        return action
