from dateutil.relativedelta import relativedelta

from odoo import api, fields, models


class DealEligibilityCheckMixin(models.AbstractModel):
    """The checks: each takes leads of one program and returns the failing ones.

    A check is ``_check_eligibility_<code>(rule)`` → ``{lead_id: facts}``, with a
    number of queries that does not grow with the leads. Called in sudo.
    """

    _name = "deal.eligibility.check.mixin"
    _description = "Eligibility Checks"

    def _find_customer_ids(self):
        """Return the customer records of the vendor each registration is about.

        By the record chosen, else by tax id or e-mail; other ways of finding
        them extend this.

        :return: ``{lead_id: {ids of commercial partners}}``
        """
        Partner = self.env["res.partner"].sudo()
        vats = {lead.id: self._get_vat_spellings(lead.customer_vat) for lead in self}
        mails = {
            lead.id: lead.email_normalized for lead in self if lead.email_normalized
        }
        spelled = list(set().union(*vats.values()))
        by_vat = Partner.search([("vat", "in", spelled)]).grouped("vat")
        by_mail = Partner.search(
            [("email_normalized", "in", list(mails.values()))]
        ).grouped("email_normalized")
        found = {}
        for lead in self:
            partners = Partner.concat(
                lead.partner_id,
                *(by_vat.get(vat, Partner) for vat in vats[lead.id]),
                by_mail.get(mails.get(lead.id), Partner),
            ).commercial_partner_id
            found[lead.id] = set((partners - lead.membership_id.partner_id).ids)
        return found

    @api.model
    def _get_vat_spellings(self, vat):
        """Return a tax id as it was typed and as contacts have it.

        >>> self._get_vat_spellings("DE 136,695 976")
        {"DE 136,695 976", "DE136695976"}
        """
        compact = "".join(filter(str.isalnum, vat or "")).upper()
        return {spelling for spelling in (vat, compact) if spelling}

    def _match_customers(self, facts_by_customer):
        """Return ``{lead_id: facts}`` of leads about one of these customers."""
        return {
            lead_id: facts_by_customer[customer]
            for lead_id, customers in self._find_customer_ids().items()
            for customer in customers
            if customer in facts_by_customer
        }

    def _get_since(self, rule):
        """Return the day from which a check looks, ``None`` for always."""
        if not rule.months:
            return None
        return rule.program_id._get_today() - relativedelta(months=rule.months)

    def _find_invoiced(self, since):
        known = set().union(*self._find_customer_ids().values())
        domain = [
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("company_id", "in", self.company_id.ids),
            ("commercial_partner_id", "in", list(known)),
        ]
        if since:
            domain.append(("invoice_date", ">=", since))
        groups = self.env["account.move"]._read_group(
            domain, ["commercial_partner_id"], ["__count", "invoice_date:max"]
        )
        return self._match_customers(
            {
                partner.id: self.env._(
                    "%(customer)s: %(count)d invoices, the last on %(day)s",
                    customer=partner.name,
                    count=count,
                    day=day,
                )
                for partner, count, day in groups
            }
        )

    def _check_eligibility_existing_customer(self, rule):
        return self._find_invoiced(None)

    def _check_eligibility_invoiced(self, rule):
        return self._find_invoiced(self._get_since(rule))

    def _check_eligibility_open_quotation(self, rule):
        known = set().union(*self._find_customer_ids().values())
        orders = self.env["sale.order"].search(
            [
                ("state", "in", ("draft", "sent")),
                ("company_id", "in", self.company_id.ids),
                ("partner_id.commercial_partner_id", "in", list(known)),
                ("opportunity_id", "not in", self.ids),
            ]
        )
        return self._match_customers(
            {order.partner_id.commercial_partner_id.id: order.name for order in orders}
        )

    def _check_eligibility_vendor_contact(self, rule):
        """Open leads of the customer that the vendor's people have written on."""
        known = set().union(*self._find_customer_ids().values())
        others = self.env["crm.lead"].search(
            [
                ("id", "not in", self.ids),
                ("registration_state", "=", False),
                ("company_id", "in", [False, *self.company_id.ids]),
                ("partner_id.commercial_partner_id", "in", list(known)),
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
        return self._match_customers(facts)

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
        failing = {}
        for membership, leads in self.grouped("membership_id").items():
            allowed = membership._get_allowed_families()
            for lead in leads if allowed else ():
                if lead.product_family_id not in allowed:
                    family = lead.product_family_id.name or self.env._("All products")
                    failing[lead.id] = family
        return failing

    def _check_eligibility_no_agreement(self, rule):
        """Hook: nothing fails while the vendor keeps no agreements here."""
        return {}

    def _check_eligibility_missing_certificate(self, rule):
        """Hook: nothing fails while the vendor keeps no certificates here."""
        return {}
