from datetime import date

from psycopg2.errors import ExclusionViolation

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools.claim_keys import (
    clean_domain,
    clean_vat,
    get_name_keys,
)

#: last day of claims that wait for the decision on an extension
UNDECIDED = date.max

KINDS = [
    ("vat", "Tax ID"),
    ("domain", "Web or e-mail domain"),
    ("partner", "Customer record"),
    ("name", "Company name"),
]


class PartnerDealClaim(models.Model):
    """One key of a customer that a registration asks for or holds.

    Rows are written at submission (``pending``), get a period when the
    registration is approved (``protected``) and are ``released`` with it. Two
    protected registrations of one key, in product scopes that overlap, cannot
    exist: the database refuses the second, whatever code runs at once.
    """

    _name = "partner.deal.claim"
    _description = "Deal Claim"
    _order = "lead_id, kind, value"
    _rec_name = "value"

    lead_id = fields.Many2one(
        "crm.lead", "Registration", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    kind = fields.Selection(KINDS, required=True)
    value = fields.Char(required=True)
    shown_value = fields.Char(
        "Customer Known By", compute="_compute_shown_value", compute_sudo=True
    )
    family_id = fields.Many2one(
        "product.category",
        "Product Family",
        ondelete="restrict",
        index="btree_not_null",
        help="Empty: all products.",
    )
    state = fields.Selection(
        [
            ("pending", "Asked for"),
            ("protected", "Protected"),
            ("released", "Released"),
        ],
        required=True,
        default="pending",
    )
    date_from = fields.Date()
    date_to = fields.Date()

    # An unbounded range stands for "all products": it overlaps every family.
    _exclusive = models.Constraint(
        """EXCLUDE USING gist (
            company_id WITH =,
            kind WITH =,
            value WITH =,
            int4range(family_id, family_id, '[]') WITH &&,
            daterange(date_from, date_to, '[]') WITH &&
        ) WHERE (state = 'protected')""",
        "Another protected registration already holds this customer.",
    )
    _protected_period = models.Constraint(
        "CHECK (state <> 'protected' OR (date_from IS NOT NULL AND date_to IS NOT NULL "
        "AND date_from <= date_to))",
        "A protected claim needs a period.",
    )
    _key_uniq = models.UniqueIndex("(lead_id, kind, value)")
    _lookup_idx = models.Index("(value, kind, company_id) WHERE state <> 'released'")

    @api.depends("kind", "value")
    def _compute_shown_value(self):
        """Show a customer record by its name, all else as it is compared."""
        records = self.filtered(lambda claim: claim.kind == "partner")
        partners = self.env["res.partner"].browse(
            int(claim.value) for claim in records if claim.value.isdecimal()
        )
        names = {str(p.id): p.display_name for p in partners.exists()}
        for claim in self:
            known = names.get(claim.value) if claim in records else None
            claim.shown_value = known or claim.value

    @api.model
    def _get_claim_keys(self, values):
        """Return the strong keys of a customer.

        :param dict values: ``customer_vat``, ``email_from``, ``website``,
            ``partner_name``, ``country`` (an ISO code), ``commercial_partner_id``
            (an id); all optional
        :return: list of ``(kind, value)`` without doubles, strongest first
        """
        vat = clean_vat(values.get("customer_vat"), values.get("country"))
        partner = self.env["res.partner"].browse(values.get("commercial_partner_id"))
        names = get_name_keys(values.get("partner_name"))
        keys = [
            ("vat", vat),
            ("domain", clean_domain(values.get("website"))),
            ("domain", clean_domain(values.get("email_from"))),
            *(("partner", str(company.id)) for company in self._get_group(partner)),
            *(("name", name) for name in names),
        ]
        return list(dict.fromkeys(key for key in keys if key[1]))

    @api.model
    def _get_group(self, partner):
        """Return a company and those above it: a group is one customer.

        :param partner: commercial ``res.partner``, may be empty
        """
        # sudo: who owns a company decides, whoever asks
        company, found = partner.sudo(), partner.sudo()
        while company.parent_id and company.parent_id not in found:
            company = company.parent_id
            found |= company
        return found

    @api.model
    def _get_conflict_domain(self, company, keys, family=None):
        """Return the domain of claims in the way of these keys."""
        today = company._get_channel_today()
        values = {}
        for kind, value in keys:
            values.setdefault(kind, []).append(value)
        key_domain = Domain.OR(
            Domain("kind", "=", kind) & Domain("value", "in", of_kind)
            for kind, of_kind in values.items()
        )
        domain = (
            Domain("company_id", "=", company.id)
            & Domain("state", "!=", "released")
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", today))
            & key_domain
        )
        if family:
            domain &= Domain("family_id", "in", [family.id, False])
        return domain

    @api.model
    def _search_conflicts(self, company, keys, family=None, exclude_leads=None):
        """Return the registrations that hold or ask for one of the keys.

        The result is for the vendor's eyes; a partner may be told no more
        than whether it is empty.

        :param company: the vendor's ``res.company``
        :param keys: list of ``(kind, value)``
        :param family: product family of the deal, empty for all products
        :param exclude_leads: registrations that are no conflict
        :return: ``crm.lead`` in sudo, strongest claim first
        """
        # sudo: leads of other partners are in the way as well
        Lead = self.env["crm.lead"].sudo()
        if not keys:
            return Lead
        domain = self._get_conflict_domain(company, keys, family)
        if exclude_leads:
            domain &= Domain("lead_id", "not in", exclude_leads.ids)
        # sudo: claims of other partners decide, whoever asks
        claims = self.sudo().search(domain, order="state desc, id", limit=100)
        return Lead.concat(*claims.lead_id)

    @api.model
    def _search_many_conflicts(self, company, wanted):
        """Return what is in the way of each of many deals, by one search.

        :param company: the vendor's ``res.company``
        :param wanted: list of ``(keys, family)``, see :meth:`_search_conflicts`
        :return: list of ``crm.lead`` in sudo, one for each of ``wanted``
        """
        # sudo: leads of other partners are in the way as well
        Lead = self.env["crm.lead"].sudo()
        keys = list(dict.fromkeys(key for keys, _family in wanted for key in keys))
        if not keys:
            return [Lead] * len(wanted)
        # sudo: claims of other partners decide, whoever asks
        claims = self.sudo().search(
            self._get_conflict_domain(company, keys),
            order="state desc, id",
            limit=100 * len(wanted),
        )
        places = {claim: place for place, claim in enumerate(claims)}
        by_key = claims.grouped(lambda claim: (claim.kind, claim.value))

        def pick(keys, family):
            near = claims[:0].concat(*(by_key[key] for key in keys if key in by_key))
            if family:
                near = near.filtered(lambda c: c.family_id in (family, family[:0]))
            leads = near.sorted(places.get).lead_id
            return leads.with_prefetch(claims.lead_id._ids)

        return [pick(keys, family) for keys, family in wanted]

    def _protect(self, date_from, date_to):
        """Make pending claims exclusive for a period.

        :param date date_from: first protected day
        :param date date_to: last protected day
        :raise UserError: when another protected registration is in the way
        """
        in_the_way = self._get_exclusion_error()
        if in_the_way:
            raise UserError(in_the_way)
        # two decisions at the same moment pass the look above: here the
        # database lets one of them through
        try:
            with self.env.cr.savepoint():
                self.write(
                    {"state": "protected", "date_from": date_from, "date_to": date_to}
                )
                self.flush_recordset()
        except ExclusionViolation as error:
            raise UserError(
                self.env._(
                    "Another registration of this customer was approved a moment ago, "
                    "or two of the chosen ones are for the same customer. Reload and "
                    "decide again."
                )
            ) from error

    def _get_exclusion_error(self):
        """Return which protected registration is in the way, for the vendor.

        :return: message, empty when there is none
        """
        for lead, claims in self.grouped("lead_id").items():
            keys = [(claim.kind, claim.value) for claim in claims]
            others = self._search_conflicts(
                lead.company_id, keys, lead.product_family_id, exclude_leads=lead
            ).filtered(lambda other: other.registration_state in ("approved", "won"))
            if others:
                return self._describe_holder(lead, others[0])
        return ""

    @api.model
    def _describe_holder(self, lead, other):
        """Return who holds the customer of a deal, for the vendor."""
        values = {
            "deal": lead.display_name,
            "other": other.display_name,
            "partner": other.partner_assigned_id.display_name,
            "date": format_date(self.env, other.date_protection_end),
        }
        if other._get_pending_extension():
            return self.env._(
                "“%(deal)s” cannot be protected: “%(other)s” of %(partner)s was "
                "protected until %(date)s and waits for your decision on an "
                "extension. Decide that first.",
                **values,
            )
        return self.env._(
            "“%(deal)s” cannot be protected: “%(other)s” of %(partner)s holds "
            "this customer until %(date)s. Reject it, or wait until then.",
            **values,
        )

    def _release(self):
        """Free the keys for others."""
        self.filtered(lambda claim: claim.state != "released").state = "released"
