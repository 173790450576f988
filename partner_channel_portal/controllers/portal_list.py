"""The one list of the portal: sorting, filters, search, groups, pager and export.

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
        groupings={
            "none": {"label": _("None")},
            "state": {"label": _("Status"), "field": "state"},
        },
        columns={"name": {"label": _("Name"), "value": lambda deal: deal.name}},
    )
    values = spec.prepare(request.env, domain, page, **query)
    text = spec.export(request.env, domain, **query)

The records come in ``groups`` as well: dicts of ``label``, ``count`` (on all pages) and
``records``; one without a label when the list is not grouped.
"""

import re
from collections import namedtuple
from dataclasses import dataclass, field
from urllib.parse import urlencode

from werkzeug.exceptions import NotFound

from odoo.fields import Domain

from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..tools.form_values import visible
from ..tools.table_export import export_records
from .portal_page import ListPage

#: longest text searched for
MAX_SEARCH = 200

#: what is left of a list: the domain, the chosen keys and what was searched for
Choice = namedtuple("Choice", "domain sortby filterby groupby search search_in")


def check_partner_staff(env):
    """Answer 404 to people of no partner, as if the pages were not there."""
    if not env["res.partner"]._get_portal_memberships():
        raise NotFound()


def get_deal(env, deal_id):
    """Return the deal of an address, or answer 404 whoever's it is."""
    deal = env["crm.lead"]._find_portal_deal(deal_id)
    if not deal:
        raise NotFound()
    return deal


@dataclass(frozen=True)
class ListSpec(ListPage):
    """What a list of the portal offers; the first key of each is the default.

    :param str model: model of the records; rules of the user apply
    :param str url: address of the first page
    :param str page_name: for the breadcrumbs
    :param dict sortings: key → ``label``, ``order``
    :param dict filters: key → ``label``, ``domain``
    :param dict inputs: key → ``label``, ``fields`` searched in
    :param dict groupings: key → ``label``, ``field`` (a selection, many2one or text;
        missing for no groups). Names of linked records are shown to whoever reads the
        list.
    :param dict columns: of the export; key → ``label``, ``value`` (called with a
        record), and ``capability`` the person needs to get the column
    :param int step: records on a page
    """

    model: str
    url: str
    page_name: str
    sortings: dict
    filters: dict = field(default_factory=dict)
    inputs: dict = field(default_factory=dict)
    groupings: dict = field(default_factory=dict)
    columns: dict = field(default_factory=dict)
    step: int = 20

    def prepare(self, env, domain, page=1, /, **query):
        """Return the values of the page.

        :param env: of the user
        :param domain: what the list is about, before filter and search
        :param page: number of the page, or what came as such
        :param query: ``sortby``, ``filterby``, ``groupby``, ``search``, ``search_in``
            as they came; anything else is ignored
        :return: dict for the template, with ``records``, ``groups`` and
            ``is_narrowed`` (whether filter or search hide records)
        """
        choice = self.narrow(domain, query)
        records = env[self.model].with_context(active_test=False)
        number = int(page) if re.fullmatch("[0-9]{1,18}", str(page)) else 1
        records, total, sizes = self._find(records, choice, number)
        pager = portal_pager(
            url=self.url,
            total=total,
            page=number,
            step=self.step,
            url_args=self.get_args(choice),
        )
        return {
            "records": records,
            "groups": self._group(records, choice, sizes),
            "pager": pager,
            "page_name": self.page_name,
            "default_url": self.url,
            "export_url": self.columns and self.get_url(choice, "/export"),
            "is_narrowed": self.is_narrowed(choice),
            **self.prepare_searchbar(choice),
        }

    def narrow(self, domain, query):
        """Return what of a list was asked for.

        :param domain: what the list is about
        :param dict query: as it came
        :return: ``Choice``
        """
        filterby = self._choose(self.filters, query.get("filterby"))
        search_in = self._choose(self.inputs, query.get("search_in"))
        search = visible(query.get("search") or "").strip()[:MAX_SEARCH]
        domain = Domain(domain)
        if filterby:
            domain &= Domain(self.filters[filterby]["domain"])
        if search and search_in:
            domain &= self._get_search_domain(search, search_in)
        return Choice(
            domain,
            self._choose(self.sortings, query.get("sortby")),
            filterby,
            self._choose(self.groupings, query.get("groupby")),
            search,
            search_in,
        )

    def is_narrowed(self, choice):
        """Return whether filter or search hide records."""
        return bool(choice.search) or self.is_filtered(choice)

    def is_filtered(self, choice):
        """Return whether the filter is another than the list begins with."""
        return choice.filterby != self._choose(self.filters)

    def get_args(self, choice):
        """Return the query of an address that asks for the same."""
        args = {name: getattr(choice, name) for name in ("sortby", "filterby")}
        if choice.groupby != self._choose(self.groupings):
            args["groupby"] = choice.groupby
        if choice.search:
            args |= {"search": choice.search, "search_in": choice.search_in}
        return {name: value for name, value in args.items() if value}

    def get_url(self, choice, path=""):
        """Return the address of the list, or of a page below it, for a choice."""
        return f"{self.url}{path}?{urlencode(self.get_args(choice))}"

    def export(self, env, domain, /, **query):
        """Return what filter and search leave, as CSV text.

        :param env: of the user, whose record rules and capabilities apply
        :param domain: what the list is about
        :param query: see :meth:`prepare`
        """
        choice = self.narrow(domain, query)
        model = env[self.model].with_context(active_test=False)
        columns = [
            column
            for column in self.columns.values()
            if self._may_see(env, column.get("capability"))
        ]
        return export_records(
            model,
            choice.domain,
            [column["label"] for column in columns],
            lambda batch: (
                [column["value"](record) for column in columns] for record in batch
            ),
            env._("There is more: narrow the list by a filter or the search."),
            self.sortings[choice.sortby]["order"],
        )

    @staticmethod
    def _may_see(env, capability):
        person = env.user.partner_id
        return not capability or person._has_channel_capability(capability)

    # === CHOICES === #

    @staticmethod
    def _choose(options, key=None):
        """Return the key if it is one of the options, else the first one."""
        return key if key in options else next(iter(options), None)

    def _get_search_domain(self, search, search_in):
        """Return the domain of records that contain the text."""
        return Domain.OR(
            Domain(name, "ilike", search) for name in self.inputs[search_in]["fields"]
        )

    def prepare_searchbar(self, choice):
        """Return what ``portal.portal_searchbar`` shows."""
        return {
            "searchbar_sortings": self.sortings,
            "sortby": choice.sortby,
            "searchbar_filters": self.filters,
            "filterby": choice.filterby,
            "searchbar_groupby": self.groupings,
            "groupby": choice.groupby,
            "searchbar_inputs": {
                key: {"input": key, "label": option["label"]}
                for key, option in self.inputs.items()
            },
            "search_in": choice.search_in,
            "search": choice.search,
        }
