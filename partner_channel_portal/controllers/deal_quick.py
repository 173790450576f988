from werkzeug.exceptions import NotFound

from odoo.http import Controller, request, route


class DealQuickPortal(Controller):
    """Updates of one tap."""

    @route(
        "/my/deals/<int:deal_id>/quick",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_deal_quick(self, deal_id, **post):
        deal = request.env["crm.lead"]._find_portal_deal(deal_id)
        if not deal:
            raise NotFound()
        errors = deal._portal_post_quick_update(post.get("kind"))
        page = f"/my/deals/{deal.id}"
        if errors:
            return request.redirect(f"{page}/update", code=303)
        page = "/my/deals" if post.get("from") == "list" else page
        return request.redirect(f"{page}?done=1", code=303)
