from odoo import fields, models

from .partner_program import PERIODS


class CommissionPayoutTermsMixin(models.AbstractModel):
    """When and from what amount on a membership is paid out."""

    _name = "commission.payout.terms.mixin"
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
    # the membership's own is the company's
    company_currency_id = fields.Many2one("res.currency")

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

    def _get_statement_minimum(self):
        """Return the minimum payout in company currency, 0 for none."""
        self.ensure_one()
        # sudo: as for the period
        own = self.sudo()
        if own.state == "terminated":
            return 0
        terms = own if own.has_own_statement_terms else own.program_id
        return terms.statement_minimum
