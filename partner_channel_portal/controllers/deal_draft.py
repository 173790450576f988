from odoo.http import request, route

from ..tools.form_values import get_text, read_id
from .portal_list import check_partner_staff, get_deal
from .registration import DealPortal


class DealDraftPortal(DealPortal):
    """Keeps what is typed into the form of a deal."""

    @route("/my/deals/draft", type="http", auth="user", website=True, methods=["POST"])
    def portal_deal_draft(self, deal_id="", **post):
        """Answer with the draft's id and time, without when nothing was kept."""
        check_partner_staff(request.env)
        Lead = request.env["crm.lead"]
        number = read_id(get_text({"deal_id": deal_id}, "deal_id"))
        deal = Lead if number is None else get_deal(request.env, number)
        values = self._read_texts(post)
        values["write_date"] = get_text(post, "write_date")
        kept = Lead._portal_keep_draft(values, deal)
        return request.make_json_response(
            {"deal_id": kept.id, "write_date": str(kept.write_date or "")}
        )
