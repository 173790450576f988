from collections import Counter
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ...tools.lead_distribution import Candidate

#: what people answered and won in this time weighs
_DAYS = 365
#: read at once for all; the ORM would come back for each thousand
_READ = (
    "partner_id",
    "program_id",
    "company_id",
    "grade_id",
    "territory_country_ids",
    "territory_state_ids",
    "industry_ids",
    "family_ids",
)
#: an answer after so many hours is worth half of one at once
_HALF_HOURS = 24


def by_country(states):
    """Return ``{country_id: ids of states}``.

    :param states: ``res.country.state``
    """
    return {
        country.id: frozenset(own._ids)
        for country, own in states.grouped("country_id").items()
    }


class LeadCandidateMixin(models.AbstractModel):
    """Partners that leads may go to, as plain values, in few queries for all."""

    _name = "lead.candidate.mixin"
    _description = "Candidates for Leads"

    def _find_members(self):
        """Return the active memberships of the rules' programs, read."""
        members = self.env["partner.membership"].search_fetch(
            [
                ("program_id", "in", self.program_id.ids),
                ("state", "=", "active"),
                ("partner_id.active", "=", True),
            ],
            _READ,
            order="id",
        )
        members.partner_id.fetch(["partner_latitude", "partner_longitude"])
        members.territory_state_ids.fetch(["country_id"])
        return members

    def _get_candidates(self, members, now, without=(), weighed=True):
        """Return :class:`~...tools.lead_distribution.Candidate` of memberships.

        :param members: ``partner.membership`` of any number
        :param datetime now: UTC
        :param without: ids of leads that count for nobody
        :param bool weighed: also what weighs between partners; without, only whether
            a lead is for one of them can be told
        """
        facts = self._measure_limits(members, now, without)
        if weighed:
            facts |= self._measure_weights(members, now)
        ranks = self._rank_grades(members) if weighed else {}
        return [self._make_candidate(member, facts, ranks) for member in members]

    def _measure_limits(self, members, now, without):
        """Return ``{measure: {membership or partner id: value}}``, of what is full."""
        deals = self._count_deals(members, now, without)
        offers = self._count_open_offers(members, without)
        return {
            "today": self._count_today(members, now),
            "work": Counter(deals["pending"]) + offers,
            "won": deals["won"],
            "lost": deals["lost"],
            "turn": {},
            "hours": {},
            "certificates": {},
        }

    def _measure_weights(self, members, now):
        """Return the measures that weigh between partners, as the limits."""
        return {
            "turn": self._find_turns(members),
            "hours": self._measure_answers(members, now),
            "certificates": self._measure_certificates(members),
        }

    @api.model
    def _make_candidate(self, member, facts, ranks):
        partner = member.partner_id
        won = facts["won"].get(partner.id, 0)
        ended = won + facts["lost"].get(partner.id, 0)
        hours = facts["hours"].get(partner.id)
        place = (partner.partner_latitude, partner.partner_longitude)
        return Candidate(
            member.id,
            member.program_id.id,
            frozenset(member.territory_country_ids._ids),
            by_country(member.territory_state_ids),
            frozenset(member.industry_ids._ids),
            frozenset(member.family_ids._ids),
            {
                "tier": ranks.get(member.grade_id.id),
                "certificates": facts["certificates"].get(member.id),
                "response": None if hours is None else 1 / (1 + hours / _HALF_HOURS),
                "win": won / ended if ended else None,
            },
            place if any(place) else None,
            facts["today"].get(partner.id, 0),
            facts["work"].get(partner.id, 0),
            facts["turn"].get(member.id, 0),
            partner.id,
        )

    @api.model
    def _rank_grades(self, members):
        """Return ``{grade_id: 1 for a program's highest tier … above 0}``."""
        ranks = {}
        grades = self.env["res.partner.grade"].search(
            [("program_id", "in", members.program_id.ids)], order="sequence, id"
        )
        for tiers in grades.grouped("program_id").values():
            for place, grade in enumerate(tiers):
                ranks[grade.id] = (len(tiers) - place) / len(tiers)
        return ranks

    @api.model
    def _count_deals(self, members, now, without):
        """Return leads of partners ``{won_status: {partner_id: count}}``.

        Also those of their people. Of open ones only what the vendor gave: what a
        partner registers is its own to work on; of the others what ended in the last
        year.
        """
        since = now - timedelta(days=_DAYS)
        is_recent = Domain("won_status", "=", "pending") | Domain(
            "date_closed", ">=", since
        )
        groups = (
            self.env["crm.lead"]
            .with_context(active_test=False)
            ._read_group(
                Domain(
                    "partner_assigned_id.commercial_partner_id",
                    "in",
                    members.partner_id.ids,
                )
                & Domain("id", "not in", without)
                & is_recent,
                [
                    "partner_assigned_id.commercial_partner_id",
                    "won_status",
                    "active",
                    "registration_state",
                ],
                ["__count"],
            )
        )
        counts = {"pending": {}, "won": {}, "lost": {}}
        for partner, status, active, registered, count in groups:
            # archived without being lost: nobody works on it
            if status != "pending" or (active and not registered):
                found = counts.setdefault(status, {})
                found[partner.id] = found.get(partner.id, 0) + count
        return counts

    @api.model
    def _count_open_offers(self, members, without):
        """Return ``{partner_id: leads it may accept still}``.

        Of rules: what is assigned by hand is the partner's already.
        """
        groups = self.env["partner.lead.offer"]._read_group(
            [
                ("partner_id", "in", members.partner_id.ids),
                ("membership_id", "!=", False),
                ("state", "=", "offered"),
                ("lead_id", "not in", without),
            ],
            ["partner_id"],
            ["__count"],
        )
        return Counter({partner.id: count for partner, count in groups})

    @api.model
    def _count_today(self, members, now):
        """Return ``{partner_id: offers by rules of the last 24 hours}``.

        Hours, not a calendar day: the partners are anywhere. In whatever program: its
        people are the same.
        """
        groups = self.env["partner.lead.offer"]._read_group(
            [
                ("partner_id", "in", members.partner_id.ids),
                ("membership_id", "!=", False),
                ("date_offered", ">", now - timedelta(days=1)),
            ],
            ["partner_id"],
            ["__count"],
        )
        return {partner.id: count for partner, count in groups}

    @api.model
    def _find_turns(self, members):
        groups = self.env["partner.lead.offer"]._read_group(
            [("membership_id", "in", members.ids)], ["membership_id"], ["id:max"]
        )
        return {member.id: last for member, last in groups}

    @api.model
    def _measure_answers(self, members, now):
        """Return ``{partner_id: hours to answer on average}``.

        Who missed an offer has taken all the time there was; who claims from a pool
        was not asked.
        """
        since = now - timedelta(days=_DAYS)
        answered = Domain("date_answered", ">=", since)
        missed = Domain("state", "=", "missed") & Domain("date_due", ">=", since)
        groups = self.env["partner.lead.offer"]._read_group(
            Domain("partner_id", "in", members.partner_id.ids)
            & self.env["partner.lead.offer"]._get_asked_domain()
            & (answered | missed),
            ["partner_id"],
            ["answer_hours:avg"],
        )
        return {partner.id: hours for partner, hours in groups if hours is not None}

    @api.model
    def _measure_certificates(self, members):
        """Hook: return ``{membership_id: 0 … 1}`` for those who can be measured.

        :param members: ``partner.membership``
        """
        return {}
