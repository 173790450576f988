from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class ResPartnerGrade(models.Model):
    """Odoo's partner level as the tier of a program."""

    _inherit = "res.partner.grade"

    program_id = fields.Many2one("partner.program", index="btree_not_null")
    requirement_ids = fields.One2many(
        "partner.tier.requirement", "grade_id", "Requirements", copy=True
    )
    requirement_summary = fields.Char(compute="_compute_requirement_summary")
    points_needed = fields.Float(
        digits=(16, 2),
        help="0: every requirement has to be met. Otherwise the points the "
        "requirements have to bring together.",
    )

    _points_needed_positive = models.Constraint(
        "CHECK (points_needed IS NULL OR points_needed >= 0)",
        "The points of a tier cannot be negative.",
    )

    def _compute_requirement_summary(self):
        for grade in self:
            grade.requirement_summary = "; ".join(
                grade.requirement_ids.mapped("display_name")
            )

    def _read_requirements(self):
        """Return ``{grade: requirements}`` in one query; what is absent asks nothing.

        :return: dict of ``partner.tier.requirement`` (sudo), empty for ``None``
        """
        # sudo: what a tier asks for is measured whoever looks
        requirements = self.env["partner.tier.requirement"].sudo()
        stored = [
            name
            for name, field in requirements._fields.items()
            if field.store and field.column_type
        ]
        found = requirements.search_fetch([("grade_id", "in", self.ids)], stored)
        return {None: requirements, **found.grouped("grade_id")}

    def _is_above(self, other):
        """Return whether this tier stands above another one of its program."""
        return self.sequence < other.sequence

    # === CONSTRAINTS === #

    @api.constrains("program_id", "sequence", "requirement_ids", "points_needed")
    def _check_tier_order(self):
        """Refuse tiers whose limits contradict their order.

        Of two tiers that ask for the same thing the higher one must ask for more:
        otherwise nobody could ever be on the lower one.
        """
        programs = self.program_id
        for grades in programs.grade_ids.grouped("program_id").values():
            counted = grades.filtered(lambda grade: not grade.points_needed)
            counted.sorted("sequence")._check_each_above_the_next()
            grades.requirement_ids._check_measurable()

    def _check_each_above_the_next(self):
        """Compare each tier with those below it; highest first."""
        below = {}
        for grade in reversed(self):
            own = {
                requirement._get_comparable_key(): requirement
                for requirement in grade.requirement_ids
            }
            if len(own) < len(grade.requirement_ids):
                raise ValidationError(
                    self.env._(
                        "“%(tier)s” asks twice for the same thing: keep one of the "
                        "requirements.",
                        tier=grade.display_name,
                    )
                )
            grade._check_above(own, below)
            below.update(own)

    def _check_above(self, own, below):
        """Refuse a tier that asks for no more than one below it."""
        common = own.keys() & below.keys()
        if not common or any(own[k]._is_stricter_than(below[k]) for k in common):
            return
        # asking for something else beside it makes the difference
        lower = below[next(iter(common))].grade_id
        if own.keys() - common and all(
            not below[key]._is_stricter_than(own[key]) for key in common
        ):
            return
        raise ValidationError(
            self.env._(
                "“%(higher)s” stands above “%(lower)s” but does not ask for more: "
                "%(requirement)s. Raise its threshold or change the order of the "
                "tiers.",
                higher=self.display_name,
                lower=lower.display_name,
                requirement=own[next(iter(common))].display_name,
            )
        )

    @api.constrains("active", "program_id")
    def _check_not_in_use(self):
        """Refuse to archive or move a tier that partners are on."""
        Membership = self.env["partner.membership"]
        held = Membership.sudo().search(
            Domain("grade_id", "in", self.ids) & Domain("state", "!=", "terminated")
        )
        for membership in held:
            grade = membership.grade_id
            if not grade.active or grade.program_id != membership.program_id:
                raise ValidationError(
                    self.env._(
                        "“%(tier)s” is in use: %(count)d partners are on it. Give "
                        "them another tier first.",
                        tier=grade.display_name,
                        count=len(held.filtered(lambda m, g=grade: m.grade_id == g)),
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        """A tier that partners were on explains their past."""
        used = self.env["partner.tier.change"].sudo()
        used = used.search([("grade_id", "in", self.ids)], limit=1)
        if used:
            raise UserError(
                self.env._(
                    "“%(tier)s” is part of the history of %(partner)s: archive it "
                    "instead.",
                    tier=used.grade_id.display_name,
                    partner=used.membership_id.display_name,
                )
            )
