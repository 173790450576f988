from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize

from ...tools.claim_keys import clean_domain, clean_vat, get_vat_spellings
from ...tools.key_indexes import (
    make_query,
    match_address,
    match_vat,
)
from .deal_vendor_lead_mixin import KnownCustomer

#: groups of companies are followed down this far
_MAX_DEPTH = 10
_CONTACT_FIELDS = ["commercial_partner_id", "country_id", "email", "vat", "website"]
_USED = SQL("o.active AND (o.company_id IS NULL OR o.company_id = k.company_id)")


class DealCustomerMixin(models.AbstractModel):
    """Finds what the vendor already has of a customer, by exact keys.

    Only when the vendor asks, never in a partner's request: how long it takes says
    whether a customer is known.
    """

    _name = "deal.customer.mixin"
    _description = "Known Customers of a Registration"

    def _find_known_customers(self):
        """Return the companies, open quotations and open leads of these customers.

        By tax id, registrable domain, e-mail, customer record and group of companies,
        within the company of each lead, whoever looks after them. The number of queries
        does not depend on the number of leads. The result is for the vendor's eyes; the
        caller has checked that.

        :return: ``{lead_id: [KnownCustomer, …]}``, companies first, each list empty
            when the customer is new
        """
        # sudo: the whole database decides, also what others look after
        leads = self.sudo()
        keys = {lead.id: lead._get_customer_keys() for lead in leads}
        companies = leads._match_companies(keys)
        facts = leads._read_customer_facts(companies)
        own = leads._match_vendor_leads(keys, companies, facts)
        return {
            lead.id: [
                *lead._list_companies(companies[lead.id], facts),
                *lead._list_quotations(companies[lead.id], facts),
                *own.get(lead.id, []),
            ]
            for lead in leads
        }

    def _find_customer_ids(self):
        """Return the companies these registrations are about, see above.

        :return: ``{lead_id: {ids of commercial partners}}``, groups included
        """
        # sudo: the whole database decides, also what others look after
        leads = self.sudo()
        keys = {lead.id: lead._get_customer_keys() for lead in leads}
        companies = leads._match_companies(keys)
        return {lead_id: set(found) for lead_id, found in companies.items()}

    def _match_companies(self, keys):
        """Return ``{lead_id: {commercial id: {kinds}}}``, see :meth:`_join_groups`.

        :param dict keys: ``{lead_id: {(kind, value)}}``
        """
        found = self._match_contacts(keys)
        groups = self._find_groups(
            {partner_id for kinds in found.values() for partner_id in kinds}
        )
        return {lead.id: lead._join_groups(found[lead.id], groups) for lead in self}

    def _get_customer_keys(self):
        """Return ``{(kind, value)}`` to look for, of kinds vat, domain and email."""
        values = {**self._get_claim_values(), "commercial_partner_id": False}
        keys = self.env["partner.deal.claim"]._get_claim_keys(values)
        email = email_normalize(self.email_from)
        return {key for key in keys if key[0] in ("vat", "domain")} | (
            {("email", email)} if email else set()
        )

    # === CONTACTS === #

    def _match_contacts(self, keys):
        """Return ``{lead_id: {contact_id: {kinds}}}`` of contacts with a key."""
        found = {lead.id: {} for lead in self}
        for lead in self.filtered("partner_id"):
            found[lead.id][lead.partner_id.id] = {"partner"}
        wanted = self._spell_keys(keys)
        if not wanted:
            return found
        Contact = self.env["res.partner"].with_context(prefetch_fields=False)
        Contact.flush_model()
        rows = self.env.execute_query(self._get_contact_query(wanted))
        contacts = Contact.browse({row[2] for row in rows})
        contacts.fetch(_CONTACT_FIELDS)
        by_id = {contact.id: contact for contact in contacts}
        for lead_id, kind, contact_id in rows:
            lead, contact = self.browse(lead_id), by_id[contact_id]
            # the registering partner itself may write from its own address
            is_own = contact.commercial_partner_id == lead.partner_assigned_id
            if not is_own and lead._is_key_of(contact, kind, keys[lead_id]):
                found[lead_id].setdefault(contact_id, set()).add(kind)
        return found

    def _get_contact_query(self, wanted):
        matches = match_vat("o") + match_address("o")
        return make_query(wanted, matches, "res_partner", _USED)

    def _is_key_of(self, contact, kind, keys):
        """Whether what was found by its spelling is one of the keys indeed."""
        if kind == "domain":
            values = {clean_domain(contact.website), clean_domain(contact.email)}
        elif kind == "vat":
            country = contact.country_id.code or self.country_id.code
            values = {clean_vat(contact.vat, country)}
        else:
            return True
        return any((kind, value) in keys for value in values)

    def _spell_keys(self, keys):
        """Return rows ``(lead_id, company_id, kind, value)``, as indexes spell them."""
        return [
            (lead.id, lead.company_id.id or None, kind, spelling)
            for lead in self
            for kind, value in sorted(keys[lead.id])
            for spelling in (
                get_vat_spellings(value) if kind == "vat" else [value[::-1]]
            )
        ]

    # === GROUPS === #

    def _find_groups(self, contact_ids):
        """Return ``{contact_id: (commercial id, {ids of its group})}``.

        Raw SQL: the ORM goes up and down a hierarchy level by level.
        """
        if not contact_ids:
            return {}
        self.env["res.partner"].flush_model(
            ["active", "commercial_partner_id", "is_company", "parent_id"]
        )
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE above (contact_id, id, parent_id, depth) AS (
                    SELECT c.id, p.id, p.parent_id, 0
                      FROM res_partner c JOIN res_partner p
                        ON p.id = c.commercial_partner_id
                     WHERE c.id IN %(ids)s
                     UNION
                    SELECT a.contact_id, p.id, p.parent_id, a.depth + 1
                      FROM above a JOIN res_partner p ON p.id = a.parent_id
                     WHERE a.depth < %(depth)s
                ), below (root_id, id, depth) AS (
                    SELECT DISTINCT id, id, 0 FROM above WHERE parent_id IS NULL
                     UNION
                    SELECT b.root_id, p.id, b.depth + 1
                      FROM below b JOIN res_partner p ON p.parent_id = b.id
                     WHERE p.is_company AND p.active AND b.depth < %(depth)s
                )
                SELECT c.id, c.commercial_partner_id,
                       array_agg(DISTINCT below.id) FILTER (WHERE below.id IS NOT NULL)
                  FROM res_partner c
                  JOIN above ON above.contact_id = c.id AND above.parent_id IS NULL
                  JOIN below ON below.root_id = above.id
                 WHERE c.id IN %(ids)s
                 GROUP BY c.id, c.commercial_partner_id
                """,
                ids=tuple(contact_ids),
                depth=_MAX_DEPTH,
            )
        )
        return {
            contact_id: (commercial_id, set(group) | {commercial_id})
            for contact_id, commercial_id, group in rows
        }

    def _join_groups(self, found, groups):
        """Return ``{commercial id: {kinds}}`` of contacts found and their groups.

        :param dict found: ``{contact_id: {kinds}}``
        """
        companies = {}
        for contact_id, kinds in found.items():
            commercial_id, group = groups.get(contact_id, (contact_id, {contact_id}))
            companies.setdefault(commercial_id, set()).update(kinds)
            for company_id in group:
                companies.setdefault(company_id, set())
        companies.pop(self.partner_assigned_id.id, None)
        return {key: kinds or {"group"} for key, kinds in companies.items()}

    # === WHAT IS KNOWN OF THEM === #

    def _read_customer_facts(self, companies):
        """Return what is known of the companies of all leads, by kind of record."""
        ids = {company_id for found in companies.values() for company_id in found}
        Partner = self.env["res.partner"].with_context(active_test=False)
        contacts = Partner.search_fetch(
            [("commercial_partner_id", "in", list(ids))],
            ["name", "commercial_partner_id", "company_id"],
        )
        domain = Domain("partner_id", "in", contacts.ids)
        domain &= Domain("company_id", "in", self.company_id.ids)
        invoices = self.env["account.move"]._read_group(
            domain
            & Domain("move_type", "=", "out_invoice")
            & Domain("state", "=", "posted"),
            ["partner_id", "company_id"],
            ["invoice_date:max"],
        )
        invoiced = {}
        for contact, company, day in invoices:
            key = (contact.commercial_partner_id.id, company.id)
            invoiced[key] = max(filter(None, (invoiced.get(key), day)), default=None)
        orders = self.env["sale.order"].search(
            domain & Domain("state", "in", ("draft", "sent")), order="id desc"
        )
        return {"contacts": contacts, "invoiced": invoiced, "orders": orders}

    def _list_companies(self, companies, facts):
        names = {
            contact.id: contact
            for contact in facts["contacts"]
            if contact.id in companies
            and contact.company_id in (self.company_id, contact.company_id.browse())
        }
        known = [
            KnownCustomer(
                "res.partner",
                contact.id,
                contact.name,
                contact.id,
                tuple(sorted(companies[contact.id])),
                facts["invoiced"].get((contact.id, self.company_id.id)),
                "",
            )
            for contact in names.values()
        ]
        return sorted(known, key=lambda x: (x.kinds == ("group",), not x.date, x.id))

    def _list_quotations(self, companies, facts):
        return [
            KnownCustomer(
                "sale.order",
                order.id,
                order.partner_id.commercial_partner_id.name,
                order.partner_id.commercial_partner_id.id,
                tuple(sorted(companies[order.partner_id.commercial_partner_id.id])),
                order.date_order and order.date_order.date(),
                order.state,
            )
            for order in facts["orders"]
            if order.company_id == self.company_id
            and order.partner_id.commercial_partner_id.id in companies
        ]
