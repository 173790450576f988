"""How alike two company names are, from 0 to 100, and why.

>>> compare("Siemens Aktiengesellschaft", "Siemens AG")
Similarity(score=100, reasons=('name',))
>>> compare("ООО Ромашка", "Romashka LLC").score >= THRESHOLD
True
>>> compare("Crystalord Ltd", "Cristalord Limited").score >= THRESHOLD
True
>>> compare("Volkswagen AG", "Siemens AG").score < THRESHOLD
True
>>> compare("Goodwill Company", "Good Will Company").reasons
('spaces',)
>>> compare("Fabrikam Solutions 24", "Fabrikam Solutions 42").score < THRESHOLD
True
>>> compare("ACME 0ne", "ACME One").score  # nought and O look alike
97
"""

from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from .company_name import GENERIC, read_variants, strip_form

#: names from here on are shown for review: see docs/name-matching.md
THRESHOLD = 75
#: from here on two names are most likely one customer: precision 0.98
LIKELY = 90
#: a common word says this much beside a telling one
_GENERIC_WEIGHT = 0.5
#: words less alike than this are different words
_ALIKE = 0.75
_FILLERS = frozenset(["and", "et", "i", "of", "the", "und", "y", "de", "la"])
#: what ends a name and is not in the dictionary of forms by itself
_TAILS = frozenset(["co", "company", "corp", "corporation"])
_LOOKS = (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"), ("i", "l"))


class Similarity(NamedTuple):
    """A score from 0 to 100 and its reasons.

    Reasons are ``name`` (equal without the legal form), ``spaces`` (words put
    together), ``looks`` (characters that look alike), ``spelling`` (words that differ
    by a letter or so), ``words`` (some words in common), ``initials``.
    """

    score: int
    reasons: tuple


def compare(first, second):
    """Compare two names as typed.

    :return: :class:`Similarity` of the closest of their readings
    """
    return max(
        (
            _compare_words(one, other)
            for one in read_words(first)
            for other in read_words(second)
        ),
        default=Similarity(0, ()),
    )


@lru_cache(maxsize=8192)
def read_words(text):
    """Return the readings of a name, each a tuple of its words without the form."""
    readings = []
    for name in read_variants(text):
        rest = strip_form(name)[0].split()
        while len(rest) > 1 and rest[-1] in _TAILS:
            rest.pop()
        words = tuple(word for word in rest if word not in _FILLERS)
        readings.append(words or tuple(rest))
    return tuple(dict.fromkeys(readings))


def _compare_words(one, other):
    if one == other:
        return Similarity(100, ("name",))
    compact, other_compact = "".join(one), "".join(other)
    if compact == other_compact:
        return Similarity(98, ("spaces",))
    if read_looks(compact) == read_looks(other_compact):
        return Similarity(97, ("looks",))
    if "".join(word[0] for word in one) == other_compact and len(one) > 2:
        return Similarity(75, ("initials",))
    if "".join(word[0] for word in other) == compact and len(other) > 2:
        return Similarity(75, ("initials",))
    return max(_align(one, other), _compare_compact(compact, other_compact))


def read_looks(compact):
    """Return a name with look-alikes inside ASCII folded.

    >>> read_looks("modern0") == read_looks("moderno") == read_looks("modemo")
    True
    """
    for seen, meant in _LOOKS:
        compact = compact.replace(seen, meant)
    return compact


def _compare_compact(one, other):
    """Words may be split or joined: compare the letters alone."""
    longer = max(len(one), len(other))
    if min(len(one), len(other)) < 8 or _get_digits(one) != _get_digits(other):
        return Similarity(0, ())
    distance = Levenshtein.distance(one, other)
    if distance > max(1, longer // 9):
        return Similarity(0, ())
    return Similarity(round(96 - 100 * distance / longer), ("spelling",))


def _get_digits(text):
    return [c for c in text if c.isdigit()]


def _weigh(word):
    return _GENERIC_WEIGHT if word in GENERIC else 1.0


def _align(one, other):
    """Pair each word with the closest one of the other name."""
    free, matched, is_exact = list(other), 0.0, True
    for word in sorted(one, key=len, reverse=True):
        best = max(free, key=lambda found: _get_likeness(word, found), default=None)
        likeness = _get_likeness(word, best) if best else 0.0
        if likeness:
            free.remove(best)
            matched += likeness * (_weigh(word) + _weigh(best))
            is_exact = is_exact and likeness == 1
    total = sum(map(_weigh, one)) + sum(map(_weigh, other))
    if not any(word not in GENERIC for word in {*one} & {*other}) and is_exact:
        matched *= 0.8  # nothing but common words in common
    return Similarity(
        min(99, round(100 * matched / total)), ("words",) if is_exact else ("spelling",)
    )


def _get_likeness(word, other):
    """Return how alike two words are, 0 for different ones.

    Short words and numbers are the same or not.
    """
    if word == other:
        return 1.0
    longer = max(len(word), len(other))
    if longer < 5 or word.isdigit() or other.isdigit():
        return 0.0
    if len(word) >= 5 and len(other) >= 5 and word in GENERIC and other in GENERIC:
        return 0.0
    distance = Levenshtein.distance(word, other)
    likeness = 1 - distance / longer
    is_typo = distance <= 1 + longer // 9
    return likeness if likeness >= _ALIKE and is_typo else 0.0
