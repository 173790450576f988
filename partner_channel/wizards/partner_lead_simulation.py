from odoo import api, fields, models
from odoo.exceptions import ValidationError

_MOST = 1_000


class PartnerLeadSimulation(models.TransientModel):
    """Who would be offered the last leads under some rules; nothing is offered."""

    _name = "partner.lead.simulation"
    _description = "Simulation of Lead Rules"

    rule_ids = fields.Many2many(
        "partner.lead.rule",
        string="Rules",
        required=True,
        context={"active_test": False},
        default=lambda self: self.env["partner.lead.rule"].search([]),
        help="Archived ones as well: try a rule before it is in force.",
    )
    lead_count = fields.Integer("Last Leads", default=100, required=True)
    line_ids = fields.One2many("partner.lead.simulation.line", "simulation_id")

    @api.constrains("lead_count")
    def _check_lead_count(self):
        for simulation in self:
            if not 0 < simulation.lead_count <= _MOST:
                raise ValidationError(
                    self.env._(
                        "The number of leads has to be between 1 and %(most)d.",
                        most=_MOST,
                    )
                )

    def action_simulate(self):
        """Work out who would be offered the leads the user may see.

        :return: the action of the window, with its lines
        """
        self.ensure_one()
        self.check_access("write")
        leads = (
            self.env["crm.lead"]
            .with_context(active_test=False)
            .search(
                [("registration_state", "=", False)],
                order="id desc",
                limit=self.lead_count,
            )
        )
        self.line_ids.unlink()
        self.line_ids = [
            fields.Command.create(vals) for vals in self._prepare_lines(leads)
        ]
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel.partner_lead_simulation_action"
        )
        return {**action, "res_id": self.id}

    def _prepare_lines(self, leads):
        """Return values of a line for each offer, or for a lead without one.

        :param leads: ``crm.lead``, the newest first
        """
        rules = self.rule_ids.sorted()
        # sudo: partners' figures weigh and are not shown; the user reads the leads
        # and the rules
        members = rules.sudo()._find_members()
        outcomes = (
            leads[::-1].sudo()._play_anew(rules.sudo(), members, fields.Datetime.now())
        )
        found = []
        for lead, outcome in reversed(outcomes.items()):
            line = {
                "lead_id": lead.id,
                "rule_id": outcome.rule_id,
                "outcome": outcome.kind,
            }
            found += [
                {
                    **line,
                    "membership_id": pick.membership_id,
                    "why": self.env["partner.lead.offer"]._explain(pick.why),
                }
                for pick in outcome.picks
            ] or [line]
        return found
