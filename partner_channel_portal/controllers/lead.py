"""Odoo's own pages of leads and opportunities, with registrations beside them."""

from odoo.fields import Datetime, Domain
from odoo.http import request, route

from odoo.addons.website_crm_partner_assign.controllers.main import WebsiteAccount

# the keys Odoo's pages know; an unknown one is an error 500 there
LEAD_SORTINGS = ("date", "name", "contact_name")
OPPORTUNITY_SORTINGS = (*LEAD_SORTINGS, "revenue", "probability", "stage")
OPPORTUNITY_FILTERS = (
    "all",
    "no_activities",
    "overdue",
    "today",
    "future",
    "won",
    "lost",
)


def _known(key, keys):
    """Return the key if the page knows it."""
    return key if key in keys else None


def _dates(date_begin, date_end):
    """Return the period if both ends are dates, else no period."""
    try:
        return Datetime.to_datetime(date_begin), Datetime.to_datetime(date_end)
    except (ValueError, TypeError):
        return None, None


class ChannelLeads(WebsiteAccount):
    def get_domain_my_lead(self, user):
        domain = Domain(super().get_domain_my_lead(user))
        return list(domain & Domain("registration_state", "=", False))

    def get_domain_my_opp(self, user):
        domain = Domain(super().get_domain_my_opp(user))
        return list(domain & Domain("registration_state", "=", False))

    @route()
    def portal_my_leads(
        self, page=1, date_begin=None, date_end=None, sortby=None, **kw
    ):
        date_begin, date_end = _dates(date_begin, date_end)
        return super().portal_my_leads(
            page=page,
            date_begin=date_begin,
            date_end=date_end,
            sortby=_known(sortby, LEAD_SORTINGS),
            **kw,
        )

    @route()
    def portal_my_opportunities(
        self,
        page=1,
        date_begin=None,
        date_end=None,
        sortby=None,
        filterby=None,
        **kw,
    ):
        date_begin, date_end = _dates(date_begin, date_end)
        response = super().portal_my_opportunities(
            page=page,
            date_begin=date_begin,
            date_end=date_end,
            sortby=_known(sortby, OPPORTUNITY_SORTINGS),
            filterby=_known(filterby, OPPORTUNITY_FILTERS),
            **kw,
        )
        Partner = request.env["res.partner"]
        response.qcontext["is_channel_member"] = Partner._is_portal_member()
        return response

    @route()
    def portal_my_lead(self, lead, **kw):
        if lead.registration_state:
            return request.redirect(f"/my/deals/{lead.id}")
        return super().portal_my_lead(lead, **kw)

    @route()
    def portal_my_opportunity(self, opp, **kw):
        if opp.registration_state:
            return request.redirect(f"/my/deals/{opp.id}")
        return super().portal_my_opportunity(opp, **kw)
