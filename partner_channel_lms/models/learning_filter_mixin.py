from odoo import api, models
from odoo.tools import SQL

from ..tools import xapi_evidence, xapi_mentions, xapi_parts, xapi_statement
from ..tools.xapi_format import read_moment
from .learning_push_mixin import PushError


class LmsProviderFilterMixin(models.AbstractModel):
    """By what a learning system finds its statements in lists."""

    _name = "lms.provider.filter.mixin"
    _description = "Learning System: Filters"

    def _get_wanted_sql(self, wanted):
        """Return the condition to fit, or to refer to one that fits, however far.

        SQL: it follows references, which the ORM cannot. UNION ends where references
        lead back.
        """
        return SQL(
            """said.id IN (
                WITH RECURSIVE chain AS (
                    SELECT about.id, about.statement_id FROM lms_statement one
                      JOIN lms_statement about ON about.target_id = one.statement_id
                       AND about.provider_id = one.provider_id
                     WHERE one.provider_id = %(provider)s AND %(wanted)s
                 UNION
                    SELECT about.id, about.statement_id FROM chain
                      JOIN lms_statement about ON about.target_id = chain.statement_id
                       AND about.provider_id = %(provider)s
                )
                SELECT one.id FROM lms_statement one
                 WHERE one.provider_id = %(provider)s AND %(wanted)s
             UNION ALL
                SELECT id FROM chain)""",
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

    def _get_content_conditions(self, query):
        """Return what has to be true of the statements, by what they say."""
        conditions = []
        if "verb" in query:
            conditions.append(SQL("one.verb = %s", query["verb"]))
        if "activity" in query:
            is_broad = query.get("related_activities") == "true"
            scopes = [xapi_mentions.RELATED_ACTIVITY] if is_broad else []
            conditions.append(
                self._get_name_sql(SQL("one.activity"), query["activity"], scopes)
            )
        if "registration" in query:
            registration = query["registration"].lower()
            conditions.append(SQL("one.registration = %s", registration))
        if "agent" in query:
            is_broad = query.get("related_agents") == "true"
            scopes = [xapi_mentions.AGENT]
            scopes += [xapi_mentions.RELATED_AGENT] if is_broad else []
            key = self._read_agent(query["agent"])
            # as the one who did it, or the one it was done to
            columns = SQL("one.actor_key, one.activity")
            conditions.append(self._get_name_sql(columns, key, scopes))
        return conditions

    def _get_name_sql(self, columns, key, scopes):
        """Return the condition that something is named in columns or mentioned."""
        # PostgreSQL holds no such character, and nobody with it
        plain = xapi_evidence.shorten(key).replace("\x00", "")
        is_named = SQL("%s IN (%s)", plain, columns)
        if not scopes:
            return is_named
        tokens = [xapi_mentions.get_token(self.id, scope, key) for scope in scopes]
        return SQL(
            "(%s OR string_to_array(one.mentions, ' ') && %s::text[])",
            is_named,
            tokens,
        )

    @api.model
    def _read_agent(self, text):
        """Return the key of the person or the group a parameter describes."""
        try:
            agent = xapi_statement.read_json(text)
        except ValueError as error:
            raise PushError(400, f'"agent": {error}') from error
        errors = list(xapi_parts.check_actor(agent, '"agent"'))
        if errors:
            raise PushError(400, *errors[:20])
        key = xapi_mentions.get_identity(agent)
        if not key:
            raise PushError(400, '"agent" MUST be an Agent or an Identified Group.')
        return key
