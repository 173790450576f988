from odoo import fields, models

from ...tools.lead_distribution import Lead
from .deal_registration_mixin import INTERNAL

#: read at once for all
_READ = (
    "company_id",
    "country_id",
    "customer_employees",
    "customer_industry_id",
    "customer_vat",
    "date_distribution_due",
    "distribution_state",
    "email_from",
    "lang_id",
    "lead_rule_id",
    "partner_assigned_id",
    "partner_declined_ids",
    "partner_id",
    "partner_latitude",
    "partner_longitude",
    "partner_name",
    "product_family_id",
    "registration_state",
    "source_id",
    "state_id",
    "website",
    "zip",
)


class LeadFactsMixin(models.AbstractModel):
    """What rules ask of leads, as plain values."""

    _name = "lead.facts.mixin"
    _description = "Facts of Leads for Their Distribution"

    customer_industry_id = fields.Many2one(
        "res.partner.industry",
        "Customer's Industry",
        ondelete="set null",
        groups=INTERNAL,
        help="Empty: that of the customer record.",
    )
    customer_employees = fields.Integer("Customer's Employees", groups=INTERNAL)

    def _get_lead_facts(self, members, rules=None):
        """Return ``{lead_id: Lead}``, in as many queries for many leads as for few.

        :param members: ``partner.membership`` the leads may go to
        :param rules: ``partner.lead.rule`` whose named accounts count
        """
        self.fetch(_READ)
        self.partner_id.fetch(["commercial_partner_id", "industry_id", "vat"])
        offers = self._find_offers()
        by_partner = members.grouped("partner_id")
        named = self._find_account_ids(rules) if rules else {}
        held = self._find_holder_ids(members)
        result = {}
        for lead in self:
            fact = lead._make_facts(offers.get(lead.id, ()), by_partner)
            result[lead.id] = fact._replace(
                customer_ids=fact.customer_ids | named.get(lead.id, frozenset()),
                held_by=held.get(lead.id, frozenset()),
            )
        return result

    def _find_offers(self):
        """Return ``{lead_id: offers}`` of all that was offered, read."""
        found = self.env["partner.lead.offer"].search_fetch(
            [("lead_id", "in", self.ids), ("membership_id", "!=", False)],
            ["lead_id", "membership_id", "state", "slot", "date_answered"],
        )
        return {lead.id: offers for lead, offers in found.grouped("lead_id").items()}

    def _make_facts(self, offers, by_partner):
        """Return one lead as plain values.

        :param offers: ``partner.lead.offer`` of the lead
        :param dict by_partner: ``{partner: memberships}``
        """
        self.ensure_one()
        # taken back before an answer is no answer: it may be offered again
        asked = [o for o in offers if o.state != "withdrawn" or o.date_answered]
        excluded = {offer.membership_id.id for offer in asked}
        for partner in self.partner_declined_ids:
            excluded.update(by_partner.get(partner, self.browse()).ids)
        customer = self.partner_id
        place = (self.partner_latitude, self.partner_longitude)
        waiting = [offer for offer in offers if offer.state == "offered"]
        return Lead(
            self.id,
            self.company_id.id or 0,
            (self.country_id or self.state_id.country_id).id or 0,
            self.state_id.id or 0,
            self.zip or "",
            self.customer_industry_id.id or customer.industry_id.id or 0,
            self.product_family_id.id or 0,
            self.lang_id.id or 0,
            self.customer_employees,
            self.source_id.id or 0,
            frozenset((customer | customer.commercial_partner_id).ids),
            place if any(place) else None,
            frozenset(excluded),
            frozenset(offer.slot for offer in waiting),
            len(asked),
            frozenset(offer.membership_id.id for offer in waiting),
        )
