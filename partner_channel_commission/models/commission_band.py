from odoo import api, fields, models


class PartnerCommissionBand(models.Model):
    """One band of a rule: what is paid from one amount to below another."""

    _name = "partner.commission.band"
    _description = "Commission Band"
    _order = "rule_id, amount_from, id"

    rule_id = fields.Many2one(
        "partner.commission.rule", required=True, index=True, ondelete="cascade"
    )
    amount_from = fields.Float(
        "From", digits=(16, 2), help="Reaching it gives this band."
    )
    amount_to = fields.Float(
        "Below", digits=(16, 2), help="0 for no end; else where the next band begins."
    )
    rate = fields.Float(
        required=True,
        digits=(16, 4),
        help="Percent; where the rule pays per unit, the amount for each.",
    )

    _bounds_order = models.Constraint(
        "CHECK (amount_from >= 0 "
        "AND (COALESCE(amount_to, 0) = 0 OR amount_to > amount_from))",
        "A band begins at 0 or above and ends above its beginning.",
    )
    _rate_positive = models.Constraint(
        "CHECK (rate >= 0)", "The rate of a band is not negative."
    )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        bands = super().create(vals_list)
        bands._touch_rules()
        return bands

    def write(self, vals):
        self.check_access("write")
        self._touch_rules()
        result = super().write(vals)
        self._touch_rules()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._touch_rules()

    def _touch_rules(self):
        """Refuse bands of a plan that is no draft any more."""
        self.rule_id.plan_id._check_draft()
        self.env.registry.clear_cache()
