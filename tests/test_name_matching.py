"""The name matching beside exact match after cleaning, on labelled pairs."""

import pytest

from odoo.addons.partner_channel.tools.name_similarity import LIKELY, THRESHOLD, compare

from .console import say
from .matching.sets import DATA, measure, read_sets

PEOPLE = "OpenSanctions, labelled by people"

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(),
    reason=f"no labelled pairs in {DATA}; PARTNER_CHANNEL_NAME_DATA names their folder",
)


def _measure(pairs, score):
    return measure(pairs, lambda one, other: compare(one, other).score >= score)


def test_better_than_exact_match_at_equal_precision():
    precision, recall = _measure(read_sets()[PEOPLE], LIKELY)
    # exact match after cleaning, forms removed: recall 0.43 at precision 0.97
    assert precision >= 0.97
    assert recall >= 0.6


@pytest.mark.parametrize("half", [0, 1])
def test_each_half_is_better_than_exact_match(half):
    precision, recall = _measure(read_sets()[PEOPLE][half::2], LIKELY)
    assert precision >= 0.94
    assert recall > 0.5


def test_review_finds_more():
    sets = read_sets()
    for title, least in ((PEOPLE, 0.7), ("OpenSanctions, labelled by a model", 0.9)):
        precision, recall = _measure(sets[title], THRESHOLD)
        assert recall >= least, title
        assert precision >= 0.8, title


def test_table(capsys):
    with capsys.disabled():
        say("\n| set | pairs | score | precision | recall |")
        for title, pairs in read_sets().items():
            for score in (THRESHOLD, 85, LIKELY):
                precision, recall = _measure(pairs, score)
                figures = f"{score} | {precision:.2f} | {recall:.2f}"
                say(f"| {title} | {len(pairs)} | {figures} |")
