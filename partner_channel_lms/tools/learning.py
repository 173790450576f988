"""Who needs a learning path and how far along it people are, on plain values."""

from collections import namedtuple
from datetime import timedelta

#: a certificate as far as learning asks: first valid day, first day of its renewal
#: window and last valid day (both empty when it never ends)
Proof = namedtuple("Proof", "issued renewal expiry")
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
        proof.issued <= day
        and (not proof.expiry or day <= proof.expiry)
        and (not proof.expiry or not beyond or beyond < proof.expiry)
        and (not proof.renewal or day < proof.renewal or proof.renewal <= proof.issued)
        for proof in proofs
    )


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


def get_need(proofs_by_type, is_done, dropped_on, renews, day, beyond=None):
    """Return why a person needs a path today: ``new``, ``renewal`` or nothing.

    Whoever was taken off the path by hand is not put on it again, unless a
    certificate has entered its renewal window since.

    :param dict proofs_by_type: the path's certifications → list of :class:`Proof`
    :param bool is_done: the person has finished the path before
    :param date dropped_on: last day somebody was taken off by hand, or ``None``
    :param bool renews: whether the path is for renewals, too
    :param date day: today
    :param date beyond: what ends by this day is to be renewed already

    >>> from datetime import date
    >>> today, proof = date(2027, 11, 2), Proof(
    ...     date(2027, 1, 1), date(2027, 11, 1), date(2027, 12, 31))
    >>> get_need({"sales": []}, False, None, True, today)
    'new'
    >>> get_need({"sales": [proof]}, True, None, True, today)
    'renewal'
    >>> get_need({"sales": [proof]}, True, None, True, date(2027, 10, 1))
    >>> get_need({"sales": [proof]}, True, None, False, today)
    >>> get_need({"sales": [proof]}, False, date(2027, 10, 1), True, today)
    'renewal'
    >>> get_need({"sales": [proof]}, False, today, True, today)
    >>> get_need({"sales": []}, False, date(2027, 1, 1), True, today)
    >>> get_need({}, True, None, True, today)
    >>> get_need({}, False, None, True, today)
    'new'
    """
    lacking = [
        proofs
        for proofs in proofs_by_type.values()
        if not holds_firmly(proofs, day, beyond)
    ]
    if proofs_by_type and not lacking:
        return None
    renewals = [
        min(proof.renewal or proof.issued, proof.expiry or day, day)
        for proofs in lacking
        for proof in proofs[-1:]
    ]
    if is_done or renewals:
        begun = max(renewals, default=None)
        is_open = renews and begun and (not dropped_on or dropped_on < begun)
        return "renewal" if is_open else None
    return None if dropped_on else "new"


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
