"""Drawing by weight, with weights that are told only of who is drawn."""

from bisect import bisect
from itertools import pairwise

#: draws from all before those who are free are picked out one by one
_TRIES = 64


def draw(random, sums, rate):
    """Return a place drawn by weight; ``None`` if nobody may have it.

    :param random: ``random.Random``, seeded
    :param sums: weights added up
    :param rate: function of a place: which part of its weight counts, 0 for nobody

    >>> from random import Random
    >>> draw(Random(1), [1, 2, 3], lambda place: place == 2)
    2
    >>> draw(Random(1), [1, 2, 3], lambda place: 0)
    """
    if not sums:
        return None
    for _try in range(_TRIES):
        place = min(bisect(sums, random.random() * sums[-1]), len(sums) - 1)
        part = rate(place)
        if part == 1 or (part and random.random() < part):
            return place
    shares = [
        rate(place) * (total - before)
        for place, (before, total) in enumerate(pairwise([0, *sums]))
    ]
    return random.choices(range(len(sums)), shares)[0] if any(shares) else None
