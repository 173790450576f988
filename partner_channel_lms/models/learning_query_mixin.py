import json

from odoo import api, models
from odoo.tools import SQL

from ..tools import xapi_evidence, xapi_parts, xapi_reduce, xapi_request, xapi_statement
from ..tools.xapi_format import check_iri, check_uuid, read_moment
from ..tools.xapi_request import FORMAT, LIST, SINGLE
from .learning_push_mixin import PushError

#: statements of a list at most, and bytes of them
MOST_LISTED = 500
MOST_BYTES = 5 * 1024 * 1024


class LmsProviderQueryMixin(models.AbstractModel):
    """What a learning system may read back: its own statements, one or in lists.

    A list is one query, whatever it asks for. What refers to a statement that is asked
    for is told with it, as the standard says; one step far.
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
            ("related_activities", ("false",)),
            ("related_agents", ("false",)),
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
        """Return a statement or a list of them, in the format asked for."""
        single = [name for name in SINGLE if name in query]
        if single:
            if query.keys() - {single[0]} - FORMAT:
                raise PushError(
                    400,
                    '"statementId" and "voidedStatementId" MUST NOT be used together '
                    "or with other parameters than format and attachments.",
                )
            found = self._find_one(single[0], query[single[0]].lower())
            return self._render(found, query, languages)
        after = None
        if "more" in query:
            if len(query) > 1:
                raise PushError(400, '"more" already says everything.')
            query, after = self._read_more(query["more"])
        return self._answer_list(query, after, languages)

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
    def _render(self, payload, query, languages):
        return xapi_reduce.rewrite(
            json.loads(payload), query.get("format", "exact"), languages
        )

    def _find_one(self, name, wanted):
        """Return the text of one statement of this learning system."""
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
        return found.payload

    # === LISTS === #

    def _answer_list(self, query, after, languages):
        """Return a page of statements, and where the next one is.

        :param after: moment and id of the last one told, or ``None``
        """
        limit = min(int(query.get("limit", "0")[:9]) or MOST_LISTED, MOST_LISTED)
        rows = self.env.execute_query(self._get_list_sql(query, after, limit + 1))
        page = [row for row in rows[:limit] if row[3] < MOST_BYTES]
        more = ""
        if len(page) < len(rows):
            last_id, stored, *_rest = page[-1]
            token = xapi_request.write_token(query, [str(stored), last_id])
            more = f"/xapi/statements?more={token}"
        told = [self._render(payload, query, languages) for _, _, payload, _ in page]
        return {"statements": told, "more": more}

    def _get_list_sql(self, query, after, limit):
        """Return the query of a page: id, moment, text, bytes of those before it.

        SQL: the ORM can neither go on after a pair of values nor stop at a sum. What
        has been voided is left out, whether that was processed or not.
        """
        self.env["lms.statement"].flush_model()
        is_up = query.get("ascending") == "true"
        order = SQL("said.stored, said.id")
        if not is_up:
            order = SQL("said.stored DESC, said.id DESC")
        conditions = [
            SQL("said.provider_id = %s", self.id),
            SQL("said.reason IS DISTINCT FROM 'invalid'"),
            SQL(
                "(said.kind = 'voided' OR NOT EXISTS (SELECT FROM lms_statement void"
                " WHERE void.provider_id = said.provider_id AND void.kind = 'voided'"
                " AND void.target_id = said.statement_id))"
            ),
            *self._get_time_conditions(query),
        ]
        if after:
            sign = SQL(">") if is_up else SQL("<")
            place = SQL("(%s, %s)", *after)
            conditions.append(SQL("(said.stored, said.id) %s %s", sign, place))
        wanted = self._get_content_conditions(query)
        if wanted:
            conditions.append(self._get_wanted_sql(SQL(" AND ").join(wanted)))
        return SQL(
            """
            SELECT page.id, page.stored, page.payload, page.before
              FROM (
                SELECT said.id, said.stored, said.payload,
                       SUM(length(said.payload)) OVER (ORDER BY %(order)s)
                           - length(said.payload) AS before
                  FROM lms_statement said
                 WHERE %(where)s
              ORDER BY %(order)s
                 LIMIT %(limit)s
              ) page
          ORDER BY page.before
            """,
            order=order,
            where=SQL(" AND ").join(conditions),
            limit=limit,
        )

    def _get_wanted_sql(self, wanted):
        """Return the condition to fit, or to refer to one that fits."""
        return SQL(
            """said.id IN (
                SELECT one.id FROM lms_statement one
                 WHERE one.provider_id = %(provider)s AND %(wanted)s
             UNION
                SELECT about.id FROM lms_statement one
                  JOIN lms_statement about ON about.target_id = one.statement_id
                   AND about.provider_id = one.provider_id
                 WHERE one.provider_id = %(provider)s AND %(wanted)s)""",
            provider=self.id,
            wanted=wanted,
        )

    @api.model
    def _get_time_conditions(self, query):
        conditions = []
        for name, sign in (("since", SQL(">")), ("until", SQL("<="))):
            if name in query:
                try:
                    moment = read_moment(query[name])
                except ValueError as error:
                    raise PushError(
                        400, f'"{name}" MUST be formatted according to ISO 8601.'
                    ) from error
                conditions.append(SQL("said.stored %s %s", sign, moment))
        return conditions

    @api.model
    def _get_content_conditions(self, query):
        """Return what has to be true of the statements, by what they say."""
        conditions = []
        if "verb" in query:
            conditions.append(SQL("one.verb = %s", query["verb"]))
        if "activity" in query:
            key = xapi_evidence.shorten(query["activity"])
            conditions.append(SQL("one.activity = %s", key))
        if "registration" in query:
            registration = query["registration"].lower()
            conditions.append(SQL("one.registration = %s", registration))
        if "agent" in query:
            key = xapi_evidence.shorten(self._read_agent(query["agent"]))
            # as the one who did it, or the one it was done to
            conditions.append(SQL("%s IN (one.actor_key, one.activity)", key))
        return conditions

    @api.model
    def _read_agent(self, text):
        """Return the key of the person a parameter describes."""
        try:
            agent = xapi_statement.read_json(text)
        except ValueError as error:
            raise PushError(400, f'"agent": {error}') from error
        errors = list(xapi_parts.check_actor(agent, '"agent"'))
        if errors:
            raise PushError(400, *errors)
        key = xapi_evidence.get_actor_key(agent)
        if not key:
            raise PushError(400, '"agent": this server finds Agents, not Groups.')
        # PostgreSQL holds no such character, and nobody with it
        return key.replace("\x00", "")
