"""Labelled pairs of company names, read from a folder beside the checkout."""

import csv
import os
from pathlib import Path

DATA = Path(
    os.environ.get("PARTNER_CHANNEL_NAME_DATA")
    or Path(__file__).parents[3] / "shared" / "data" / "company-name-matching"
)


def read_sets():
    """Return ``{title: [(name, other name, whether they match), …]}``."""
    human, model = [], []
    for row in _read("opensanctions_org_name_pairs.csv"):
        pair = (row["name1"], row["name2"], row["is_match"] == "true")
        (model if row["case_group"] == "synth_companies" else human).append(pair)
    cyrillic = [
        pair
        for pair in human + model
        if any("Ѐ" <= c <= "ӿ" for c in pair[0] + pair[1])
    ]
    return {
        "OpenSanctions, labelled by people": human,
        "OpenSanctions, labelled by a model": model,
        "of both, Cyrillic": cyrillic,
        "ING, Dutch chamber of commerce": [
            (row["gt_name"], row["name"], row["correct"] == "True")
            for row in _read("ing_kvk_name_pairs.csv")
        ],
    }


def _read(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def measure(pairs, is_match):
    """Return precision and recall of a function of two names.

    >>> measure([("a", "a", True), ("a", "b", True), ("a", "a", False)], str.__eq__)
    (0.5, 0.5)
    """
    hits = [(is_match(one, other), truth) for one, other, truth in pairs]
    right = sum(found and truth for found, truth in hits)
    found = sum(found for found, _truth in hits)
    return right / found if found else 1.0, right / max(1, sum(t for _f, t in hits))
