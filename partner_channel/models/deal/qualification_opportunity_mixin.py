from odoo import api, models
from odoo.exceptions import UserError


class QualificationOpportunityMixin(models.AbstractModel):
    """Holds opportunities a partner got as such: no conversion asked for the gate.

    Where the program demands it, its qualification begins when the partner gets it, and
    until it is through the gate it stays in its stage: it may go back or be lost. What
    was an opportunity of the partner before the program demanded it has no
    qualification and goes on; a registration is stopped at its approval instead.
    """

    _name = "qualification.opportunity.mixin"
    _description = "Gate for Opportunities Given to Partners"

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        given = leads.filtered("partner_assigned_id")
        given._begin_as_opportunities()
        given.filtered("stage_id.is_won")._check_qualification_stage()
        return leads

    def write(self, vals):
        before = {}
        if "stage_id" in vals:
            before = {lead: lead.stage_id for lead in self}
        holders = {}
        if "partner_assigned_id" in vals:
            # whoever gets what was won already has nothing to qualify
            holding = self.filtered(lambda lead: lead.won_status != "won")
            holders = {lead: lead.partner_assigned_id for lead in holding}
        result = super().write(vals)
        self.filtered(
            lambda x: x in holders and holders[x] != x.partner_assigned_id
        )._begin_as_opportunities()
        self.filtered(
            lambda x: before and x._is_stage_after(before[x])
        )._check_qualification_stage()
        return result

    def _is_stage_after(self, stage):
        """Return whether the lead has gone on from a stage, or was won."""
        self.ensure_one()
        here = self.stage_id
        return here != stage and (here.is_won or here.sequence > stage.sequence)

    def _begin_as_opportunities(self):
        """Begin the qualification of opportunities their partner just got."""
        # sudo: rules of programs hold for whoever gives the opportunity away
        given = self.sudo().filtered(
            lambda lead: (
                lead.type == "opportunity"
                and lead.partner_assigned_id
                and not lead.registration_state
            )
        )
        memberships = given._get_qualification_memberships() if given else {}
        begun = given.filtered(
            lambda lead: memberships[lead.id].program_id.qualification_required
        )._open_qualifications()
        begun.filtered(lambda sheet: sheet._is_waited_for())._ask_partner()

    def _check_qualification_stage(self):
        """Refuse a stage that opportunities have not been qualified for.

        :raise UserError: see ``_check_qualification_gate``; people outside the vendor
            are not told what is missing
        """
        # sudo: the gate is the program's, whoever moves the opportunity
        held = self.sudo().filtered(
            lambda lead: (
                not lead.registration_state
                and (
                    lead.qualification_id
                    if lead.type == "opportunity"
                    # won as a lead it is past what it had to be qualified for
                    else lead.stage_id.is_won and lead.partner_assigned_id
                )
            )
        )
        if held and self.env.user.share:
            self._refuse_stage(held)
        held._check_qualification_gate()

    def _refuse_stage(self, held):
        problems = held._find_qualification_problems()
        for lead in held.filtered(lambda lead: lead.id in problems)[:1]:
            raise UserError(
                self.env._(
                    "“%(deal)s” stays in its stage until it is qualified.",
                    deal=lead.display_name,
                )
            )
