from itertools import combinations
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.company_name import GENERIC, read_spoken, strip_form
from ...tools.name_similarity import THRESHOLD, compare

#: letters at either end of a word that find it, also with a mistake in the other half
_NEEDLE = 5
_MIN_NEEDLE = 4
_MAX_WORDS = 3
#: names that are looked at for one registration, by model
_MAX_FOUND = 150
#: registrations that say something about who has the customer
_IN_FORCE = ("submitted", "returned", "approved", "won")
_FETCHED = {
    "crm.lead": ["partner_name", "partner_assigned_id", "registration_state", "type"],
    "res.partner": ["name"],
}


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
        """Return parts of the telling words to look for, by trigram index.

        :return: for each reading of the name a list of its longest words, each a list
            of parts
        """
        typed = (self.partner_name or "").casefold().split()
        spoken = read_spoken(self.partner_name).split()
        readings = []
        # words of the legal form are no telling ones, as far as they are known
        name, _form = strip_form(" ".join(spoken))
        form = set(spoken) - set(name.split())
        unknown = [word for word in typed if read_spoken(word) not in form | GENERIC]
        for words in (name.split(), unknown):
            telling = {w.strip("«»\"'.,()") for w in words if w not in GENERIC}
            longest = sorted(telling, key=lambda word: (-len(word), word))
            parts = [[w[:_NEEDLE], w[-_NEEDLE:]] for w in longest[:_MAX_WORDS]]
            parts = [found for found in parts if len(found[0]) >= _MIN_NEEDLE]
            if parts and parts not in readings:
                readings.append(parts)
        return readings

    @api.model
    def _get_needle_domain(self, name, needles):
        """Return the domain of names with two of the words, or the only one.

        One word of several, such as "Medical", would find thousands that are not alike
        and take seconds.
        """
        domains = []
        for words in needles:
            found = [
                Domain.OR(Domain(name, "ilike", part) for part in dict.fromkeys(parts))
                for parts in words
            ]
            pairs = combinations(found, min(2, len(found)))
            domains += [Domain.AND(pair) for pair in pairs]
        return Domain.OR(domains)

    def _search_by_name(self, records, name, needles):
        """Return records of the registration's company with one of the needles.

        :param records: an empty recordset of the model
        :param str name: field with the company's name
        """
        domain = self._get_needle_domain(name, needles)
        domain &= Domain("company_id", "in", [self.company_id.id, False])
        domain &= self._get_named_domain(records._name)
        query = records._search(domain, limit=_MAX_FOUND)
        # a common word finds thousands: PostgreSQL puts the most alike first. Raw SQL,
        # as the ORM orders by fields only
        column = records._field_to_sql(query.table, name, query)
        query.order = SQL(
            "greatest(similarity(%(name)s, %(typed)s), "
            "similarity(%(name)s, %(spoken)s)) DESC, %(id)s DESC",
            name=column,
            typed=self.partner_name,
            spoken=read_spoken(self.partner_name),
            id=SQL.identifier(query.table, "id"),
        )
        found = records.browse(query)
        found.fetch(_FETCHED[records._name])
        return found

    @api.model
    def _get_named_domain(self, model):
        """Return which records of a model count: nothing that is closed."""
        if model == "res.partner":
            return Domain("is_company", "=", True)
        ordinary = Domain("registration_state", "=", False)
        closed = Domain("won_status", "in", ("won", "lost"))
        return Domain("registration_state", "in", _IN_FORCE) | (ordinary & ~closed)

    def _find_similar_leads(self, needles):
        found = self._search_by_name(self.browse(), "partner_name", needles) - self
        return [
            SimilarName(
                "crm.lead",
                lead.id,
                lead.partner_name,
                *similarity,
                lead.partner_assigned_id.id or 0,
                lead.registration_state or lead.type,
            )
            for lead in found
            if (similarity := compare(self.partner_name, lead.partner_name)).score
            >= THRESHOLD
        ]

    def _find_similar_companies(self, needles):
        Partner = self.env["res.partner"].with_context(active_test=True)
        companies = self._search_by_name(Partner, "name", needles)
        return [
            SimilarName(
                "res.partner", partner.id, partner.name, *similarity, partner.id, ""
            )
            for partner in companies
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
