from odoo import api, models
from odoo.fields import Domain


class PartnerMetricDealMixin(models.AbstractModel):
    """Metrics that come from registrations, leads and ratings.

    As in ``partner.metric.revenue.mixin``; a day is one of the time zone in the
    context. Nothing a partner can write itself is counted.
    """

    _name = "partner.metric.deal.mixin"
    _description = "Partner Metrics from Deals"

    @api.model
    def _measure_won_deals(self, memberships, date_from, date_to):
        """Registrations won in the period, by the day the vendor closed them."""
        domain = self._get_closed_domain(date_from, date_to) & Domain(
            "registration_state", "=", "won"
        )
        counts = self._count_registrations(memberships, domain)
        return {membership_id: float(count) for (membership_id, _), count in counts}

    @api.model
    def _measure_approved_registrations(self, memberships, date_from, date_to):
        """Registrations the vendor approved in the period, whatever came of them."""
        counts = self._count_registrations(
            memberships,
            Domain("date_protection_end", "!=", False)
            & Domain("date_decision", ">=", date_from)
            & Domain("date_decision", "<=", date_to),
        )
        return self._add_up(counts)

    @api.model
    def _measure_win_rate(self, memberships, date_from, date_to):
        """Percentage won of the approved registrations that came to an end.

        Won ÷ (won + lost + expired); nothing to measure where none has ended.
        """
        return self._get_rates(*self._count_win_rate(memberships, date_from, date_to))

    @api.model
    def _count_win_rate(self, memberships, date_from, date_to):
        """Return what was won and what ended, each ``{membership_id: count}``."""
        closed = self._get_closed_domain(date_from, date_to) & Domain(
            "registration_state", "in", ("won", "lost")
        )
        expired = (
            Domain("registration_state", "=", "expired")
            & Domain("date_protection_end", ">=", date_from)
            & Domain("date_protection_end", "<=", date_to)
        )
        counts = self._count_registrations(memberships, closed | expired)
        return self._split_won(counts)

    @api.model
    def _measure_conversion(self, memberships, date_from, date_to):
        """Percentage won so far of the registrations submitted in the period.

        Whatever became of the others; nothing to measure where none was submitted.
        """
        return self._get_rates(*self._count_conversion(memberships, date_from, date_to))

    @api.model
    def _count_conversion(self, memberships, date_from, date_to):
        """Return what was won and what submitted, each ``{membership_id: count}``."""
        submitted = Domain("date_submitted", ">=", date_from) & Domain(
            "date_submitted", "<=", date_to
        )
        counts = self._count_registrations(memberships, submitted)
        return self._split_won(counts)

    @api.model
    def _measure_response_time(self, memberships, date_from, date_to):
        """Average hours from a lead's assignment to the partner's first answer.

        Leads answered in the period; for those still open nobody knows the answer, and
        those claimed from a pool nobody was asked for.
        """
        # sudo: a tier must not depend on whose eyes measure it
        groups = (
            self.env["partner.lead.offer"]
            .sudo()
            ._read_group(
                Domain("partner_id", "in", memberships.partner_id.ids)
                & Domain("company_id", "in", [False, *memberships.company_id.ids])
                & Domain("date_answered", ">=", date_from)
                & Domain("date_answered", "<=", date_to)
                & self.env["partner.lead.offer"]._get_asked_domain(),
                ["partner_id", "company_id"],
                ["answer_hours:sum", "__count"],
            )
        )
        sums = {
            (partner.id, company.id): (hours, count)
            for partner, company, hours, count in groups
        }
        result = {}
        for membership in memberships:
            own = [
                sums.get((membership.partner_id.id, company_id), (0.0, 0))
                for company_id in (membership.company_id.id, False)
            ]
            count = sum(part[1] for part in own)
            if count:
                result[membership.id] = sum(part[0] for part in own) / count
        return result

    @api.model
    def _measure_acceptance_rate(self, memberships, date_from, date_to):
        """Percentage accepted of the leads that were answered or missed in the period.

        What was accepted and given back, or left untouched until it was taken back,
        is not accepted.
        """
        return self._get_rates(
            *self._count_acceptance_rate(memberships, date_from, date_to)
        )

    @api.model
    def _count_acceptance_rate(self, memberships, date_from, date_to):
        """Return leads accepted and all, each ``{membership_id: count}``."""
        answered = (
            Domain("state", "in", ("accepted", "declined", "idle"))
            & Domain("date_answered", ">=", date_from)
            & Domain("date_answered", "<=", date_to)
        )
        missed = (
            Domain("state", "=", "missed")
            & Domain("date_due", ">=", date_from)
            & Domain("date_due", "<=", date_to)
        )
        # sudo: a tier must not depend on whose eyes measure it
        groups = (
            self.env["partner.lead.offer"]
            .sudo()
            ._read_group(
                Domain("partner_id", "in", memberships.partner_id.ids)
                & Domain("company_id", "in", [False, *memberships.company_id.ids])
                & (answered | missed),
                ["partner_id", "company_id", "state"],
                ["__count"],
            )
        )
        counts = {
            (partner.id, company.id, state): count
            for partner, company, state, count in groups
        }
        rows = [
            ((membership.id, state), counts[key])
            for membership in memberships
            for company_id in (membership.company_id.id, False)
            for state in ("accepted", "declined", "idle", "missed")
            if (key := (membership.partner_id.id, company_id, state)) in counts
        ]
        accepted = self._add_up(row for row in rows if row[0][1] == "accepted")
        return accepted, self._add_up(rows)

    @api.model
    def _measure_customer_rating(self, memberships, date_from, date_to):
        """Average of customers' ratings (1 to 5) of the partner's people."""
        # sudo: a tier must not depend on whose eyes measure it
        groups = (
            self.env["rating.rating"]
            .sudo()
            ._read_group(
                [
                    (
                        "rated_partner_id.commercial_partner_id",
                        "in",
                        memberships.partner_id.ids,
                    ),
                    ("consumed", "=", True),
                    ("rating", ">", 0),
                    ("write_date", ">=", date_from),
                    ("write_date", "<=", date_to),
                ],
                ["rated_partner_id.commercial_partner_id"],
                ["rating:avg"],
            )
        )
        averages = {partner.id: average for partner, average in groups}
        return {
            membership.id: averages[membership.partner_id.id]
            for membership in memberships
            if membership.partner_id.id in averages
        }

    # === HELPERS === #

    def _get_closed_domain(self, date_from, date_to):
        return Domain("date_closed", ">=", date_from) & Domain(
            "date_closed", "<=", date_to
        )

    def _count_registrations(self, memberships, domain):
        """Return ``[((membership_id, state), count)]``, lost ones included."""
        # sudo: a tier must not depend on whose eyes measure it
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        groups = leads._read_group(
            Domain("membership_id", "in", memberships.ids) & domain,
            ["membership_id", "registration_state"],
            ["__count"],
        )
        return [((membership.id, state), count) for membership, state, count in groups]

    def _split_won(self, counts):
        """Return the won ones and all of them, each ``{membership_id: count}``."""
        won = self._add_up(row for row in counts if row[0][1] == "won")
        return won, self._add_up(counts)

    @staticmethod
    def _get_rates(parts, wholes):
        """Return ``{membership_id: percentage}`` of counts."""
        return {
            membership_id: 100.0 * parts.get(membership_id, 0.0) / whole
            for membership_id, whole in wholes.items()
        }

    @staticmethod
    def _add_up(counts):
        """Return ``{membership_id: count}`` over all states."""
        result = {}
        for (membership_id, _state), count in counts:
            result[membership_id] = result.get(membership_id, 0.0) + count
        return result
