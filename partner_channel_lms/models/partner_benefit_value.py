from odoo import api, fields, models

_SOURCES = {"channel_ids", "grade_id", "benefit_id"}


class PartnerBenefitValue(models.Model):
    _inherit = "partner.benefit.value"

    channel_ids = fields.Many2many("slide.channel", string="Courses")

    @api.depends("channel_ids")
    def _compute_summary(self):
        return super()._compute_summary()

    @api.constrains("kind", "number", "family_ids", "contact_id", "channel_ids")
    def _check_value(self):
        return super()._check_value()

    def _get_shown(self):
        # sudo: a course may be closed to who reads what a tier gives
        names = self.sudo().channel_ids.mapped("name")
        return {**super()._get_shown(), "courses": ", ".join(names)}

    def _get_missing(self):
        return {**super()._get_missing(), "courses": not self.channel_ids}

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        values = super().create(vals_list)
        values._get_course_members()._sync_course_access()
        return values

    def write(self, vals):
        concerned = bool(_SOURCES & set(vals))
        before = self._get_course_members() if concerned else None
        result = super().write(vals)
        if concerned:
            (before | self._get_course_members())._sync_course_access()
        return result

    def unlink(self):
        members = self._get_course_members()
        result = super().unlink()
        members._sync_course_access()
        return result

    def _get_course_members(self):
        """Return the memberships on the tiers whose courses these values are."""
        grades = self.filtered(lambda value: value.kind == "courses").grade_id
        # sudo: other channel managers' partners are on the tier as well
        members = self.env["partner.membership"].sudo()
        return members.search(
            [("grade_id", "in", grades.ids), ("state", "!=", "terminated")]
        )
