from collections import namedtuple
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields, models

_ENDED = ("won", "lost", "expired", "rejected", "withdrawn")


class RegistrationHistory(namedtuple("RegistrationHistory", "won ended open updated")):
    """A partner's registrations of the last 12 months, counted."""

    __slots__ = ()

    @property
    def won_rate(self):
        return self.won / self.ended if self.ended else 0.0

    @property
    def discipline(self):
        return self.updated / self.open if self.open else 1.0


class PartnerMembershipHistoryMixin(models.AbstractModel):
    """What a partner made of its registrations, and what it earns by it."""

    _name = "partner.membership.history.mixin"
    _description = "Registration History of a Membership"

    open_limit_explanation = fields.Char(
        "Open Registrations Allowed",
        compute="_compute_open_limit_explanation",
        groups="base.group_user",
    )

    def _compute_open_limit_explanation(self):
        earned = self.filtered("program_id.open_limit_earned")
        limits = earned._get_earned_limits()
        for membership in self:
            membership.open_limit_explanation = limits.get(membership.id, (0, ""))[1]

    def _measure_registration_history(self):
        """Count the registrations submitted in the last 12 months.

        :return: ``{membership_id: RegistrationHistory}``
        """
        now = fields.Datetime.now()
        # sudo: the vendor's rules count what the person asking may not see
        Lead = self.env["crm.lead"].sudo().with_context(active_test=False)
        domain = [
            ("membership_id", "in", self.ids),
            ("date_submitted", ">=", now - relativedelta(months=12)),
        ]
        counts = {
            (membership.id, state): count
            for membership, state, count in Lead._read_group(
                domain, ["membership_id", "registration_state"], ["__count"]
            )
        }
        updated = {}
        running = Lead.search([*domain, ("registration_state", "=", "approved")])
        for lead in running:
            last = max(filter(None, (lead.date_decision, lead.date_last_stage_update)))
            days = lead.program_id.earned_update_days
            if last >= now - timedelta(days=days):
                key = lead.membership_id.id
                updated[key] = updated.get(key, 0) + 1
        # where the program asks for updates, those that were due count
        bound = self.filtered(lambda membership: membership.program_id.update_days)
        duties = bound._get_update_discipline()
        result = {}
        for id_ in self.ids:
            running = (updated.get(id_, 0), counts.get((id_, "approved"), 0))
            kept, due = duties.get(id_, running)
            result[id_] = RegistrationHistory(
                counts.get((id_, "won"), 0),
                sum(counts.get((id_, state), 0) for state in _ENDED),
                due,
                kept,
            )
        return result

    def _get_earned_limits(self):
        """Return how many registrations each may have open, and why.

        :return: ``{membership_id: (limit, explanation)}``
        """
        histories = self._measure_registration_history()
        return {m.id: m._explain_earned_limit(histories[m.id]) for m in self}

    def _explain_earned_limit(self, history):
        self.ensure_one()
        program = self.program_id
        earned = int(
            program.earned_base
            + program.earned_factor * history.won_rate * history.discipline
        )
        limit = min(max(earned, program.earned_floor), program.earned_ceiling)
        return limit, self.env._(
            "%(base)d + %(factor)d × %(rate)d %% won (%(won)d of %(ended)d) × "
            "%(pace)d %% kept up to date (%(updated)d of %(open)d), at least "
            "%(floor)d, at most %(ceiling)d = %(limit)d",
            base=program.earned_base,
            factor=program.earned_factor,
            rate=round(history.won_rate * 100),
            won=history.won,
            ended=history.ended,
            pace=round(history.discipline * 100),
            updated=history.updated,
            open=history.open,
            floor=program.earned_floor,
            ceiling=program.earned_ceiling,
            limit=limit,
        )

    def _check_earned_limit(self, count):
        """Refuse more open registrations than earned.

        :param int count: open ones with those about to be submitted
        :return: an error text, empty when all is well
        """
        self.ensure_one()
        # sudo: rules of the program hold for whoever submits
        limit, explanation = self.sudo()._get_earned_limits()[self.id]
        if count <= limit:
            return ""
        return self.env._(
            "%(partner)s may have %(limit)d registrations open: %(formula)s. Withdraw "
            "one, or wait until one is decided.",
            partner=self.sudo().partner_id.display_name,
            limit=limit,
            formula=explanation,
        )
