from werkzeug.exceptions import NotFound

from odoo.http import Controller, request, route

from ..tools.download import make_download
from ..tools.form_values import visible
from ..tools.upload import ALLOWED_TYPES, read_uploads
from .portal_list import get_deal

_REPORT = "partner_channel.action_report_registration_receipt"


class DealLifePortal(Controller):
    """Pages of a protected deal: more time, updates, receipt."""

    @route(
        "/my/deals/<int:deal_id>/extension",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def portal_deal_extension(self, deal_id, **post):
        deal = get_deal(request.env, deal_id)
        files = read_uploads(request.httprequest.files.getlist("files"))
        values = {"proof": post.get("proof") or "", "files": files}
        if request.httprequest.method != "POST":
            if not deal._can_portal_extend():
                return request.redirect(f"/my/deals/{deal.id}")
            return self._render("deal_extension", deal, values, {})
        errors = deal._portal_request_extension(values)
        return self._answer("deal_extension", deal, values, errors)

    @route(
        "/my/deals/<int:deal_id>/update",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def portal_deal_update(self, deal_id, **post):
        deal = get_deal(request.env, deal_id)
        names = ("text", "date_deadline")
        values = {name: post.get(name) or "" for name in names}
        if request.httprequest.method != "POST":
            if not deal._can_portal_update():
                return request.redirect(f"/my/deals/{deal.id}")
            values["date_deadline"] = deal._get_portal_form_values()["date_deadline"]
            return self._render("deal_update", deal, values, {})
        errors = deal._portal_post_update(values)
        return self._answer("deal_update", deal, values, errors)

    @route(
        "/my/deals/<int:deal_id>/quick",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_deal_quick(self, deal_id, **post):
        deal = get_deal(request.env, deal_id)
        errors = deal._portal_post_quick_update(post.get("kind"))
        day = deal._get_portal_form_values()["date_deadline"]
        values = {"text": "", "date_deadline": day}
        return self._answer("deal_update", deal, values, errors)

    @route("/my/deals/<int:deal_id>/receipt", type="http", auth="user")
    def portal_deal_receipt(self, deal_id, **kw):
        deal = get_deal(request.env, deal_id)
        if not deal._has_portal_receipt():
            raise NotFound()
        # sudo: the layout reads the vendor's records; access was checked above
        report = request.env["ir.actions.report"].sudo()
        content, kind = report._render_qweb_pdf(_REPORT, deal.ids)
        return make_download(request, content, f"registration-{deal.id}.{kind}")

    def _answer(self, template, deal, values, errors):
        """Show the form again with what is wrong, or go where one came from."""
        if errors:
            return self._render(template, deal, values, errors)
        page = "/my/deals" if self._is_from_list() else f"/my/deals/{deal.id}"
        return request.redirect(f"{page}?done=1", code=303)

    def _render(self, template, deal, values, errors):
        texts = {
            name: visible(value) for name, value in values.items() if name != "files"
        }
        values = {
            "deal": deal,
            "texts": texts,
            "errors": errors,
            "lost_files": bool(errors and values.get("files")),
            "accept": ",".join(f".{extension}" for extension in ALLOWED_TYPES),
            "page_name": template,
            "from_list": self._is_from_list(),
        }
        return request.render(f"partner_channel_portal.{template}", values)

    def _is_from_list(self):
        """Return whether one came from the list, not from the page of the deal."""
        return request.params.get("from") == "list"
