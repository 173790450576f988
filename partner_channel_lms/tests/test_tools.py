import doctest

from odoo.tests import BaseCase, tagged

from ..tools import validity


@tagged("post_install", "-at_install")
class TestTools(BaseCase):
    def test_the_examples_in_the_docstrings_hold(self):
        result = doctest.testmod(validity)
        self.assertGreater(result.attempted, 10)
        self.assertEqual(result.failed, 0)
