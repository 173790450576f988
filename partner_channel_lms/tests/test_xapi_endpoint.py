"""The examples of ADL's conformance suite, sent to the endpoint one by one."""

import sys
import uuid
from unittest import skipUnless

from odoo.tests import tagged

from .test_lms_push import PushCase
from .test_xapi_conformance import DATA, INVALID, VERSIONS, read


@tagged("post_install", "-at_install")
@skipUnless(DATA.is_dir(), f"no examples in {DATA}; see PARTNER_CHANNEL_XAPI_DATA")
class TestExamplesAtTheEndpoint(PushCase):
    def test_every_building_block_is_stored_once_or_refused_with_a_reason(self):
        wrong, stored, refused = [], [], 0
        for folder, version in VERSIONS.items():
            for path in sorted(DATA.glob(f"{folder}/*/*.json")):
                statement, options = self._read(path)
                is_valid = path.stem not in INVALID[path.parent.name].split()
                response = self._ask("POST", version=version, **options)
                if is_valid and self._is_taken(response, statement):
                    stored.append(statement["id"])
                elif not is_valid and self._is_refused(response):
                    refused += 1
                else:
                    name = str(path.relative_to(DATA))
                    wrong.append((name, response.status_code, response.text))
        right = len(stored) + refused
        sys.stdout.write(
            f"\nxAPI examples through the endpoint: {right} of {right + len(wrong)} "
            f"right, {len(stored)} stored, {refused} refused\n"
        )
        self.assertEqual(wrong, [])
        self.assertEqual((len(stored), refused), (150, 90))
        found = self.Statement.search([("statement_id", "in", stored)])
        self.assertEqual(sorted(found.mapped("statement_id")), sorted(stored))
        self.assertEqual(self.Statement.search_count([]), self.before + len(stored))

    @staticmethod
    def _read(path):
        """Return an example, and how it is sent: as it is if it is no JSON."""
        try:
            # many examples have the same id
            statement = {**read(path), "id": str(uuid.uuid4())}
        except ValueError:
            return None, {"body": path.read_text("utf-8-sig").encode()}
        return statement, {"value": statement}

    @staticmethod
    def _is_taken(response, statement):
        return response.status_code == 200 and response.json() == [statement["id"]]

    @staticmethod
    def _is_refused(response):
        return response.status_code == 400 and all(
            [reason.strip() for reason in response.json()["errors"]] or [False]
        )
