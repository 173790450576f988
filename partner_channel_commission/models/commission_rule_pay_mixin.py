from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.bands import MARGINAL, PROSPECTIVE, RETROACTIVE, Band, find_fault
from ..tools.commission_math import to_decimal
from ..tools.earning import AMOUNT, DEAL, MARGIN, UNIT, Pay
from ..tools.overrides import MANAGER, SPONSOR

_BASES = [
    (AMOUNT, "Percentage of the untaxed amount"),
    (MARGIN, "Percentage of the margin"),
    (UNIT, "Amount per unit"),
    (DEAL, "Amount per deal"),
]
_MODES = [
    (MARGINAL, "Marginal: each part at its own band's rate"),
    (RETROACTIVE, "Retroactive: the band reached holds for everything"),
    (PROSPECTIVE, "Prospective: the band reached holds for what comes next"),
    ("month", "Steps: by months since the customer's first invoice"),
]
_BAND_SCOPES = [
    ("document", "One invoice"),
    ("month", "All invoices of a month"),
    ("quarter", "All invoices of a quarter"),
    ("year", "All invoices of a year"),
]


class CommissionRulePayMixin(models.AbstractModel):
    """Says how much a rule pays."""

    _name = "commission.rule.pay.mixin"
    _description = "Way to Pay of a Commission Rule"

    # the rule says which
    company_currency_id = fields.Many2one("res.currency")
    basis = fields.Selection(
        _BASES,
        "Pays",
        required=True,
        default=AMOUNT,
        help="Amount per deal: with the first invoice of the deal, once.",
    )
    rate = fields.Float(
        "Rate (%)",
        required=True,
        digits=(7, 4),
        help="Percent of the untaxed amount, or of the margin.",
    )
    fixed_amount = fields.Monetary(
        "Amount",
        currency_field="company_currency_id",
        help="For each unit or deal; in invoices of another currency converted at the "
        "rate of the invoice date.",
    )
    margin_floor = fields.Boolean(
        "Never Below Zero",
        default=True,
        help="The margin is netted over the lines of an invoice; if that is a loss "
        "nothing is paid. Without this a loss takes from the partner.",
    )
    net_of_discount = fields.Boolean(
        "Less the Discount Given",
        help="What the invoice line was discounted is taken off the commission, so a "
        "discount and a commission do not add up.",
    )
    stacking_group = fields.Char(
        help="Rules with the same group do not add up: of them only the one that pays "
        "most pays a partner on a line. Empty: adds up with everything.",
    )
    band_mode = fields.Selection(
        _MODES,
        "Bands",
        help="Empty: one rate for all. With bands their rates take the place of the "
        "rate.",
    )
    band_scope = fields.Selection(
        _BAND_SCOPES,
        "Bands Count",
        default="document",
        help="What the band is found by: one invoice, or everything the rule paid the "
        "partner for in the period.",
    )
    band_ids = fields.One2many("partner.commission.band", "rule_id", copy=True)
    cap_line = fields.Monetary(
        "Most per Line",
        currency_field="company_currency_id",
        help="What a partner earns on an invoice line at most; 0 for no cap.",
    )
    floor_line = fields.Monetary(
        "Least per Line",
        currency_field="company_currency_id",
        help="What a line that earns anything earns at least.",
    )
    override_base = fields.Selection(
        [
            ("sale", "Percentage of the sale"),
            ("commission", "Percentage of the other partner's commission"),
        ],
        "Override On",
        default="sale",
        help="What an override is a percentage of.",
    )
    override_mode = fields.Selection(
        [
            ("top", "On top: the vendor pays it in addition"),
            ("inside", "Inside: it comes out of the other partner's commission"),
        ],
        "Override Comes",
        default="top",
    )
    pay_label = fields.Char("Pays How Much", compute="_compute_pay_label")

    _rate_range = models.Constraint(
        "CHECK (rate >= 0 AND rate <= 100)", "A rate lies between 0 and 100 percent."
    )
    _fixed_positive = models.Constraint(
        "CHECK (COALESCE(fixed_amount, 0) >= 0 AND COALESCE(cap_line, 0) >= 0 "
        "AND COALESCE(floor_line, 0) >= 0)",
        "An amount to pay is not negative.",
    )
    _override_percent = models.Constraint(
        "CHECK (role NOT IN ('sponsor', 'manager') "
        "OR (basis = 'amount' AND (band_mode IS NULL OR band_mode = 'month')))",
        "An override is a percentage of the sale or of another commission. Choose "
        "“Percentage of the untaxed amount” under “Pays”, and no bands.",
    )

    @api.depends(
        "basis",
        "rate",
        "fixed_amount",
        "override_base",
        "band_mode",
        "band_ids.amount_from",
        "band_ids.rate",
    )
    def _compute_pay_label(self):
        for rule in self:
            rule.pay_label = rule._get_pay_text()

    def _get_pay_text(self):
        """Return how much the rule pays, in words."""
        self.ensure_one()
        if self.band_mode:
            rates = self.band_ids.sorted("amount_from").mapped("rate")
            shown = " / ".join(f"{rate:g}" for rate in rates)
        else:
            shown = f"{self.rate:g}"
        amount = self.company_currency_id.format(self.fixed_amount)
        texts = {
            AMOUNT: self._get_percent_text(shown),
            MARGIN: self.env._("%(rate)s %% of the margin", rate=shown),
            UNIT: self.env._("%(amount)s per unit", amount=amount),
            DEAL: self.env._("%(amount)s per deal", amount=amount),
        }
        if self.band_mode and self.basis == UNIT:
            return self.env._("%(rate)s per unit", rate=shown)
        return texts[self.basis]

    def _get_percent_text(self, rate):
        """Return a percentage of what, in words."""
        if self._get_override_values().get("override_base") == "commission":
            return self.env._("%(rate)s %% of the commission", rate=rate)
        return self.env._("%(rate)s %%", rate=rate)

    @api.constrains("basis", "band_mode", "band_scope", "band_ids")
    def _check_bands(self):
        """Refuse bands with gaps or overlaps, and modes that make no sense.

        :raise ValidationError: naming the bound
        """
        for rule in self:
            problem = rule._find_band_problem()
            if problem:
                raise ValidationError(problem)

    def _find_band_problem(self):
        """Return what is wrong with the bands and what to do, empty if nothing."""
        self.ensure_one()
        if not self.band_mode:
            return ""
        if self.basis == DEAL:
            return self.env._(
                "An amount per deal has no bands. Clear “Bands” or choose another way "
                "to pay."
            )
        if self.band_mode == PROSPECTIVE and self.band_scope == "document":
            return self.env._(
                "“Prospective” looks at what was sold before: choose a month, quarter "
                "or year under “Bands Count”."
            )
        if self.band_mode == "month" and self.basis == UNIT:
            return self.env._(
                "Steps by month are percentages: choose one under “Pays”."
            )
        fault = find_fault(self._get_bands())
        return self._get_fault_text(*fault) if fault else ""

    def _get_fault_text(self, code, bound):
        """Return what is wrong with the bounds of the bands, and what to do."""
        texts = {
            "start": self.env._("The first band has to begin at 0."),
            "gap": self.env._(
                "No band covers amounts from %(bound)g: let the next one begin there, "
                "or nothing would be paid in between.",
                bound=bound,
            ),
            "overlap": self.env._(
                "Two bands cover amounts from %(bound)g: let one begin where the other "
                "ends.",
                bound=bound,
            ),
            "end": self.env._(
                "No band covers amounts from %(bound)g on: leave “Below” of the last "
                "band at 0, which is no end.",
                bound=bound,
            ),
        }
        return texts[code]

    def _get_bands(self):
        """Return the bands as plain values, the lowest first."""
        self.ensure_one()
        return tuple(
            Band(
                to_decimal(band.amount_from),
                to_decimal(band.amount_to) or None,
                to_decimal(band.rate),
            )
            for band in self.band_ids.sorted(lambda band: (band.amount_from, band.id))
        )

    def _get_pay(self):
        """Return the way to pay as a plain :class:`Pay`, None for a percentage."""
        self.ensure_one()
        pay = Pay(
            basis=self.basis,
            fixed=to_decimal(self.fixed_amount) if self.basis in (UNIT, DEAL) else 0,
            margin_floor=self.margin_floor,
            net_of_discount=self.net_of_discount,
            group=(self.stacking_group or "").strip(),
            bands=self._get_bands() if self.band_mode else (),
            mode=self.band_mode or "",
            scope=self.band_scope or "document",
            cap_line=to_decimal(self.cap_line),
            floor_line=to_decimal(self.floor_line),
            **self._get_override_values(),
        )
        return None if pay == Pay(scope=pay.scope) else pay

    def _get_override_values(self):
        """Return what a :class:`Pay` has to know of an override."""
        if self.role not in (SPONSOR, MANAGER):
            return {}
        return {
            "override_base": self.override_base or "sale",
            "inside": self.override_mode == "inside",
        }
