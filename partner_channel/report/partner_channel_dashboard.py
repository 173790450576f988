from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import date_utils, format_date

_RUNNING = ("active", "suspended")
_MONTHS, _QUARTERS, _COUNTRIES = 12, 4, 8
_READERS = (
    "partner_channel.group_channel_manager",
    "partner_channel.group_channel_analyst",
)


class PartnerChannelDashboard(models.AbstractModel):
    """The figures of the network on one page, each with the records behind it."""

    _name = "partner.channel.dashboard"
    _description = "Network Dashboard"

    @api.model
    def get_dashboard(self, program_id=False):
        """Return the tiles and charts of the network as the user may see it.

        :param int program_id: of one program only
        :return: dict with ``programs`` to choose from, ``tiles`` and ``charts``. A
            tile has ``label``, ``value`` as text, ``hint``, ``model`` and ``domain``;
            a chart has ``key``, ``title``, ``kind``, ``labels``, ``series`` (``label``
            and ``values``) and, where its bars lead somewhere, ``model`` and
            ``domains``
        :raise AccessError: to anybody outside the channel team
        """
        if not any(self.env.user.has_group(group) for group in _READERS):
            raise AccessError(self.env._("Only the channel team reads the dashboard."))
        programs = self.env["partner.program"].search(
            [("company_id", "in", self.env.companies.ids)]
        )
        chosen = programs.filtered(lambda program: program.id == program_id) or programs
        scope = Domain("program_id", "in", chosen.ids)
        today = fields.Date.context_today(self)
        return {
            "programs": [{"id": p.id, "name": p.display_name} for p in programs],
            "tiles": self._get_tiles(scope, today),
            "charts": [
                self._get_tier_chart(scope),
                self._get_health_chart(scope),
                self._get_revenue_chart(chosen, today),
                self._get_movement_chart(scope, today),
                self._get_country_chart(scope),
            ],
        }

    # === TILES === #

    def _get_tiles(self, scope, today):
        """Return the figures one looks at first."""
        running = scope & Domain("state", "in", _RUNNING)
        members = self.env["partner.membership"]
        partners = members.search_count(running)
        activated = self._count_activated(running)
        risk = running & Domain("health_state", "=", "risk")
        return [
            self._tile(self.env._("Active partners"), partners, running),
            self._tile(
                self.env._("Activated"),
                self._percent(activated, partners),
                running,
                self.env._("Have won a deal: %(count)d", count=activated),
            ),
            self._get_churn_tile(scope, today),
            self._tile(self.env._("At risk"), members.search_count(risk), risk),
            self._get_decision_tile(scope),
        ]

    def _get_churn_tile(self, scope, today):
        """Of the partners there a year ago, how many have left since."""
        members = self.env["partner.membership"]
        year_ago = today - relativedelta(years=1)
        left = Domain("date_end", ">", year_ago)
        there = scope & Domain("date_start", "<=", year_ago)
        there &= Domain("date_end", "=", False) | left
        lost, whole = members.search_count(there & left), members.search_count(there)
        return self._tile(
            self.env._("Left in 12 months"),
            self._percent(lost, whole),
            there & left,
            self.env._("%(lost)d of %(all)d", lost=lost, all=whole),
        )

    def _get_decision_tile(self, scope):
        """Registrations the partners wait for, and those late."""
        leads = self.env["crm.lead"].with_context(active_test=False)
        undecided = Domain("registration_state", "=", "submitted") & Domain(
            "membership_id", "any", scope
        )
        late = leads.search_count(undecided & Domain("is_decision_late", "=", True))
        return self._tile(
            self.env._("Deals to decide"),
            leads.search_count(undecided),
            undecided,
            self.env._("Late: %(count)d", count=late),
            "crm.lead",
        )

    def _count_activated(self, running):
        """Return how many of the partners have won a registered deal."""
        groups = (
            self.env["crm.lead"]
            .with_context(active_test=False)
            ._read_group(
                [("registration_state", "=", "won"), ("membership_id", "any", running)],
                [],
                ["membership_id:count_distinct"],
            )
        )
        return groups[0][0]

    @api.model
    def _tile(self, label, value, domain, hint="", model="partner.membership"):
        return {
            "label": label,
            "value": str(value),
            "hint": hint,
            "model": model,
            "domain": list(domain),
        }

    @api.model
    def _percent(self, part, whole):
        return f"{round(100 * part / whole)} %" if whole else "–"

    # === CHARTS === #

    def _get_tier_chart(self, scope):
        """Partners on each tier, highest first."""
        running = scope & Domain("state", "in", _RUNNING)
        groups = self.env["partner.membership"]._read_group(
            running, ["grade_id"], ["__count"]
        )
        groups.sort(key=lambda group: (group[0].sequence, group[0].id))
        none = self.env._("No tier")
        return {
            "key": "tiers",
            "title": self.env._("Partners by tier"),
            "kind": "bar",
            "labels": [grade.name or none for grade, _count in groups],
            "series": [
                {"label": self.env._("Partners"), "values": [c for _g, c in groups]}
            ],
            "model": "partner.membership",
            "domains": [
                list(running & Domain("grade_id", "=", grade.id))
                for grade, _count in groups
            ],
        }

    def _get_health_chart(self, scope):
        """Partners by health, those not measured yet included."""
        members = self.env["partner.membership"]
        running = scope & Domain("state", "in", _RUNNING)
        counts = dict(members._read_group(running, ["health_state"], ["__count"]))
        labels = dict(members._fields["health_state"]._description_selection(self.env))
        states = [*labels, False]
        return {
            "key": "health",
            "title": self.env._("Health"),
            "kind": "doughnut",
            "labels": [labels.get(s) or self.env._("Not measured") for s in states],
            "series": [
                {
                    "label": self.env._("Partners"),
                    "values": [counts.get(state, 0) for state in states],
                }
            ],
            "model": "partner.membership",
            "domains": [
                list(running & Domain("health_state", "=", state)) for state in states
            ],
        }

    def _get_revenue_chart(self, programs, today):
        """Channel revenue by quarter, beside the year before, in company currency."""
        quarter = date_utils.start_of(today, "quarter")
        starts = [
            quarter - relativedelta(months=3 * back)
            for back in reversed(range(_QUARTERS))
        ]
        members = self.env["partner.membership"].search(
            [("program_id", "in", programs.ids), ("state", "!=", "draft")]
        )
        currency = self.env.company.currency_id
        return {
            "key": "revenue",
            "title": self.env._(
                "Channel revenue by quarter (%(currency)s)", currency=currency.name
            ),
            "kind": "bar",
            "labels": [
                format_date(self.env, day, date_format="QQQ y") for day in starts
            ],
            "series": [
                {
                    "label": label,
                    "values": [
                        self._sum_revenue(members, day - shift, today) for day in starts
                    ],
                }
                for label, shift in (
                    (self.env._("A year before"), relativedelta(years=1)),
                    (self.env._("This year"), relativedelta()),
                )
            ],
        }

    def _sum_revenue(self, members, start, today):
        """Return what partners brought in a quarter, in the company's currency."""
        end = date_utils.end_of(start, "quarter")
        company = self.env.company
        values = self.env["partner.metric.mixin"]._measure_channel_revenue(
            members, start, end
        )
        total = sum(
            program.currency_id._convert(
                sum(values[member_id] for member_id in own.ids),
                company.currency_id,
                company,
                min(end, today),
                round=False,
            )
            for program, own in members.grouped("program_id").items()
        )
        return company.currency_id.round(total)

    def _get_movement_chart(self, scope, today):
        """Partners that joined and left, month by month."""
        first = today.replace(day=1) - relativedelta(months=_MONTHS - 1)
        months = [first + relativedelta(months=count) for count in range(_MONTHS)]
        return {
            "key": "movement",
            "title": self.env._("Joined and left"),
            "kind": "bar",
            "labels": [
                format_date(self.env, day, date_format="MMM y") for day in months
            ],
            "series": [
                {"label": label, "values": self._count_months(scope, name, months)}
                for label, name in (
                    (self.env._("Joined"), "date_start"),
                    (self.env._("Left"), "date_end"),
                )
            ],
        }

    def _count_months(self, scope, name, months):
        groups = self.env["partner.membership"]._read_group(
            scope & Domain(name, ">=", months[0]), [f"{name}:month"], ["__count"]
        )
        counts = dict(groups)
        return [counts.get(month, 0) for month in months]

    def _get_country_chart(self, scope):
        """The countries with most partners."""
        running = scope & Domain("state", "in", _RUNNING)
        groups = self.env["partner.membership"]._read_group(
            running, ["country_id"], ["__count"], order="__count desc", limit=_COUNTRIES
        )
        none = self.env._("No country")
        return {
            "key": "countries",
            "title": self.env._("Partners by country"),
            "kind": "bar",
            "horizontal": True,
            "labels": [country.name or none for country, _count in groups],
            "series": [
                {"label": self.env._("Partners"), "values": [c for _g, c in groups]}
            ],
            "model": "partner.membership",
            "domains": [
                list(running & Domain("country_id", "=", country.id))
                for country, _count in groups
            ],
        }
