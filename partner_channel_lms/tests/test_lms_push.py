import json
import uuid
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import HttpCase, tagged

from ..models import learning_push_mixin as push
from .lms_case import LmsCase

STATEMENTS = "/xapi/statements"


class PushCase(HttpCase, LmsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auth = cls._new_secret(cls.provider)
        cls.other = cls._create_provider("Other")
        cls.other_auth = cls._new_secret(cls.other)

    def _ask(self, method, value=None, auth=True, version="1.0.3", **options):
        """Send a request; return the response."""
        headers = {"X-Experience-API-Version": version} if version else {}
        body = options.pop("body", None)
        if value is not None or body is not None:
            headers["Content-Type"] = "application/json"
        headers |= options.pop("headers", {})
        self.opener.auth = self.auth if auth is True else auth
        data = body if value is None else json.dumps(value)
        response = self.url_open(
            options.pop("path", STATEMENTS),
            method=method,
            data=data,
            headers=headers,
            # the name of one parameter is that of an argument
            params={name.rstrip("_"): value for name, value in options.items()},
        )
        self.env.invalidate_all()
        return response

    def _assert_refused(self, response, status, wording=""):
        self.assertEqual(response.status_code, status, response.text)
        self.assertIn(wording, " ".join(response.json()["errors"]))
        self.assertEqual(self.Statement.search_count([]), self.before)

    def setUp(self):
        super().setUp()
        self.before = self.Statement.search_count([])


@tagged("post_install", "-at_install")
class TestPush(PushCase):
    # === WHAT IS TAKEN === #

    def test_about_tells_the_versions_to_anybody(self):
        response = self._ask("GET", auth=None, version="", path="/xapi/about")
        self.assertEqual(response.json(), {"version": ["1.0.3", "2.0.0"]})
        head = self._ask("HEAD", auth=None, version="", path="/xapi/about")
        self.assertEqual((head.status_code, head.text), (200, ""))
        self.assertEqual(head.headers["X-Experience-API-Version"], "1.0.3")

    def test_a_pass_that_is_pushed_certifies(self):
        one, two = self._say(), self._say(mail="rival@example.com")
        response = self._ask("POST", [one, two])
        self.assertEqual(response.status_code, 200, response.text)
        self.assertEqual(response.json(), [one["id"], two["id"]])
        self.assertEqual(response.headers["X-Experience-API-Version"], "1.0.3")
        self.assertIn("X-Experience-API-Consistent-Through", response.headers)
        self.assertNotIn("Set-Cookie", response.headers)
        self._process()
        self.assertTrue(self._held(self.seller))
        self.assertTrue(self._held(self.rival))

    def test_one_is_put_and_read_back(self):
        statement = self._say()
        wanted = statement.pop("id")
        for _twice in range(2):
            response = self._ask("PUT", statement, statementId=wanted)
            self.assertEqual((response.status_code, response.text), (204, ""))
        read = self._ask("GET", statementId=wanted)
        self.assertEqual(read.status_code, 200)
        self.assertEqual(read.json()["id"], wanted)
        self.assertEqual(read.json()["actor"], statement["actor"])
        self.assertEqual(read.json()["version"], "1.0.3")
        self.assertEqual(self.Statement.search_count([]), self.before + 1)

    def test_without_an_id_it_gets_one(self):
        statement = self._say()
        del statement["id"]
        [given] = self._ask("POST", statement).json()
        self.assertEqual(self._get({"id": given}).state, "new")

    def test_the_same_again_changes_nothing_and_other_content_is_a_conflict(self):
        statement = self._say()
        self._ask("POST", statement)
        self.assertEqual(self._ask("POST", statement).status_code, 200)
        # the same instant, told with another offset, is the same
        shifted = {**statement, "timestamp": "2026-03-01T12:00:00+02:00"}
        self.assertEqual(self._ask("POST", shifted).status_code, 200)
        self.before += 1
        changed = {**statement, "result": {"success": True}}
        self._assert_refused(self._ask("POST", [self._say(), changed]), 409, "exists")
        self._assert_refused(
            self._ask("PUT", changed, statementId=statement["id"]), 409, "exists"
        )

    def test_what_is_voided_is_read_by_another_name(self):
        statement = self._say()
        void = self._void(statement)
        self._ask("POST", [statement, void])
        gone = self._ask("GET", statementId=statement["id"])
        self.assertEqual(gone.status_code, 404)
        kept = self._ask("GET", voidedStatementId=statement["id"])
        self.assertEqual(kept.json()["id"], statement["id"])
        self.assertEqual(self._ask("GET", statementId=void["id"]).status_code, 200)

    # === WHAT IS REFUSED === #

    def test_wrong_credentials(self):
        user, password = self.auth
        for auth in (
            None,
            (user, "wrong"),
            (user, ""),
            ("nobody", password),
            ("", ""),
            ("admin", "admin"),
            (user, self.other_auth[1]),
        ):
            with self.subTest(auth):
                response = self._ask("POST", self._say(), auth=auth)
                self._assert_refused(response, 401)
                self.assertIn("Basic", response.headers["WWW-Authenticate"])

    def test_a_system_that_is_off_is_refused(self):
        self.provider.action_switch_off()
        self._assert_refused(self._ask("POST", self._say()), 401)

    def test_a_new_password_ends_the_old_one(self):
        old, self.auth = self.auth, self._new_secret(self.provider)
        self._assert_refused(self._ask("POST", self._say(), auth=old), 401)
        self.assertEqual(self._ask("POST", self._say()).status_code, 200)

    def test_another_system_sees_nothing(self):
        statement = self._say()
        self._ask("POST", statement)
        read = self._ask("GET", auth=self.other_auth, statementId=statement["id"])
        self.assertEqual(read.status_code, 404)
        # nor does its statement of the same id clash, or void
        changed = {**statement, "result": {"success": True}}
        said = self._ask("POST", changed, auth=self.other_auth)
        self.assertEqual(said.status_code, 200)
        self._ask("POST", self._void(statement), auth=self.other_auth)
        mine = self._ask("GET", statementId=statement["id"])
        self.assertNotIn("result", mine.json())

    def test_the_version_has_to_be_named(self):
        for version in ("", "0.95", "1.1", "3.0.0"):
            with self.subTest(version):
                self._assert_refused(
                    self._ask("POST", self._say(), version=version), 400, "Version"
                )
        for version, answered in (("1.0", "1.0.3"), ("2.0.0", "2.0.0")):
            response = self._ask("POST", self._say(), version=version)
            self.assertEqual(response.headers["X-Experience-API-Version"], answered)

    def test_what_breaks_the_standard_is_refused_in_its_words(self):
        wrong = self._say(result={"score": {"scaled": 2}})
        twice = self._say()
        binary = {
            "usageType": "https://example.org/u",
            "display": {"en": "x"},
            "contentType": "text/plain",
            "length": 1,
            "sha2": "x",
        }
        for value, wording in (
            ([self._say(), wrong], "[1] statement.result.score.scaled MUST"),
            ({}, '"actor" is required'),
            ("text", "MUST be an Object"),
            ([twice, twice], "same id"),
            (self._say(attachments=[binary]), "multipart"),
        ):
            with self.subTest(wording):
                self._assert_refused(self._ask("POST", value), 400, wording)
        for body, wording in ((b"{", "JSON"), (b"\xff", "UTF-8"), (b"", "JSON")):
            with self.subTest(body):
                self._assert_refused(self._ask("POST", body=body), 400, wording)

    def test_the_address_has_to_fit(self):
        statement = self._say()
        other = str(uuid.uuid4())
        for method, value, params, wording in (
            ("PUT", statement, {}, "statementId"),
            ("PUT", statement, {"statementId": "x"}, "UUID"),
            ("PUT", statement, {"statementId": other}, "match"),
            ("PUT", [statement, self._say()], {"statementId": other}, "single"),
            ("POST", statement, {"statementid": other}, "not recognized"),
            ("GET", None, {"Agent": "{}"}, "not recognized"),
            ("GET", None, {"statementId": "'; --"}, "UUID"),
        ):
            with self.subTest(method=method, params=params):
                self._assert_refused(self._ask(method, value, **params), 400, wording)
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        response = self._ask("POST", body=b"self=1&provider=2", headers=form)
        self._assert_refused(response, 400, "Content-Type")

    def test_ten_megabytes_are_not_even_read(self):
        body = b"[" + b" " * (10 * 1024 * 1024) + b"]"
        self._assert_refused(self._ask("POST", body=body), 413, "bytes")
        # nor taken from a form
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        response = self._ask("POST", body=body, headers=form, method_="PUT")
        self.assertEqual(response.status_code, 413)

    def test_a_delivery_of_ten_thousand_and_one_is_refused(self):
        many = [{"actor": 1}] * (push.MOST_STATEMENTS + 1)
        self._assert_refused(self._ask("POST", many), 413, "statements")

    def test_a_delivery_that_is_replayed_changes_nothing(self):
        said = [self._say(), self._say("failed"), self._say(mail="rival@example.com")]
        self._ask("POST", said)
        self._process()
        before = self.Statement.search([]).read(["state", "digest", "write_date"])
        certificates = self.Certification.search([])
        for _again in range(2):
            self.assertEqual(self._ask("POST", said).status_code, 200)
        self._process()
        after = self.Statement.search([]).read(["state", "digest", "write_date"])
        self.assertEqual(before, after)
        self.assertEqual(self.Certification.search([]), certificates)

    def test_what_is_dated_in_the_future_is_kept_until_its_day(self):
        statement = self._say(day="2999-01-01")
        self.assertEqual(self._ask("POST", statement).status_code, 200)
        self._process()
        record = self._get(statement)
        self.Statement._cron_retry()
        self.assertEqual((record.state, record.reason), ("error", "future"))
        with freeze_time("2999-01-01 12:00:00"):
            self.Statement._cron_retry()
            self._process()
        self.assertEqual(record.state, "matched")

    def test_too_much_is_refused(self):
        with patch.object(push, "MOST_BYTES", 10):
            self._assert_refused(self._ask("POST", self._say()), 413, "bytes")
        with patch.object(push, "MOST_STATEMENTS", 1):
            two = [self._say(), self._say()]
            self._assert_refused(self._ask("POST", two), 413, "statements")

    def test_too_often_is_refused(self):
        with patch.object(push, "PUSHES_PER_HOUR", 1):
            self.assertEqual(self._ask("POST", self._say()).status_code, 200)
            self.before += 1
            response = self._ask("POST", self._say())
            self._assert_refused(response, 429)
            self.assertTrue(response.headers["Retry-After"])
            other = self._ask("POST", self._say(), auth=self.other_auth)
            self.assertEqual(other.status_code, 200, "counted apart")

    def test_too_many_wrong_passwords(self):
        with patch.object(push, "FAILURES_PER_HOUR", 1):
            wrong = ("x", "y")
            self.assertEqual(self._ask("GET", auth=wrong).status_code, 401)
            self.assertEqual(self._ask("GET", auth=wrong).status_code, 429)

    def test_hostile_texts_are_kept_and_harm_nothing(self):
        for text in ("\x00", "‮evil", "'; DROP TABLE x; --", "😀", "x" * 9000):
            with self.subTest(text[:20]):
                statement = self._say(
                    actor={
                        "name": text,
                        "account": {"homePage": "https://a.example", "name": text},
                    }
                )
                response = self._ask("POST", statement)
                self.assertEqual(response.status_code, 200, response.text)
                read = self._ask("GET", statementId=statement["id"])
                self.assertEqual(read.json()["actor"], statement["actor"])
        self._process()
