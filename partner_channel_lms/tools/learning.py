"""Who needs a learning path and how far along it people are, on plain values."""

from collections import namedtuple
from datetime import timedelta

#: a certificate as far as learning asks: first valid day, first day of its renewal
#: window and last valid day (both empty when it never ends)
Proof = namedtuple("Proof", "issued renewal expiry")
#: the newest certificate of a certification that was revoked: its first day, and when
Revoked = namedtuple("Revoked", "issued revoked_on")
#: a person's past with a path: last day it was finished and last day somebody took them
#: off by hand (or ``None``), and ``{certification: Revoked}``
Past = namedtuple("Past", "done_on dropped_on revoked", defaults=(None, None, {}))
#: where a person is with a step; ``progress`` in percent
StepFact = namedtuple("StepFact", "state progress date_due is_mandatory")

TODO, STUDYING, STUDIED, PASSED = "todo", "studying", "studied", "passed"
#: what is not proved yet never reads 100 %
_ALMOST = 99


def holds_firmly(proofs, day, beyond=None):
    """Return whether a proof holds on a day and needs no renewal yet.

    A renewal window that opens before the certificate was earned would ask for a
    renewal every day: such a certificate is renewed once it has ended.

    :param proofs: list of :class:`Proof` of one person and one certification
    :param date day: the day asked for
    :param date beyond: what ends by this day is to be renewed already

    >>> from datetime import date
    >>> proof = Proof(date(2027, 1, 1), date(2027, 11, 1), date(2027, 12, 31))
    >>> holds_firmly([proof], date(2027, 5, 1), beyond=date(2027, 12, 31))
    False
    >>> [holds_firmly([proof], date(2027, month, 1)) for month in (1, 10, 11)]
    [True, True, False]
    >>> short = Proof(date(2027, 1, 1), date(2026, 12, 1), date(2027, 1, 31))
    >>> [holds_firmly([short], date(2027, month, 1)) for month in (1, 2)]
    [True, False]
    >>> holds_firmly([Proof(date(2027, 1, 1), None, None)], date(2037, 1, 1))
    True
    """
    return any(
        _holds(proof, day)
        and (not proof.expiry or not beyond or beyond < proof.expiry)
        and (not proof.renewal or day < proof.renewal or proof.renewal <= proof.issued)
        for proof in proofs
    )


def _holds(proof, day):
    return proof.issued <= day and (not proof.expiry or day <= proof.expiry)


def is_passed(proofs, since, day, beyond=None):
    """Return whether a certification counts as passed for an enrolment.

    Either it holds firmly or it was earned since: what is to be renewed does not
    count as renewed.

    :param proofs: list of :class:`Proof`
    :param date since: day of the enrolment
    :param date day: day it is looked at
    :param date beyond: what ends by this day does not count

    >>> from datetime import date
    >>> old = Proof(date(2027, 1, 1), date(2027, 11, 1), date(2027, 12, 31))
    >>> is_passed([old], date(2027, 11, 5), date(2027, 11, 9))
    False
    >>> new = Proof(date(2027, 11, 7), date(2028, 9, 7), date(2028, 11, 7))
    >>> is_passed([old, new], date(2027, 11, 5), date(2027, 11, 9))
    True
    """
    return holds_firmly(proofs, day, beyond) or any(
        since <= proof.issued and (not proof.expiry or day <= proof.expiry)
        for proof in proofs
    )


def get_need(proofs_by_type, past, renews, day, beyond=None):
    """Return why a person needs a path today.

    Whoever was taken off the path by hand is not put on it again, unless a
    certificate has entered its renewal window since.

    :param dict proofs_by_type: the path's certifications → list of :class:`Proof`
    :param Past past: what the person had to do with the path before
    :param bool renews: whether the path is for renewals, too
    :param date day: today
    :param date beyond: what ends by this day is to be renewed already
    :return: ``new``, ``renewal``, ``revoked`` or ``None``

    >>> from datetime import date
    >>> today, proof = date(2027, 11, 2), Proof(
    ...     date(2027, 1, 1), date(2027, 11, 1), date(2027, 12, 31))
    >>> done = Past(done_on=date(2027, 1, 1))
    >>> get_need({"sales": []}, Past(), True, today)
    'new'
    >>> get_need({"sales": [proof]}, done, True, today)
    'renewal'
    >>> get_need({"sales": [proof]}, done, True, date(2027, 10, 1))
    >>> get_need({"sales": [proof]}, done, False, today)
    >>> get_need({"sales": [proof]}, Past(None, date(2027, 10, 1)), True, today)
    'renewal'
    >>> get_need({"sales": [proof]}, Past(None, today), True, today)
    >>> get_need({"sales": []}, Past(None, date(2027, 1, 1)), True, today)
    >>> get_need({}, done, True, today)
    >>> get_need({}, Past(), True, today)
    'new'
    >>> get_need({"sales": []}, done, True, today)
    >>> lost = {"sales": Revoked(date(2027, 1, 1), date(2027, 5, 1))}
    >>> get_need({"sales": []}, done._replace(revoked=lost), False, today)
    'revoked'
    """
    lacking = {
        kind: proofs
        for kind, proofs in proofs_by_type.items()
        if not holds_firmly(proofs, day, beyond)
    }
    if proofs_by_type and not lacking:
        return None
    if was_taken_back(lacking, past, day):
        return "revoked"
    renewals = [
        min(proof.renewal or proof.issued, proof.expiry or day, day)
        for proofs in lacking.values()
        for proof in proofs[-1:]
    ]
    dropped_on = past.dropped_on
    if past.done_on or renewals:
        begun = max(renewals, default=None)
        is_open = renews and begun and (not dropped_on or dropped_on < begun)
        return "renewal" if is_open else None
    return None if dropped_on else "new"


def was_taken_back(proofs_by_type, past, day):
    """Return whether somebody falls short as what finished the path was revoked.

    Not for whoever was taken off by hand since, nor for what a newer certificate
    proved afterwards: its end is none by revoking.

    :param dict proofs_by_type: certifications → list of :class:`Proof`
    :param Past past: what the person had to do with the path before
    :param date day: today

    >>> from datetime import date
    >>> today = date(2027, 6, 1)
    >>> lost = {"sales": Revoked(date(2027, 1, 1), today)}
    >>> was_taken_back({"sales": []}, Past(date(2027, 1, 1), None, lost), today)
    True
    >>> was_taken_back({"sales": []}, Past(date(2027, 1, 1), today, lost), today)
    False
    >>> was_taken_back({"sales": []}, Past(date(2027, 6, 2), None, lost), today)
    False
    >>> newer = Proof(date(2027, 2, 1), None, date(2027, 3, 1))
    >>> was_taken_back({"sales": [newer]}, Past(date(2027, 1, 1), None, lost), today)
    False
    """
    if not past.done_on or (past.dropped_on and past.dropped_on >= past.done_on):
        return False
    return any(
        kind in past.revoked
        and past.revoked[kind].revoked_on >= past.done_on
        and not any(
            _holds(proof, day) or past.revoked[kind].issued <= proof.issued
            for proof in proofs
        )
        for kind, proofs in proofs_by_type.items()
    )


def is_finished(fact, is_proved):
    """Return whether a step is behind a person.

    :param StepFact fact: where the person is
    :param bool is_proved: the step has an exam; attending proves nothing then
    """
    return fact.state == PASSED or (fact.state == STUDIED and not is_proved)


def judge(steps):
    """Return the progress, whether all is finished and what is due next.

    Optional steps count for nothing, unless all are.

    :param steps: list of ``(StepFact, is_proved)`` in their order
    :return: ``(percent, is_done, date or None)``

    >>> from datetime import date
    >>> first = StepFact(PASSED, 100, date(2027, 1, 10), True)
    >>> second = StepFact(STUDIED, 100, date(2027, 1, 20), True)
    >>> judge([(first, True), (second, True)])
    (99, False, datetime.date(2027, 1, 20))
    >>> judge([(first, True), (second, False)])
    (100, True, None)
    >>> judge([])
    (0, False, None)
    """
    counted = [step for step in steps if step[0].is_mandatory] or steps
    if not counted:
        return 0, False, None
    left = [step for step in counted if not is_finished(*step)]
    if not left:
        return 100, True, None
    total = sum(
        100 if is_finished(*step) else min(step[0].progress, _ALMOST)
        for step in counted
    )
    progress = min(_ALMOST, round(total / len(counted)))
    return progress, False, min(step[0].date_due for step in left)


def due_day(start, days):
    """Return the day something is due that many days after a start.

    >>> from datetime import date
    >>> due_day(date(2027, 1, 31), 14)
    datetime.date(2027, 2, 14)
    """
    return start + timedelta(days=days)
