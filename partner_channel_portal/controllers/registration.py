import uuid

from werkzeug.exceptions import NotFound

from odoo.http import Controller, request, route

from ..tools.deal_form import PARSERS, is_token
from ..tools.form_values import get_text, visible
from ..tools.upload import ALLOWED_TYPES, MAX_SIZE, read_uploads
from .portal_list import check_partner_staff, get_deal

#: fields of the form besides the deal's own
_CHOICES = (
    "country_id",
    "product_family_id",
    "is_public_tender",
    "membership_id",
    "token",
)


class DealPortal(Controller):
    """Page and form of a partner's deal: parse, ask the model, render."""

    # === PAGE === #

    @route("/my/deals/<int:deal_id>", type="http", auth="user", website=True)
    def portal_deal(self, deal_id, **kw):
        deal = get_deal(request.env, deal_id)
        values = {
            "deal": deal,
            # sudo: names of the vendor's own records that partners have no access
            # to; the page shows four of them
            "deal_sudo": deal.sudo(),
            "page_name": "deal",
            "saved": kw.get("saved") == "1",
            "done": kw.get("done") == "1",
        }
        return request.render("partner_channel_portal.deal_page", values)

    @route(
        "/my/deals/<int:deal_id>/withdraw",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_deal_withdraw(self, deal_id, **kw):
        deal = get_deal(request.env, deal_id)
        deal._portal_withdraw()
        return request.redirect(f"/my/deals/{deal.id if deal.exists() else ''}")

    @route("/my/deals/<int:deal_id>/file/<int:file_id>", type="http", auth="user")
    def portal_deal_file(self, deal_id, file_id, **kw):
        files = get_deal(request.env, deal_id)._get_portal_files()
        attachment = files.filtered(lambda file: file.id == file_id)
        if not attachment:
            raise NotFound()
        stream = request.env["ir.binary"]._get_stream_from(attachment)
        return stream.get_response(as_attachment=True)

    # === FORM === #

    @route(
        "/my/deals/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def portal_deal_new(self, **post):
        check_partner_staff(request.env)
        return self._answer_form(request.env["crm.lead"], post)

    @route(
        "/my/deals/<int:deal_id>/edit",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def portal_deal_edit(self, deal_id, **post):
        check_partner_staff(request.env)
        return self._answer_form(get_deal(request.env, deal_id), post)

    def _answer_form(self, deal, post):
        """Show the form of a deal, or keep what was sent of it.

        :param deal: registration to change, none for a new one
        :param dict post: what was sent
        """
        if request.httprequest.method != "POST":
            if deal and not deal._can_portal_edit():
                return request.redirect(f"/my/deals/{deal.id}")
            if not deal and not deal._may_portal_register():
                return request.redirect("/my/deals?refused=1")
            # the draft's own token: pages that are open elsewhere live by it
            texts = {"token": deal._get_portal_token()}
            texts |= deal._get_portal_form_values()
            return self._render_form(deal, texts, {})
        values = self._read_form(post)
        submit = post.get("action") == "submit"
        saved, errors = request.env["crm.lead"]._portal_save_registration(
            values, lead=deal, submit=submit
        )
        if errors:
            return self._render_form(saved, values, errors)
        return request.redirect(f"/my/deals/{saved.id}?saved=1", code=303)

    @route("/my/deals/hint", type="jsonrpc", auth="user", website=True)
    def portal_deal_hint(self, **values):
        return request.env["crm.lead"]._get_portal_hint(values)

    def _read_form(self, post):
        """Return the form's own fields out of what was sent, files apart."""
        values = self._read_texts(post)
        values["files"] = read_uploads(request.httprequest.files.getlist("files"))
        return values

    def _read_texts(self, post):
        """Return the texts of the form's own fields out of what was sent."""
        return {name: get_text(post, name) for name in (*PARSERS, *_CHOICES)}

    def _render_form(self, deal, texts, errors):
        """Return the form, with what was typed and what is wrong with it."""
        Lead = request.env["crm.lead"]
        memberships = Lead._check_portal_form(deal)
        token = texts.get("token")
        closed = deal._get_portal_closed()
        texts = {**texts, **closed}
        chosen = memberships.filtered(lambda m: str(m.id) == texts.get("membership_id"))
        values = {
            "deal": deal,
            "closed": closed,
            "corrections": deal._get_portal_corrections(),
            "needed_fields": Lead._get_portal_needed(chosen or memberships),
            "asks_tender": Lead._asks_portal_tender(memberships),
            "texts": {name: visible(texts.get(name)) for name in (*PARSERS, *_CHOICES)},
            "errors": errors,
            "token": token if is_token(token) else uuid.uuid4().hex,
            "memberships": memberships,
            "countries": Lead._get_portal_countries(),
            "families": Lead._get_portal_families(),
            # a browser never sends again what was chosen before
            "lost_files": bool(errors and texts.get("files")),
            "accept": ",".join(f".{extension}" for extension in ALLOWED_TYPES),
            "max_size": MAX_SIZE,
            "page_name": "deal_form",
        }
        return request.render("partner_channel_portal.deal_form", values)
