from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


class CertificationWayMixin(models.AbstractModel):
    """By which ways a certification is earned, besides the exam in Odoo.

    Each way that is set up is enough by itself.
    """

    _name = "certification.way.mixin"
    _description = "Certification Type: How It Is Earned"

    family_id = fields.Many2one(
        "product.category",
        "Product Family",
        domain="[('is_channel_family', '=', True)]",
        index="btree_not_null",
        ondelete="restrict",
        help="The products the competence is about; empty: no certain ones.",
    )
    accepts_proof = fields.Boolean(
        "Exam Outside, With Proof",
        tracking=True,
        help="People of partners upload the proof of an exam they passed elsewhere; a "
        "trainer verifies it.",
    )
    verifier_id = fields.Many2one(
        "res.users",
        "Proofs Verified By",
        domain="[('share', '=', False)]",
        groups="base.group_user",
        help="The trainer who is asked to verify proofs; empty: any trainer.",
    )
    component_ids = fields.Many2many(
        "partner.certification.type",
        "partner_certification_type_component",
        "sum_id",
        "component_id",
        "Sum Of",
        help="Who holds all of these holds this one as well, until the first of them "
        "ends.",
    )
    sum_ids = fields.Many2many(
        "partner.certification.type",
        "partner_certification_type_component",
        "component_id",
        "sum_id",
        "Part Of",
        groups="base.group_user",
    )
    lms_course_ids = fields.One2many(
        "lms.course", "type_id", "Courses Outside", groups="base.group_user"
    )
    earned_by = fields.Char(compute="_compute_earned_by")

    @api.depends(
        "survey_id.title",
        "lms_course_ids.name",
        "accepts_proof",
        "component_ids.name",
    )
    def _compute_earned_by(self):
        # sudo: exams and courses outside are not partners' to read, but their names
        for kind, kind_sudo in zip(self, self.sudo(), strict=True):
            kind.earned_by = "; ".join(kind_sudo._get_ways())

    def _get_ways(self):
        """Return in words how the certification is earned; in sudo.

        :return: list of texts, one for each way
        """
        self.ensure_one()
        ways = []
        if self.survey_id:
            ways.append(self.env._("exam “%(exam)s”", exam=self.survey_id.title))
        if self.lms_course_ids:
            names = ", ".join(self.lms_course_ids.mapped("name"))
            ways.append(self.env._("course elsewhere: %(courses)s", courses=names))
        if self.accepts_proof:
            ways.append(self.env._("exam elsewhere, its proof verified by a trainer"))
        if self.component_ids:
            names = ", ".join(self.component_ids.sorted().mapped("name"))
            ways.append(self.env._("all of: %(certifications)s", certifications=names))
        return ways

    @api.model
    def _get_earnable_domain(self):
        """Return the domain of types people can earn; asks for sudo."""
        return (
            Domain("survey_id", "!=", False)
            | Domain("accepts_proof", "=", True)
            | Domain("component_ids", "!=", False)
            | Domain("lms_course_ids", "!=", False)
        )

    def _add_demand_uses(self, uses, memberships):
        """Add for what deals of the user's programs each type is needed.

        :param dict uses: ``{type_id: [sentence, …]}``
        :param memberships: ``partner.membership`` in sudo, of the current user
        """
        metric = self.env["partner.metric.mixin"]
        for demand in memberships._get_checked_demands():
            if demand.type_id not in self:
                continue
            people = metric._format_count("people", demand.people)
            text = (
                self.env._(
                    "Deals of %(family)s (%(program)s) ask for %(people)s",
                    family=demand.family_id.name,
                    program=demand.program_id.name,
                    people=people,
                )
                if demand.family_id
                else self.env._(
                    "Deals (%(program)s) ask for %(people)s",
                    program=demand.program_id.name,
                    people=people,
                )
            )
            uses.setdefault(demand.type_id.id, []).append(text)
        return uses

    @api.constrains("component_ids", "active")
    def _check_components(self):
        """A sum is made of others that can be earned, and never of itself."""
        if self._has_cycle("component_ids"):
            raise ValidationError(
                self.env._(
                    "“Sum Of” leads back to the certification itself: %(types)s. "
                    "Remove it there.",
                    types=", ".join(self.mapped("display_name")),
                )
            )
        # sudo: whoever keeps types
        kinds = self.sudo().with_context(active_test=False)
        for kind in kinds.filtered("active"):
            archived = kind.component_ids.filtered(lambda part: not part.active)
            if archived:
                raise ValidationError(
                    self.env._(
                        '"%(sum)s" is the sum of archived certifications: '
                        "%(components)s. Remove them from “Sum Of”.",
                        sum=kind.display_name,
                        components=", ".join(archived.mapped("display_name")),
                    )
                )
        sums = kinds.filtered(lambda kind: not kind.active).sum_ids.filtered("active")
        if sums:
            raise ValidationError(
                self.env._(
                    "These certifications are a sum that contains it: %(sums)s. Change "
                    "them before you archive it.",
                    sums=", ".join(sums.mapped("display_name")),
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        kinds = super().create(vals_list)
        kinds.filtered("component_ids")._look_at_sums_again()
        return kinds

    def write(self, vals):
        result = super().write(vals)
        if {"component_ids", "active"} & vals.keys():
            self._look_at_sums_again()
        return result

    def _look_at_sums_again(self):
        """Have the nightly job issue the sums to those who hold all parts already."""
        # sudo: certificates are written by nobody
        certificates = self.env["partner.certification"].sudo()
        components = self.sudo().component_ids
        if not components:
            return
        certificates.flush_model(["sum_due", "type_id"])
        # Raw SQL: one statement for any number of certificates; nothing depends on
        # the field.
        self.env.cr.execute(
            SQL(
                "UPDATE partner_certification SET sum_due = TRUE "
                "WHERE type_id IN %s AND sum_due IS NOT TRUE",
                tuple(components.ids),
            )
        )
        certificates.invalidate_model(["sum_due"], flush=False)
