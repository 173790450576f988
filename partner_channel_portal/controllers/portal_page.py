"""The records of one page of a list of the portal, and their groups."""

from odoo.tools import SQL, groupby

#: PostgreSQL counts no further than some 9 * 10^18 records
MAX_PAGE = 10**12


class ListPage:
    """What a list shows of its records: the page, and the groups on it.

    To be mixed in: takes ``sortings``, ``groupings`` and ``step`` of ``ListSpec``.
    """

    def _find(self, records, choice, page):
        """Return the records of a page, the last one if it is too far.

        :param int page: its number, from 1
        :return: the records, how many there are on all pages, and in the group of each:
            ``{id: count}``, empty without groups
        """
        offset = (min(max(page, 1), MAX_PAGE) - 1) * self.step
        rows = self._read_page(records, choice, offset)
        if not rows and offset:
            total = records.search_count(choice.domain)
            offset = max(total - 1, 0) // self.step * self.step
            rows = self._read_page(records, choice, offset)
        found = records.browse(row[0] for row in rows)
        sizes = {row[0]: row[2] for row in rows if len(row) > 2}
        return found, rows[0][1] if rows else 0, sizes

    def _read_page(self, records, choice, offset):
        """Return id, total and, with groups, the size of its group for each record.

        In one query: the ORM counts in others, each as long again among thousands of
        records.
        """
        query = self._get_query(records, choice, offset)
        columns = [SQL.identifier(query.table, "id"), SQL("COUNT(*) OVER ()")]
        field = self._get_group_field(records, choice)
        if field:
            column = records._field_to_sql(query.table, field.name, query)
            columns.append(SQL("COUNT(*) OVER (PARTITION BY %s)", column))
        return records.env.execute_query(query.select(*columns))

    def _get_query(self, records, choice, offset):
        """Return the query of a page, groups together and in their order."""
        order = self.sortings[choice.sortby]["order"]
        field = self._get_group_field(records, choice)
        if field and field.type == "many2one":
            order = f"{field.name}, {field.name}.id, {order}"
        elif field:
            order = f"{field.name}, {order}"
        query = records._search(
            choice.domain, order=order, limit=self.step, offset=offset
        )
        if field and field.type == "selection":
            # the ORM sorts by the key; people expect the order of the choices
            keys = [key for key, _label in field._description_selection(records.env)]
            column = records._field_to_sql(query.table, field.name, query)
            position = SQL("array_position(%s::varchar[], %s)", keys, column)
            query.order = SQL("%s, %s", position, query.order)
        return query

    def _get_group_field(self, records, choice):
        """Return the field to group by, ``None`` without groups."""
        grouping = self.groupings.get(choice.groupby) or {}
        name = grouping.get("field")
        return records._fields[name] if name else None

    def _group(self, records, choice, sizes):
        """Return the records of a page in groups; see ``portal_list``.

        :param dict sizes: see :meth:`_find`
        """
        field = self._get_group_field(records, choice)
        if not field or not records:
            return [{"label": None, "count": len(records), "records": records}]
        # what is read of one is read of all of the page at once
        empty = records.browse()
        parts = [
            (key, empty.concat(*part).with_prefetch(records._prefetch_ids))
            for key, part in groupby(records, lambda record: record[field.name])
        ]
        return [
            {
                "label": self._get_group_label(records.env, field, key),
                "count": sizes[part[0].id],
                "records": part,
            }
            for key, part in parts
        ]

    @staticmethod
    def _get_group_label(env, field, value):
        """Return the heading of a group."""
        if not value:
            return env._("None")
        if field.type == "selection":
            return dict(field._description_selection(env))[value]
        if field.type != "many2one":
            return value
        # sudo: names of linked records the list shows, such as product families
        return value.sudo()[value._rec_name or "display_name"]
