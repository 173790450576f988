from werkzeug.exceptions import NotFound

from odoo.fields import Datetime, Domain
from odoo.http import Controller, request, route

from ..tools.form_values import visible
from .portal_list import ListSpec

#: fields of the form to decline; whatever else comes is not read
_READ = ("reason", "note")


class LeadOfferPortal(Controller):
    """Pages of offered leads: parse, ask the model, render."""

    # === LIST === #

    @route(
        ["/my/offers", "/my/offers/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_offers(self, page=1, **query):
        return self._render_list(page, query)

    def _render_list(self, page, query, message=""):
        Offer = self._get_model()
        # sudo: the model is closed to partners; the domain says whose offers, and the
        # list lets nothing be searched for
        env = request.env(su=True)
        spec = self._get_list_spec()
        values = spec.prepare(env, Offer._get_portal_offer_domain(), page, **query)
        values["rows"] = values["records"]._prepare_portal_rows()
        # whoever looks at the past, or further on, does not claim
        is_first = values["filterby"] == "open" and values["pager"]["page"]["num"] == 1
        pool = request.env["crm.lead"]._prepare_portal_pool() if is_first else []
        values |= {
            "pool": pool,
            "message": message,
            "is_declined": query.get("declined") == "1",
        }
        return request.render("partner_channel_portal.lead_offer_list", values)

    def _get_list_spec(self):
        """Return the list of offers, in the reader's language."""
        env = request.env
        labels = env["partner.lead.offer"]._get_portal_labels()
        waiting, now = Domain("state", "=", "offered"), Datetime.now()
        domains = {
            "open": waiting & Domain("date_due", ">=", now),
            "all": Domain.TRUE,
            "accepted": Domain("state", "=", "accepted"),
            "declined": Domain("state", "=", "declined"),
            "missed": Domain("state", "=", "missed")
            | (waiting & Domain("date_due", "<", now)),
            "withdrawn": Domain("state", "in", ("withdrawn", "idle")),
        }
        return ListSpec(
            model="partner.lead.offer",
            url="/my/offers",
            page_name="offers",
            sortings={
                "due": {
                    "label": env._("Answer until"),
                    "order": "date_due, id",
                },
                "date": {
                    "label": env._("Newest"),
                    "order": "date_offered desc, id desc",
                },
            },
            filters={
                key: {"label": labels.get(key) or env._("All"), "domain": domain}
                for key, domain in domains.items()
            },
        )

    # === PAGE === #

    @route("/my/offers/<int:offer_id>", type="http", auth="user", website=True)
    def portal_offer(self, offer_id, **query):
        return self._render(self._get_offer(offer_id), {}, {})

    @route(
        "/my/offers/<int:offer_id>/<any(accept,decline):deed>",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def portal_offer_deed(self, offer_id, deed, **post):
        offer = self._get_offer(offer_id)
        if request.httprequest.method != "POST":
            return request.redirect(offer._get_portal_url())
        typed = {name: post.get(name) or "" for name in _READ}
        if deed == "decline":
            errors = offer._portal_decline(typed)
            url = "/my/offers?declined=1"
        else:
            errors = offer._portal_accept()
            url = offer._get_portal_lead_url() or offer._get_portal_url()
        if errors:
            return self._render(offer, typed, errors)
        return request.redirect(url, code=303)

    @route(
        "/my/offers/pool/<int:lead_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def portal_offer_claim(self, lead_id, **post):
        Offer = self._get_model()
        if request.httprequest.method != "POST":
            return request.redirect("/my/offers")
        lead, message = request.env["crm.lead"]._portal_claim(lead_id)
        if message:
            return self._render_list(1, {}, message)
        return request.redirect(Offer._get_lead_page(lead), code=303)

    def _render(self, offer, typed, errors):
        """Return the page, with what was typed and what is wrong with it."""
        values = {
            "offer": offer._prepare_portal_page(),
            "texts": {name: visible(typed.get(name)) for name in _READ},
            "errors": errors,
            "page_name": "offer",
        }
        return request.render("partner_channel_portal.lead_offer_page", values)

    # === ACCESS === #

    def _get_model(self):
        """Return the model for people who see offers, or answer 404."""
        Offer = request.env["partner.lead.offer"]
        if not Offer._get_portal_offer_memberships():
            raise NotFound()
        return Offer

    def _get_offer(self, offer_id):
        """Return the offer of the URL, or answer 404 whoever's it is."""
        offer = self._get_model()._find_portal_offer(offer_id)
        if not offer:
            raise NotFound()
        return offer
