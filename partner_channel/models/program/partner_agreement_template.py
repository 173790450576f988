from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .partner_health_explain_mixin import CHANNEL


class PartnerAgreementTemplate(models.Model):
    """An agreement partners of a program sign: who has to, and its versions."""

    _name = "partner.agreement.template"
    _description = "Agreement Template"
    _inherit = ["channel.internal.thread.mixin", "mail.thread"]
    _order = "program_id, sequence, name, id"

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    program_id = fields.Many2one(
        "partner.program", required=True, index=True, ondelete="restrict", tracking=True
    )
    company_id = fields.Many2one(
        related="program_id.company_id", store=True, index=True
    )
    is_required = fields.Boolean(
        "Required",
        tracking=True,
        help="Partners who have not signed it fail the program's check “No valid "
        "agreement”.",
    )
    date_required = fields.Date(
        "Required From",
        tracking=True,
        help="First day on which it has to be signed; empty: at once.",
    )
    grade_ids = fields.Many2many(
        "res.partner.grade",
        string="Only for Tiers",
        domain="[('program_id', '=', program_id)]",
        help="Empty: partners on all tiers sign it.",
    )
    country_ids = fields.Many2many(
        "res.country",
        string="Only for Countries",
        help="Where the partner is. Empty: partners of all countries sign it.",
    )
    reminder_days = fields.Integer(
        "Remind Before the End (days)",
        default=60,
        help="So many days before a signed agreement ends the channel manager is "
        "reminded to renew it. 0: never.",
    )
    version_ids = fields.One2many("partner.agreement.version", "template_id")
    current_version_id = fields.Many2one(
        "partner.agreement.version",
        compute="_compute_current_version_id",
        store=True,
        help="The latest published version: this one is signed.",
    )
    agreement_ids = fields.One2many("partner.agreement", "template_id", groups=CHANNEL)
    signed_count = fields.Integer(
        "Signed", compute="_compute_signed_count", groups=CHANNEL
    )

    _reminder_positive = models.Constraint(
        "CHECK (reminder_days >= 0)", "The days of a reminder cannot be negative."
    )

    @api.depends("version_ids.state", "version_ids.number")
    def _compute_current_version_id(self):
        for template in self:
            published = template.version_ids.filtered(lambda v: v.state == "published")
            template.current_version_id = published.sorted("number")[-1:]

    def _compute_signed_count(self):
        counts = dict(
            self.env["partner.agreement"]._read_group(
                [("template_id", "in", self.ids), ("state", "=", "signed")],
                ["template_id"],
                ["__count"],
            )
        )
        for template in self:
            template.signed_count = counts.get(template, 0)

    @api.constrains("program_id", "grade_ids")
    def _check_program(self):
        for template in self:
            foreign = template.grade_ids.filtered(
                lambda grade, own=template.program_id: grade.program_id != own
            )
            if foreign:
                raise ValidationError(
                    self.env._(
                        "“%(template)s”: %(tiers)s are no tiers of “%(program)s”. "
                        "Choose tiers of the agreement's program.",
                        template=template.name,
                        tiers=", ".join(foreign.mapped("name")),
                        program=template.program_id.name,
                    )
                )

    def write(self, vals):
        if "program_id" in vals:
            moved = self.filtered(lambda t: t.program_id.id != vals["program_id"])
            # sudo: agreements of other channel managers count as well
            used = self.env["partner.agreement"].sudo()
            used = used.search([("template_id", "in", moved.ids)], limit=1)
            if used:
                raise UserError(
                    self.env._(
                        "“%(template)s” has agreements with partners of its program: "
                        "create another template for the other program.",
                        template=used.template_id.name,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_with_drafts(self):
        """Versions go first: what is published refuses, drafts go along."""
        self.version_ids.unlink()

    @api.model
    def _search_required(self, programs=None):
        """Return what partners of some programs have to sign, for whoever asks.

        A template counts from its first published version on.

        :param programs: ``partner.program``, ``None`` for all
        :return: ``partner.agreement.template`` in sudo
        """
        # sudo: rules of the program hold for whoever submits
        domain = [("is_required", "=", True), ("current_version_id", "!=", False)]
        if programs is not None:
            domain.append(("program_id", "in", programs.ids))
        return self.sudo().search(domain)

    def _is_due(self, day):
        """Return whether somebody has to have signed it on a day."""
        self.ensure_one()
        return not self.date_required or self.date_required <= day

    def _is_asked_of(self, membership):
        """Return whether a membership of the program is one of those who sign it.

        ``partner.membership._get_missing_domain`` says the same to the database.
        """
        self.ensure_one()
        return (
            membership.state != "terminated"
            and (not self.grade_ids or membership.grade_id in self.grade_ids)
            and (not self.country_ids or membership.country_id in self.country_ids)
        )

    # === ACTIONS === #

    def action_new_version(self):
        """Open a draft of the next version, made from the current one."""
        self.ensure_one()
        self.check_access("write")
        drafts = self.version_ids.filtered(lambda version: version.state == "draft")
        version = drafts[:1] or self.current_version_id._copy_for(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Version"),
            "res_model": "partner.agreement.version",
            "view_mode": "form",
            "res_id": version.id,
        }

    def action_prepare_all(self):
        """Draft the agreement for every partner who has not signed the version."""
        self.check_access("write")
        members = self.env["partner.membership"].search(
            [
                ("program_id", "in", self.program_id.ids),
                ("state", "in", ("active", "suspended")),
            ]
        )
        pairs = [
            (member, template)
            for template in self
            for member in members
            if member.program_id == template.program_id
            and template._is_asked_of(member)
        ]
        drafts = self.env["partner.agreement"]._prepare_for(pairs)
        return drafts._open([("id", "in", drafts.ids)])

    def action_open_agreements(self):
        """Open the agreements made of the templates."""
        self.check_access("read")
        return self.env["partner.agreement"]._open([("template_id", "in", self.ids)])
