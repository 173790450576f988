from dataclasses import dataclass, field

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import LazyTranslate

from ..tools import lms_result
from ..tools.xapi_evidence import get_actor_key, get_proof_days, shorten

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


@dataclass
class Verdict:
    """What becomes of a row."""

    result: lms_result.Result | None = None
    objections: list = field(default_factory=list)
    outcome: str = "error"
    statement: dict | None = None
    #: how the course was found: ``(address, lms.course, partner.certification.type)``
    target: tuple = ()
    person: object = None


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
                verdicts.append(Verdict(None, [("", "row")]))
        readable = [verdict for verdict in verdicts if verdict.result]
        self._find_targets(readable)
        home = self._get_account_home()
        for verdict in readable:
            if not verdict.objections:
                verdict.statement = lms_result.make_statement(
                    verdict.result,
                    lms_result.get_actor(verdict.result.person, home),
                    verdict.target[0],
                    str(self.id),
                )
        self._judge_statements([verdict for verdict in readable if verdict.statement])
        return verdicts

    def _find_targets(self, verdicts):
        """Find the course of each row: by address, by name, by certification."""
        courses = self.env["lms.course"].search([("provider_id", "=", self.id)])
        names = {}
        for course in courses:
            names.setdefault(course.name.strip().casefold(), []).append(course)
        kinds = {}
        for kind in self.env["partner.certification.type"].search([]):
            name = kind.name.strip().casefold()
            kinds[name] = kinds.get(name, kind.browse()) | kind
        addresses = {course.activity: course for course in courses}
        for verdict in verdicts:
            text = verdict.result.course
            called = names.get(text.casefold(), [])
            if text in addresses:
                called = [addresses[text]]
            elif not called:
                called = self._find_by_kind(kinds.get(text.casefold()), courses)
            if len(called) > 1:
                verdict.objections.append(("course", "several"))
            elif called:
                verdict.target = (
                    called[0]
                    if isinstance(called[0], tuple)
                    else (
                        called[0].activity,
                        called[0],
                        called[0].type_id,
                    )
                )
            else:
                address = lms_result.get_activity(text, f"urn:lms:{self.id}")
                # the address of an unknown course may be that of one tied since
                course = addresses.get(shorten(address), courses.browse())
                verdict.target = address, course, course.type_id

    def _find_by_kind(self, kind, courses):
        """Return the courses of a certification, or the one that is to be made."""
        if not kind:
            return []
        proving = courses.filtered(lambda course: course.type_id in kind)
        if proving or len(kind) > 1:
            return [*proving] or [*kind]
        address = f"urn:lms:{self.id}:certification:{kind.id}"
        return [(address, courses.browse(), kind)]

    def _judge_statements(self, verdicts):
        """Say of each row that could be read what becomes of it."""
        inbox = self.env["lms.statement"]
        rows = {
            verdict.statement["id"]: inbox._prepare_row(self, verdict.statement, [])
            for verdict in reversed(verdicts)
        }
        seen = inbox._get_digests(self, rows)
        actors = {
            id(verdict): (self.id, shorten(get_actor_key(verdict.statement["actor"])))
            for verdict in verdicts
        }
        people, doubtful = self.env["lms.identity"]._resolve(set(actors.values()))
        future = _Future(self, verdicts, [people.get(a) for a in actors.values()])
        for verdict in verdicts:
            key, actor = verdict.statement["id"], actors[id(verdict)]
            verdict.person = people.get(actor)
            digest = inbox._prepare_row(self, verdict.statement, [])["digest"]
            if key in seen:
                verdict.outcome = "known" if seen[key] == digest else "clash"
                continue
            seen[key] = digest
            _address, course, kind = verdict.target
            if not course and not kind:
                verdict.outcome = "no_course"
            elif not verdict.person:
                verdict.outcome = "doubt" if actor in doubtful else "no_person"
            elif not kind:
                verdict.outcome = "course_off"
            else:
                verdict.outcome = future.judge(verdict)

    # === STORING === #

    def _store_results(self, verdicts):
        """Store what is new; courses named by their certification are made.

        :return: ids of the statements stored
        """
        fresh = [verdict for verdict in verdicts if verdict.outcome in _STORED]
        missing = {
            verdict.target[0]: verdict.target[2]
            for verdict in fresh
            if verdict.target[2] and not verdict.target[1]
        }
        self.env["lms.course"].create(
            [
                {
                    "provider_id": self.id,
                    "activity": activity,
                    "name": kind.name,
                    "type_id": kind.id,
                }
                for activity, kind in missing.items()
            ]
        )
        # sudo: nobody writes the inbox by hand; who may hand in was checked
        self.env["lms.statement"].sudo()._take_in(
            self, [(verdict.statement, []) for verdict in fresh]
        )
        return [verdict.statement["id"] for verdict in fresh]


class _Future:
    """Which certificates rows would earn, one after the other."""

    def __init__(self, provider, verdicts, people):
        pairs = {
            (person.id, verdict.target[1].id)
            for verdict, person in zip(verdicts, people, strict=True)
            if person and verdict.target[1]
        }
        certificates = provider.env["partner.certification"]
        self._evidence, _moments = certificates._get_evidence(pairs)
        self._held = {key: True for key in certificates._get_held(pairs)}

    def judge(self, verdict):
        """Return the outcome of a row whose person and course are known."""
        address, course, kind = verdict.target
        pair = (verdict.person.id, course.id or address)
        day = verdict.result.moment.date()
        facts = self._evidence.setdefault(pair, [])
        facts.append((verdict.result.verb, day, verdict.result.score or 0))
        proved = get_proof_days(facts, course.move_on or "passed")
        fresh = [one for one in proved if (*pair, kind.id, one) not in self._held]
        for one in fresh:
            self._held[*pair, kind.id, one] = True
        if fresh:
            return "certificate"
        return "held" if day in proved else "kept"
