import doctest

from odoo.tests import BaseCase, tagged

from ..models import lms_people_mixin
from ..tools import (
    badge_image,
    holdings,
    learning,
    lms_http,
    lms_result,
    moodle_format,
    open_badge,
    open_badge_format,
    result_file,
    sums,
    team_matrix,
    validity,
    xapi_evidence,
    xapi_files,
    xapi_format,
    xapi_mentions,
    xapi_reduce,
    xapi_request,
    xapi_signature,
    xapi_statement,
)
from . import moodle_stand_in


@tagged("post_install", "-at_install")
class TestTools(BaseCase):
    def test_the_examples_in_the_docstrings_hold(self):
        for module, least in (
            (badge_image, 2),
            (xapi_files, 4),
            (xapi_mentions, 6),
            (learning, 20),
            (holdings, 4),
            (sums, 4),
            (team_matrix, 4),
            (open_badge, 8),
            (open_badge_format, 4),
            (lms_http, 2),
            (lms_result, 9),
            (moodle_format, 5),
            (result_file, 3),
            (lms_people_mixin, 3),
            (moodle_stand_in, 0),
            (validity, 10),
            (xapi_evidence, 15),
            (xapi_format, 2),
            (xapi_reduce, 5),
            (xapi_request, 7),
            (xapi_signature, 5),
            (xapi_statement, 8),
        ):
            with self.subTest(module.__name__):
                result = doctest.testmod(module)
                self.assertGreater(result.attempted, least)
                self.assertEqual(result.failed, 0)
