from odoo import api, fields, models
from odoo.fields import Domain

#: a membership that ended shows nothing any more
RUNNING = ("active", "suspended")


class DealOwnMixin(models.AbstractModel):
    """What the record rules of partner staff ask of the memberships of a deal.

    A rule that follows ``membership_id.state`` joins the memberships to the leads in
    every query, which takes PostgreSQL longer to plan (20 ms among 44 indexes) than a
    page of leads to read. Here the own memberships, a handful, are looked up first, on
    the day of the search and not when the rule was cached.
    """

    _name = "deal.own.mixin"
    _description = "Registration: Whose It Is"

    is_running = fields.Boolean(
        compute="_compute_is_running",
        search="_search_is_running",
        groups="base.group_system",
        help="A registration in a membership that has not ended.",
    )
    is_own_distributor = fields.Boolean(
        compute="_compute_is_own_distributor",
        search="_search_is_own_distributor",
        groups="base.group_system",
        help="The current user's company is its distributor, and may still see it.",
    )
    is_in_own_program = fields.Boolean(
        compute="_compute_is_in_own_program",
        search="_search_is_in_own_program",
        groups="base.group_system",
        help="No rule gave it, or one of a program the current user's company is in.",
    )

    # what the portal lists: Odoo's index of the partner has ordinary leads as well
    _registration_partner_idx = models.Index(
        "(partner_assigned_id, registration_state) WHERE registration_state IS NOT NULL"
    )

    @api.depends("membership_id.state")
    def _compute_is_running(self):
        for lead in self:
            lead.is_running = lead.membership_id.state in RUNNING

    def _search_is_running(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: asked by the rules, of people who may not read memberships
        running = self.env["partner.membership"].sudo()
        # those of daughters and resellers as well; the own ones stand first, so that
        # PostgreSQL reads the others only for a lead that is of none of them
        return Domain("membership_id", "in", self._get_own_memberships().ids) | Domain(
            "membership_id", "in", running._search([("state", "in", RUNNING)])
        )

    @api.depends("distributor_id.partner_id", "distributor_id.state")
    @api.depends_context("uid")
    def _compute_is_own_distributor(self):
        own = self._get_own_memberships()
        for lead in self:
            lead.is_own_distributor = lead.distributor_id in own

    def _search_is_own_distributor(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("distributor_id", "in", self._get_own_memberships().ids)

    @api.depends("distribution_state", "lead_rule_id.program_id")
    @api.depends_context("uid")
    def _compute_is_in_own_program(self):
        programs = self._get_own_memberships().program_id
        for lead in self:
            rule = lead.lead_rule_id
            is_given = lead.distribution_state == "assigned" and rule
            lead.is_in_own_program = not is_given or rule.program_id in programs

    def _search_is_in_own_program(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: asked by the rules, of people who may not read how leads are given
        rules = self.env["partner.lead.rule"].sudo().with_context(active_test=False)
        programs = self._get_own_memberships().program_id
        return (
            Domain("distribution_state", "!=", "assigned")
            | Domain("lead_rule_id", "=", False)
            | Domain(
                "lead_rule_id",
                "in",
                rules._search([("program_id", "in", programs.ids)]),
            )
        )

    @api.model
    def _get_own_memberships(self):
        """Return the running memberships of the current user's company, in sudo."""
        # sudo: those of the own company, to find its deals by
        company = self.env.user.partner_id.sudo().commercial_partner_id
        own = company._read_memberships()
        return own.filtered(lambda member: member.state in RUNNING)
