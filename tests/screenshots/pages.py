"""The screens of the README: who sees what, where, and when it is ready."""

from typing import NamedTuple

DESKTOP = (1280, 800)
PHONE = (390, 844)
BOTH = (DESKTOP, PHONE)

MANAGER = "channel.manager"
HEAD = "channel.head"
ACCOUNTANT = "channel.accountant"
OWNER = "owner@northwind.example"
SELLER = "seller@northwind.example"

_PORTAL = "document.querySelector('#wrap')"
# the counters of the cards come after the page
_COUNTED = "!document.querySelector('.o_portal_doc_spinner:not(.d-none)')"
_BACKEND = (
    "document.querySelector('.o_action_manager .o_content')"
    " && !document.querySelector('.o_loading_indicator, .o_blockUI')"
)


class Page(NamedTuple):
    """One screen.

    :param name: of the file, the width is appended
    :param login: who looks
    :param path: address; ``{id}`` is the record found by ``record``
    :param record: ``(model, *conditions)`` or None
    :param ready: JavaScript that is true when all is shown
    :param script: JavaScript to run before the picture, may be empty
    :param sizes: windows to take it in
    """

    name: str
    login: str
    path: str
    record: tuple | None = None
    ready: str = _BACKEND
    script: str = ""
    sizes: tuple = BOTH


# Northwind's, with a line in dispute
_SENT = (
    "partner.commission.statement",
    ("state", "=", "sent"),
    ("partner_id.name", "=", "Northwind Systems"),
)
# a list, or cards on a phone
_ROWS = ".o_data_row, .o_kanban_record:not(.o_kanban_ghost)"


def _has(selector):
    return f"{_BACKEND} && document.querySelector(`{selector}`)"


def _click(button, then):
    """Return JavaScript that clicks and waits 10 s at most for something to come."""
    return f"""(async () => {{
        document.querySelector(`{button}`).click();
        for (let turn = 0; turn < 100; turn++) {{
            if (document.querySelector(`{then}`)) return;
            await new Promise((done) => setTimeout(done, 100));
        }}
        throw new Error(`no {then}`);
    }})()"""


PAGES = (
    Page(
        "network",
        HEAD,
        "/odoo/partner-network",
        ready=_has(".o_partner_channel_dashboard canvas"),
    ),
    Page(
        "registrations",
        MANAGER,
        "/odoo/registrations",
        ready=_has(_ROWS),
    ),
    Page(
        "registration-conflict",
        MANAGER,
        "/odoo/registrations/{id}",
        record=("crm.lead", ("partner_name", "=", "Alpine Mills Holding GmbH")),
        ready=_has(".o_form_view .o_statusbar_status"),
    ),
    Page(
        "registration-review",
        MANAGER,
        "/odoo/registrations/{id}",
        record=("crm.lead", ("partner_name", "=", "Alpine Mills Holding GmbH")),
        ready=_has(".o_form_view .o_statusbar_status, .o_partner_channel_comparison"),
        script=_click(
            "button[name=action_review_customer]", ".o_partner_channel_comparison"
        ),
        sizes=(DESKTOP,),
    ),
    Page(
        "registration-extension",
        MANAGER,
        "/odoo/registrations/{id}",
        record=("crm.lead", ("name", "=", "Bavaria Werkzeuge")),
        ready=_has("button[name=action_open_extension]"),
    ),
    Page(
        "qualification",
        MANAGER,
        "/odoo/qualifications/{id}",
        record=("crm.lead.qualification", ("state", "=", "partner_qualified")),
        ready=_has(".o_form_view .o_data_row, .o_form_view .o_kanban_record"),
    ),
    Page(
        "qualification-template",
        HEAD,
        "/odoo/qualification-templates/{id}",
        record=("qualification.template", ("active", "=", True)),
        ready=_has(".o_form_view .o_data_row"),
        sizes=(DESKTOP,),
    ),
    Page(
        "registration-analysis",
        HEAD,
        "/odoo/registration-analysis",
        ready=_has(".o_pivot table"),
        sizes=(DESKTOP,),
    ),
    Page(
        "partners",
        HEAD,
        "/odoo/channel-partners",
        ready=_has(_ROWS),
    ),
    Page(
        "why-this-tier",
        MANAGER,
        "/odoo/channel-partners/{id}",
        record=("partner.membership", ("partner_id.name", "=", "Northwind Systems")),
        ready=_has(".o_partner_channel_tiers"),
    ),
    Page(
        "tier-decisions",
        HEAD,
        "/odoo/tier-decisions",
        ready=_has(_ROWS),
    ),
    Page("registration-log", HEAD, "/odoo/registration-log", ready=_has(_ROWS)),
    Page(
        "commission-statement",
        ACCOUNTANT,
        "/odoo/commission-statements/{id}",
        record=_SENT,
        ready=_has(".o_form_view .o_data_row, .o_form_view .o_kanban_record"),
    ),
    Page("commission-ledger", ACCOUNTANT, "/odoo/commission-ledger", ready=_has(_ROWS)),
    Page(
        "commission-dispute",
        MANAGER,
        "/odoo/commission-disputes/{id}",
        record=("partner.commission.dispute", ("state", "=", "open")),
        ready=_has(".o_form_view .o_statusbar_status"),
    ),
    Page(
        "commission-analysis",
        HEAD,
        "/odoo/commission-analysis",
        ready=_has(".o_graph_renderer canvas"),
        sizes=(DESKTOP,),
    ),
    Page(
        "commission-plan",
        HEAD,
        "/odoo/commission-plans/{id}",
        record=("partner.commission.plan", ("state", "=", "active")),
        ready=_has(".o_form_view .o_data_row, .o_form_view .o_kanban_record"),
        sizes=(DESKTOP,),
    ),
    Page(
        "commission-bands",
        HEAD,
        "/odoo/commission-plans/{id}",
        record=("partner.commission.plan", ("state", "=", "active")),
        ready=_has(".o_form_view .o_data_row"),
        script=_click(
            ".o_data_row:nth-child(2) td.o_data_cell", ".modal [name=band_ids]"
        ),
        sizes=(DESKTOP,),
    ),
    Page(
        "commission-example",
        HEAD,
        "/odoo/commission-plans/{id}",
        record=("partner.commission.plan", ("state", "=", "active")),
        ready=_has(".o_form_view .o_notebook"),
        script=_click(".nav-link[name=example]", ".o_field_widget[name=example_text]"),
        sizes=(DESKTOP,),
    ),
    Page(
        "commission-liability",
        ACCOUNTANT,
        "/odoo/commission-liability",
        ready=_has(".o_pivot table, .o_kanban_record"),
    ),
    Page("agreements", MANAGER, "/odoo/agreements", ready=_has(_ROWS)),
    Page(
        "application",
        MANAGER,
        "/odoo/partner-applications/{id}",
        record=("partner.application", ("state", "=", "submitted")),
        ready=_has(".o_form_view"),
    ),
    Page("portal-home", OWNER, "/my/home", ready=f"{_PORTAL} && {_COUNTED}"),
    Page("portal-deals", OWNER, "/my/deals", ready=_PORTAL),
    Page("portal-board", OWNER, "/my/deals/board", ready=_PORTAL),
    Page("portal-team", OWNER, "/my/team", ready=_PORTAL),
    Page("portal-library", OWNER, "/my/library", ready=_PORTAL),
    Page("portal-agreements", OWNER, "/my/agreements", ready=_PORTAL),
    Page(
        "portal-agreement",
        OWNER,
        "/my/agreements/{id}",
        record=(
            "partner.agreement",
            ("state", "=", "sent"),
            ("partner_id.name", "=", "Northwind Systems"),
        ),
        ready="document.querySelector('.o_partner_channel_sign_form')",
    ),
    Page(
        "portal-agreement-signed",
        OWNER,
        "/my/agreements/{id}",
        record=(
            "partner.agreement",
            ("portal_signed_on", "!=", False),
            ("partner_id.name", "=", "Northwind Systems"),
        ),
        ready="document.querySelector('.o_partner_channel_paper')",
    ),
    Page("portal-offers", OWNER, "/my/offers", ready=_PORTAL),
    Page(
        "program-page",
        OWNER,
        "/partner-programs/program-{id}",
        record=("partner.program", ("is_published", "=", True)),
        ready="document.querySelector('.o_partner_channel_tiers')",
    ),
    Page("portal-register", SELLER, "/my/deals/new", ready=_PORTAL),
    Page(
        "portal-deal",
        SELLER,
        "/my/deals/{id}",
        record=("crm.lead", ("partner_name", "=", "Alpine Mills")),
        ready=_PORTAL,
    ),
    Page(
        "portal-qualification",
        SELLER,
        "/my/deals/{id}/qualification",
        record=("crm.lead", ("partner_name", "=", "Alpine Mills")),
        ready=_PORTAL,
    ),
    Page(
        "portal-more-time",
        SELLER,
        "/my/deals/{id}/extension",
        record=("crm.lead", ("partner_name", "=", "Alpine Mills")),
        ready=_PORTAL,
    ),
    Page(
        "portal-commissions",
        OWNER,
        "/my/commissions",
        # the chart comes after the page
        ready="document.querySelector('.o_partner_channel_canvas canvas[style]')",
    ),
    Page(
        "portal-commission-source",
        OWNER,
        "/my/commissions/{id}",
        record=(
            "partner.commission.entry",
            ("partner_id.name", "=", "Northwind Systems"),
            ("statement_id.state", "=", "sent"),
        ),
        ready=_PORTAL,
    ),
    Page("portal-commission-how", OWNER, "/my/commissions/how", ready=_PORTAL),
    Page(
        "portal-statement",
        OWNER,
        "/my/statements/{id}",
        record=_SENT,
        ready=_PORTAL,
    ),
    Page("portal-certifications", SELLER, "/my/certifications", ready=_PORTAL),
)
