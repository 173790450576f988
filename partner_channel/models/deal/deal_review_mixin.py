from typing import NamedTuple

from odoo import models
from odoo.exceptions import AccessError

_REVIEWERS = (
    "partner_channel.group_channel_analyst",
    "partner_channel.group_channel_manager",
)
_EXACT = 100


class Candidate(NamedTuple):
    """A record that may be of the customer of a registration.

    ``kind`` is ``conflict`` (another registration claims a key), ``customer`` (the
    vendor has it) or ``similar`` (by name alone); ``reasons`` are the keys of
    ``_get_review_words``; ``date`` is that of :class:`KnownCustomer`.
    """

    kind: str
    model: str
    id: int
    score: int
    reasons: tuple
    date: object = None


class DealReviewMixin(models.AbstractModel):
    """Puts a registration beside all that may be the same customer."""

    _name = "deal.review.mixin"
    _description = "Similar Customers and Conflicts of a Registration"

    def _check_may_review(self):
        """Refuse anybody but the vendor's channel team, for deals they may read."""
        if not (self.env.su or any(map(self.env.user.has_group, _REVIEWERS))):
            raise AccessError(
                self.env._("Only the vendor's channel team compares customers.")
            )
        self.check_access("read")

    def action_review_customer(self):
        """Open the page that compares this registration with what is alike."""
        self.ensure_one()
        self._check_may_review()
        review = self.env["crm.lead.review"]._open(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Similar & Conflicts"),
            "res_model": review._name,
            "res_id": review.id,
            "views": [(False, "form")],
            "target": "current",
        }

    def _find_candidates(self):
        """Return what may be the same customer and was not judged to be another.

        The result is for the vendor's eyes; the caller has checked that.

        :return: list of :class:`Candidate`: conflicts, then what the vendor has, then
            similar names, the most alike first
        """
        self.ensure_one()
        hidden = self.env["partner.deal.verdict"]._get_different(self)
        similar = self._find_similar()
        scores = {(one.model, one.id): one for one in similar}
        found = [
            *self._list_conflicts(),
            *(
                Candidate("customer", one.model, one.id, _EXACT, one.kinds, one.date)
                for one in self._find_known_customers()[self.id]
                if not self._is_different(one, hidden)
            ),
            *(
                Candidate("similar", one.model, one.id, one.score, one.reasons)
                for one in similar
                if not self._is_different(one, hidden)
            ),
        ]
        candidates = {}
        for one in found:
            key = one.model, one.id
            if key not in hidden:
                candidates.setdefault(key, self._complete(one, scores.get(key)))
        return list(candidates.values())

    def _complete(self, one, named):
        """Return a candidate with what its name adds.

        :param named: the :class:`SimilarName` of the same record, if there is one
        """
        reasons, score = one.reasons, one.score
        if named:
            more = (word for word in named.reasons if word not in reasons)
            reasons = (*reasons, *more)
        if one.reasons == ("group",):
            score = named.score if named else 0
        return one._replace(reasons=reasons, score=score)

    def _is_different(self, one, hidden):
        """Whether the customer of a quotation was judged to be another one."""
        return one.model == "sale.order" and ("res.partner", one.partner_id) in hidden

    def _list_conflicts(self):
        # sudo: registrations of other partners decide, whoever looks
        lead = self.sudo()
        kinds = {}
        for claim in lead._get_conflict_claims():
            kinds.setdefault(claim.lead_id.id, []).append(claim.kind)
        return [
            Candidate(
                "conflict", "crm.lead", lead_id, _EXACT, tuple(dict.fromkeys(found))
            )
            for lead_id, found in sorted(kinds.items())
        ]
