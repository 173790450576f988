from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal


class ChannelHome(CustomerPortal):
    @route()
    def home(self, **kw):
        response = super().home(**kw)
        Partner = request.env["res.partner"]
        cards = Partner._get_channel_home_cards()
        response.qcontext["channel_home_cards"] = sorted(
            cards or Partner._get_former_agreement_cards(),
            key=lambda card: card["sequence"],
        )
        # those who have cards are members; former ones have none
        is_member = bool(cards) or Partner._is_portal_member()
        response.qcontext["is_channel_member"] = is_member
        if cards:
            response.qcontext.update(Partner._prepare_portal_home())
        return response

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if counters:
            Partner = request.env["res.partner"]
            values |= Partner._get_channel_home_counters(counters)
        return values
