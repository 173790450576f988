import json
from unittest.mock import patch

from odoo.tests import tagged

from ..models import learning_query_mixin as query
from .lms_case import ADL, COURSE
from .test_lms_push import PushCase

REGISTRATION = "EC531277-b57b-4c15-8d91-d292c5b2b8f7"


class ListCase(PushCase):
    """What was said, and lists of it."""

    def setUp(self):
        super().setUp()
        person = {"objectType": "Agent", "mbox": "mailto:Rival@example.com"}
        self.passed, self.failed, self.helped, self.enrolled, self.hashed = (
            self.said
        ) = [
            self._say(),
            self._say("failed", object={"id": "https://academy.example.org/other"}),
            self._say(f"{ADL}mentored", object=person),
            self._say("completed", context={"registration": REGISTRATION}),
            self._say(actor={"mbox_sha1sum": "a" * 40, "name": "Ann"}),
        ]
        self.passed, self.failed, self.helped, self.enrolled, self.hashed = self.said
        for number, one in enumerate(self.said):
            self._keep(one, f"2026-04-0{number + 1}T12:00:00.500Z")

    def _keep(self, statement, stored, provider=None):
        """Store a statement as if it had come at a moment."""
        told = {**statement, "stored": stored}
        self.Statement._take_in(provider or self.provider, [(told, [])])

    def _list(self, auth=True, **params):
        """Return the ids of a page, and its ``more``."""
        response = self._ask("GET", auth=auth, **params)
        self.assertEqual(response.status_code, 200, response.text)
        answer = response.json()
        self.assertEqual(answer.keys(), {"statements", "more"})
        return [one["id"] for one in answer["statements"]], answer["more"]

    def _assert_told(self, *statements, **params):
        ids, more = self._list(**params)
        self.assertEqual(ids, [one["id"] for one in reversed(statements)])
        self.assertEqual(more, "")


@tagged("post_install", "-at_install")
class TestList(ListCase):
    """Lists by GET: by what was said, when, in pages, and nobody else's."""

    def test_the_newest_comes_first(self):
        self._assert_told(*self.said)
        ids, _more = self._list(ascending="true")
        self.assertEqual(ids, [one["id"] for one in self.said])

    def test_what_was_said_is_filtered(self):
        for params, told in (
            ({"verb": f"{ADL}passed"}, [self.passed, self.hashed]),
            ({"verb": f"{ADL}passed", "limit": "0"}, [self.passed, self.hashed]),
            ({"activity": COURSE}, [self.passed, self.enrolled, self.hashed]),
            ({"registration": REGISTRATION.lower()}, [self.enrolled]),
            ({"registration": REGISTRATION}, [self.enrolled]),
            ({"verb": f"{ADL}passed", "registration": REGISTRATION}, []),
            ({"verb": "https://example.org/never"}, []),
        ):
            with self.subTest(params):
                self._assert_told(*told, **params)

    def test_an_agent_is_who_did_it_or_to_whom(self):
        for agent, told in (
            ({"mbox": "mailto:SELLER@example.com"}, self.said[:4]),
            ({"mbox": "mailto:rival@example.com"}, [self.helped]),
            ({"mbox_sha1sum": "A" * 40}, [self.hashed]),
            ({"mbox": "mailto:nobody@example.com"}, []),
            ({"account": {"homePage": "https://x.example", "name": "\\x00"}}, []),
        ):
            with self.subTest(agent):
                self._assert_told(*told, agent=json.dumps(agent))

    def test_since_is_exclusive_and_until_inclusive(self):
        second, third = "2026-04-02T12:00:00.500Z", "2026-04-03T14:00:00.500+02:00"
        self._assert_told(*self.said[2:], since=second)
        self._assert_told(*self.said[:3], until=third)
        self._assert_told(self.helped, since=second, until=third)
        self._assert_told(self.enrolled, since=third, verb=f"{ADL}completed")

    def test_pages_hold_everything_once(self):
        for ascending in ("true", "false"):
            ids, more = self._list(limit="2", ascending=ascending)
            pages = [ids]
            # what comes meanwhile moves nothing
            self._keep(self._say(), "2020-01-01T00:00:00Z")
            while more:
                response = self._ask("GET", path=more)
                self.assertEqual(response.status_code, 200, response.text)
                pages.append([one["id"] for one in response.json()["statements"]])
                more = response.json()["more"]
            told = [one for page in pages for one in page]
            self.assertEqual(len(told), len(set(told)))
            self.assertLessEqual({one["id"] for one in self.said}, set(told))
            self.assertTrue(all(len(page) <= 2 for page in pages))

    def test_statements_of_one_moment_are_told_apart(self):
        same = [self._say() for _number in range(3)]
        for one in same:
            self._keep(one, "2026-05-01T00:00:00Z")
        ids, more = self._list(limit="2")
        rest = self._ask("GET", path=more).json()["statements"]
        told = [*ids, *(one["id"] for one in rest)]
        self.assertEqual(set(told[:3]), {one["id"] for one in same})

    def test_large_statements_make_small_pages(self):
        with patch.object(query, "MOST_BYTES", 10):
            ids, more = self._list()
            self.assertEqual(ids, [self.hashed["id"]])
            self.assertTrue(more)

    def test_what_is_voided_is_left_out_and_what_refers_to_it_is_not(self):
        void = self._void(self.failed)
        note = self._say(f"{ADL}commented", object=void["object"])
        self._keep(void, "2026-04-06T12:00:00Z")
        self._keep(note, "2026-04-07T12:00:00Z")
        for _processed in range(2):
            self._assert_told(void, note, verb=f"{ADL}failed")
            self._assert_told(void, verb=f"{ADL}voided")
            ids, _more = self._list()
            self.assertNotIn(self.failed["id"], ids)
            self._process()

    def test_what_breaks_the_standard_is_not_told(self):
        self.Statement._take_in(self.provider, [({"id": self.passed["id"]}, ["wrong"])])
        self._assert_told(*self.said)

    def test_another_system_sees_nothing(self):
        other = self._say()
        self._keep(other, "2026-04-02T13:00:00Z", self.other)
        self._assert_told(*self.said)
        self._assert_told(other, auth=self.other_auth)
        # nor by the page of somebody else
        _ids, more = self._list(limit="2")
        response = self._ask("GET", auth=self.other_auth, path=more)
        mine = {one["id"] for one in response.json()["statements"]}
        self.assertLessEqual(mine, {other["id"]})
        # nor does its word void
        self._keep(self._void(self.passed), "2026-04-08T12:00:00Z", self.other)
        self._assert_told(*self.said)

    def test_what_the_standard_does_not_allow_is_refused(self):
        _ids, more = self._list(limit="2")
        group = {"objectType": "Group", "member": [{"mbox": "mailto:a@b.example"}]}
        self.before = self.Statement.search_count([])
        for params, wording in (
            ({"verb": "passed"}, "IRI"),
            ({"activity": "course 1"}, "IRI"),
            ({"registration": "x"}, "UUID"),
            ({"agent": "{"}, "JSON"),
            ({"agent": "{}"}, "exactly one"),
            ({"agent": json.dumps(group)}, "Identified Group"),
            ({"since": "yesterday"}, "ISO 8601"),
            ({"until": "2026-04-01T00:00:00-00:00"}, "ISO 8601"),
            ({"limit": "-1"}, "Integer"),
            ({"limit": "²"}, "Integer"),
            ({"ascending": "yes"}, "true"),
            ({"format": "xml"}, "exact, ids, canonical"),
            ({"related_agents": "yes"}, "related_agents"),
            ({"statementId": self.passed["id"], "verb": f"{ADL}passed"}, "together"),
            ({"more": "x"}, "more"),
            ({"more": "WzEsMl0"}, "more"),
            ({"more": more.split("=")[1], "limit": "1"}, "more"),
            ({"Verb": f"{ADL}passed"}, "not recognized"),
        ):
            with self.subTest(params):
                self._assert_refused(self._ask("GET", **params), 400, wording)

    def test_wrong_credentials_read_nothing(self):
        self.before = self.Statement.search_count([])
        self._assert_refused(self._ask("GET", auth=("x", "y")), 401)

    def test_a_head_request_has_the_headers_only(self):
        response = self._ask("HEAD", verb=f"{ADL}passed")
        self.assertEqual((response.status_code, response.text), (200, ""))
        self.assertIn("X-Experience-API-Consistent-Through", response.headers)

    def test_formats(self):
        definition = {"name": {"en": "Selling", "uk": "Prodazhi"}}
        one = self._say(
            object={"id": COURSE, "definition": definition},
            context={"contextActivities": {"parent": {"id": "https://x.example/p"}}},
        )
        one["actor"]["name"] = "Ann"
        self._keep(one, "2026-06-01T00:00:00Z")
        exact = self._ask("GET", limit="1").json()["statements"][0]
        self.assertEqual(exact["object"], one["object"])
        # an array, whatever was sent
        parents = [{"id": "https://x.example/p"}]
        self.assertEqual(exact["context"]["contextActivities"]["parent"], parents)
        ids = self._ask("GET", limit="1", format="ids").json()["statements"][0]
        self.assertEqual(ids["actor"], {"mbox": "mailto:seller@example.com"})
        self.assertEqual(ids["object"], {"id": COURSE})
        for language, name in (("uk", "Prodazhi"), ("fr, en;q=0.5", "Selling")):
            told = self._ask(
                "GET",
                statementId=one["id"],
                format="canonical",
                headers={"Accept-Language": language},
            ).json()
            self.assertEqual([*told["object"]["definition"]["name"].values()], [name])

    def test_the_number_of_queries_does_not_grow_with_the_list(self):
        counts = []
        for number in (1, 60):
            for _one in range(number):
                self._keep(self._say(), "2026-04-05T12:00:00Z")
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.provider._answer_get({"verb": f"{ADL}passed"})
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
        self.assertLessEqual(counts[0], 3)

    def test_a_statement_of_before_gets_its_registration(self):
        """As when the addon is upgraded: the column is new."""
        record = self._get(self.enrolled)
        self.env.cr.execute("UPDATE lms_statement SET registration = NULL")
        self.env.add_to_compute(
            record._fields["registration"], self.Statement.search([])
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(record.registration, REGISTRATION.lower())
        self.assertEqual(self._get(self.passed).registration, False)
