import json
from datetime import UTC
from email.utils import format_datetime

from odoo import api, models
from odoo.tools import SQL

from ..tools import xapi_reduce, xapi_request
from ..tools.xapi_format import check_iri, check_uuid, read_moment
from ..tools.xapi_request import FORMAT, LIST, SINGLE
from .learning_push_mixin import PushError

#: statements of a list at most, and bytes of them
MOST_LISTED = 500
MOST_BYTES = 5 * 1024 * 1024


class LmsProviderQueryMixin(models.AbstractModel):
    """What a learning system may read back: its own statements, one or in lists.

    A list is one query, whatever it asks for. What refers to a statement that is asked
    for is told with it, as the standard says.
    """

    _name = "lms.provider.query.mixin"
    _description = "Learning System: Reading Back"

    @api.model
    def _check_list(self, query):
        """Refuse parameters whose values the standard does not allow."""
        for name in (*SINGLE, "registration"):
            if name in query and any(check_uuid(query[name], name)):
                raise PushError(400, *check_uuid(query[name], f'"{name}"'))
        for name in ("verb", "activity"):
            if name in query and any(check_iri(query[name], name)):
                raise PushError(400, *check_iri(query[name], f'"{name}"'))
        for name, allowed in (
            ("format", xapi_reduce.FORMATS),
            ("attachments", ("true", "false")),
            ("ascending", ("true", "false")),
            ("related_activities", ("false", "true")),
            ("related_agents", ("false", "true")),
        ):
            if query.get(name, allowed[0]) not in allowed:
                raise PushError(
                    400, f'"{name}" MUST be one of: {", ".join(allowed)}; here.'
                )
        if (
            not query.get("limit", "0").isascii()
            or not query.get("limit", "0").isdigit()
        ):
            raise PushError(400, '"limit" MUST be a non-negative Integer.')

    def _answer_get(self, query, languages=""):
        """Return a statement or a list of them, in the format asked for.

        :return: ``(headers, JSON value, or bytes of several parts)``
        """
        single = [name for name in SINGLE if name in query]
        if single:
            if query.keys() - {single[0]} - FORMAT:
                raise PushError(
                    400,
                    '"statementId" and "voidedStatementId" MUST NOT be used together '
                    "or with other parameters than format and attachments.",
                )
            rows = [self._find_one(single[0], query[single[0]].lower())]
            [answer] = self._render(rows, query, languages)
            _number, files = self._find_asked(rows, query)
            return self._pack(answer, rows, files, query)
        after = None
        if "more" in query:
            if len(query) > 1:
                raise PushError(400, '"more" already says everything.')
            query, after = self._read_more(query["more"])
        rows, is_last = self._find_page(query, after)
        number, files = self._find_asked(rows, query)
        is_last, rows = is_last and number == len(rows), rows[:number]
        more = ""
        if not is_last:
            last_id, stored, _payload = rows[-1]
            token = xapi_request.write_token(query, [str(stored), last_id])
            more = f"/xapi/statements?more={token}"
        answer = {"statements": self._render(rows, query, languages), "more": more}
        return self._pack(answer, rows, files, query)

    def _find_asked(self, rows, query):
        """Return how many of the rows fit an answer, and the files that go along."""
        if query.get("attachments") != "true":
            return len(rows), []
        return self._find_files([json.loads(payload) for _, _, payload in rows])

    def _pack(self, answer, rows, files, query):
        """Return headers and body of an answer.

        :param list rows: ``(id, moment, text)`` of what it tells
        """
        headers = {}
        if rows:
            newest = max(stored for _id, stored, _payload in rows)
            headers["Last-Modified"] = format_datetime(newest.replace(tzinfo=UTC), True)
        if query.get("attachments") == "true":
            headers["Content-Type"], answer = self._write_parts(answer, files)
        return headers, answer

    @api.model
    def _read_more(self, token):
        """Return the parameters and the place a page's ``more`` stands for."""
        try:
            query, (moment, number) = xapi_request.read_token(token)
            after = (read_moment(moment.replace(" ", "T")), number)
        except ValueError as error:
            raise PushError(400, 'The "more" is none this server gave.') from error
        if query.keys() - LIST - FORMAT or abs(number) >= 2**31:
            raise PushError(400, 'The "more" is none this server gave.')
        self._check_list(query)
        return query, after

    @api.model
    def _render(self, rows, query, languages):
        form = query.get("format", "exact")
        return [
            xapi_reduce.rewrite(json.loads(payload), form, languages)
            for _id, _stored, payload in rows
        ]

    def _find_one(self, name, wanted):
        """Return id, moment and text of one statement of this learning system."""
        # sudo: a learning system is no user; it sees its own statements only
        statements_sudo = self.env["lms.statement"].sudo()
        mine = [("provider_id", "=", self.id)]
        found = statements_sudo.search(
            [*mine, ("statement_id", "=", wanted), ("reason", "!=", "invalid")]
        )
        is_voided = bool(
            statements_sudo.search_count(
                [*mine, ("kind", "=", "voided"), ("target_id", "=", wanted)], limit=1
            )
        )
        is_voided = is_voided and found.kind != "voided"
        if not found or is_voided != (name == "voidedStatementId"):
            raise PushError(404, "There is no such statement.")
        return found.id, found.stored, found.payload

    # === LISTS === #

    def _find_page(self, query, after):
        """Return a page of statements, and whether it is the last one.

        :param after: moment and id of the last one told, or ``None``
        :return: ``([(id, moment, text)], bool)``
        """
        limit = min(int(query.get("limit", "0")[:9]) or MOST_LISTED, MOST_LISTED)
        found = self.env.execute_query(self._get_list_sql(query, after, limit + 1))
        total = found[0][3] if found else 0
        rows = [row[:3] for row in found[:limit]]
        return rows, len(rows) == total

    def _get_page_conditions(self, query):
        """Return what is true of all that is told: its own, valid, not voided."""
        return [
            SQL("said.provider_id = %s", self.id),
            SQL("said.reason IS DISTINCT FROM 'invalid'"),
            SQL(
                "(said.kind = 'voided' OR NOT EXISTS (SELECT FROM lms_statement void"
                " WHERE void.provider_id = said.provider_id AND void.kind = 'voided'"
                " AND void.target_id = said.statement_id))"
            ),
            *self._get_time_conditions(query),
        ]

    def _get_list_sql(self, query, after, limit):
        """Return the query of a page: id, moment, text, and how many there are.

        SQL: the ORM can neither go on after a pair of values nor stop at a sum. Texts
        that make a page too large do not leave the database. What has been voided is
        left out, whether that was processed or not.
        """
        self.env["lms.statement"].flush_model()
        is_up = query.get("ascending") == "true"
        order = SQL("said.stored, said.id")
        if not is_up:
            order = SQL("said.stored DESC, said.id DESC")
        conditions = self._get_page_conditions(query)
        if after:
            sign = SQL(">") if is_up else SQL("<")
            place = SQL("(%s, %s)", *after)
            conditions.append(SQL("(said.stored, said.id) %s %s", sign, place))
        wanted = self._get_content_conditions(query)
        if wanted:
            conditions.append(self._get_wanted_sql(SQL(" AND ").join(wanted)))
        return SQL(
            """
            SELECT id, stored, payload, total
              FROM (
                SELECT said.*,
                       COUNT(*) OVER () AS total,
                       ROW_NUMBER() OVER (ORDER BY %(order)s) AS place,
                       SUM(size) OVER (ORDER BY %(order)s) - size AS before
                  FROM (
                    SELECT said.id, said.stored, said.payload,
                           octet_length(said.payload) AS size
                      FROM lms_statement said
                     WHERE %(where)s
                  ORDER BY %(order)s
                     LIMIT %(limit)s
                  ) said
              ) page
             WHERE before < %(most)s
          ORDER BY place
            """,
            order=order,
            where=SQL(" AND ").join(conditions),
            limit=limit,
            most=MOST_BYTES,
        )
