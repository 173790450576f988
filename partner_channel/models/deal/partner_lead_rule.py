from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...tools import lead_distribution as distribution
from ...tools.zip_ranges import parse_zips
from .lead_candidate_mixin import by_country

WEIGHTS = tuple(f"weight_{name}" for name in distribution.COMPONENTS)
#: field of a rule → field of a plain lead it limits
_LIMITS = {
    "industry_ids": "industry_id",
    "family_ids": "family_id",
    "lang_ids": "language_id",
    "source_ids": "source_id",
}


class PartnerLeadRule(models.Model):
    """Which leads are offered to the partners of a program, and how."""

    _name = "partner.lead.rule"
    _description = "Lead Rule"
    _inherit = ["lead.candidate.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    program_id = fields.Many2one(
        "partner.program", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="program_id.company_id", store=True, index=True
    )
    # which leads
    country_ids = fields.Many2many("res.country", string="Countries")
    state_ids = fields.Many2many("res.country.state", string="States")
    zips = fields.Char(
        "ZIP Codes",
        help="Beginnings and ranges of beginnings, e.g. 10..14, 803, SW1.",
    )
    industry_ids = fields.Many2many("res.partner.industry", string="Industries")
    family_ids = fields.Many2many(
        "product.category",
        string="Product Families",
        domain="[('is_channel_family', '=', True)]",
    )
    lang_ids = fields.Many2many("res.lang", string="Languages")
    source_ids = fields.Many2many("utm.source", string="Sources")
    employees_from = fields.Integer()
    employees_to = fields.Integer(help="0: without limit.")
    account_ids = fields.One2many(
        "partner.lead.account",
        "rule_id",
        "Named Accounts",
        help="Leads of these customers go to their partner before any rule is asked.",
    )
    # how
    mode = fields.Selection(
        [
            (distribution.ONE, "One partner, by weight"),
            (distribution.PARALLEL, "Several at once, the first to accept"),
            (distribution.ROBIN, "In turn"),
            (distribution.POOL, "Pool to claim from"),
        ],
        "Offered To",
        required=True,
        default=distribution.ONE,
    )
    parallel = fields.Integer("Partners at Once", default=3)
    max_offers = fields.Integer(
        "Partners per Lead",
        default=5,
        help="After so many offers nobody took, the fall-back has it. 0: everybody who "
        "fits is asked.",
    )
    window_hours = fields.Float(
        "Time to Answer (hours)",
        default=8,
        help="Working time of the company.",
    )
    max_day = fields.Integer(
        "New per Day", help="Of one partner within 24 hours. 0: without limit."
    )
    max_work = fields.Integer("In Work", help="Of one partner. 0: without limit.")
    idle_days = fields.Integer(
        "Taken Back After (days)",
        help="So long a partner may leave an accepted lead untouched; then it counts "
        "as not accepted. 0: for ever.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Salesperson",
        domain="[('share', '=', False), ('company_ids', '=', company_id)]",
        help="Has the leads no partner takes.",
    )
    team_id = fields.Many2one("crm.team", "Sales Team", check_company=True)
    weight_tier = fields.Integer("Tier", default=40)
    weight_capacity = fields.Integer("Free Capacity", default=20)
    weight_certificates = fields.Integer("Certificates", default=10)
    weight_distance = fields.Integer("Distance", default=0)
    weight_response = fields.Integer("Response Time", default=15)
    weight_win = fields.Integer("Win Rate", default=15)
    distance_km = fields.Float("Near Within (km)", default=500)

    _numbers_positive = models.Constraint(
        "CHECK (employees_from >= 0 AND employees_to >= 0 AND max_offers >= 0"
        " AND max_day >= 0 AND max_work >= 0 AND idle_days >= 0)",
        "Limits and days of a lead rule cannot be negative.",
    )
    _needs_something = models.Constraint(
        "CHECK (window_hours > 0 AND distance_km > 0 AND parallel > 0)",
        "The time to answer, the distance and the number of partners at once have to "
        "be above zero.",
    )
    # more would be no date at all, or places for offers by the million
    _bounds = models.Constraint(
        "CHECK (window_hours <= 2000 AND idle_days <= 3650 AND parallel <= 50)",
        "At most: 2000 hours to answer, 3650 days until a lead is taken back, 50 "
        "partners at once.",
    )
    _weights_positive = models.Constraint(
        f"CHECK (LEAST({', '.join(WEIGHTS)}) >= 0)",
        "Weights cannot be negative.",
    )
    _employees_order = models.Constraint(
        "CHECK (employees_to = 0 OR employees_to >= employees_from)",
        "The largest number of employees cannot be below the smallest one.",
    )

    @api.constrains("zips")
    def _check_zips(self):
        for rule in self:
            try:
                parse_zips(rule.zips)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s”: “%(part)s” is no beginning of a ZIP code. Write "
                        "e.g. 10..14, 803, both ends of a range equally long.",
                        rule=rule.name,
                        part=error,
                    )
                ) from error

    @api.constrains("program_id")
    def _check_accounts(self):
        self.account_ids._check_program()

    # === PLAIN VALUES === #

    @api.model
    def _get_in_order(self, companies):
        """Return the rules in force, those asked first in front.

        A program in the archive gets no leads.

        :param companies: ``res.company`` of the leads; none for all
        """
        domain = [("program_id.active", "=", True)]
        if companies:
            domain.append(("company_id", "in", companies.ids))
        return self.search(domain)

    def _get_plain(self, memberships):
        """Return the rules as :class:`~...tools.lead_distribution.Rule`, in order.

        :param memberships: ``partner.membership`` leads may go to
        """
        going = set(memberships.ids)
        plain = []
        for rule in self:
            limits = {
                target: frozenset(rule[name].ids)
                for name, target in _LIMITS.items()
                if rule[name]
            }
            countries = rule.country_ids or rule.state_ids.country_id
            if countries:
                limits["country_id"] = frozenset(countries.ids)
            pins = {
                account.partner_id.id: account.membership_id.id
                for account in rule.account_ids
                if account.membership_id.id in going
            }
            plain.append(
                distribution.Rule(
                    rule.id,
                    rule.company_id.id,
                    rule.program_id.id,
                    allowed=limits,
                    states=by_country(rule.state_ids),
                    zips=parse_zips(rule.zips),
                    pins=pins,
                    weights={
                        name: rule[f"weight_{name}"] for name in distribution.COMPONENTS
                    },
                    **{name: rule[name] for name in _SAME},
                )
            )
        return plain

    def _get_due(self, now):
        """Return when the time to answer ends that begins now.

        :param datetime now: UTC
        :return: UTC datetime
        """
        self.ensure_one()
        return self.program_id._plan_hours(self.window_hours, now)

    def _get_fallback(self):
        """Return who has the leads no partner takes, as values of a lead.

        Who left the company since has none. Odoo would let the company follow the
        salesperson.
        """
        company = self.company_id
        user = self.user_id.filtered(lambda u: u.active and company in u.company_ids)
        team = self.team_id.filtered(lambda t: t.active and t.company_id <= company)
        values = {"user_id": user.id, "team_id": team.id}
        values = {name: value for name, value in values.items() if value}
        return {**values, "company_id": company.id} if values else {}

    def _take_turns(self):
        """Let one transaction at a time give leads by these rules.

        An update that changes nothing: who read before it what another one is
        writing has to run again, so that no capacity is used twice.
        """
        if self:
            # raw SQL: the ORM writes nothing where nothing changes
            self.env.cr.execute(
                SQL(
                    "UPDATE partner_lead_rule SET sequence = sequence WHERE id IN %s",
                    tuple(sorted(self.ids)),
                )
            )

    @api.model
    def _queue_up(self):
        """Wait until nobody gives leads; keep others out till the end.

        To be the first thing of a transaction, as only what is read after the wait is
        of after it.
        """
        # raw SQL: every other way of waiting takes the snapshot before
        self.env.cr.execute(
            SQL(
                "LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE", SQL.identifier(self._table)
            )
        )


_SAME = (
    "mode",
    "employees_from",
    "employees_to",
    "max_day",
    "max_work",
    "parallel",
    "max_offers",
    "distance_km",
)
