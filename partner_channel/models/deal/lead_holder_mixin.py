from odoo import models

#: registrations whose customer nobody else may be given
_HOLDING = ("approved", "won")


class LeadHolderMixin(models.AbstractModel):
    """Whose customer a lead is, by the keys that registrations are compared by.

    Whoever writes by a form of the website is seldom linked to a customer record.
    """

    _name = "lead.holder.mixin"
    _description = "Holders of the Customers of Leads"

    def _find_account_ids(self, rules):
        """Return ``{lead_id: ids of customers}`` of named accounts.

        Of leads that are linked to no customer record, by what they say of it.

        :param rules: ``partner.lead.rule`` in sudo
        """
        accounts = rules.account_ids.partner_id
        if not accounts:
            return {}
        Claim, by_key = self.env["partner.deal.claim"], {}
        for account in accounts:
            for key in Claim._get_claim_keys(account._get_claim_values()):
                by_key.setdefault(key, set()).add(account.id)
        unlinked = self.filtered(lambda lead: not lead.partner_id)
        return {
            lead.id: frozenset().union(*(by_key.get(key, ()) for key in keys))
            for lead, keys in unlinked._read_holder_keys().items()
        }

    def _find_holder_ids(self, members):
        """Return ``{lead_id: ids of memberships}`` whose partner holds the customer.

        By a protected registration, of one of the products of the lead: nobody else
        is offered a lead of its customer, nor is it in a pool.

        :param members: ``partner.membership`` the leads may go to
        """
        # sudo: registrations of all partners decide, whoever distributes
        claims = self.env["partner.deal.claim"].sudo()
        if not claims.search_count([("state", "=", "protected")], limit=1):
            return {}
        by_partner, held = members.grouped("partner_id"), {}
        keys = self._read_holder_keys()
        for company, leads in self.grouped("company_id").items():
            wanted = [(keys[lead], lead.product_family_id) for lead in leads]
            found = company and claims._search_many_conflicts(company, wanted)
            for lead, deals in zip(leads, found or (), strict=False):
                holders = deals.filtered(lambda d: d.registration_state in _HOLDING)
                owners = holders.membership_id
                own = by_partner.get(owners[:1].partner_id, owners)
                held[lead.id] = frozenset((owners[:1] | own).ids if owners else ())
        return held

    def _read_holder_keys(self):
        """Return ``{lead: strong keys of its customer}``."""
        Claim = self.env["partner.deal.claim"]
        return {lead: Claim._get_claim_keys(lead._get_claim_values()) for lead in self}
