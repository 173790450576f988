from werkzeug.exceptions import NotFound

from odoo.http import request, route

from ..tools.form_values import get_text
from .registration import DealPortal


class DealDraftPortal(DealPortal):
    """Keeps what is typed into the form of a deal."""

    @route("/my/deals/draft", type="http", auth="user", website=True, methods=["POST"])
    def portal_deal_draft(self, deal_id="", **post):
        """Answer with the draft's id and time, without when nothing was kept."""
        # to people of no partner the page is not there
        if not request.env["res.partner"]._get_portal_memberships():
            raise NotFound()
        Lead = request.env["crm.lead"]
        number = get_text({"deal_id": deal_id}, "deal_id")
        is_number = number.isascii() and number.isdigit() and len(number) < 10
        deal = self._get_deal(int(number)) if is_number else Lead
        values = self._read_texts(post)
        values["write_date"] = get_text(post, "write_date")
        kept = Lead._portal_keep_draft(values, deal)
        return request.make_json_response(
            {"deal_id": kept.id, "write_date": str(kept.write_date or "")}
        )
