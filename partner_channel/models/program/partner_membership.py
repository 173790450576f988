from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .partner_membership_health_mixin import HEALTH_FIELDS


class PartnerMembership(models.Model):
    """One partner in one program."""

    _name = "partner.membership"
    _description = "Partner Membership"
    _inherit = [
        "channel.state.mixin",
        "partner.membership.flow.mixin",
        "partner.membership.tier.mixin",
        "partner.membership.review.mixin",
        "partner.membership.profile.mixin",
        "partner.membership.history.mixin",
        "partner.membership.benefit.mixin",
        "partner.membership.goal.mixin",
        "partner.membership.health.mixin",
        "partner.membership.leave.mixin",
        "partner.membership.scorecard.mixin",
        "partner.membership.segment.mixin",
        "partner.membership.update.mixin",
        "partner.membership.agreement.mixin",
        "channel.internal.thread.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "partner_id, program_id, id"
    _rec_names_search = ["partner_id", "program_id"]
    _check_company_auto = True
    _parent_name = "sponsor_id"
    _parent_store = True
    _mailing_enabled = True  # read by Mass Mailing, where it is installed
    _state_fields = (
        "state",
        "grade_id",
        "tier_since",
        "tier_hold_until",
        "tier_hold_reason",
        "date_reviewed",
        "company_id",
        "date_end",
        *HEALTH_FIELDS,
    )

    partner_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('is_company', '=', True), ('parent_id', '=', False)]",
        tracking=True,
    )
    program_id = fields.Many2one(
        "partner.program",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    company_id = fields.Many2one(
        related="program_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="program_id.currency_id")
    state = fields.Selection(
        [
            ("draft", "New"),
            ("active", "Active"),
            ("suspended", "Suspended"),
            ("terminated", "Terminated"),
        ],
        required=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    manager_id = fields.Many2one(
        "res.users",
        "Channel Manager",
        domain="[('share', '=', False)]",
        index="btree_not_null",
        tracking=True,
        help="Decides the partner's registrations and looks after the partner.",
    )
    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        check_company=True,
        compute="_compute_team_id",
        store=True,
        readonly=False,
    )
    date_start = fields.Date(copy=False)
    date_end = fields.Date(copy=False, readonly=True)
    is_primary = fields.Boolean(
        copy=False,
        help="The tier of the primary membership is shown as the partner's level.",
    )
    country_id = fields.Many2one(related="partner_id.country_id", store=True)
    parent_path = fields.Char(index=True)
    lead_ids = fields.One2many("crm.lead", "membership_id", "Registrations")
    lead_count = fields.Integer(compute="_compute_lead_count")

    _open_uniq = models.UniqueIndex(
        "(partner_id, program_id) WHERE state <> 'terminated'",
        "This partner already has an open membership in this program.",
    )
    _primary_uniq = models.UniqueIndex(
        "(partner_id) WHERE is_primary AND state <> 'terminated'",
        "A partner has one primary membership: it gives the level Odoo shows.",
    )
    _manager_idx = models.Index("(manager_id, state) WHERE state <> 'terminated'")

    @api.depends("partner_id", "program_id")
    def _compute_display_name(self):
        for membership in self:
            names = (membership.partner_id.name, membership.program_id.name)
            membership.display_name = " – ".join(name or "" for name in names)

    @api.depends("program_id")
    def _compute_team_id(self):
        for membership in self:
            membership.team_id = membership.program_id.team_id

    def _compute_lead_count(self):
        counts = dict(
            self.env["crm.lead"]
            .with_context(active_test=False)
            ._read_group(
                [("membership_id", "in", self.ids)], ["membership_id"], ["__count"]
            )
        )
        for membership in self:
            membership.lead_count = counts.get(membership, 0)

    @api.constrains("partner_id")
    def _check_commercial_partner(self):
        for membership in self:
            if membership.partner_id != membership.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "“%(contact)s” is a contact of “%(company)s”: "
                        "choose the company as the partner.",
                        contact=membership.partner_id.display_name,
                        company=membership.partner_id.commercial_partner_id.display_name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        self._prepare_entry_grades(vals_list)
        self._prepare_primary(vals_list)
        # a new membership may start on any tier: existing partners are taken
        # over as they stand; only later changes need a decision
        grades = [vals.pop("grade_id", False) for vals in vals_list]
        memberships = super().create(vals_list)
        memberships._start_on_tiers(grades)
        return memberships

    @api.model
    def _prepare_entry_grades(self, vals_list):
        programs = self.env["partner.program"].browse(
            {vals["program_id"] for vals in vals_list if vals.get("program_id")}
        )
        entries = {program.id: program._get_entry_grade().id for program in programs}
        for vals in vals_list:
            if not vals.get("grade_id"):
                vals["grade_id"] = entries.get(vals.get("program_id"), False)

    @api.model
    def _prepare_primary(self, vals_list):
        """The first open membership of a partner is its primary one."""
        partner_ids = {vals.get("partner_id") for vals in vals_list}
        taken = set(
            self.sudo()
            .search(
                [
                    ("partner_id", "in", list(partner_ids - {None, False})),
                    ("is_primary", "=", True),
                    ("state", "!=", "terminated"),
                ]
            )
            .partner_id.ids
        )
        for vals in vals_list:
            partner_id = vals.get("partner_id")
            vals.setdefault("is_primary", partner_id not in taken)
            if vals["is_primary"]:
                taken.add(partner_id)

    def write(self, vals):
        started = self.filtered(lambda membership: membership.state != "draft")
        if started and {"partner_id", "program_id"} & vals.keys():
            raise UserError(
                self.env._(
                    "“%(membership)s” has begun: its deals and commissions belong to "
                    "it. End it and create another one.",
                    membership=started[0].display_name,
                )
            )
        if vals.get("sponsor_id"):
            self._check_no_circle(vals["sponsor_id"])
        result = super().write(vals)
        if vals.get("is_primary"):
            self._sync_partner_grade()
        if {"stage_id", "is_primary"} & vals.keys():
            self._sync_activation()
        return result

    # === ACTIONS === #

    def action_open_simulation(self):
        """Open the simulation of what the next tier takes."""
        self.ensure_one()
        return self.env["partner.tier.simulation"]._open(self)

    def action_open_leads(self):
        """Open the registrations of the membership."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel.crm_lead_registration_action"
        )
        return {
            **action,
            "domain": [
                ("membership_id", "=", self.id),
                ("active", "in", [True, False]),
            ],
            "context": {},
        }
