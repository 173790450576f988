"""What a cell of the team's matrix says, on plain values."""

from . import validity

TRAINING, NONE = "training", "none"
#: colour and icon of each state; the words beside them say the same
SIGNS = {
    validity.VALID: ("success", "fa-check-circle"),
    validity.EXPIRING: ("warning", "fa-clock-o"),
    validity.EXPIRED: ("secondary", "fa-times-circle"),
    TRAINING: ("info", "fa-book"),
}
#: what can be filtered by, and the states it leaves
FILTERS = {
    "expiring": {validity.EXPIRING},
    "expired": {validity.EXPIRED},
    "training": {TRAINING},
}


def merge(held, learning):
    """Return what is known of people and competences, one cell for both.

    :param held: iterable of ``(key, state, last day)``, the best one of a key last
    :param learning: keys of who attends the course
    :return: ``{key: {"state", "date", "learns"}}``; who learns and holds nothing that
        holds is in training

    >>> cells = merge([(1, "expired", "2026"), (1, "valid", "2028")], [1, 2])
    >>> cells[1]
    {'state': 'valid', 'date': '2028', 'learns': False}
    >>> cells[2]
    {'state': 'training', 'date': None, 'learns': True}
    >>> merge([(3, "expired", "2026")], [3])[3]["learns"]
    True
    """
    cells = {
        key: {"state": state, "date": day, "learns": False} for key, state, day in held
    }
    for key in learning:
        cell = cells.setdefault(key, {"state": TRAINING, "date": None, "learns": True})
        cell["learns"] = cell["state"] != validity.VALID
    return cells


def is_shown(cell, chosen):
    """Return whether a filter leaves a cell.

    >>> is_shown({"state": "expired", "learns": True}, "training")
    True
    >>> is_shown({"state": "expired", "learns": True}, "expiring")
    False
    """
    if chosen == "training" and cell["learns"]:
        return True
    return cell["state"] in FILTERS[chosen]
