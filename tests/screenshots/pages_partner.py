"""The partner's screens of the README."""

from .page import (
    COUNTED,
    OWNER,
    PORTAL,
    SELLER,
    SENT,
    Page,
)

PARTNER = (
    Page("portal-home", OWNER, "/my/home", ready=f"{PORTAL} && {COUNTED}"),
    Page("portal-deals", OWNER, "/my/deals", ready=PORTAL),
    Page("portal-board", OWNER, "/my/deals/board", ready=PORTAL),
    Page("portal-team", OWNER, "/my/team", ready=PORTAL),
    Page("portal-library", OWNER, "/my/library", ready=PORTAL),
    Page("portal-agreements", OWNER, "/my/agreements", ready=PORTAL),
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
    Page("portal-offers", OWNER, "/my/offers", ready=PORTAL),
    Page(
        "program-page",
        OWNER,
        "/partner-programs/program-{id}",
        record=("partner.program", ("is_published", "=", True)),
        ready="document.querySelector('.o_partner_channel_tiers')",
    ),
    Page("portal-register", SELLER, "/my/deals/new", ready=PORTAL),
    Page(
        "portal-deal",
        SELLER,
        "/my/deals/{id}",
        record=("crm.lead", ("partner_name", "=", "Alpine Mills")),
        ready=PORTAL,
    ),
    Page(
        "portal-qualification",
        SELLER,
        "/my/deals/{id}/qualification",
        record=("crm.lead", ("partner_name", "=", "Alpine Mills")),
        ready=PORTAL,
    ),
    Page(
        "portal-more-time",
        SELLER,
        "/my/deals/{id}/extension",
        record=("crm.lead", ("partner_name", "=", "Alpine Mills")),
        ready=PORTAL,
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
        ready=PORTAL,
    ),
    Page("portal-commission-how", OWNER, "/my/commissions/how", ready=PORTAL),
    Page(
        "portal-statement",
        OWNER,
        "/my/statements/{id}",
        record=SENT,
        ready=PORTAL,
    ),
    Page("portal-certifications", SELLER, "/my/certifications", ready=PORTAL),
)
