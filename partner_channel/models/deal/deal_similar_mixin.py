from typing import NamedTuple

from odoo import models
from odoo.fields import Domain

from ...tools.company_name import GENERIC, read_spoken
from ...tools.name_similarity import THRESHOLD, compare

#: letters at either end of a word that find it, also with a mistake in the other half
_NEEDLE = 5
_MIN_NEEDLE = 4
_MAX_WORDS = 2
#: names that are looked at for one registration, by model
_MAX_FOUND = 500


class SimilarName(NamedTuple):
    """A record whose company's name is like that of a registration.

    ``model`` and ``id`` say which; ``partner_id`` is the channel partner of a
    registration or the customer of a quotation; ``reasons`` are those of
    :class:`~...tools.name_similarity.Similarity`.
    """

    model: str
    id: int
    name: str
    score: int
    reasons: tuple
    partner_id: int
    state: str


class DealSimilarMixin(models.AbstractModel):
    """Finds customers with similar names, for the vendor's review.

    Only when the vendor asks, never in a partner's request: how long it takes says
    whether a customer is known.
    """

    _name = "deal.similar.mixin"
    _description = "Similar Names of a Registration"

    def _find_similar(self, limit=20):
        """Return records with a similar name, the most alike first.

        The result is for the vendor's eyes; the caller has checked that.

        :param int limit: at most so many
        :return: list of :class:`SimilarName`: leads, registrations and companies of
            the vendor's company, and the open quotations of those companies
        """
        self.ensure_one()
        needles = self._get_name_needles()
        if not needles:
            return []
        # sudo: the whole database decides, also what others look after
        lead = self.sudo()
        found = lead._find_similar_leads(needles)
        companies = lead._find_similar_companies(needles)
        found += companies + lead._find_quotations(companies)
        return sorted(found, key=lambda x: (-x.score, x.model, x.id))[:limit]

    def _get_name_needles(self):
        """Return parts of the telling words to look for, by trigram index."""
        typed = (self.partner_name or "").casefold().split()
        spoken = read_spoken(self.partner_name).split()
        needles = []
        for words in (spoken, typed):
            telling = [w.strip("«»\"'.,()") for w in words if w not in GENERIC]
            for word in sorted(telling, key=len, reverse=True)[:_MAX_WORDS]:
                needles += [word[:_NEEDLE], word[-_NEEDLE:]]
        return [n for n in dict.fromkeys(needles) if len(n) >= _MIN_NEEDLE]

    def _search_by_name(self, records, name, needles):
        """Return records of the registration's company with one of the needles."""
        domain = Domain.OR(Domain(name, "ilike", needle) for needle in needles)
        domain &= Domain("company_id", "in", [self.company_id.id, False])
        return records.search(domain, limit=_MAX_FOUND, order="id desc")

    def _find_similar_leads(self, needles):
        open_or_registered = self._search_by_name(self, "partner_name", needles) - self
        return [
            SimilarName(
                "crm.lead",
                lead.id,
                lead.partner_name,
                *similarity,
                lead.partner_assigned_id.id or 0,
                lead.registration_state or lead.type,
            )
            for lead in open_or_registered
            if (similarity := compare(self.partner_name, lead.partner_name)).score
            >= THRESHOLD
        ]

    def _find_similar_companies(self, needles):
        Partner = self.env["res.partner"].with_context(active_test=True)
        companies = self._search_by_name(Partner, "complete_name", needles)
        return [
            SimilarName(
                "res.partner", partner.id, partner.name, *similarity, partner.id, ""
            )
            for partner in companies.filtered("is_company")
            if (similarity := compare(self.partner_name, partner.name)).score
            >= THRESHOLD
        ]

    def _find_quotations(self, companies):
        """Return the open quotations of companies that were found."""
        by_id = {company.id: company for company in companies}
        orders = self.env["sale.order"].search(
            [
                ("partner_id", "in", list(by_id)),
                ("state", "in", ("draft", "sent")),
                ("company_id", "=", self.company_id.id),
            ],
            limit=_MAX_FOUND,
        )
        return [
            by_id[order.partner_id.id]._replace(
                model="sale.order", id=order.id, state=order.state
            )
            for order in orders
        ]
