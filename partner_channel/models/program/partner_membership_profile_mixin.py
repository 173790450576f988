from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PartnerMembershipProfileMixin(models.AbstractModel):
    """What the vendor knows of a partner in a program beside its tier."""

    _name = "partner.membership.profile.mixin"
    _description = "Profile of a Membership"
    _inherit = ["utm.mixin"]

    stage_id = fields.Many2one(
        "partner.membership.stage",
        compute="_compute_stage_id",
        store=True,
        readonly=False,
        index=True,
        tracking=True,
        ondelete="restrict",
        group_expand="_read_group_stage_ids",
        copy=False,
    )
    sponsor_id = fields.Many2one(
        "partner.membership",
        index="btree_not_null",
        tracking=True,
        ondelete="restrict",
        check_company=True,
        domain="[('state', '!=', 'terminated')]",
        help="The distributor or partner this one works under.",
    )
    sub_membership_ids = fields.One2many(
        "partner.membership", "sponsor_id", "Sub-Partners"
    )
    sub_membership_count = fields.Integer(compute="_compute_sub_membership_count")
    territory_country_ids = fields.Many2many(
        "res.country", string="Countries", help="Empty: everywhere."
    )
    territory_state_ids = fields.Many2many(
        "res.country.state",
        string="States",
        domain="[('country_id', 'in', territory_country_ids)]",
        help="Only these of the countries; empty: all of them.",
    )
    industry_ids = fields.Many2many("res.partner.industry", string="Industries")
    family_ids = fields.Many2many(
        "product.category",
        string="Product Families",
        domain="[('is_channel_family', '=', True)]",
        help="What the partner may sell and register deals for. Empty: all of them.",
    )
    competence_ids = fields.Many2many("partner.competence", string="Competences")
    referred_by_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        domain="[('membership_ids', '!=', False)]",
        help="The partner who brought this one.",
    )

    @api.depends("program_id")
    def _compute_stage_id(self):
        first = self.env["partner.membership.stage"].search([], limit=1)
        for membership in self:
            membership.stage_id = membership.stage_id or first

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        return stages.search([("active", "=", True)])

    def _compute_sub_membership_count(self):
        counts = dict(
            self.env["partner.membership"]._read_group(
                [("sponsor_id", "in", self.ids), ("state", "!=", "terminated")],
                ["sponsor_id"],
                ["__count"],
            )
        )
        for membership in self:
            membership.sub_membership_count = counts.get(membership, 0)

    def _get_responsible_user(self):
        """Return who looks after these memberships for the vendor.

        The channel manager, else the head of the program, else the leader of the
        sales team; whoever is archived looks after nothing.

        :return: ``res.users``, one or none
        """
        users = self.manager_id | self.program_id.head_id | self.team_id.user_id
        return users.filtered("active")[:1]

    def _check_no_circle(self, sponsor_id):
        """Refuse a sponsor who stands under one of these.

        Asked before writing: the ORM's own check of trees names neither.

        :param int sponsor_id: the membership to be above
        """
        # sudo: a circle may lead through partners of another channel manager
        sponsor = self.sudo().browse(sponsor_id)
        above = {int(part) for part in (sponsor.parent_path or "").split("/") if part}
        for membership in self.filtered(lambda m: m.id in above):
            raise ValidationError(
                self.env._(
                    "“%(sponsor)s” stands, directly or through others, under "
                    "“%(partner)s”. Choose another sponsor.",
                    sponsor=sponsor.display_name,
                    partner=membership.display_name,
                )
            )

    @api.constrains("sponsor_id", "partner_id")
    def _check_sponsor(self):
        """Refuse a partner who sponsors itself, also in another program."""
        for membership in self:
            if membership.sponsor_id.partner_id == membership.partner_id:
                raise ValidationError(
                    self.env._(
                        "“%(partner)s” cannot be its own sponsor.",
                        partner=membership.partner_id.display_name,
                    )
                )

    @api.constrains("territory_country_ids", "territory_state_ids")
    def _check_territory(self):
        for membership in self:
            outside = membership.territory_state_ids.filtered(
                lambda state, m=membership: (
                    state.country_id not in m.territory_country_ids
                )
            )
            if outside:
                raise ValidationError(
                    self.env._(
                        "%(state)s lies in %(country)s, which is not among the "
                        "countries of “%(partner)s”.",
                        state=outside[0].name,
                        country=outside[0].country_id.name,
                        partner=membership.display_name,
                    )
                )

    def _sync_activation(self):
        """Let Odoo's own activation of the contact follow the stage."""
        # sudo: a channel manager works on the stage without right on every contact
        for stage, memberships in (
            self.filtered("is_primary").grouped("stage_id").items()
        ):
            if stage.activation_id:
                memberships.partner_id.sudo().activation = stage.activation_id

    def action_open_sub_memberships(self):
        """Open the partners that work under this one."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel.partner_membership_action"
        )
        return {
            **action,
            "domain": [("id", "child_of", self.ids), ("id", "!=", self.id)],
            "context": {"default_sponsor_id": self.id},
        }
