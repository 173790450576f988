import base64
import gzip
import json
from unittest.mock import patch

from odoo.tests import tagged

from ..models import learning_push_mixin as push
from ..models import learning_query_mixin as query
from ..tools import xapi_reduce
from .lms_case import ADL
from .test_lms_push import STATEMENTS, PushCase


@tagged("post_install", "-at_install")
class TestHostile(PushCase):
    """What somebody sends who has a password and means harm, or has none."""

    def test_bodies_that_are_none(self):
        said = json.dumps(self._say())
        for body, wording in (
            (gzip.compress(b"[" + b" " * 4_000_000 + b"]"), "UTF-8"),
            (b"[" * 200_000, "deep"),
            (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "deep"),
            (said[:-1].encode() + b', "result": {"score": {"raw": 1e400}}}', "large"),
            (said[:-1].encode() + b', "result": {"score": {"raw": NaN}}}', "NaN"),
            (b"[1" + b"0" * 5_000 + b"]", ""),
            (said[:-1].encode() + b', "actor": {}}', "more than once"),
            (said.replace("seller", "\\ud800").encode(), "UTF-8"),
            (b"\x00" + said.encode(), "JSON"),
            (said.encode("utf-16"), "UTF-8"),
        ):
            with self.subTest(body[:20]):
                response = self._ask(
                    "POST", body=body, headers={"Content-Encoding": "gzip"}
                )
                self._assert_refused(response, 400, wording)

    def test_a_body_of_unknown_length_is_not_read_to_its_end(self):
        def write():
            for _piece in range(12):
                yield b" " * (1024 * 1024)

        self.opener.auth = self.auth
        response = self.opener.post(
            f"{self.base_url()}{STATEMENTS}",
            data=write(),
            headers={
                "Content-Type": "application/json",
                "X-Experience-API-Version": "1.0.3",
            },
        )
        self._assert_refused(response, 413, "bytes")

    def test_a_hundred_thousand_in_one_delivery(self):
        body = b"[" + b"{}," * 99_999 + b"{}]"
        self._assert_refused(self._ask("POST", body=body), 413, "statements")

    def test_hostile_credentials(self):
        user, password = self.auth
        for text in (
            f"{user}\x00:{password}x",
            f"\x00:{password}",
            f"{user}:\x00",
            f"{user}' OR 1=1 --:{password}",
            "x" * 9000 + ":y",
            f"{user}",
        ):
            code = base64.b64encode(text.encode()).decode()
            for header in (f"Basic {code}", f"Bearer {code}", "Basic", "Basic \xff"):
                with self.subTest(text[:20], header=header[:8]):
                    response = self._ask(
                        "GET", auth=None, headers={"Authorization": header}
                    )
                    self._assert_refused(response, 401)

    def test_a_page_that_was_made_up(self):
        self._ask("POST", self._say())
        self.before += 1
        for verb, after in (
            ("a:\ud800", ["2026-01-01 00:00:00", 7]),
            ("a:b", ["2026-01-01 \ud800", 7]),
            ("a:\x00", ["2026-01-01 00:00:00", 7]),
            ("a:b", ["2026-01-01 00:00:00", 10**40]),
            ("a:b", ["2026-01-01 00:00:00", True]),
            (["a:b"], ["2026-01-01 00:00:00", 7]),
        ):
            text = json.dumps([{"verb": verb}, after]).encode()
            token = base64.urlsafe_b64encode(text).decode()
            with self.subTest(text):
                wording = "IRI" if verb == "a:\x00" else "more"
                self._assert_refused(self._ask("GET", more=token), 400, wording)

    def test_a_page_names_no_other_system(self):
        """Parameters the page of another system does not have are none of it."""
        statement = self._say()
        self._ask("POST", statement)
        self.before += 1
        for name in ("provider_id", "self", "voidedStatementId", "statementId"):
            text = json.dumps(
                [{name: statement["id"]}, ["2099-01-01 00:00:00", 7]]
            ).encode()
            token = base64.urlsafe_b64encode(text).decode()
            response = self._ask("GET", auth=self.other_auth, more=token)
            self._assert_refused(response, 400, "more")

    def test_what_another_system_has_voided_is_not_told(self):
        statement = self._say()
        self._ask("POST", [statement, self._void(statement)])
        for name in ("statementId", "voidedStatementId"):
            response = self._ask("GET", auth=self.other_auth, **{name: statement["id"]})
            self.assertEqual(response.status_code, 404)
        # as one that never was
        never = self._ask("GET", auth=self.other_auth, statementId=self._say()["id"])
        self.assertEqual(response.json(), never.json())

    def test_what_voids_is_not_voided(self):
        statement = self._say()
        void = self._void(statement)
        self._ask("POST", [statement, void, self._void(void)])
        self._process()
        self.assertFalse(self._held(self.seller))
        kept = self._ask("GET", statementId=void["id"])
        self.assertEqual(kept.status_code, 200)
        gone = self._ask("GET", voidedStatementId=void["id"])
        self.assertEqual(gone.status_code, 404)

    def test_texts_that_make_a_page_too_large_stay_in_the_database(self):
        text = {"en": "x" * 1000}
        said = [self._say() for _one in range(9)]
        for one in said:
            one["verb"] = {"id": f"{ADL}passed", "display": text}
        self._ask("POST", said)
        with patch.object(query, "MOST_BYTES", 3000):
            found = self.env.execute_query(self.provider._get_list_sql({}, None, 500))
            self.assertLess(len(found), 9)
            self.assertGreaterEqual(found[0][3], 9)

    def test_many_languages_are_not_compared_with_many(self):
        texts = {f"x-{number}": "a" for number in range(20_000)}
        order = xapi_reduce._read_languages(
            ",".join(f"y-{number}" for number in range(9_000))
        )
        self.assertLessEqual(len(order), 50)
        self.assertEqual(xapi_reduce._choose(texts, order), {"x-0": "a"})
        self.assertEqual(
            xapi_reduce._choose({"en-GB": "a", "en": "b"}, ["en-gb"]), {"en-GB": "a"}
        )

    def test_wrong_passwords_of_a_network_are_counted_for_all_names(self):
        with patch.object(push, "FAILURES_PER_HOUR", 3):
            statuses = [
                self._ask("GET", auth=(f"user{number}", "y")).status_code
                for number in range(5)
            ]
        self.assertEqual(statuses, [401, 401, 401, 429, 429])
        # who has the right one is let in all the same
        self.assertEqual(self._ask("GET").status_code, 200)
