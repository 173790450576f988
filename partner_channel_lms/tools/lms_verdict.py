"""What becomes of results that come in rows, before anything is stored."""

from dataclasses import dataclass, field

from .lms_result import Result
from .xapi_evidence import get_proof_days


@dataclass(frozen=True)
class Target:
    """The course of a row; ids are 0 or ``False`` where there is none yet."""

    address: str
    course: int
    kind: int
    move_on: str = "passed"


@dataclass
class Verdict:
    """What becomes of a row."""

    result: Result | None = None
    objections: list = field(default_factory=list)
    outcome: str = "error"
    statement: dict | None = None
    target: Target | None = None
    person: int = 0
    is_doubtful: bool = False


class Verdicts:
    """Judges rows one after the other: an earlier one may earn the certificate."""

    def __init__(self, seen, evidence, held):
        """Remember what there is.

        :param dict seen: ``{statement id: digest}``
        :param dict evidence: ``{(person, course): [(kind, day, score)]}``
        :param held: keys ``(person, course, certification, day)`` of certificates
        """
        self._seen, self._evidence, self._held = dict(seen), dict(evidence), set(held)

    def judge(self, verdict, digest):
        """Set the outcome of a row that could be read."""
        key = verdict.statement["id"]
        if key in self._seen:
            is_same = self._seen[key] == digest
            verdict.outcome = "known" if is_same else "clash"
            return
        self._seen[key] = digest
        target = verdict.target
        if not target.course and not target.kind:
            verdict.outcome = "no_course"
        elif not verdict.person:
            verdict.outcome = "doubt" if verdict.is_doubtful else "no_person"
        elif not target.kind:
            verdict.outcome = "course_off"
        else:
            verdict.outcome = self._foresee(verdict)

    def _foresee(self, verdict):
        """Return the outcome of a row whose person and certification are known."""
        target = verdict.target
        pair = (verdict.person, target.course or target.address)
        day = verdict.result.moment.date()
        facts = [
            *self._evidence.get(pair, ()),
            (verdict.result.verb, day, verdict.result.score or 0),
        ]
        self._evidence[pair] = facts
        proved = get_proof_days(facts, target.move_on)
        keys = {(*pair, target.kind, one) for one in proved}
        fresh, self._held = keys - self._held, self._held | keys
        if fresh:
            return "certificate"
        return "held" if day in proved else "kept"
