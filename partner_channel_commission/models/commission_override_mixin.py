from odoo import api, models

from odoo.addons.partner_channel.tools.attribution import Attribution

from ..tools.overrides import MANAGER, OVERRIDE_ROLES, SPONSOR

_ROLES = {role for role, _label in OVERRIDE_ROLES}
_PAID_STATES = ("active", "suspended")


class CommissionOverrideMixin(models.AbstractModel):
    """Finds who earns on the sales of others.

    The sponsor is the deal's distributor, else the membership the partner works
    under. A channel manager is paid like any partner: by the membership of the
    company the manager's user belongs to, so that statement, bill and taxes are the
    same for all. A manager who is the vendor's employee has none and earns through
    payroll instead. Nobody earns an override on own sales or own purchases.
    """

    _name = "commission.override.mixin"
    _description = "Overrides of Documents"

    def _find_overrides(self, attributions, members, plans):
        """Return who earns on what others take part in.

        :param attributions: ``{line_id: [Attribution]}``
        :param members: ``{membership_id: partner.membership}``
        :param plans: see ``partner.commission.plan._get_rule_table``
        :return: ``{(line_id, membership_id of the other): [Attribution]}``
        """
        roles = {r.role for some in plans.values() for p in some for r in p.rules}
        roles &= _ROLES
        if not roles:
            return {}
        managers = self._get_manager_memberships(members) if MANAGER in roles else {}
        lead_ids = {item.lead_id for items in attributions.values() for item in items}
        # sudo: whoever posts need not see the deals; all at once, to be read at once
        found_leads = self.env["crm.lead"].sudo().browse(lead_ids - {None, False})
        leads = {lead.id: lead for lead in found_leads}
        result = {}
        for line_id, items in attributions.items():
            given = set()
            for item in items:
                member = members[item.membership_id]
                lead = leads.get(item.lead_id, found_leads.browse())
                above = {
                    SPONSOR: lead.distributor_id or member.sponsor_id,
                    MANAGER: managers.get(member.id, member.browse()),
                }
                for role in sorted(roles):
                    earner = above[role]
                    if (earner.id, role) in given or not _may_earn(earner, member):
                        continue
                    given.add((earner.id, role))
                    members.setdefault(earner.id, earner)
                    key = line_id, member.id
                    found = Attribution(earner.id, role, 100.0, item.lead_id)
                    result.setdefault(key, []).append(found)
        return result

    def _get_manager_memberships(self, members):
        """Return ``{membership_id: membership of its channel manager}``."""
        # sudo: whoever posts need not see the channel
        memberships = self.env["partner.membership"].sudo()
        users = memberships.union(*members.values()).manager_id
        paid = self._get_paid_memberships(users.partner_id.commercial_partner_id)
        result = {}
        for member in members.values():
            partner = member.manager_id.partner_id.commercial_partner_id
            found = paid.get((partner, member.company_id))
            if found:
                result[member.id] = found
        return result

    @api.model
    def _get_paid_memberships(self, partners):
        """Return by which membership a partner's people are paid as managers.

        :param partners: commercial partners
        :return: ``{(partner, company): partner.membership in sudo}``
        """
        # sudo: whoever posts need not see the channel
        memberships = self.env["partner.membership"].sudo()
        own = memberships.search(
            [("partner_id", "in", partners.ids), ("state", "in", _PAID_STATES)],
            order="is_primary desc, id",
        )
        result = {}
        for membership in own:
            key = membership.partner_id, membership.company_id
            result.setdefault(key, membership)
        return result


def _may_earn(earner, member):
    """Return whether an override may be paid on what a member takes part in."""
    return bool(
        earner
        and earner.state in _PAID_STATES
        and earner.company_id == member.company_id
        and earner.partner_id != member.partner_id
    )
