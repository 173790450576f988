from odoo.fields import Domain
from odoo.http import Controller, request, route

from ..models.deal_portal_access_mixin import EDITABLE
from ..tools.download import make_download
from .portal_board import BoardSpec
from .portal_list import ListSpec, check_partner_staff

_OPEN = ("draft", "submitted", "returned", "approved")


class DealListPortal(Controller):
    """A partner's deals: as a list, as a board, as a file."""

    @route(
        ["/my/deals", "/my/deals/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_deals(self, page=1, **query):
        check_partner_staff(request.env)
        domain = request.env["crm.lead"]._get_portal_deal_domain()
        values = self._get_list_spec().prepare(request.env, domain, page, **query)
        values["may_register"] = request.env["crm.lead"]._may_portal_register()
        values["channel_tiers"] = request.env["res.partner"]._get_portal_tiers()
        values["is_refused"] = query.get("refused") == "1"
        values["done"] = query.get("done") == "1"
        return request.render("partner_channel_portal.deal_list", values)

    @route("/my/deals/board", type="http", auth="user", website=True, readonly=True)
    def portal_my_deals_board(self, **query):
        check_partner_staff(request.env)
        board = BoardSpec(
            list=self._get_list_spec(),
            url="/my/deals/board",
            field="registration_state",
            always=_OPEN,
            amount="expected_revenue",
        )
        domain = request.env["crm.lead"]._get_portal_deal_domain()
        values = board.prepare(request.env, domain, **query)
        values["may_register"] = request.env["crm.lead"]._may_portal_register()
        return request.render("partner_channel_portal.deal_board", values)

    @route("/my/deals/export", type="http", auth="user", readonly=True)
    def portal_my_deals_export(self, **query):
        check_partner_staff(request.env)
        domain = request.env["crm.lead"]._get_portal_deal_domain()
        text = self._get_list_spec().export(request.env, domain, **query)
        name = request.env._("Deals")
        return make_download(request, text, f"{name}.csv")

    def _get_list_spec(self):
        """Return the list of deals, in the reader's language."""
        return ListSpec(
            model="crm.lead",
            url="/my/deals",
            page_name="deals",
            sortings=self._get_list_sortings(),
            filters=self._get_list_filters(),
            inputs=self._get_list_inputs(),
            groupings=self._get_list_groupings(),
            columns=self._get_list_columns(),
        )

    def _get_list_sortings(self):
        """Return how deals can be sorted."""
        env = request.env
        orders = {
            "date": (env._("Newest"), "id desc"),
            "customer": (env._("Customer"), "partner_name, id desc"),
            "protection": (env._("Protection end"), "date_protection_end, id desc"),
            "closing": (env._("Expected date"), "date_deadline, id desc"),
        }
        return {
            key: {"label": label, "order": order}
            for key, (label, order) in orders.items()
        }

    def _get_list_filters(self):
        """Return which deals can be shown: those to work on, and those of each state.

        A state's filter goes by its name: the board leads to it. A group sees what its
        companies have to do, but what is “yours to do” is one's own.
        """
        env = request.env
        Lead = env["crm.lead"]
        states = Lead._fields["registration_state"]._description_selection(env)
        # what people look for in a state, where its name does not say it
        words = {
            "returned": env._("To correct"),
            "submitted": env._("Waiting for a decision"),
            "approved": env._("Protected"),
        }

        def within(*values):
            return Domain("registration_state", "in", values)

        closed = {state for state, _label in states} - {*_OPEN, "won"}
        own = Lead._get_portal_own_domain()
        filters = {
            "all": (env._("All"), Domain.TRUE),
            "open": (env._("Open"), within(*_OPEN)),
            "todo": (env._("Yours to do"), own & within(*EDITABLE)),
            "updates": (env._("Update due"), Lead._get_portal_update_domain()),
            "ending": (env._("Protection ends soon"), Lead._get_portal_ending_domain()),
            **{
                state: (words.get(state, label), within(state))
                for state, label in states
            },
            "closed": (env._("Closed"), within(*sorted(closed))),
        }
        return {
            key: {"label": label, "domain": domain}
            for key, (label, domain) in filters.items()
        }

    def _get_list_inputs(self):
        """Return where a text can be searched for."""
        env = request.env
        names = {
            "all": (
                env._("Any field"),
                ["partner_name", "customer_vat", "contact_name"],
            ),
            "customer": (
                env._("Customer"),
                ["partner_name", "customer_vat", "website"],
            ),
            "contact": (
                env._("Contact"),
                ["contact_name", "email_from", "phone"],
            ),
        }
        return {
            key: {"label": label, "fields": fields}
            for key, (label, fields) in names.items()
        }

    def _get_list_groupings(self):
        """Return what deals can be grouped by."""
        env = request.env
        groupings = {
            "none": {"label": env._("None")},
            "status": {"label": env._("Status"), "field": "registration_state"},
            "family": {"label": env._("Product family"), "field": "product_family_id"},
            "country": {"label": env._("Country"), "field": "country_id"},
        }
        if env.user.partner_id._has_channel_capability("can_see_all_deals"):
            groupings["seller"] = {
                "label": env._("Registered by"),
                "field": "registrant_id",
            }
        return groupings

    def _get_list_columns(self):
        """Return the columns of the export: what the pages of the deals show.

        In sudo: names of the vendor's records partners have no access to; whether the
        deal itself may be read was asked before.
        """
        env = request.env
        columns = {
            "customer": (env._("Customer"), lambda d: d.partner_name or d.name),
            "status": (env._("Status"), lambda d: d._get_portal_status()["label"]),
            "vat": (env._("Tax ID"), lambda d: d.customer_vat),
            "website": (env._("Website"), lambda d: d.website),
            "contact": (env._("Contact person"), lambda d: d.contact_name),
            "email": (env._("E-mail"), lambda d: d.email_from),
            "phone": (env._("Phone"), lambda d: d.phone),
            "country": (env._("Country"), lambda d: d.country_id.name),
            "family": (
                env._("Product family"),
                lambda d: d.sudo().product_family_id.display_name,
            ),
            "amount": (env._("Expected amount"), _format_amount),
            "currency": (
                env._("Currency"),
                lambda d: d.sudo().company_currency.name,
            ),
            "closing": (env._("Expected date"), lambda d: d.date_deadline),
            "protection": (env._("Protected until"), lambda d: d.date_protection_end),
            "program": (env._("Program"), lambda d: d.sudo().program_id.name),
            "seller": (env._("Registered by"), lambda d: d.sudo().registrant_id.name),
        }
        return {
            key: {"label": label, "value": value}
            for key, (label, value) in columns.items()
        }


def _format_amount(deal):
    """Return the expected amount with the decimals of its currency."""
    # sudo: the currency of the vendor's company
    digits = deal.sudo().company_currency.decimal_places
    return f"{deal.expected_revenue:.{digits}f}" if deal.expected_revenue else ""
