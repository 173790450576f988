from werkzeug.exceptions import NotFound

from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.partner_channel_portal.tools.download import make_download
from odoo.addons.partner_channel_portal.tools.form_values import visible

from .commission import CommissionPortal


class CommissionEntryPortal(CommissionPortal):
    """Pages of one line: where it comes from, and what is wrong with it."""

    @route(
        "/my/commissions/<int:entry_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_commission(self, entry_id, **query):
        return self._render_entry(self._get_entry(entry_id))

    @route(
        "/my/commissions/<int:entry_id>/dispute",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_commission_dispute(self, entry_id, **post):
        entry = self._get_entry(entry_id)
        statement = self._get_statement(entry.statement_id.id)
        comment = post.get("comment") or ""
        error = statement._portal_dispute(entry.id, comment)
        if error:
            return self._render_entry(entry, error=error, comment=visible(comment))
        return request.redirect(f"/my/commissions/{entry.id}", code=303)

    @route(
        "/my/commissions/<int:entry_id>/withdraw",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_commission_withdraw(self, entry_id, **post):
        entry = self._get_entry(entry_id)
        statement = self._get_statement(entry.statement_id.id)
        statement._portal_withdraw_dispute(entry.id)
        return request.redirect(f"/my/commissions/{entry.id}", code=303)

    @route("/my/commissions/export", type="http", auth="user", readonly=True)
    def portal_commissions_export(self, **query):
        self._check_money()
        return self._answer_csv(Domain.TRUE, "commissions")

    @route(
        "/my/statements/<int:statement_id>/export",
        type="http",
        auth="user",
        readonly=True,
    )
    def portal_statement_export(self, statement_id, **query):
        statement = self._get_statement(statement_id)
        return self._answer_csv(
            Domain("statement_id", "=", statement.id), statement._get_file_name()
        )

    @route("/my/commissions/how", type="http", auth="user", website=True, readonly=True)
    def portal_commission_guide(self, amount="", **query):
        self._check_money()
        value = request.env["partner.commission.entry"]._parse_example(amount)
        values = {
            "guides": request.env["partner.commission.entry"]._get_portal_guide(value),
            "amount": f"{value:g}",
            "page_name": "commission_guide",
        }
        return request.render("partner_channel_commission.commission_guide", values)

    def _answer_csv(self, domain, name):
        """Return entries as a file.

        :param domain: which of those the person may read
        :param str name: of the file, without extension
        """
        text = request.env["partner.commission.entry"]._get_portal_csv(domain)
        return make_download(request, text, f"{name}.csv")

    def _render_entry(self, entry, **values):
        """Return the page of a line.

        :param entry: readable by the person
        :param values: what was typed and what is wrong with it
        """
        row = entry._get_portal_rows()[0]
        statement = entry.statement_id._filtered_access("read")
        dispute = statement._get_portal_disputes(entry).get(entry.id)
        may_open = bool(statement) and statement._can_portal_dispute()
        values.update(
            row=row,
            title=row["document"] or row["label"],
            steps=entry._get_portal_chain(),
            dispute=dispute,
            may_dispute=dispute["may_insist"] if dispute else may_open,
            page_name="commission",
        )
        return request.render("partner_channel_commission.entry_page", values)

    def _get_entry(self, entry_id):
        """Return the entry if the person may read it, else a 404."""
        self._check_money()
        entry = request.env["partner.commission.entry"].search([("id", "=", entry_id)])
        if not entry:
            raise NotFound()
        return entry
