import re
from dataclasses import dataclass, field

from werkzeug.exceptions import NotFound

from odoo.fields import Domain
from odoo.http import Controller, request, route

from ..models.asset_library_mixin import FACETS
from ..tools.download import send_file
from .portal_list import ListSpec, check_partner_staff

_NUMBER = re.compile("[0-9]{1,9}")


@dataclass(frozen=True)
class LibrarySpec(ListSpec):
    """A list that is also narrowed by facets, which stay in its addresses.

    :param dict chosen: facet → id, those that were asked for and exist
    """

    chosen: dict = field(default_factory=dict)

    def get_args(self, choice):
        return {**super().get_args(choice), **self.chosen}

    def is_filtered(self, choice):
        return bool(self.chosen) or super().is_filtered(choice)


class AssetPortal(Controller):
    """A partner's library of sales material: parse, ask the model, render."""

    # === LIST === #

    # not read-only: it remembers the visit
    @route(
        ["/my/library", "/my/library/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_library(self, page=1, **query):
        check_partner_staff(request.env)
        Asset = request.env["partner.asset"]
        domain = Asset._get_portal_access_domain()
        since = request.env["partner.asset.visit"]._visit()
        options = Asset._get_library_options(domain)
        chosen = self._read_facets(query, options)
        spec = self._get_list_spec(since, chosen)
        # sudo: partners have no access to the model; limited to what they may see
        values = spec.prepare(
            Asset.sudo().env,
            domain & Asset._get_library_domain(chosen),
            page,
            **query,
        )
        rows = values["records"]._prepare_portal_rows(since)
        by_id = {row["id"]: row for row in rows}
        values["sections"] = [
            {"label": group["label"], "rows": [by_id[i] for i in group["records"].ids]}
            for group in values["groups"]
        ]
        values |= {
            "has_rows": bool(rows),
            "options": options,
            "chosen": chosen,
            "is_closed": domain.is_false(),
            "back_url": spec.get_url(spec.narrow(Domain.TRUE, query)),
        }
        return request.render("partner_channel_portal.library_list", values)

    def _read_facets(self, query, options):
        """Return ``{facet: id}`` of what was chosen; what is no choice is not read."""
        chosen = {}
        for facet in FACETS:
            text = query.get(facet)
            if isinstance(text, str) and _NUMBER.fullmatch(text):
                number = int(text)
                if number in options[facet]:
                    chosen[facet] = number
        return chosen

    def _get_list_spec(self, since, chosen):
        """Return the library, in the reader's language.

        :param datetime since: of the visit before, or None
        :param dict chosen: facet → id
        """
        env = request.env
        Asset = env["partner.asset"]
        new = Domain("date_published", ">", since) if since else Domain.FALSE
        return LibrarySpec(
            model="partner.asset",
            url="/my/library",
            page_name="library",
            sortings={
                "date": {
                    "label": env._("Newest"),
                    "order": "date_published desc, id desc",
                },
                "name": {"label": env._("Title"), "order": "name, id"},
            },
            filters={
                "all": {"label": env._("All"), "domain": Domain.TRUE},
                "new": {"label": env._("New since your last visit"), "domain": new},
                "favourites": {
                    "label": env._("Favourites"),
                    "domain": Asset._get_favourite_domain(),
                },
            },
            inputs={
                "all": {"label": env._("Title and text"), "fields": ("name", "summary")}
            },
            groupings={
                "none": {"label": env._("None")},
                "type": {"label": env._("Type"), "field": "type_id"},
            },
            chosen=chosen,
        )

    # === PAGE === #

    @route("/my/library/<int:asset_id>", type="http", auth="user", website=True)
    def portal_asset(self, asset_id, **query):
        asset = self._get_asset(asset_id)
        deal_id = self._read_deal(query)
        asset._record_portal_use("open", deal_id)
        values = {
            "asset": asset._prepare_portal_page(),
            "deal_query": f"?deal={deal_id}" if deal_id else "",
            "page_name": "library_asset",
        }
        return request.render("partner_channel_portal.library_asset", values)

    @route("/my/library/<int:asset_id>/link", type="http", auth="user")
    def portal_asset_link(self, asset_id, **query):
        asset = self._get_asset(asset_id)
        address = asset._get_link()
        if not address:
            raise NotFound()
        asset._record_portal_use("open", self._read_deal(query))
        return request.redirect(address, code=303, local=False)

    @route("/my/library/<int:asset_id>/file", type="http", auth="user")
    def portal_asset_file(self, asset_id, **query):
        return self._send(asset_id, query)

    @route("/my/library/<int:asset_id>/preview", type="http", auth="user")
    def portal_asset_preview(self, asset_id, **query):
        return self._send(asset_id, query, inline=True)

    def _send(self, asset_id, query, inline=False):
        """Return the file, by the same right as the page; none is a 404."""
        asset = self._get_asset(asset_id)
        version = asset._get_portal_file(inline)
        if not version:
            raise NotFound()
        kind = "open" if inline else "download"
        asset._record_portal_use(kind, self._read_deal(query))
        stream = request.env["ir.binary"]._get_stream_from(
            version, "file", filename=version.name, mimetype=version.mimetype
        )
        return send_file(stream, inline)

    @route(
        "/my/library/<int:asset_id>/favourite",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_asset_favourite(self, asset_id, **post):
        asset = self._get_asset(asset_id)
        asset._set_favourite(post.get("on") == "1")
        page = asset._get_portal_url() if post.get("from") == "page" else "/my/library"
        return request.redirect(page, code=303)

    # === ACCESS === #

    def _read_deal(self, query):
        """Return the number of a deal in the address, 0 for none."""
        text = query.get("deal")
        is_number = isinstance(text, str) and _NUMBER.fullmatch(text)
        return int(text) if is_number else 0

    def _get_asset(self, asset_id):
        """Return the asset of the URL in sudo, or answer 404 whoever's it is."""
        check_partner_staff(request.env)
        asset = request.env["partner.asset"]._find_portal_asset(asset_id)
        if not asset:
            raise NotFound()
        return asset
