from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        modules = super()._get_translation_frontend_modules_name()
        return [*modules, "partner_channel_portal"]

    @classmethod
    def _dispatch(cls, endpoint):
        # a parameter of this name, from an address or a body, would meet the method's
        # own on its way through Odoo: an error 500
        if endpoint.__module__.startswith("odoo.addons.partner_channel"):
            request.params.pop("self", None)
        return super()._dispatch(endpoint)

    @classmethod
    def _serve_fallback(cls):
        # Odoo looks for a file and a page of this address, which PostgreSQL cannot
        # carry: an error 500 where there is just nothing
        if "\x00" in request.httprequest.path:
            return None
        return super()._serve_fallback()
