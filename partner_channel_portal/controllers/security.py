from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal


class ChannelSecurity(CustomerPortal):
    @route()
    def security(self, **post):
        response = super().security(**post)
        allowed = request.env.user._may_have_api_keys()
        if allowed is not None:
            response.qcontext["allow_api_keys"] = allowed
        return response
