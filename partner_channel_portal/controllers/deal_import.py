from werkzeug.exceptions import NotFound

from odoo.http import Controller, request, route

from ..tools.download import make_download
from ..tools.form_values import visible
from ..tools.table_csv import to_csv
from ..tools.table_read import MAX_TABLE_ROWS, MAX_TABLE_SIZE, write_workbook
from .portal_list import check_partner_staff


class DealImportPortal(Controller):
    """Many deals at once: template, preview, registration."""

    @route(
        "/my/deals/import",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def portal_deal_import(self, **post):
        self._check_may_register()
        if request.httprequest.method != "POST":
            return self._render_form({}, {})
        file = request.httprequest.files.get("file")
        table, errors = request.env["partner.registration.import"]._portal_read(
            file.stream.read(MAX_TABLE_SIZE + 1) if file else b"",
            post.get("membership_id") or "",
            post.get("kind") == "submit",
        )
        if errors:
            return self._render_form(post, errors)
        return request.redirect(f"/my/deals/import/{table.token}", code=303)

    @route(
        "/my/deals/import/template/<string:kind>",
        type="http",
        auth="user",
        readonly=True,
    )
    def portal_deal_import_template(self, kind, **query):
        self._check_may_register()
        header = request.env["partner.registration.import"]._get_columns().values()
        if kind not in ("csv", "xlsx"):
            raise NotFound()
        content = to_csv(header, []) if kind == "csv" else write_workbook(header)
        name = request.env._("Deals")
        return make_download(request, content, f"{name}.{kind}")

    @route(
        "/my/deals/import/<string:token>",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def portal_deal_import_table(self, token, **post):
        table = self._get_table(token)
        if request.httprequest.method == "POST":
            table._portal_confirm()
            return request.redirect(f"/my/deals/import/{token}", code=303)
        rows = table._get_portal_rows()
        values = {
            "table": table,
            "rows": rows,
            "good": sum(1 for row in rows if not row["problems"]),
            "page_name": "deal_import",
        }
        return request.render("partner_channel_portal.deal_import_table", values)

    @route(
        "/my/deals/import/<string:token>/errors",
        type="http",
        auth="user",
        readonly=True,
    )
    def portal_deal_import_errors(self, token, **query):
        text = self._get_table(token)._get_portal_errors_csv()
        name = request.env._("deals to correct")
        return make_download(request, text, f"{name}.csv")

    def _render_form(self, texts, errors):
        Lead = request.env["crm.lead"]
        values = {
            "memberships": Lead._get_portal_register_memberships(),
            "texts": {name: visible(text) for name, text in texts.items()},
            "errors": errors,
            "max_rows": MAX_TABLE_ROWS,
            "page_name": "deal_import",
        }
        return request.render("partner_channel_portal.deal_import", values)

    def _check_may_register(self):
        """Answer 404 to people of no partner, 403 to those who register nothing."""
        check_partner_staff(request.env)
        request.env["crm.lead"]._get_portal_register_memberships()

    def _get_table(self, token):
        """Return the person's own table, or answer 404."""
        table = request.env["partner.registration.import"]._find_portal_import(token)
        if not table:
            raise NotFound()
        return table
