import json

from odoo.tests import tagged

from .lms_case import ADL, COURSE
from .test_lms_query import ListCase

TEAM = {"objectType": "Group", "mbox": "mailto:team@example.com"}
COACH = {"mbox": "mailto:coach@example.com"}
PATH = "https://academy.example.org/path"


@tagged("post_install", "-at_install")
class TestRelated(ListCase):
    """``related_agents``, ``related_activities``, Groups, references of references."""

    def _tell(self, day, verb="passed", **values):
        statement = self._say(verb, **values)
        self._keep(statement, f"2026-04-{day}T12:00:00Z")
        return statement

    def setUp(self):
        super().setUp()
        parent = {"parent": [{"id": PATH}]}
        inner = {
            "objectType": "SubStatement",
            "actor": COACH,
            "verb": {"id": f"{ADL}passed"},
            "object": {"id": PATH},
        }
        self.taught = self._tell(10, context={"instructor": COACH})
        self.within = self._tell(11, context={"contextActivities": parent})
        self.planned = self._tell(12, object=inner)
        self.team = self._tell(13, actor={**TEAM, "member": [COACH]})
        self.joined = self._tell(14, context={"team": TEAM})

    def test_an_agent_is_found_where_it_is_named(self):
        by_coach = {"agent": json.dumps(COACH)}
        self._assert_told(self.team, **by_coach)
        self._assert_told(self.team, related_agents="false", **by_coach)
        self._assert_told(
            self.taught, self.planned, self.team, related_agents="true", **by_coach
        )
        by_team = {"agent": json.dumps(TEAM)}
        self._assert_told(self.team, **by_team)
        self._assert_told(self.team, self.joined, related_agents="true", **by_team)

    def test_an_activity_is_found_where_it_is_named(self):
        self._assert_told(activity=PATH)
        both = (self.within, self.planned)
        self._assert_told(*both, activity=PATH, related_activities="true")
        ids, _more = self._list(activity=COURSE, related_activities="true")
        self.assertIn(self.passed["id"], ids)

    def test_pages_keep_to_the_broad_sense(self):
        params = {"activity": PATH, "related_activities": "true", "limit": "1"}
        ids, more = self._list(**params)
        rest = self._ask("GET", path=more).json()
        ids += [one["id"] for one in rest["statements"]]
        self.assertEqual(ids, [self.planned["id"], self.within["id"]])

    def test_the_authority_is_an_agent(self):
        statement = self._say()
        self._ask("POST", statement)
        authority = self._ask("GET", statementId=statement["id"]).json()["authority"]
        by_us = {"agent": json.dumps(authority)}
        self._assert_told(**by_us)
        self._assert_told(statement, related_agents="true", **by_us)

    def test_another_system_finds_nothing(self):
        for params in (
            {"agent": json.dumps(COACH), "related_agents": "true"},
            {"activity": PATH, "related_activities": "true"},
        ):
            self.assertEqual(self._list(auth=self.other_auth, **params), ([], ""))
            # nor by a reference to what it is not told
            note = self._say("commented", object=self._refer(self.within))
            self._keep(note, "2026-04-20T12:00:00Z", self.other)
            self.assertEqual(self._list(auth=self.other_auth, **params), ([], ""))

    @staticmethod
    def _refer(statement):
        return {"objectType": "StatementRef", "id": statement["id"]}

    def test_references_are_followed_however_far_and_round(self):
        first = self._tell(15, "commented", object=self._refer(self.failed))
        second = self._tell(16, "commented", object=self._refer(first))
        third = self._tell(17, "commented", object=self._refer(second))
        self._assert_told(self.failed, first, second, third, verb=f"{ADL}failed")
        self._assert_told(third, verb=f"{ADL}failed", since="2026-04-16T12:00:00Z")
        # two that refer to each other
        one, two = self._say("commented"), self._say("commented")
        one["object"], two["object"] = self._refer(two), self._refer(one)
        self._keep(one, "2026-04-18T12:00:00Z")
        self._keep(two, "2026-04-19T12:00:00Z")
        ids, _more = self._list(verb=one["verb"]["id"], since="2026-04-17T12:00:00Z")
        self.assertEqual(ids, [two["id"], one["id"]])

    def test_a_statement_of_before_gets_its_names(self):
        record = self._get(self.within)
        expected = record.mentions
        self.assertTrue(expected)
        self.env.cr.execute("UPDATE lms_statement SET mentions = NULL")
        self.env.invalidate_all()
        self.env.add_to_compute(record._fields["mentions"], self.Statement.search([]))
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(record.mentions, expected)
