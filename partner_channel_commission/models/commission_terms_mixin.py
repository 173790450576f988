from odoo import fields, models

from .partner_program import PERIODS


class CommissionTermsMixin(models.AbstractModel):
    """When and from what amount on a membership is paid out."""

    _name = "commission.terms.mixin"
    _description = "Payout Terms of a Membership"

    # what one partner has agreed on is the head's to decide, not every manager's
    has_own_statement_terms = fields.Boolean(
        "Own Payout Terms",
        groups="partner_channel.group_channel_head",
        tracking=True,
        help="This partner's statements differ from those of the program.",
    )
    statement_period = fields.Selection(
        PERIODS,
        "Statements",
        groups="partner_channel.group_channel_head",
        tracking=True,
    )
    statement_minimum = fields.Monetary(
        "Minimum Payout",
        currency_field="company_currency_id",
        groups="partner_channel.group_channel_head",
        tracking=True,
        help="In the company's currency; 0 for no minimum.",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )

    _own_terms = models.Constraint(
        "CHECK (has_own_statement_terms IS NOT TRUE OR ("
        "statement_period IS NOT NULL AND COALESCE(statement_minimum, 0) >= 0 "
        "AND (statement_period <> 'threshold' "
        "OR COALESCE(statement_minimum, 0) > 0)))",
        "Own payout terms need a period, and a minimum above zero when statements "
        "are made by threshold.",
    )

    def _get_statement_period(self):
        """Return when the partner gets statements, a key of the periods."""
        self.ensure_one()
        # sudo: own terms are the head's to read, and hold for whoever makes a statement
        own = self.sudo()
        if own.has_own_statement_terms:
            return own.statement_period
        return own.program_id.statement_period
