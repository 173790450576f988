from werkzeug.exceptions import NotFound

from odoo.fields import Domain
from odoo.http import Controller, request, route

from odoo.addons.partner_channel.tools.documents import PAPER_TYPES

from ..tools.form_values import visible
from .portal_list import ListSpec

#: fields of the forms that are shown again; whatever else comes is not read
_SHOWN = ("name", "function", "accept", "reason")
_READ = (*_SHOWN, "digest", "signature")


class AgreementPortal(Controller):
    """Pages of a partner's agreements: parse, ask the model, render."""

    # === LIST === #

    @route(
        ["/my/agreements", "/my/agreements/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_agreements(self, page=1, **query):
        self._check_reader()
        values = self._get_list_spec().prepare(request.env, Domain.TRUE, page, **query)
        values["rows"] = values["records"]._prepare_portal_rows()
        values["is_declined"] = query.get("declined") == "1"
        return request.render("partner_channel_portal.agreement_list", values)

    def _get_list_spec(self):
        """Return the list of agreements, in the reader's language."""
        env = request.env
        return ListSpec(
            model="partner.agreement",
            url="/my/agreements",
            page_name="agreements",
            sortings={
                # what waits for a signature has no day yet, and comes first
                "date": {
                    "label": env._("Newest"),
                    "order": "date_signed desc, id desc",
                },
                "end": {"label": env._("Valid until"), "order": "date_last, id desc"},
            },
            filters={
                "all": {"label": env._("All"), "domain": Domain.TRUE},
                "todo": {
                    "label": env._("To be signed"),
                    "domain": Domain("state", "=", "sent"),
                },
                "signed": {
                    "label": env._("Signed"),
                    "domain": Domain("state", "=", "signed"),
                },
            },
        )

    # === PAGE === #

    @route("/my/agreements/<int:agreement_id>", type="http", auth="user", website=True)
    def portal_agreement(self, agreement_id, **query):
        agreement = self._get_agreement(agreement_id)
        return self._render(
            agreement,
            done=query.get("done") == "1",
            is_late=query.get("paper") == "later",
        )

    @route(
        "/my/agreements/<int:agreement_id>/<any(sign,decline):deed>",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def portal_agreement_deed(self, agreement_id, deed, **post):
        agreement = self._get_agreement(agreement_id)
        if request.httprequest.method != "POST":
            return request.redirect(agreement._get_portal_url())
        typed = {name: post.get(name) or "" for name in _READ}
        errors = self._do(agreement, deed, typed)
        if errors:
            return self._render(agreement, typed, errors, deed=deed)
        return request.redirect(agreement._get_portal_deed_url(deed), code=303)

    def _do(self, agreement, deed, typed):
        """Sign or decline; return what is wrong with the form."""
        if deed == "decline":
            return agreement._portal_decline(typed)
        browser = request.httprequest.user_agent.string
        return agreement._portal_sign(typed, request.httprequest.remote_addr, browser)

    def _render(
        self, agreement, typed=None, errors=None, deed="", done=False, is_late=False
    ):
        """Return the page, with what was typed and what is wrong with it."""
        texts = typed or agreement._get_portal_signer()
        values = {
            "agreement": agreement._prepare_portal_page(),
            "texts": {name: visible(texts.get(name)) for name in _SHOWN},
            "errors": errors or {},
            "deed": deed,
            "done": done,
            "is_late": is_late,
            "page_name": "agreement",
        }
        return request.render("partner_channel_portal.agreement_page", values)

    # === FILES === #

    @route("/my/agreements/<int:agreement_id>/terms", type="http", auth="user")
    def portal_agreement_terms(self, agreement_id, **query):
        agreement = self._get_agreement(agreement_id)
        return self._send_file(agreement._get_portal_document(), as_attachment=False)

    @route("/my/agreements/<int:agreement_id>/paper", type="http", auth="user")
    def portal_agreement_paper(self, agreement_id, **query):
        agreement = self._get_agreement(agreement_id)
        file = agreement._get_portal_paper()
        if not file and agreement._has_portal_paper():
            return request.redirect(f"{agreement._get_portal_url()}?paper=later")
        return self._send_file(file)

    def _send_file(self, file, as_attachment=True):
        """Return a paper by Odoo's own way, which lets a browser run nothing.

        :param file: record in sudo, field and name; none is a 404
        :param bool as_attachment: False to show it
        """
        if not file:
            raise NotFound()
        record, field, name = file
        stream = request.env["ir.binary"]._get_stream_from(record, field, name)
        if stream.mimetype not in PAPER_TYPES:
            raise NotFound()
        return stream.get_response(as_attachment=as_attachment)

    # === ACCESS === #

    def _check_reader(self):
        """Show the pages to those who read agreements, to nobody else."""
        if not request.env["res.partner"]._may_see_agreements():
            raise NotFound()

    def _get_agreement(self, agreement_id):
        """Return the agreement of the URL, or answer 404 whoever's it is."""
        self._check_reader()
        agreement = request.env["partner.agreement"]._find_portal_agreement(
            agreement_id
        )
        if not agreement:
            raise NotFound()
        return agreement
