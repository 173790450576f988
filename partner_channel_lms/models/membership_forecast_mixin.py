from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.partner_channel.tools.tiers import pick_tier

from ..tools.holdings import Holdings
from .partner_metric_mixin import METRIC

#: how far ahead losses are foreseen
HORIZON_DAYS = 90
_BATCH = 2_000
_DAY = timedelta(days=1)
_RUNNING = ("active", "suspended")
#: deals that are neither won nor over
_OPEN = ("draft", "submitted", "returned", "approved")


class MembershipForecastMixin(models.AbstractModel):
    """What expiring certificates will cost a partner if nobody renews them.

    The tiers are those the review would pick: it measures today, and only the certified
    people are those of the day ahead. Revenue of days to come is not guessed.
    """

    _name = "membership.forecast.mixin"
    _description = "Membership: Forecast of Certificates"

    date_forecast = fields.Date(
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Last day on which losses by expiring certificates were foreseen.",
    )

    # === AT NIGHT === #

    @api.model
    def _cron_forecast_certifications(self):
        """Foresee for all running memberships, in restartable batches."""
        today = fields.Date.today()
        domain = Domain("state", "in", _RUNNING) & (
            Domain("date_forecast", "=", False) | Domain("date_forecast", "<", today)
        )
        self._run_batches(domain, _BATCH, lambda batch: batch._refresh_forecast(today))

    def _refresh_forecast(self, today=None):
        """Work the forecast of these memberships out again.

        :param date today: the night's date, noted on the memberships; none: not noted
        """
        # sudo: it is kept by nobody, and follows from facts of every kind
        forecasts = self.env["partner.certification.forecast"].sudo()
        vals_list = self.sudo()._forecast_losses()
        forecasts.search([("membership_id", "in", self.ids)]).unlink()
        forecasts.create(vals_list)
        if today and self:
            # Raw SQL: one statement for any number of memberships; nothing depends on
            # the field.
            self.env.cr.execute(
                SQL(
                    "UPDATE partner_membership SET date_forecast = %s WHERE id IN %s",
                    today,
                    tuple(self.ids),
                )
            )
            self.invalidate_recordset(["date_forecast"], flush=False)

    # === LOSSES === #

    def _forecast_losses(self, days=HORIZON_DAYS):
        """Return what is lost if nobody renews, in a fixed number of queries a program.

        :param int days: how far ahead
        :return: list of values of ``partner.certification.forecast``
        """
        vals_list = []
        running = self.filtered(lambda member: member.state in _RUNNING)
        for program, members in running.grouped("program_id").items():
            today = program._get_today()
            until = today + timedelta(days=days)
            demands = members._get_checked_demands()
            held = members._read_holdings(today, demands)
            at_risk = members.filtered(
                lambda m, held=held, until=until: held.days(m.partner_id, until)
            )
            losses = at_risk._forecast_tiers(held, today, until)
            if demands:
                losses += at_risk._forecast_rights(demands, held, today, until)
                losses += at_risk._forecast_deals(demands, held, today, until)
            vals_list += at_risk._add_certificates(losses, held)
        return vals_list

    def _read_holdings(self, today, demands):
        """Return the :class:`Holdings` of these memberships' partners, in one query.

        :param demands: ``partner.certification.demand`` that are checked
        """
        requirements = self.program_id.grade_ids.requirement_ids
        kinds = requirements.certification_type_id | demands.type_id
        certifications = self.env["partner.certification"]
        groups = certifications._read_group(
            certifications._get_valid_domain(today)
            & Domain("type_id", "in", kinds.ids)
            & Domain("commercial_partner_id", "in", self.partner_id.ids)
            & Domain("partner_id.active", "=", True),
            ["commercial_partner_id", "type_id", "partner_id.country_id", "partner_id"],
            ["__count", "date_expiry:count", "date_expiry:max"],
        )
        return Holdings(
            (partner, kind, country, person, last if ending == count else None)
            for partner, kind, country, person, count, ending, last in groups
        )

    # === TIERS === #

    def _forecast_tiers(self, held, today, until):
        """Return which tiers are not reached any more, and from which day on."""
        measures = self._measure_tiers(today)
        return [
            loss
            for member in self
            for loss in member._forecast_tier(measures[member.id], held, until)
        ]

    def _forecast_tier(self, tiers, held, until):
        """Return the tiers one membership loses, one after the other.

        :param tiers: ``TierMeasure`` list of today, highest tier first
        """
        self.ensure_one()
        order = [tier.grade_id for tier in tiers]
        reached = pick_tier(tiers)
        if self.grade_id.id not in order or not reached:
            return []
        # what is lost already is not lost by what expires
        place = max(order.index(self.grade_id.id), order.index(reached))
        losses, before = [], tiers
        for day in held.days(self.partner_id, until):
            ahead = [self._look_ahead(tier, held, day) for tier in tiers]
            then = pick_tier(ahead)
            if then and order.index(then) > place:
                loss = self._prepare_tier_loss(before, ahead, place)
                effective = self._get_loss_day(day, until)
                if not loss or not effective:
                    continue
                dates = {"date": day, "date_effective": effective}
                losses.append({**loss, **dates, "grade_to_id": then})
                place = order.index(then)
            before = ahead
        return losses

    def _get_loss_day(self, day, until):
        """Return when a tier is given up that is not reached any more on a day.

        While it is held by hand or frozen nothing is decided: notice and grace are
        counted from the day after.

        :param date day: first day on which too few people are certified
        :param date until: last day that is foreseen
        :return: ``date``, or ``False`` when it is kept for all that is foreseen
        """
        held_until = self._get_tier_hold_end()
        counts_from = max(day, held_until + _DAY) if held_until else day
        return counts_from <= until and self.program_id._get_demotion_day(counts_from)

    def _prepare_tier_loss(self, before, ahead, place):
        """Return the values of a tier lost on a day, nothing if it is kept.

        :param before: ``TierMeasure`` list of the last day that counted
        :param ahead: the same on the day
        :param int place: of the tier in the lists
        """
        kept = self._keeps_tier_by_hand(pick_tier(ahead), ahead)
        missing = self._find_missing_people(before[: place + 1], ahead[: place + 1])
        if kept or not missing:
            return {}
        requirement = self.env["partner.tier.requirement"].browse(
            missing.requirement_id
        )
        return {
            "membership_id": self.id,
            "kind": "tier",
            "grade_id": ahead[place].grade_id,
            "type_id": requirement.certification_type_id.id,
            "people_needed": int(missing.threshold),
            "people_left": int(missing.value),
        }

    @api.model
    def _find_missing_people(self, before, ahead):
        """Return the measure of certified people that fell, of the lowest tier.

        One that falls short goes before one that does not.

        :param before: ``TierMeasure`` list, highest tier first
        :param ahead: the same on a later day
        """
        fallen = [
            later
            for was, then in zip(reversed(before), reversed(ahead), strict=True)
            for earlier, later in zip(was.requirements, then.requirements, strict=True)
            if later.metric == METRIC and later.value < earlier.value
        ]
        return min(fallen, key=lambda measure: measure.reached, default=None)

    def _look_ahead(self, tier, held, day):
        """Return a tier's measures with the people certified on a day to come."""
        requirements = self.env["partner.tier.requirement"]
        return tier._replace(
            requirements=tuple(
                measure._replace(
                    value=requirements.browse(
                        measure.requirement_id
                    )._count_certified_on(self.partner_id, held, day)
                )
                if measure.metric == METRIC
                else measure
                for measure in tier.requirements
            )
        )

    # === RIGHTS AND DEALS === #

    def _forecast_rights(self, demands, held, today, until):
        """Return which demands are not met any more, where the partner is at home."""
        losses = []
        for member in self:
            for demand in demands:
                country = member.partner_id.country_id
                if demand._is_asked(member, demand.family_id, country):
                    losses += demand._foresee(member, country, held, today, until)
        return losses

    def _forecast_deals(self, demands, held, today, until):
        """Return which open deals could not be registered any more."""
        leads = self.env["crm.lead"].search_fetch(
            [("membership_id", "in", self.ids), ("registration_state", "in", _OPEN)],
            ["membership_id", "country_id", "product_family_id", "expected_revenue"],
            order="id",
        )
        losses = []
        for lead in leads:
            found = [
                loss
                for demand in demands
                if demand._is_asked(
                    lead.membership_id, lead.product_family_id, lead.country_id
                )
                for loss in demand._foresee(
                    lead.membership_id, lead.country_id, held, today, until
                )
            ]
            if found:
                first = min(found, key=lambda loss: loss["date"])
                losses.append(
                    {
                        **first,
                        "kind": "deal",
                        "lead_id": lead.id,
                        "family_id": lead.product_family_id.id,
                        "amount": lead.expected_revenue,
                    }
                )
        return losses

    # === WHAT TO RENEW === #

    def _add_certificates(self, losses, held):
        """Add to losses the certificates whose renewal avoids them, in one query."""
        if not losses:
            return []
        kinds = {loss["type_id"] for loss in losses}
        found = self.env["partner.certification"].search_fetch(
            [
                ("commercial_partner_id", "in", self.partner_id.ids),
                ("type_id", "in", list(kinds)),
                ("revoked", "=", False),
                ("date_expiry", ">=", min(loss["date"] for loss in losses) - _DAY),
                ("date_expiry", "<", max(loss["date"] for loss in losses)),
            ],
            ["partner_id", "type_id", "date_expiry"],
        )
        by_key = found.grouped(lambda c: (c.partner_id, c.type_id, c.date_expiry))
        for loss in losses:
            member = self.browse(loss["membership_id"])
            kind = self.env["partner.certification.type"].browse(loss["type_id"])
            people = held.get_ending(member.partner_id, kind, loss["date"])
            certificates = found.browse().union(
                *(by_key[person, kind, loss["date"] - _DAY] for person in people)
            )
            loss["certification_ids"] = [fields.Command.set(certificates.ids)]
        return losses
