"""SQL expressions by which customers are looked up; indexes are made of the same.

Hosts and addresses are kept backwards: what stands below a domain begins with it.
"""

from typing import NamedTuple

from odoo.tools import SQL

#: records that are found by one key
MAX_FOUND = 200
_HOST = r"^(?:[a-zA-Z]+://)?(?:[^/@?#]*@)?(?:www\.)?([^/:?#]+)"


def get_vat(column):
    """Return the expression of a tax id as letters and digits."""
    return f"upper(regexp_replace({column}, '[^A-Za-z0-9]', '', 'g'))"


def get_website(column):
    """Return the expression of a website's host, backwards."""
    return f"""(reverse(lower(substring({column} from '{_HOST}'))) COLLATE "C")"""


def get_email(column):
    """Return the expression of an e-mail address, backwards."""
    return f"""(reverse({column}) COLLATE "C")"""


class KeyMatch(NamedTuple):
    """How records are found by a kind of key: a condition, in the order of an index."""

    kind: str
    condition: SQL
    order: SQL


def match_vat(alias):
    """Return the :class:`KeyMatch` es of a table with a tax id."""
    vat = SQL(get_vat(f"{alias}.vat"))
    return [KeyMatch("vat", SQL("%s = k.value", vat), vat)]


def match_address(alias):
    """Return the :class:`KeyMatch` es of a table with website and e-mail.

    Keys stand backwards in ``k.value``. One condition each, for one index scan each.
    """
    website = SQL(get_website(f"{alias}.website"))
    email = SQL(get_email(f"{alias}.email_normalized"))
    return [
        KeyMatch("email", SQL("%s = k.value", email), email),
        KeyMatch("domain", SQL("%s = k.value", website), website),
        # from a character up to the next one: what begins so, in the order of bytes
        KeyMatch("domain", _begins(website, ".", "/"), website),
        KeyMatch("domain", _begins(email, ".", "/"), email),
        KeyMatch("domain", _begins(email, "@", "A"), email),
    ]


def _begins(expression, sign, following):
    return SQL(
        "%(column)s >= k.value || %(sign)s AND %(column)s < k.value || %(next)s",
        column=expression,
        sign=sign,
        next=following,
    )


def make_query(wanted, matches, table, condition):
    """Return the query of ``(lead_id, kind, id)`` of records with a wanted key.

    Raw SQL: a join of many keys with indexes on expressions, which the ORM has no
    words for. PostgreSQL cannot tell how many records begin with a key and would read
    them all; the order and the limit keep it to the index.

    :param wanted: rows of ``(lead_id, company_id, kind, value)``, at least one
    :param matches: list of :class:`KeyMatch` on ``k`` and ``o``
    :param SQL condition: on the table ``o`` and the key ``k``
    """
    columns = list(zip(*wanted, strict=True))
    branches = [
        SQL(
            """SELECT k.lead_id, k.kind, found.id
                 FROM wanted k CROSS JOIN LATERAL (
                      SELECT o.id FROM %s o WHERE %s AND %s ORDER BY %s LIMIT %s
                      ) found
                WHERE k.kind = %s""",
            SQL.identifier(table),
            match.condition,
            condition,
            match.order,
            MAX_FOUND,
            match.kind,
        )
        for match in matches
    ]
    return SQL(
        """WITH wanted AS MATERIALIZED (
               SELECT * FROM unnest(%s::int[], %s::int[], %s::text[], %s::text[])
                          AS k (lead_id, company_id, kind, value)
           ) %s""",
        *map(list, columns),
        SQL(" UNION ").join(branches),
    )
