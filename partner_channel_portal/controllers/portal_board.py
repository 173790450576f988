"""A list of the portal as a board: one column for each state, read only."""

from dataclasses import dataclass

from odoo.tools import SQL

from .portal_list import ListSpec


@dataclass(frozen=True)
class BoardSpec:
    """What a board shows; filter and search are those of its list.

    :param ListSpec list: the list it belongs to
    :param str url: address of the board
    :param str field: selection whose values are the columns; a filter of the list that
        has a value's name shows all of its column
    :param tuple always: values whose columns stay when they are empty
    :param str amount: field to add up for people who may see money, in the currency of
        the record's company; empty for none
    :param int step: records shown in a column
    """

    list: ListSpec
    url: str
    field: str
    always: tuple = ()
    amount: str = ""
    step: int = 10

    def prepare(self, env, domain, /, **query):
        """Return the values of the page.

        :param env: of the user
        :param domain: what the list is about
        :param query: as for the list
        :return: dict for the template, with ``columns``: dicts of ``value``, ``label``,
            ``count``, ``totals`` (pairs of amount and currency), ``records``, and
            ``url`` of the whole column when not all of it is shown and the list can
            show just that
        """
        choice = self.list.narrow(domain, query)
        model = env[self.list.model].with_context(active_test=False)
        sums = self._read_sums(model, choice.domain)
        labels = model._fields[self.field]._description_selection(env)
        records = self._find(model, choice).grouped(self.field)
        columns = [
            {
                "value": value,
                "label": label,
                **self._prepare_column(
                    records.get(value, model), choice, value, sums.get(value, [])
                ),
            }
            for value, label in labels
            if value in sums or value in self.always
        ]
        return {
            "columns": columns,
            "is_empty": not sums,
            "page_name": self.list.page_name,
            "default_url": self.url,
            "is_narrowed": self.list.is_narrowed(choice),
            **self.list.prepare_searchbar(choice),
            "searchbar_groupby": {},
        }

    def _read_sums(self, model, domain):
        """Return ``{value: [(company, count, amount)]}`` in one query."""
        measures = ["__count"]
        if self.amount:
            measures.append(f"{self.amount}:sum")
        sums = {}
        groups = model._read_group(domain, [self.field, "company_id"], measures)
        for value, company, count, *amounts in groups:
            sums.setdefault(value, []).append((company, count, sum(amounts)))
        return sums

    def _find(self, model, choice):
        """Return the records of all columns, the first ones of each.

        In one query: a search for each column would go through all of them as often.
        """
        query = model._search(
            choice.domain, order=self.list.sortings[choice.sortby]["order"]
        )
        column = model._field_to_sql(query.table, self.field, query)
        place = SQL(
            "ROW_NUMBER() OVER (PARTITION BY %s ORDER BY %s) AS place",
            column,
            query.order,
        )
        query.order = None
        rows = model.env.execute_query(
            SQL(
                "SELECT id FROM (%s) AS placed WHERE place <= %s ORDER BY place",
                query.select(SQL.identifier(query.table, "id"), place),
                self.step,
            )
        )
        return model.browse(row[0] for row in rows)

    def _prepare_column(self, records, choice, value, sums):
        count = sum(count for _company, count, _amount in sums)
        more = self._get_column_choice(choice, value) if count > len(records) else None
        return {
            "count": count,
            "totals": self._get_totals(records.env, sums),
            "records": records,
            "url": more and self.list.get_url(more),
        }

    def _get_column_choice(self, choice, value):
        """Return the choice of the list that shows just one column, ``None`` without.

        What another filter has narrowed, the value's own filter would widen again.
        """
        is_exact = choice.filterby == value or not self.list.is_filtered(choice)
        if not is_exact or value not in self.list.filters:
            return None
        return choice._replace(filterby=value, groupby=None)

    def _get_totals(self, env, sums):
        """Return the amounts by currency, for those who may see money."""
        person = env.user.partner_id
        if not self.amount or not person._has_channel_capability("can_see_money"):
            return []
        totals = {}
        for company, _count, amount in sums:
            # sudo: the currency the vendor's company keeps its books in
            currency = (company or env.company).sudo().currency_id
            totals[currency] = totals.get(currency, 0) + amount
        return [(amount, currency) for currency, amount in totals.items()]
