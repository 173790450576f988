from werkzeug.exceptions import NotFound

from odoo.http import Controller, request, route

from ..tools.form_values import get_text, visible

_PREFIXES = ("answer_", "comment_")


class DealQualificationPortal(Controller):
    """The qualification of a deal: answer it, sign it, see what became of it."""

    @route(
        "/my/deals/<int:deal_id>/qualification",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def portal_deal_qualification(self, deal_id, **post):
        deal = request.env["crm.lead"]._find_portal_qualified(deal_id)
        if not deal:
            raise NotFound()
        if request.httprequest.method != "POST":
            return self._render(deal, None, {}, post.get("saved") == "1")
        texts = self._read_form(post)
        sign = post.get("action") == "sign"
        errors = deal._portal_save_qualification(texts, sign)
        if errors:
            return self._render(deal, texts, errors)
        page = f"/my/deals/{deal.id}/qualification?saved=1"
        return request.redirect(page, code=303)

    def _read_form(self, post):
        """Return the form's own fields out of what was sent."""
        return {
            name: get_text(post, name)
            for name in post
            if name.startswith(_PREFIXES) or name in ("revision", "signed_name")
        }

    def _render(self, deal, texts, errors, saved=False):
        """Return the page, with what was typed and what is wrong with it."""
        shown = texts and {name: visible(text) for name, text in texts.items()}
        values = {
            "deal": deal,
            "sheet": deal._get_portal_qualification_page(shown),
            "signed_name": (shown or {}).get("signed_name")
            or request.env.user.partner_id.name,
            "errors": errors,
            "saved": saved,
            "page_name": "deal_qualification",
        }
        return request.render("partner_channel_portal.deal_qualification", values)
