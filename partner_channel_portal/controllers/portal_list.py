"""The one list of the portal: sorting, filters, search and pager.

A controller describes its list once, as a :class:`ListSpec`, and renders what
:meth:`ListSpec.prepare` returns with ``portal.portal_searchbar`` and
``portal.portal_table``. What comes from the URL is never trusted: an unknown
key means the default, a page that does not exist the nearest one.

    spec = ListSpec(
        model="crm.lead",
        url="/my/deals",
        page_name="deals",
        sortings={"date": {"label": _("Newest"), "order": "id desc"}},
        filters={"all": {"label": _("All"), "domain": Domain.TRUE}},
        inputs={"all": {"label": _("Search"), "fields": ("name",)}},
    )
    values = spec.prepare(request.env, domain, page, **query)
"""

import re
from dataclasses import dataclass, field

from odoo.fields import Domain

from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..tools.form_values import visible

#: longest text searched for
MAX_SEARCH = 200


@dataclass(frozen=True)
class ListSpec:
    """What a list of the portal offers; the first key of each is the default.

    :param str model: model of the records; rules of the user apply
    :param str url: address of the first page
    :param str page_name: for the breadcrumbs
    :param dict sortings: key → ``label``, ``order``
    :param dict filters: key → ``label``, ``domain``
    :param dict inputs: key → ``label``, ``fields`` searched in
    :param int step: records on a page
    """

    model: str
    url: str
    page_name: str
    sortings: dict
    filters: dict = field(default_factory=dict)
    inputs: dict = field(default_factory=dict)
    step: int = 20

    def prepare(self, env, domain, page=1, /, **query):
        """Return the values of the page.

        :param env: of the user
        :param domain: what the list is about, before filter and search
        :param page: number of the page, or what came as such
        :param query: ``sortby``, ``filterby``, ``search``, ``search_in`` as
            they came; anything else is ignored
        :return: dict for the template, with ``records`` and ``is_narrowed``
            (whether filter or search hide records)
        """
        sortby = self._choose(self.sortings, query.get("sortby"))
        filterby = self._choose(self.filters, query.get("filterby"))
        search_in = self._choose(self.inputs, query.get("search_in"))
        search = visible(query.get("search") or "").strip()[:MAX_SEARCH]
        domain = Domain(domain)
        if filterby:
            domain &= Domain(self.filters[filterby]["domain"])
        if search and search_in:
            domain &= self._get_search_domain(search, search_in)
        records = env[self.model].with_context(active_test=False)
        args = {"sortby": sortby, "filterby": filterby}
        if search:
            args |= {"search": search, "search_in": search_in}
        pager = portal_pager(
            url=self.url,
            total=records.search_count(domain),
            page=int(page) if re.fullmatch("[0-9]{1,18}", str(page)) else 1,
            step=self.step,
            url_args={name: value for name, value in args.items() if value},
        )
        order = self.sortings[sortby]["order"]
        return {
            "records": records.search(
                domain, order=order, limit=self.step, offset=pager["offset"]
            ),
            "pager": pager,
            "page_name": self.page_name,
            "default_url": self.url,
            "is_narrowed": bool(search) or filterby != self._choose(self.filters),
            **self._prepare_searchbar(sortby, filterby, search_in, search),
        }

    @staticmethod
    def _choose(options, key=None):
        """Return the key if it is one of the options, else the first one."""
        return key if key in options else next(iter(options), None)

    def _get_search_domain(self, search, search_in):
        """Return the domain of records that contain the text."""
        return Domain.OR(
            Domain(name, "ilike", search) for name in self.inputs[search_in]["fields"]
        )

    def _prepare_searchbar(self, sortby, filterby, search_in, search):
        """Return what ``portal.portal_searchbar`` shows."""
        return {
            "searchbar_sortings": self.sortings,
            "sortby": sortby,
            "searchbar_filters": self.filters,
            "filterby": filterby,
            "searchbar_inputs": {
                key: {"input": key, "label": option["label"]}
                for key, option in self.inputs.items()
            },
            "search_in": search_in,
            "search": search,
        }
