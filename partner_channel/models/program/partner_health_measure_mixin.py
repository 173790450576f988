from collections import defaultdict
from datetime import date, datetime, timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.health import (
    COMPONENTS,
    ENGAGEMENT_DAYS,
    Component,
    engagement_score,
    pipeline_score,
    trend_score,
    trend_windows,
)


class PartnerHealthMeasureMixin(models.AbstractModel):
    """What the health of memberships is measured from, for all of them at once.

    Each ``_measure_<component>(day)`` returns ``{membership_id: (score, facts)}`` with
    a number of queries that does not depend on how many memberships there are. A
    membership left out has nothing to measure: the component does not count then, and
    the others weigh more.
    """

    _name = "partner.health.measure.mixin"
    _description = "Facts of a Partner's Health"

    def _measure_components(self, day):
        """Measure every component.

        :param date day: last day that counts, in the time zone of the context
        :return: ``{membership_id: [Component]}`` in the order of ``COMPONENTS``
        """
        result = {membership_id: [] for membership_id in self.ids}
        companies = {membership.id: membership.company_id for membership in self}
        for name in COMPONENTS:
            weights = {
                company: company._get_health_weight(name) for company in self.company_id
            }
            measured = getattr(self, f"_measure_{name}")(day)
            for membership_id, (score, facts) in measured.items():
                weight = weights[companies[membership_id]]
                result[membership_id].append(Component(name, score, weight, facts))
        return result

    def _measure_revenue_trend(self, day):
        """Channel revenue of the last twelve months against the twelve before."""
        metrics = self.env["partner.metric.mixin"]
        current, before = (
            metrics._measure_channel_revenue(self, *window)
            for window in trend_windows(day)
        )
        return self._keep_measured(
            (
                membership_id,
                trend_score(current[membership_id], before[membership_id]),
                {
                    "current": current[membership_id],
                    "before": before[membership_id],
                },
            )
            for membership_id in self.ids
        )

    def _measure_engagement(self, day):
        """Registrations, answers to leads and people who logged in, of late.

        A partner that joined since then is not measured yet.
        """
        since = day - timedelta(days=ENGAGEMENT_DAYS - 1)
        registrations = self._read_registrations("__count", since)
        answers = self._read_answers("__count", since)
        people = self._read_logins("create_uid:count_distinct", since)
        staff = self._count_staff()
        facts = {
            membership.id: {
                "registrations": registrations.get(membership.id, 0),
                "answers": sum(answers[membership.id]),
                "people": people.get(membership.partner_id.id, 0),
                "staff": staff.get(membership.partner_id.id, 0),
            }
            for membership in self
            if not membership.date_start or membership.date_start <= since
        }
        return self._keep_measured(
            (membership_id, engagement_score(counts), counts)
            for membership_id, counts in facts.items()
        )

    def _measure_enablement(self, day):
        """What the partner's people have learnt; an addon that knows fills it.

        :param date day: last day that counts
        :return: ``{membership_id: (score from 0 to 100, facts)}``, facts being plain
            JSON-able values that :meth:`_explain_enablement` can put into words
        """
        return {}

    def _measure_pipeline(self, day):
        """Open approved registrations, of partners that ever registered a deal."""
        # sudo: a partner's health must not depend on whose eyes measure it
        groups = self._get_leads_sudo()._read_group(
            [("membership_id", "in", self.ids), ("registration_state", "!=", "draft")],
            ["membership_id", "registration_state"],
            ["__count"],
        )
        open_deals = defaultdict(int)
        for membership, state, count in groups:
            open_deals[membership.id] += count if state == "approved" else 0
        return self._keep_measured(
            (membership_id, pipeline_score(count), {"open": count})
            for membership_id, count in open_deals.items()
        )

    @staticmethod
    def _keep_measured(rows):
        """Return ``{id: (score, facts)}`` of those rows that have a score."""
        return {key: (score, facts) for key, score, facts in rows if score is not None}

    # === ACTIVITY === #

    def _find_activity(self, day):
        """Return when each sign of life was last seen.

        :param date day: last day that counts, in the time zone of the context
        :return: ``{membership_id: {kind: date}}``; a membership's start is one as well
        """
        answers = self._read_answers("date_answered:max")
        by_partner = {
            "message": self._read_messages(),
            "login": self._read_logins("create_date:max"),
        }
        by_membership = {
            "registration": self._read_registrations("date_submitted:max"),
            "invoice": self._find_last_invoices(day),
            "answer": {key: max(dates) for key, dates in answers.items()},
        }
        result = {}
        for membership in self:
            seen = {"start": membership.date_start}
            for kind, values in by_membership.items():
                seen[kind] = values.get(membership.id)
            for kind, values in by_partner.items():
                seen[kind] = values.get(membership.partner_id.id)
            result[membership.id] = {
                kind: min(day, self._to_local_date(moment))
                for kind, moment in seen.items()
                if moment
            }
        return result

    @api.model
    def _to_local_date(self, moment):
        if isinstance(moment, datetime):
            return fields.Datetime.context_timestamp(self, moment).date()
        return moment

    def _find_last_invoices(self, day):
        """Return ``{membership_id: date}`` of the last invoice in the channel.

        The two years the trend looks at come first; older documents are read only for
        who has none there, so that a night does not cost more with every year.
        """
        start = trend_windows(day)[1][0]
        found = self._read_last_invoices((start, day))
        rest = self.filtered(lambda membership: membership.id not in found)
        return {**found, **rest._read_last_invoices((date.min, start))}

    def _read_last_invoices(self, dates):
        parts = self.env["partner.metric.mixin"]._get_parts(self, dates)
        return dict(
            self.env.execute_query(
                SQL(
                    """SELECT part.membership_id, MAX(move.invoice_date)
                         FROM (%s) part JOIN account_move move ON move.id = part.move_id
                        WHERE move.move_type = 'out_invoice'
                     GROUP BY part.membership_id""",
                    parts,
                )
            )
        )

    # === READING === #

    def _get_leads_sudo(self):
        # sudo: a partner's health must not depend on whose eyes measure it
        return self.env["crm.lead"].sudo().with_context(active_test=False)

    def _read_registrations(self, aggregate, since=None):
        """Return ``{membership_id: value}`` over the registrations submitted."""
        domain = Domain("membership_id", "in", self.ids)
        domain &= (
            Domain("date_submitted", ">=", since)
            if since
            else Domain("date_submitted", "!=", False)
        )
        leads = self._get_leads_sudo()
        groups = leads._read_group(domain, ["membership_id"], [aggregate])
        return {membership.id: value for membership, value in groups}

    def _read_answers(self, aggregate, since=None):
        """Return ``{membership_id: [values]}`` over the leads the partner answered.

        A lead of no company counts for all of the partner's memberships.
        """
        domain = Domain("partner_id", "in", self.partner_id.ids)
        domain &= (
            Domain("date_answered", ">=", since)
            if since
            else Domain("date_answered", "!=", False)
        )
        # sudo: a partner's health must not depend on whose eyes measure it
        offers = self.env["partner.lead.offer"].sudo()
        groups = offers._read_group(domain, ["partner_id", "company_id"], [aggregate])
        found = {(partner.id, company.id): value for partner, company, value in groups}
        result = defaultdict(list)
        for membership in self:
            for company_id in (membership.company_id.id, False):
                value = found.get((membership.partner_id.id, company_id))
                if value:
                    result[membership.id].append(value)
        return result

    def _read_messages(self):
        """Return ``{partner_id: moment}`` of the last message of partners' people."""
        # sudo: only the moment leaves, whatever the message is about
        groups = (
            self.env["mail.message"]
            .sudo()
            ._read_group(
                [
                    ("author_id.commercial_partner_id", "in", self.partner_id.ids),
                    ("message_type", "in", ("comment", "email")),
                ],
                ["author_id.commercial_partner_id"],
                ["date:max"],
            )
        )
        return {partner.id: moment for partner, moment in groups}

    def _read_logins(self, aggregate, since=None):
        """Return ``{partner_id: value}`` over the logins of partners' people.

        Odoo keeps the last login of each person.
        """
        company = "create_uid.partner_id.commercial_partner_id"
        domain = Domain(company, "in", self.partner_id.ids)
        if since:
            domain &= Domain("create_date", ">=", since)
        # sudo: only counts and moments leave
        logs = self.env["res.users.log"].sudo()
        groups = logs._read_group(domain, [company], [aggregate])
        return {partner.id: value for partner, value in groups}

    def _count_staff(self):
        """Return ``{partner_id: number}`` of people who may log in."""
        company = "partner_id.commercial_partner_id"
        # sudo: only counts leave
        groups = (
            self.env["res.users"]
            .sudo()
            ._read_group([(company, "in", self.partner_id.ids)], [company], ["__count"])
        )
        return {partner.id: count for partner, count in groups}
