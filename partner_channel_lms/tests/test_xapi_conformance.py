"""The examples of ADL's conformance suite and of the specification, as judged by hand.

They are read from a folder beside the checkout. ``INVALID`` names those the standard
refuses; every other one has to be accepted.
"""

import os
import sys
from pathlib import Path
from unittest import skipUnless

from odoo.tests import BaseCase, tagged

from ..tools import xapi_statement

DATA = Path(
    os.environ.get("PARTNER_CHANNEL_XAPI_DATA")
    or Path(__file__).parents[3] / "shared" / "data" / "xapi-adl-conformance"
)
VERSIONS = {"v1_0_3": "1.0.3", "v2_0": "2.0.0"}
#: where the suite puts a building block; the others are whole statements
PLACES = {
    "activities": "object",
    "agents": "actor",
    "contexts": "context",
    "groups": "actor",
    "results": "result",
    "substatements": "object",
    "verbs": "verb",
}
#: the building blocks the standard refuses, the same in both versions
INVALID = {
    "activities": """description_invalid interaction_type_invalid_iri
        interaction_type_invalid_numeric interaction_type_invalid_object
        interaction_type_invalid_string name_invalid no_id numeric_description
        numeric_name string_description string_name""",
    "agents": "account_no_homepage account_no_name",
    "contexts": "instructor invalid_activity team",
    "groups": """anonymous_no_member identified_account_no_homepage
        identified_account_no_name""",
    "results": "",
    "statements": """actor authority multiple_actor no_actor no_object no_verb
        object_activity object_actor object_statementref_no_id object_substatement
        verb""",
    "substatements": """activity activity_definition_description_invalid
        activity_definition_name_invalid actor agent context_invalid_language_map
        group interaction_component_invalid_language_map no_actor no_object no_verb
        statementref_no_id verb verb_invalid""",
    "verbs": "no_id",
}
BASE = {
    "actor": {"mbox": "mailto:xapi@adlnet.gov"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/attended"},
    "object": {"id": "http://www.example.com/meetings/occurances/34534"},
}
REFERENCE = {
    "objectType": "StatementRef",
    "id": "8f87ccde-bb56-4c2e-ab83-44982ef22df0",
}


def read(path):
    """Return one example in the place it is made for.

    :raise ValueError: if it is no JSON
    """
    value = xapi_statement.read_json(path.read_text("utf-8-sig"))
    place = PLACES.get(path.parent.name)
    statement = {**BASE, place: value} if place else value
    if (path.parent.name, path.stem) == ("verbs", "voided"):
        statement["object"] = REFERENCE
    return statement


def judge(path, version):
    """Return what is wrong with one example in the place it is made for."""
    try:
        statement = read(path)
    except ValueError as error:
        return [str(error)]
    return xapi_statement.validate(statement, version)


@tagged("post_install", "-at_install")
@skipUnless(DATA.is_dir(), f"no examples in {DATA}; see PARTNER_CHANNEL_XAPI_DATA")
class TestConformance(BaseCase):
    def test_every_building_block_is_judged_as_the_standard_says(self):
        wrong, total, refused = [], 0, 0
        for folder, version in VERSIONS.items():
            for path in sorted(DATA.glob(f"{folder}/*/*.json")):
                total += 1
                errors = judge(path, version)
                refused += bool(errors)
                if bool(errors) != (path.stem in INVALID[path.parent.name].split()):
                    wrong.append((str(path.relative_to(DATA)), errors))
        sys.stdout.write(f"\nxAPI examples: {total - len(wrong)} of {total} right\n")
        self.assertEqual(wrong, [])
        self.assertEqual((total, refused), (240, 90))

    def test_the_blocks_of_version_two_are_refused_by_version_one(self):
        for name in ("context_agents", "context_groups"):
            path = DATA / "v2_0" / "contexts" / f"{name}.json"
            with self.subTest(name):
                self.assertEqual(judge(path, "2.0.0"), [])
                self.assertIn("not a property defined", judge(path, "1.0.3")[0])

    def test_the_examples_of_the_specification_are_accepted(self):
        text = (DATA / "spec_example_statements.json").read_text("utf-8")
        examples = xapi_statement.read_json(text)
        self.assertEqual(len(examples), 9)
        for number, example in enumerate(examples):
            is_part = example.get("objectType") == "SubStatement"
            validate = (
                xapi_statement.validate_substatement
                if is_part
                else xapi_statement.validate
            )
            with self.subTest(number):
                self.assertEqual(validate(example), [])
                # the part is no statement by itself
                self.assertEqual(bool(xapi_statement.validate(example)), is_part)
