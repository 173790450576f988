from werkzeug.exceptions import NotFound

from odoo.http import request, route

from ..tools.form_values import get_text
from .registration import DealPortal


class DealDraftPortal(DealPortal):
    """Keeps what is typed into the form of a deal."""

    @route("/my/deals/draft", type="http", auth="user", website=True, methods=["POST"])
    def portal_deal_draft(self, deal_id="", **post):
        """Answer with the draft's id, without one when nothing was kept."""
        # to people of no partner the page is not there
        if not request.env["res.partner"]._get_portal_memberships():
            raise NotFound()
        Lead = request.env["crm.lead"]
        number = get_text({"deal_id": deal_id}, "deal_id")
        is_number = number.isascii() and number.isdigit() and len(number) < 10
        deal = self._get_deal(int(number)) if is_number else Lead
        kept = Lead._portal_keep_draft(self._read_texts(post), deal)
        return request.make_json_response({"deal_id": kept.id})
