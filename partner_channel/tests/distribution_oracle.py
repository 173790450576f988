"""Says what becomes of leads, written apart from what distributes them.

Works on names, not on ids or records: the rules stand in the code as conditions, turns
are a list per program.
"""

from collections import Counter, defaultdict

OURS, OTHER = "ours", "other"
#: members by name: what they take, all they do not name is open to them
RING = {
    f"Ring {number:02}": {
        "countries": ({"DE"}, {"DE", "FR"}, set(), {"FR"})[number % 4],
        "states": {"Bavaria"} if number % 5 == 1 and number % 4 < 2 else set(),
        "industries": {"Steel"} if number % 3 == 2 else set(),
        "families": {"Pumps"} if number % 7 == 3 else set(),
    }
    for number in range(14)
}
FEW = {
    f"Few {family} {number}": {
        "families": {family},
        "countries": {"FR"} if (family, number) == ("Pumps", 1) else set(),
    }
    for family in ("Pumps", "Valves", "Pipes")
    for number in range(3)
}
SOLE = {
    "Sole Germany": {"countries": {"DE"}},
    "Sole France": {"countries": {"FR"}},
    "Sole Pinned": {"countries": {"ES"}},
}
OPEN = {
    "Open Germany": {"countries": {"DE"}},
    "Open France": {"countries": {"FR"}},
    "Open Pumps": {"families": {"Pumps"}, "countries": {"AT"}},
}
ABROAD = {"Abroad 1": {}, "Abroad 2": {"countries": {"DE", "ES"}}}
MEMBERS = {"ring": RING, "few": FEW, "sole": SOLE, "open": OPEN, "abroad": ABROAD}
#: rule → program
PROGRAMS = {
    "zip": "ring",
    "language": "ring",
    "several": "few",
    "sole": "sole",
    "pool": "open",
    "abroad": "abroad",
}
#: customer → (rule, member); that of a suspended member is none
ACCOUNTS = {"Big": ("zip", "Ring 03"), "Bank": ("sole", "Sole Pinned")}
DAY = {"zip": 40, "abroad": 50}
WORK = {"language": 70, "several": 100, "sole": 60}
#: partners asked about one lead at most
ASKED = {"language": 2}


class DistributionOracle:
    """Plays leads in the order of their ids.

    :param dict work: ``{member: leads it works on already}``
    """

    def __init__(self, work):
        self.work, self.day = Counter(work), Counter()
        self.turns = {name: list(members) for name, members in MEMBERS.items()}
        #: by lead: everybody asked, and who has not answered
        self.asked, self.waiting = defaultdict(list), defaultdict(set)
        self.states = {}

    def play(self, lead):
        """Note in ``states`` what becomes of a lead: ``(state, rule)``."""
        if not lead["is_open"]:
            self.states[lead["id"]] = (None, None)
            return
        rule, pinned = self._find_rule(lead)
        if pinned:
            self._give(lead, pinned)
            self.states[lead["id"]] = "offered", rule
        elif not rule:
            self.states[lead["id"]] = "none", None
        else:
            self.states[lead["id"]] = self._play_rule(lead, rule), rule

    def _play_rule(self, lead, rule):
        able = [
            name
            for name in self.turns[PROGRAMS[rule]]
            if self._takes(name, PROGRAMS[rule], lead)
            and name not in self.asked[lead["id"]]
            and self.day[name] < DAY.get(rule, 10**6)
            and self.work[name] < WORK.get(rule, 10**6)
        ]
        if rule == "pool":
            return "pool" if able else "fallback"
        if len(self.asked[lead["id"]]) >= ASKED.get(rule, 5):
            able = []
        places = 3 - len(self.waiting[lead["id"]]) if rule == "several" else 1
        if rule in ("several", "sole"):
            # drawn by weight: only what chance cannot change is compared
            assert len(able) <= places, (rule, able)
        for name in able[:places]:
            self._give(lead, name)
        return "offered" if self.waiting[lead["id"]] else "fallback"

    def _give(self, lead, name):
        self.asked[lead["id"]].append(name)
        self.waiting[lead["id"]].add(name)
        self.day[name] += 1
        self.work[name] += 1
        for turns in self.turns.values():
            if name in turns:
                turns.remove(name)
                turns.append(name)

    def decline(self, lead_id, name):
        """Let a partner decline: what it was offered today stays counted."""
        self.waiting[lead_id].remove(name)
        self.work[name] -= 1

    def _takes(self, name, program, lead):
        spec = MEMBERS[program][name]
        countries, states = spec.get("countries"), spec.get("states")
        if countries and lead["country"] not in countries:
            return False
        if states and lead["country"] == "DE" and lead["state"] not in {None, *states}:
            return False
        return all(
            not spec.get(limit) or lead[name] is None or lead[name] in spec[limit]
            for limit, name in (("industries", "industry"), ("families", "family"))
        )

    def _find_rule(self, lead):
        if lead["company"] != OTHER:
            rule, member = ACCOUNTS.get(lead["account"], (None, None))
            if member and member not in self.asked[lead["id"]]:
                return rule, member
            rule = self._find_own_rule(lead)
            if rule:
                return rule, None
        return ("abroad" if lead["company"] != OURS else None), None

    def _find_own_rule(self, lead):
        country = lead["country"]
        code = (lead["zip"] or "").replace(" ", "")
        if country == "DE" and (code[:2] in _SOUTH or code.startswith("977")):
            return "zip"
        if lead["language"] == "fr_FR":
            return "language"
        if lead["family"] and 100 <= lead["employees"] <= 5000:
            return "several"
        if self._is_sole(lead):
            return "sole"
        return "pool" if lead["source"] in ("Fair", "Letter") else None

    @staticmethod
    def _is_sole(lead):
        return (
            lead["industry"] in ("Steel", "Paper")
            and lead["source"] == "Web"
            and (
                lead["country"] in ("FR", "AT")
                or (lead["country"] == "DE" and lead["state"] == "Bavaria")
            )
        )


_SOUTH = {f"8{digit}" for digit in range(10)}
