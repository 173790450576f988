from odoo.http import request, route

from odoo.addons.partner_channel_portal.tools.download import make_download
from odoo.addons.partner_channel_portal.tools.form_values import visible
from odoo.addons.partner_channel_portal.tools.upload import read_uploads

from .commission import CommissionPortal


class CommissionPayoutPortal(CommissionPortal):
    """Pages of the way from a statement to the money: PDF, invoice, self-billing."""

    @route(
        "/my/statements/<int:statement_id>/pdf",
        type="http",
        auth="user",
        website=True,
    )
    def portal_statement_pdf(self, statement_id, **query):
        statement = self._get_statement(statement_id)
        name = statement._get_file_name()
        return make_download(request, statement._get_portal_pdf(), f"{name}.pdf")

    @route(
        "/my/statements/<int:statement_id>/invoice",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def portal_statement_invoice(self, statement_id, **post):
        statement = self._get_statement(statement_id)
        if request.httprequest.method != "POST":
            if not statement._can_portal_invoice():
                return request.redirect(f"/my/statements/{statement.id}")
            return self._render_invoice(statement, {}, {})
        values = {name: post.get(name) or "" for name in ("number", "date", "amount")}
        errors = statement._portal_upload_invoice(
            {**values, "file": self._read_upload()}
        )
        if errors:
            return self._render_invoice(statement, values, errors)
        return request.redirect(f"/my/statements/{statement.id}?invoiced=1", code=303)

    def _read_upload(self):
        """Return the file that was sent, None for none."""
        files = request.httprequest.files.getlist("file")[:1]
        return next(iter(read_uploads(files)), None)

    def _render_invoice(self, statement, texts, errors):
        """Return the form, with what was typed and what is wrong with it."""
        values = {
            "statement": statement,
            # sudo: a figure of a statement the person reads; disputes are not theirs
            "due": statement.sudo()._get_next_payout(),
            "texts": {name: visible(text) for name, text in texts.items()},
            "errors": errors,
            "page_name": "statement",
        }
        return request.render("partner_channel_commission.invoice_form", values)

    @route(
        "/my/commissions/self-billing",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def portal_self_billing(self, membership_id="", agree="", **post):
        self._check_money()
        Membership = request.env["partner.membership"]
        if request.httprequest.method == "POST":
            Membership._portal_set_self_billing(membership_id, agree == "1")
            return request.redirect("/my/commissions/self-billing", code=303)
        values = {
            "agreements": Membership._get_portal_self_billing(),
            "page_name": "self_billing",
        }
        return request.render("partner_channel_commission.self_billing", values)
