"""The world of the property test: partners, deals and what happens to documents."""

from decimal import Decimal

from odoo.fields import Command

from ..common import CommissionCommon
from .definition import Definition
from .terms import UNIT, Party
from .values import Document, Line

#: day, currency, whether taxed, prices of the lines, parts of the partners
SALES = (
    ("2026-01-20", "USD", False, ("333.33", "166.67"), {"alpha": 100}),
    ("2026-03-10", "USD", True, ("800.00",), {"alpha": 60, "beta": 40}),
    ("2026-03-15", "EUR", True, ("1250.10", "41.99"), {"alpha": 100}),
    ("2026-05-05", "USD", False, ("60.30",), {"beta": 100}),
)
#: units of it per unit of the company's, from a day on
EURO_RATES = (("2020-01-01", 1.25), ("2026-03-20", 1.6))
TODAY = "2026-06-15"


def to_decimal(amount):
    """Return an amount of money in cents."""
    return Decimal(str(round(amount, 2)))


class AnyOrderWorld(CommissionCommon):
    """Four drafts of four deals, and everything that may become of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gamma, cls.gamma_member = cls._create_member("Gamma", cls.program)
        cls.alpha_member.sponsor_id = cls.gamma_member
        cls.members = {
            "alpha": cls.alpha_member,
            "beta": cls.beta_member,
            "gamma": cls.gamma_member,
        }
        cls.names = {member: name for name, member in cls.members.items()}
        cls.euro = cls.setup_other_currency("EUR", rates=EURO_RATES)
        cls.tax = cls.company_data["default_tax_sale"]
        cls.product.standard_price = 100
        cls.deals = [cls._make_deal(sale) for sale in SALES]
        cls.invoices = [
            cls._make_invoice(deal, sale)
            for deal, sale in zip(cls.deals, SALES, strict=True)
        ]

    # === THE BEGINNING === #

    def _begin(self, make_plan):
        """Begin anew, with a plan; what came of the last sequence is rolled back.

        :param make_plan: function from the version to :class:`PlanTerms`
        """
        self.make_plan, self.version = make_plan, 0
        self.plan = self.active = None
        self._rerate()
        self.cost = Decimal(100)
        self.definition = Definition()
        #: documents by their key, and which line of the invoice each line is
        self.moves = {str(n): move for n, move in enumerate(self.invoices)}
        self.line_numbers = {
            line.id: number
            for move in self.invoices
            for number, line in enumerate(move.invoice_line_ids)
        }
        self.env.flush_all()

    @classmethod
    def _make_deal(cls, sale):
        *_rest, parts = sale
        return cls._create_deal(
            *((cls.members[name], "sold", part) for name, part in parts.items())
        )

    @classmethod
    def _make_invoice(cls, deal, sale):
        day, currency, is_taxed, prices, _parts = sale
        invoice = cls._invoice_deal(
            deal,
            *map(float, prices),
            date=day,
            post=False,
            tax=cls.tax if is_taxed else None,
        )
        if currency == "EUR":
            invoice.currency_id = cls.euro
            for line, price in zip(invoice.invoice_line_ids, prices, strict=True):
                line.price_unit = float(price)
        return invoice

    def _rerate(self):
        """Close the plan in force and activate its next version."""
        if self.active:
            self.active.action_close()
        self.version += 1
        self.plan = self.make_plan(self.version)
        self.active = self._create_plan(
            *(self._prepare_rule(rule) for rule in self.plan.rules),
            name=f"Version {self.version}",
            ceiling=float(self.plan.ceiling),
            cap_period_kind=self.plan.cap_kind,
            **{name: float(amount) for name, amount in self.plan.caps.items()},
        )

    def _prepare_rule(self, rule):
        names = ("amount_from", "amount_to", "rate")
        return {
            "role": rule.role,
            "basis": rule.basis,
            "rate": 0 if rule.basis == UNIT else float(rule.rate),
            "fixed_amount": float(rule.rate) if rule.basis == UNIT else 0,
            "trigger": rule.trigger,
            "upfront": float(rule.upfront),
            "holdback_days": rule.holdback,
            "cap_line": float(rule.cap_line),
            "floor_line": float(rule.floor_line),
            "override_base": "commission" if rule.of_commission else "sale",
            "override_mode": "inside" if rule.inside else "top",
            "grade_ids": [Command.set(self.gold.ids if rule.tier else [])],
            "band_mode": rule.mode or False,
            "band_scope": rule.scope,
            "band_ids": [
                Command.create(
                    dict(zip(names, (low or 0, high or 0, rate), strict=True))
                )
                for low, high, rate in rule.bands
            ],
        }

    # === WHAT ODOO SAYS === #

    def _look_at(self, key):
        """Return a document as the definition knows it."""
        move = self.moves[key]
        invoice = move.reversed_entry_id or move
        sign = -1 if move.reversed_entry_id else 1
        rates = [rate for day, rate in EURO_RATES if day <= str(invoice.invoice_date)]
        is_euro = invoice.currency_id == self.euro
        return Document(
            key=key,
            origin=key.split("-", 1)[0] if "-" in key else "",
            state=move.state,
            day=move.invoice_date,
            per_company=Decimal(str(rates[-1])) if is_euro else Decimal(1),
            lines={
                self.line_numbers[line.id]: Line(
                    sign * to_decimal(line.price_subtotal), Decimal(1), self.cost
                )
                for line in move.invoice_line_ids
            },
            total=to_decimal(move.amount_total),
            paid=self._sum_paid(move),
            deal=key.split("-", 1)[0],
        )

    @staticmethod
    def _sum_paid(move):
        """Return what payments have settled of a document."""
        paid = Decimal(0)
        for line in move.line_ids:
            for part in line.matched_debit_ids:
                if not part.debit_move_id.move_id.is_invoice():
                    paid += to_decimal(part.credit_amount_currency)
            for part in line.matched_credit_ids:
                if not part.credit_move_id.move_id.is_invoice():
                    paid += to_decimal(part.debit_amount_currency)
        return paid

    def _get_parties(self, key):
        """Return who takes part in a deal now."""
        return [
            Party(
                self.names[role.membership_id],
                role.role,
                to_decimal(role.share),
                self._get_tier(role.membership_id),
                self.names.get(role.membership_id.sponsor_id, ""),
                self._get_tier(role.membership_id.sponsor_id),
            )
            for role in self.deals[int(key)].deal_role_ids
        ]

    def _get_tier(self, member):
        return "gold" if member.grade_id == self.gold else "entry"
