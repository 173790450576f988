from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.partner_program import PERIODS


class PartnerCommissionStatementCreate(models.TransientModel):
    """Asks for a period and creates its statements."""

    _name = "partner.commission.statement.create"
    _description = "Create Commission Statements"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        domain=lambda self: [("id", "in", self.env.companies.ids)],
    )
    date_from = fields.Date(
        "From", required=True, default=lambda self: self._get_last_month()[0]
    )
    date_to = fields.Date(
        "Until",
        required=True,
        default=lambda self: self._get_last_month()[1],
        help="Last day, inclusive. Older amounts in no statement yet go in as well.",
    )
    membership_ids = fields.Many2many(
        "partner.membership",
        string="Partners",
        domain="[('company_id', '=', company_id)]",
        help="Empty for all partners.",
    )
    period = fields.Selection(
        PERIODS,
        "Partners With Statements",
        help="Empty for all partners, whatever period their program has.",
    )
    ignore_minimum = fields.Boolean(
        "Below the Minimum as Well",
        help="Pay out whatever is above zero, as when a year is closed.",
    )
    statement_count = fields.Integer("Statements", compute="_compute_statement_count")

    @api.model
    def _get_last_month(self):
        """Return the first and the last day of the month before this one."""
        last = self.env.company._get_channel_today().replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last

    @api.depends("company_id", "date_to", "membership_ids", "period", "ignore_minimum")
    def _compute_statement_count(self):
        for wizard in self:
            wizard.statement_count = (
                len(wizard._read_groups())
                if wizard.date_to and wizard.company_id
                else 0
            )

    def _read_groups(self):
        """Return what would be stated, see ``_read_open_groups``."""
        self.ensure_one()
        Statement = self.env["partner.commission.statement"]
        Statement.check_access("write")
        return Statement._read_open_groups(
            self.company_id,
            self.date_to,
            self.membership_ids._origin,
            **self._get_terms(),
        )

    def _get_terms(self):
        """Return the terms that narrow what is stated."""
        self.ensure_one()
        return {"period": self.period, "ignore_minimum": self.ignore_minimum}

    def action_create(self):
        """Create the statements and open them.

        :return: window action
        """
        self.ensure_one()
        Statement = self.env["partner.commission.statement"]
        Statement.check_access("write")
        if self.company_id not in self.env.companies:
            raise UserError(self.env._("Switch to the company first."))
        if self.date_to < self.date_from:
            raise UserError(self.env._("The period ends before it begins."))
        if self.date_to > self.company_id._get_channel_today():
            raise UserError(
                self.env._(
                    "Until: the period is not over yet. A statement closes on the last "
                    "day of its period; choose today or a day before."
                )
            )
        statements = Statement._create_statements(
            self.company_id,
            self.date_from,
            self.date_to,
            self.membership_ids,
            **self._get_terms(),
        )
        if not statements:
            raise UserError(
                self.env._(
                    "Nothing is to be paid out until %(date)s: no partner has a "
                    "payable amount above zero outside a statement.",
                    date=fields.Date.to_string(self.date_to),
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel_commission.partner_commission_statement_action"
        )
        return {**action, "domain": [("id", "in", statements.ids)], "context": {}}
