from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal


class ChannelHome(CustomerPortal):
    @route()
    def home(self, **kw):
        response = super().home(**kw)
        cards = request.env["res.partner"]._get_channel_home_cards()
        response.qcontext["channel_home_cards"] = sorted(
            cards, key=lambda card: card["sequence"]
        )
        return response

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if counters:
            Partner = request.env["res.partner"]
            values |= Partner._get_channel_home_counters(counters)
        return values
