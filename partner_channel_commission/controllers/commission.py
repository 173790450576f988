from werkzeug.exceptions import NotFound

from odoo.fields import Domain
from odoo.http import Controller, request, route

from odoo.addons.partner_channel_portal.controllers.portal_list import (
    ListSpec,
    check_partner_staff,
)


class CommissionPortal(Controller):
    """Pages of a partner's money: parse, ask the model, render."""

    # === ENTRIES === #

    @route(
        ["/my/commissions", "/my/commissions/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_commissions(self, page=1, **query):
        self._check_money()
        values = self._get_entry_list().prepare(request.env, Domain.TRUE, page, **query)
        values["rows"] = values["records"]._get_portal_rows()
        values["totals"] = request.env["partner.commission.entry"]._get_portal_totals()
        values["years"] = request.env["partner.commission.entry"]._get_portal_year()
        return request.render("partner_channel_commission.commission_list", values)

    def _get_entry_list(self):
        """Return the list of entries, in the reader's language."""
        env = request.env
        return ListSpec(
            model="partner.commission.entry",
            url="/my/commissions",
            page_name="commissions",
            sortings={
                "date": {"label": env._("Newest"), "order": "date desc, id desc"},
                "amount": {
                    "label": env._("Amount"),
                    "order": "amount_currency desc, id desc",
                },
                "invoice": {
                    "label": env._("Invoice"),
                    "order": "move_id desc, id desc",
                },
            },
            filters={
                # first, so that a line counts once: what is payable was earned before
                "payable": {
                    "label": env._("Payable and paid out"),
                    "domain": Domain("book", "=", "payable"),
                },
                "open": {
                    "label": env._("Payable, in no statement yet"),
                    "domain": Domain("book", "=", "payable")
                    & Domain("statement_id", "=", False),
                },
                "earned": {
                    "label": env._("Earned by invoices"),
                    "domain": Domain("book", "=", "accrued"),
                },
                "all": {"label": env._("All movements"), "domain": Domain.TRUE},
            },
            inputs={
                "all": {
                    "label": env._("Line or order"),
                    "fields": ["label", "order_ref"],
                },
            },
        )

    # === STATEMENTS === #

    @route(
        ["/my/statements", "/my/statements/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_statements(self, page=1, **query):
        self._check_money()
        values = self._get_statement_list().prepare(
            request.env, Domain.TRUE, page, **query
        )
        return request.render("partner_channel_commission.statement_list", values)

    def _get_statement_list(self):
        """Return the list of statements, in the reader's language."""
        env = request.env
        return ListSpec(
            model="partner.commission.statement",
            url="/my/statements",
            page_name="statements",
            sortings={
                "date": {"label": env._("Newest"), "order": "date_to desc, id desc"},
                "amount": {
                    "label": env._("Amount"),
                    "order": "amount_total desc, id desc",
                },
            },
            filters={
                "all": {"label": env._("All"), "domain": Domain.TRUE},
                "todo": {
                    "label": env._("To accept"),
                    "domain": Domain("state", "=", "sent"),
                },
                "paid": {
                    "label": env._("Paid"),
                    "domain": Domain("state", "=", "paid"),
                },
            },
        )

    @route(
        [
            "/my/statements/<int:statement_id>",
            "/my/statements/<int:statement_id>/page/<int:page>",
        ],
        type="http",
        auth="user",
        website=True,
    )
    def portal_statement(self, statement_id, page=1, **query):
        statement = self._get_statement(statement_id)
        values = self._get_line_list(statement).prepare(
            request.env, Domain("statement_id", "=", statement.id), page
        )
        values.update(
            statement=statement,
            rows=values["records"]._get_portal_rows(),
            disputes=statement._get_portal_disputes(values["records"]),
            is_accepted_now=query.get("accepted") == "1",
            is_invoiced_now=query.get("invoiced") == "1",
            may_accept=statement._can_portal_accept(),
            may_invoice=statement._can_portal_invoice(),
            bill=statement._get_portal_bill(),
        )
        return request.render("partner_channel_commission.statement_page", values)

    def _get_line_list(self, statement):
        """Return the list of the lines of one statement."""
        return ListSpec(
            model="partner.commission.entry",
            url=f"/my/statements/{statement.id}",
            page_name="statement",
            sortings={"date": {"label": "", "order": "date, id"}},
            step=50,
        )

    @route(
        "/my/statements/<int:statement_id>/accept",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_statement_accept(self, statement_id, **post):
        statement = self._get_statement(statement_id)
        statement._portal_accept()
        return request.redirect(f"/my/statements/{statement.id}?accepted=1", code=303)

    # === ACCESS === #

    def _check_money(self):
        """Show the pages to those who may see money, to nobody else."""
        check_partner_staff(request.env)
        if not request.env.user.partner_id._has_channel_capability("can_see_money"):
            raise NotFound()

    def _get_statement(self, statement_id):
        """Return the statement if the person may read it, else a 404."""
        self._check_money()
        statement = request.env["partner.commission.statement"].search(
            [("id", "=", statement_id)]
        )
        if not statement:
            raise NotFound()
        return statement
