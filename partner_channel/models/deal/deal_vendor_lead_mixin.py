from typing import NamedTuple

from odoo import models
from odoo.tools import SQL

from ...tools.claim_keys import clean_domain
from ...tools.key_indexes import (
    KeyMatch,
    get_email,
    get_website,
    make_query,
    match_address,
)

_LEAD_FIELDS = [
    "create_date",
    "email_from",
    "name",
    "partner_id",
    "partner_name",
    "type",
    "website",
]
_OF_CONTACT = KeyMatch("group", SQL("o.partner_id = k.value::int"), SQL("o.partner_id"))
_OPEN_AND_OWN = SQL(
    "o.registration_state IS NULL AND o.active "
    "AND (o.won_status IS NULL OR o.won_status = 'pending') "
    "AND (o.company_id IS NULL OR o.company_id = k.company_id)"
)


class KnownCustomer(NamedTuple):
    """What the vendor has of the customer a registration names.

    ``model`` and ``id`` say which record: a company, an open quotation or an open lead
    of the vendor's own; ``kinds`` are the keys in common: ``vat``, ``domain``,
    ``email``, ``partner`` (the customer record itself), ``group`` (its group of
    companies). ``date`` is the day of the last posted invoice of a company and of a
    quotation, the day a lead was made; ``None`` when there is none.
    """

    model: str
    id: int
    name: str
    partner_id: int
    kinds: tuple
    date: object
    state: str


class DealVendorLeadMixin(models.AbstractModel):
    """Finds open leads of the vendor's own, by exact keys."""

    _name = "deal.vendor.lead.mixin"
    _description = "Leads of the Vendor for a Customer"

    _customer_email_idx = models.Index(
        f"({get_email('email_normalized')}) "
        "WHERE email_normalized IS NOT NULL AND registration_state IS NULL"
    )
    _customer_website_idx = models.Index(
        f"({get_website('website')}) "
        "WHERE website IS NOT NULL AND registration_state IS NULL"
    )

    def _match_vendor_leads(self, keys, companies, facts):
        """Return ``{lead_id: [KnownCustomer, …]}`` of open leads that are the vendor's.

        A lead's own tax id is that of its customer record.
        """
        wanted = self._spell_keys(keys) + self._spell_contacts(companies, facts)
        if not wanted:
            return {}
        self.env["crm.lead"].flush_model()
        rows = self.env.execute_query(
            make_query(
                wanted,
                [*match_address("o"), _OF_CONTACT],
                "crm_lead",
                _OPEN_AND_OWN,
            )
        )
        others = self.browse({row[2] for row in rows})
        others.fetch(_LEAD_FIELDS)
        kinds = {}
        for lead_id, kind, other_id in rows:
            other = self.browse(other_id).with_prefetch(others.ids)
            is_key = kind == "group" or self._is_said(other, kind, keys[lead_id])
            if is_key and lead_id != other_id:
                kinds.setdefault((lead_id, other_id), set()).add(kind)
        result = {}
        for (lead_id, other_id), found in sorted(kinds.items()):
            other = self.browse(other_id).with_prefetch(others.ids)
            result.setdefault(lead_id, []).append(_describe_lead(other, found))
        return result

    def _spell_contacts(self, companies, facts):
        """Return rows as :meth:`_spell_keys` for the contacts of known companies."""
        contacts = facts["contacts"].grouped("commercial_partner_id")
        ids = {company.id: found.ids for company, found in contacts.items()}
        return [
            (lead.id, lead.company_id.id or None, "group", str(contact_id))
            for lead in self
            for company_id in companies[lead.id]
            for contact_id in ids.get(company_id, ())
        ]

    def _is_said(self, other, kind, keys):
        """Whether the domain of another lead is one of the keys indeed."""
        said = {clean_domain(other.website), clean_domain(other.email_from)}
        return kind != "domain" or any((kind, value) in keys for value in said)


def _describe_lead(lead, kinds):
    partner = lead.partner_id.commercial_partner_id
    return KnownCustomer(
        "crm.lead",
        lead.id,
        lead.partner_name or partner.name or lead.name,
        partner.id or 0,
        tuple(sorted(kinds)),
        lead.create_date.date(),
        lead.type,
    )
