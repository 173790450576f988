from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import LazyTranslate

from ..tools import lms_result
from ..tools.lms_verdict import Target, Verdict, Verdicts
from ..tools.xapi_evidence import get_actor_key, shorten

_lt = LazyTranslate(__name__)
#: rows of one call, and calls of one user in an hour
MOST_ROWS = 1_000
CALLS_PER_HOUR = 600
OUTCOMES = [
    ("certificate", "Gets the certificate"),
    ("held", "Has this certificate of that day"),
    ("kept", "Kept; proves nothing by itself"),
    ("no_person", "Waits: unknown person"),
    ("doubt", "Waits: several people could be meant"),
    ("no_course", "Waits: unknown course"),
    ("course_off", "Kept; the course is set to be ignored"),
    ("known", "Known already"),
    ("clash", "Known already with another score"),
    ("error", "Cannot be read"),
]
#: what is stored; the rest is here already or cannot be read
_STORED = {
    "certificate",
    "held",
    "kept",
    "no_person",
    "doubt",
    "no_course",
    "course_off",
}
OBJECTIONS = {
    "unknown": _lt("There is no such field; leave it out."),
    "missing": _lt("It is empty; fill it in."),
    "type": _lt("It is no plain text; write letters and digits only."),
    "long": _lt("It is longer than 300 characters; shorten it."),
    "formula": _lt("It is a formula; write its value."),
    "date": _lt("It is no date; write 2026-03-31 or 31.03.2026."),
    "number": _lt("It is a number, no date; write 2026-03-31 or 31.03.2026."),
    "slash": _lt("With / day and month can be mixed up; write 2026-03-31."),
    "future": _lt("It is in the future; correct the date."),
    "old": _lt("It is before 1990; correct the date."),
    "score": _lt("It is no number; write percents, such as 85."),
    "range": _lt("It is not between 0 and 100; write percents, such as 85."),
    "result": _lt("Write passed, completed or failed."),
    "several": _lt("Several courses are called so; write the course's address."),
    "row": _lt("Each result is an object with fields."),
}


class LmsProviderResultsMixin(models.AbstractModel):
    """Results that come in rows: from spreadsheets and from other programs.

    Each becomes a statement of the inbox, with an id that is the same for the same
    result; all the rest is done as with any other statement.
    """

    _name = "lms.provider.results.mixin"
    _description = "Learning System: Results in Rows"

    def submit_results(self, results, all_or_nothing=False):
        """Take results from another program, through ``/json/2`` with an API key.

        For trainers and the system. The same result again changes nothing.

        :param list results: at most 1,000 objects with ``person`` (login of a portal
            user, or account), ``course`` (address or name of the course, or name of
            the certification), ``date``, ``result`` (passed, completed, failed) and,
            if wished, ``score`` (percent) and ``key`` (the caller's own name of the
            row, by which it is known again)
        :param bool all_or_nothing: store nothing if anything cannot be read
        :return: an object for each result: ``row``, ``key``, ``outcome``, ``stored``,
            ``statement`` (its id) and ``errors`` (``field`` and ``message``)
        :raise AccessError: to anybody else
        :raise UserError: if there are too many, or the system is off
        """
        self._check_results_access()
        if not isinstance(results, list) or len(results) > MOST_ROWS:
            raise UserError(
                self.env._("results: send a list of at most %(most)d.", most=MOST_ROWS)
            )
        throttle = self.env["partner.portal.throttle"]
        if not throttle._count("results", CALLS_PER_HOUR):
            raise UserError(
                self.env._("Too many calls this hour: send more results in each.")
            )
        verdicts = self._judge_results(results)
        is_refused = all_or_nothing and any(v.outcome == "error" for v in verdicts)
        if not is_refused:
            self._store_results(verdicts)
        return [
            {
                "row": number,
                "key": verdict.result.key if verdict.result else "",
                "outcome": verdict.outcome,
                "stored": not is_refused and verdict.outcome in _STORED,
                "statement": verdict.statement["id"] if verdict.statement else "",
                "errors": [
                    {"field": name, "message": self.env._(OBJECTIONS[code])}
                    for name, code in verdict.objections
                ],
            }
            for number, verdict in enumerate(verdicts)
        ]

    def _check_results_access(self):
        """Raise unless the user may hand in results of this one system, now."""
        user = self.env.user
        is_trainer = user.has_group("partner_channel_lms.group_channel_trainer")
        if not (self.env.su or is_trainer or user._is_system()):
            raise AccessError(
                self.env._("Only trainers and administrators hand in results.")
            )
        self.check_access("read")
        if len(self) != 1:
            raise UserError(self.env._("Name exactly one learning system (ids)."))
        if self.state != "on" or self.is_strict:
            raise UserError(
                self.env._(
                    "“%(system)s” takes no results in rows: it has to be switched on, "
                    "and not to be “cmi5 Only”. Ask an administrator.",
                    system=self.name,
                )
            )

    # === JUDGING === #

    def _judge_results(self, rows):
        """Return what would become of rows; nothing is written.

        :param list rows: dictionaries, as they were written
        :return: list of :class:`Verdict`, one for each
        """
        now = fields.Datetime.now()
        verdicts = []
        for row in rows:
            if isinstance(row, dict):
                verdicts.append(Verdict(*lms_result.read_result(row, now)))
            else:
                verdicts.append(Verdict(None, [("row", "row")]))
        readable = [verdict for verdict in verdicts if verdict.result]
        self._find_targets(readable)
        home = self._get_account_home()
        for verdict in readable:
            if not verdict.objections:
                verdict.statement = lms_result.make_statement(
                    verdict.result,
                    lms_result.get_actor(verdict.result.person, home),
                    verdict.target.address,
                    str(self.id),
                )
        self._judge_statements([verdict for verdict in readable if verdict.statement])
        return verdicts

    def _find_targets(self, verdicts):
        """Find the course of each row: by address, by name, by certification."""
        courses = self.env["lms.course"].search([("provider_id", "=", self.id)])
        addresses = {course.activity: course for course in courses}
        names = courses.grouped(lambda course: course.name.strip().casefold())
        # by what Python folds: the database knows other pairs of letters
        nothing = self.env["partner.certification.type"]
        kinds = nothing.search([("active", "=", True)]).grouped(
            lambda kind: kind.name.strip().casefold()
        )
        for verdict in verdicts:
            text = verdict.result.course
            name = text.casefold()
            called = addresses.get(text) or names.get(name, courses.browse())
            # a course that is named itself needs no certification of that name
            kind = kinds.get(name, nothing) if not called else nothing
            if kind:
                called = courses.filtered(lambda course, k=kind: course.type_id == k)
            if len(called) > 1 or len(kind) > 1:
                verdict.objections.append(("course", "several"))
                continue
            address = f"urn:lms:{self.id}:certification:{kind.id}" if kind else ""
            address = address or lms_result.get_activity(text, f"urn:lms:{self.id}")
            # what waited as an unknown course may have been tied since
            called = called or addresses.get(shorten(address), called)
            verdict.target = Target(
                called.activity or address,
                called.id,
                called.type_id.id if called or not kind else kind.id,
                called.move_on or "passed",
            )

    def _judge_statements(self, verdicts):
        """Say of each row that could be read what becomes of it."""
        inbox = self.env["lms.statement"]
        rows = [inbox._prepare_row(self, one.statement, []) for one in verdicts]
        seen = inbox._get_digests(self, {row["statement_id"] for row in rows})
        actors = [
            (self.id, shorten(get_actor_key(one.statement["actor"])))
            for one in verdicts
        ]
        people, doubtful = self.env["lms.identity"]._resolve(set(actors))
        for verdict, actor in zip(verdicts, actors, strict=True):
            verdict.person = people[actor].id if actor in people else 0
            verdict.is_doubtful = actor in doubtful
        pairs = {
            (one.person, one.target.course)
            for one in verdicts
            if one.person and one.target.course
        }
        certificates = self.env["partner.certification"]
        evidence, _moments = certificates._get_evidence(pairs)
        held = certificates._get_held(pairs) if pairs else {}
        future = Verdicts(seen, evidence, held)
        for verdict, row in zip(verdicts, rows, strict=True):
            future.judge(verdict, row["digest"])

    # === STORING === #

    def _store_results(self, verdicts):
        """Store what is new; courses named by their certification are made.

        :return: ids of the statements stored
        """
        fresh = [verdict for verdict in verdicts if verdict.outcome in _STORED]
        missing = {
            verdict.target.address: verdict.target.kind
            for verdict in fresh
            if verdict.target.kind and not verdict.target.course
        }
        kinds = self.env["partner.certification.type"].browse(missing.values())
        self.env["lms.course"].create(
            [
                {
                    "provider_id": self.id,
                    "activity": activity,
                    "name": kind.name,
                    "type_id": kind.id,
                }
                for activity, kind in zip(missing, kinds, strict=True)
            ]
        )
        # sudo: nobody writes the inbox by hand; who may hand in was checked
        self.env["lms.statement"].sudo()._take_in(
            self, [(verdict.statement, []) for verdict in fresh]
        )
        return [verdict.statement["id"] for verdict in fresh]
