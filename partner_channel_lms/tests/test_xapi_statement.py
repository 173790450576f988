"""Rules of the standard that the examples of ADL do not reach."""

from copy import deepcopy

from odoo.tests import BaseCase, tagged

from ..tools.xapi_statement import read_json, validate

VERBS = "http://adlnet.gov/expapi/verbs"
FULL = {
    "id": "6690e6c9-3ef0-4ed3-8b37-7f3964730bee",
    "actor": {"objectType": "Agent", "mbox": "mailto:ann@example.org"},
    "verb": {"id": f"{VERBS}/passed", "display": {"en": "passed"}},
    "object": {"objectType": "Activity", "id": "https://lms.example.org/course"},
    "result": {
        "success": True,
        "score": {"scaled": 0.9, "raw": 9, "min": 0, "max": 10},
        "duration": "PT1H30M",
    },
    "context": {"registration": "ec531277-b57b-4c15-8d91-d292c5b2b8f7"},
    "timestamp": "2026-05-06T07:08:09.123Z",
    "version": "1.0.3",
}


def _changed(place, value):
    """Return the full statement with one value set; a dotted place leads down."""
    statement = deepcopy(FULL)
    *way, last = place.split(".")
    inner = statement
    for name in way:
        inner = inner.setdefault(name, {})
    inner[last] = value
    return statement


REFUSED = [
    ("id", "not-a-uuid", "UUID"),
    ("id", 7, "UUID"),
    ("Actor", {}, "not a property"),
    ("actor.mbox", "ann@example.org", "mailto IRI"),
    ("actor.mbox", None, "MUST NOT be null"),
    ("actor.openid", "https://ann.example.org", "exactly one"),
    ("actor.member", [], "not a property"),
    ("actor.name", 12, "String"),
    ("actor.objectType", "agent", "one of"),
    ("actor", [], "Object"),
    ("verb.id", "passed", "IRI"),
    ("verb.display", {"e": "x"}, "Language Tag"),
    ("verb.display", {"en": 1}, "String"),
    ("object.id", "course 1", "IRI"),
    ("object.objectType", "Course", "one of"),
    ("object.objectType", ["Activity"], "one of"),
    ("object.definition.extensions", {"key": 1}, "IRI"),
    ("result.success", "true", "Boolean"),
    ("result.success", 1, "Boolean"),
    ("result.score.scaled", 2, "between -1 and 1"),
    ("result.score.scaled", "0.9", "Number"),
    ("result.score.scaled", True, "Number"),
    ("result.score.raw", 11, "more than max"),
    ("result.score.raw", -1, "less than min"),
    ("result.score.max", 0, "less than max"),
    ("result.duration", "1 hour", "Duration"),
    ("result.duration", "P", "Duration"),
    ("result.duration", "PT", "Duration"),
    ("context.registration", "abc", "UUID"),
    ("context.contextActivities.parent", "x", "Object"),
    ("context.statement", {"objectType": "Activity", "id": "a:b"}, "one of"),
    ("timestamp", "2026-05-06", "ISO 8601"),
    ("timestamp", "2026-02-30T00:00:00Z", "ISO 8601"),
    ("timestamp", "2026-05-06T07:08:09-00:00", "ISO 8601"),
    ("timestamp", 1762412889, "ISO 8601"),
    ("version", "0.9", "1.0.x"),
    ("version", "2.0.0", "1.0.x"),
    ("attachments", [{"usageType": "a:b"}], "required"),
    ("verb.id", f"{VERBS}/voided", "StatementRef"),
]


@tagged("post_install", "-at_install")
class TestStatement(BaseCase):
    def test_a_full_statement_is_accepted_by_both_versions(self):
        self.assertEqual(validate(FULL, "1.0.3"), [])
        self.assertEqual(validate(FULL, "2.0.0"), [])

    def test_one_wrong_value_is_refused_in_the_words_of_the_standard(self):
        for place, value, wording in REFUSED:
            with self.subTest(place=place, value=value):
                errors = validate(_changed(place, value))
                self.assertTrue(errors)
                self.assertTrue(any(wording in error for error in errors), errors)

    def test_what_is_no_object_is_refused(self):
        for value in (None, [], "statement", 1, True):
            with self.subTest(value=value):
                self.assertEqual(validate(value), ["statement MUST be an Object."])

    def test_extensions_may_hold_anything(self):
        anything = {"https://example.org/x": [None, {"a": {"B": None}}]}
        self.assertEqual(validate(_changed("context.extensions", anything)), [])

    def test_the_second_version_asks_for_an_offset(self):
        local = _changed("timestamp", "2026-05-06T07:08:09")
        self.assertEqual(validate(local, "1.0.3"), [])
        self.assertIn("RFC 3339", validate(local, "2.0.0")[0])

    def test_revision_and_platform_are_of_activities_only(self):
        for name in ("revision", "platform"):
            statement = _changed(f"context.{name}", "1.0")
            self.assertEqual(validate(statement), [])
            statement["object"] = {"objectType": "Agent", "mbox": "mailto:a@b.example"}
            self.assertIn(name, validate(statement)[0])

    def test_a_substatement_holds_no_other_and_no_id(self):
        inner = {
            "objectType": "SubStatement",
            **{name: FULL[name] for name in ("actor", "verb", "object")},
        }
        self.assertEqual(validate(_changed("object", inner)), [])
        nested = _changed("object", {**inner, "object": inner})
        self.assertIn("SubStatement of its own", validate(nested)[0])
        named = _changed("object", {**inner, "id": FULL["id"]})
        self.assertIn("not a property", validate(named)[0])

    def test_an_authority_of_two_is_an_anonymous_group(self):
        one = {"mbox": "mailto:a@b.example"}
        pair = {"objectType": "Group", "member": [one, one]}
        self.assertEqual(validate(_changed("authority", pair)), [])
        for group in (
            {**pair, "member": [one]},
            {**pair, "mbox": "mailto:c@d.example"},
        ):
            self.assertTrue(validate(_changed("authority", group)))


@tagged("post_install", "-at_install")
class TestText(BaseCase):
    def test_what_is_no_proper_json_is_refused(self):
        for text, wording in (
            ("{", "valid JSON"),
            (b"\xff\xfe", "UTF-8"),
            ('"\\ud800"', "UTF-8"),
            ("[NaN]", "NaN"),
            ("[Infinity]", "Infinity"),
            ("[1e999]", "too large"),
            ('{"a": 1, "a": 1}', "more than once"),
            ("[" * 150 + "]" * 150, "too deep"),
            ("[" * 100_000 + "]" * 100_000, "too deep"),
        ):
            refused = self.assertRaisesRegex(ValueError, wording)
            with self.subTest(text[:20]), refused:
                read_json(text)

    def test_a_character_outside_the_basic_plane_is_kept(self):
        self.assertEqual(read_json('"\\ud83d\\ude00"'), "\U0001f600")
