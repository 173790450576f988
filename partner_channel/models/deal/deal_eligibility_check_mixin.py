from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import format_date


def _join(known):
    """Return the ids of all customers of ``{lead_id: {ids}}``."""
    return list(set().union(*known.values()))


class DealEligibilityCheckMixin(models.AbstractModel):
    """The checks: each takes leads of one program and returns the failing ones.

    A check is ``_check_eligibility_<code>(rule)`` → ``{lead_id: facts}``, with a
    number of queries that does not grow with the leads. Called in sudo.
    """

    _name = "deal.eligibility.check.mixin"
    _description = "Eligibility Checks"

    @api.model
    def _match_customers(self, known, facts_by_customer):
        """Return ``{lead_id: facts}`` of leads about one of these customers.

        :param dict known: see ``_find_customer_ids``
        :param dict facts_by_customer: text by id of the customer
        """
        return {
            lead_id: facts_by_customer[customer]
            for lead_id, customers in known.items()
            for customer in customers
            if customer in facts_by_customer
        }

    def _get_since(self, rule):
        """Return the day from which a check looks, ``None`` for always."""
        if not rule.months:
            return None
        return rule.program_id._get_today() - relativedelta(months=rule.months)

    def _find_invoiced(self, since):
        known = self._find_customer_ids()
        domain = [
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("company_id", "in", self.company_id.ids),
            ("commercial_partner_id", "in", _join(known)),
        ]
        if since:
            domain.append(("invoice_date", ">=", since))
        groups = self.env["account.move"]._read_group(
            domain, ["commercial_partner_id"], ["__count", "invoice_date:max"]
        )
        return self._match_customers(
            known,
            {
                partner.id: self.env._(
                    "%(customer)s: %(count)d invoices, the last on %(day)s",
                    customer=partner.name,
                    count=count,
                    day=format_date(self.env, day),
                )
                for partner, count, day in groups
            },
        )

    def _check_eligibility_existing_customer(self, rule):
        return self._find_invoiced(None)

    def _check_eligibility_invoiced(self, rule):
        return self._find_invoiced(self._get_since(rule))

    def _check_eligibility_open_quotation(self, rule):
        known = self._find_customer_ids()
        orders = self.env["sale.order"].search(
            [
                ("state", "in", ("draft", "sent")),
                ("company_id", "in", self.company_id.ids),
                (
                    "partner_id.commercial_partner_id",
                    "in",
                    _join(known),
                ),
                ("opportunity_id", "not in", self.ids),
            ]
        )
        return self._match_customers(
            known,
            {order.partner_id.commercial_partner_id.id: order.name for order in orders},
        )

    def _check_eligibility_vendor_contact(self, rule):
        """Open leads of the customer that the vendor's people have written on."""
        known = self._find_customer_ids()
        others = self.env["crm.lead"].search(
            [
                ("id", "not in", self.ids),
                ("registration_state", "=", False),
                ("company_id", "in", [False, *self.company_id.ids]),
                (
                    "partner_id.commercial_partner_id",
                    "in",
                    _join(known),
                ),
            ]
        )
        domain = [
            ("model", "=", "crm.lead"),
            ("res_id", "in", others.ids),
            ("message_type", "in", ("comment", "email", "email_outgoing")),
            ("author_id.partner_share", "=", False),
        ]
        since = self._get_since(rule)
        if since:
            domain.append(("date", ">=", fields.Datetime.to_datetime(since)))
        touched = self.env["mail.message"]._read_group(domain, ["res_id"])
        written = others.browse([res_id for (res_id,) in touched])
        facts = {x.partner_id.commercial_partner_id.id: x.name for x in written}
        return self._match_customers(known, facts)

    def _check_eligibility_public_tender(self, rule):
        facts = self.env._("Marked as a public tender")
        return {lead.id: facts for lead in self if lead.is_public_tender}

    def _check_eligibility_territory(self, rule):
        failing = {}
        for lead in self:
            member = lead.membership_id
            countries, states = member.territory_country_ids, member.territory_state_ids
            bounded = states.filtered(lambda s, x=lead: s.country_id == x.country_id)
            if (countries and lead.country_id not in countries) or (
                bounded and lead.state_id and lead.state_id not in bounded
            ):
                failing[lead.id] = lead.country_id.name or self.env._("No country")
        return failing

    def _check_eligibility_product_not_allowed(self, rule):
        allowed = self.membership_id._read_allowed_families()
        return {
            lead.id: lead.product_family_id.name or self.env._("All products")
            for lead in self
            if (families := allowed[lead.membership_id.id])
            and lead.product_family_id not in families
        }

    def _check_eligibility_no_agreement(self, rule):
        """Partners without a valid signature under what the program requires."""
        gaps = self.membership_id._explain_missing_agreements()
        return {
            lead.id: gaps[lead.membership_id.id]
            for lead in self
            if lead.membership_id.id in gaps
        }
