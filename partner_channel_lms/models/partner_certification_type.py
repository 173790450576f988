from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain


class PartnerCertificationType(models.Model):
    """A competence, the exam that proves it and the course that teaches it.

    Types belong to no company: a person's competence is the same for every
    vendor company of the database.
    """

    _name = "partner.certification.type"
    _description = "Partner Certification Type"
    _inherit = [
        "channel.internal.thread.mixin",
        "mail.thread",
        "certification.way.mixin",
        "certification.team.mixin",
        "certification.funnel.mixin",
        "mail.thread",
    ]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    level = fields.Char(
        translate=True,
        help='Level of the competence, such as "Foundation" or "Expert".',
    )
    competence = fields.Text(
        translate=True, help="What a certified person can do. Partners read this."
    )
    validity_months = fields.Integer(
        "Valid for (months)",
        default=24,
        tracking=True,
        help="Months from the day of the exam; 0 never expires. A change counts for "
        "certificates earned from then on.",
    )
    renewal_days = fields.Integer(
        "Renewal Window (days)",
        default=60,
        help="A certificate counts as expiring this many days before its end.",
    )
    survey_id = fields.Many2one(
        "survey.survey",
        "Certification Exam",
        domain=[("certification", "=", True)],
        ondelete="restrict",
        tracking=True,
        groups="base.group_user",
        help="Who passes this exam earns the certificate.",
    )
    channel_id = fields.Many2one(
        "slide.channel",
        "Course",
        compute="_compute_channel_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="set null",
        help="The course that prepares for the exam. Completing lessons proves "
        "nothing; only the exam does.",
    )
    certification_ids = fields.One2many("partner.certification", "type_id")
    certification_count = fields.Integer(
        "Certificates", compute="_compute_counts", groups="base.group_user"
    )
    valid_count = fields.Integer(
        "People Certified", compute="_compute_counts", groups="base.group_user"
    )
    requirement_ids = fields.One2many(
        "partner.tier.requirement",
        "certification_type_id",
        "Tier Requirements",
        groups="base.group_user",
    )
    demand_ids = fields.One2many(
        "partner.certification.demand",
        "type_id",
        "Needed to Register Deals",
        groups="base.group_user",
    )

    _survey_uniq = models.UniqueIndex(
        "(survey_id) WHERE active",
        "This exam already belongs to another certification type. One exam proves one "
        "competence: choose another exam or archive the other type.",
    )
    _validity_positive = models.Constraint(
        "CHECK (validity_months >= 0 AND validity_months <= 600)",
        "The validity must be between 0 (never expires) and 600 months.",
    )
    _renewal_positive = models.Constraint(
        "CHECK (renewal_days >= 0 AND renewal_days <= 3650)",
        "The renewal window must be between 0 and 3650 days.",
    )

    @api.depends("survey_id")
    def _compute_channel_id(self):
        """Propose the course that contains the exam."""
        for record in self:
            # the lessons of an exam are readable to eLearning officers only
            exam_sudo = record.survey_id.sudo()
            record.channel_id = record.channel_id or exam_sudo.slide_ids.channel_id[:1]

    def _compute_counts(self):
        certification = self.env["partner.certification"]
        of_types = Domain("type_id", "in", self.ids)
        total = dict(certification._read_group(of_types, ["type_id"], ["__count"]))
        valid = dict(
            certification._read_group(
                of_types & certification._get_valid_domain(),
                ["type_id"],
                ["partner_id:count_distinct"],
            )
        )
        for record in self:
            record.certification_count = total.get(record, 0)
            record.valid_count = valid.get(record, 0)

    @api.constrains("survey_id")
    def _check_survey(self):
        # trainers may not be allowed to read every survey
        self.sudo().survey_id._check_channel_exam()

    @api.constrains("active")
    def _check_not_required(self):
        """An archived type issues nothing: no tier, no program may ask for it."""
        archived = self.filtered(lambda rec: not rec.active)
        # sudo: a program of another company may ask for the type as well, and whoever
        # archives it need not see that company
        programs = archived.sudo().demand_ids.program_id
        if programs:
            raise ValidationError(
                self.env._(
                    "These programs ask for the certification when deals are "
                    "registered: %(programs)s. Remove the lines before you archive it.",
                    programs=", ".join(programs.mapped("display_name")),
                )
            )
        # sudo: for the same reason
        grades = archived.sudo().requirement_ids.grade_id
        if grades:
            raise ValidationError(
                self.env._(
                    "These tiers require the certification: %(tiers)s. Remove the "
                    "requirements before you archive it.",
                    tiers=", ".join(grades.mapped("display_name")),
                )
            )

    def action_issue_earlier(self):
        """Issue certificates for exams passed before they were tied to a type.

        Only where the score reaches today's pass mark: nothing kept the exam strict
        before. Running it again issues nothing.

        :return: client action that tells how many were issued
        """
        self._check_trainer()
        # trainers need not have access to exam attempts; which attempts count is
        # decided by _issue_from_attempts alone
        attempts_sudo = (
            self.env["survey.user_input"]
            .sudo()
            .search(
                self.env["survey.user_input"]._get_proof_domain()
                & Domain("survey_id", "in", self.sudo().survey_id.ids)
            )
        )
        passed = attempts_sudo.filtered(
            lambda one: one.scoring_percentage >= one.survey_id.scoring_success_min
        )
        issued = self.env["partner.certification"]._issue_from_attempts(passed)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if issued else "info",
                "message": self.env._(
                    "%(count)s certificates issued for exams passed earlier.",
                    count=len(issued),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_view_certifications(self):
        """Open the certificates of these types."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel_lms.partner_certification_action"
        )
        action["domain"] = [("type_id", "in", self.ids)]
        action["context"] = {}
        return action

    def action_view_certified(self):
        """Open the certificates of these types that hold today."""
        action = self.action_view_certifications()
        action["context"] = {"search_default_holds": 1}
        return action

    # === PORTAL === #

    @api.model
    def _get_portal_offers(self):
        """Return what the current user may earn and what it is good for.

        Certifications that tiers of the user's programs ask for come first, then
        the others that can be earned.

        :return: list of dicts ``type``, ``course_url`` (or ``False``), ``uses``
            (list of sentences) and ``held`` (the user holds it today)
        """
        person = self.env.user.partner_id
        # sudo: people of the partner may not read exams, only whether there is one
        earnable = self.sudo().search(self._get_earnable_domain()).sudo(False)
        uses = earnable._get_portal_uses()
        held = self.env["partner.certification"].search(
            self.env["partner.certification"]._get_valid_domain()
            & Domain("partner_id", "=", person.id)
        )
        return [
            {
                "type": kind,
                "course_url": kind._get_course_url(),
                "uses": uses.get(kind.id, []),
                "held": kind in held.type_id,
            }
            for kind in earnable.sorted(lambda kind: kind.id not in uses)
        ]

    def _get_portal_uses(self):
        """Return for what tiers and deals of the user's programs each type counts.

        :return: ``{type_id: [sentence, ...]}``, types without a use left out
        """
        memberships = self.env["res.partner"]._get_portal_memberships()
        # sudo: the requirements of programs the user's company is a member of
        requirements = (
            self.env["partner.tier.requirement"]
            .sudo()
            .search(
                [
                    ("program_id", "in", memberships.program_id.ids),
                    ("metric", "=", "certified_people"),
                    ("certification_type_id", "in", self.ids),
                ]
            )
        )
        uses = {}
        for requirement in requirements:
            uses.setdefault(requirement.certification_type_id.id, []).append(
                self.env._(
                    "Tier %(tier)s (%(program)s) asks for %(people)s",
                    tier=requirement.grade_id.name,
                    program=requirement.program_id.name,
                    people=requirement._format_value(requirement.threshold),
                )
            )
        return self._add_demand_uses(uses, memberships)

    def _get_course_url(self):
        """Return the address of the course if partners can open it, else False."""
        self.ensure_one()
        # sudo: courses not published are hidden from partners; their address stays so
        course_sudo = self.channel_id.sudo()
        return course_sudo.is_published and course_sudo.website_url

    @api.model
    def _check_trainer(self):
        """Raise unless the user may issue and revoke certificates."""
        if not (self.env.su or self._is_trainer()):
            raise AccessError(
                self.env._(
                    "Only trainers and heads of channel may issue or revoke "
                    "certificates."
                )
            )

    @api.model
    def _is_trainer(self):
        return self.env.user.has_group(
            "partner_channel_lms.group_channel_trainer"
        ) or self.env.user.has_group("partner_channel.group_channel_head")
