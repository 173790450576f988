from odoo.tests import tagged

from .agreement_common import AgreementMixin
from .case import QueryCountCase


@tagged("post_install", "-at_install")
class TestAgreementPerformance(AgreementMixin, QueryCountCase):
    """The pages cost the same for few agreements and for many."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpAgreements()

    def measure_all(self):
        return {
            "list": self.measure("/my/agreements"),
            "page": self.measure(f"/my/agreements/{self.sent.id}"),
        }

    def _add_agreements(self, count):
        for number in range(count):
            template, _version = self._create_terms(f"Terms {count}.{number}")
            agreement = self._send(self.alpha_membership, template)
            if number % 2:
                agreement._sign("Olga Owner")

    def test_pages_cost_the_same_for_2_and_40_agreements(self):
        self._add_agreements(2)
        self.login(self.owner)
        few = self.measure_all()
        self._add_agreements(38)
        self.assertEqual(self.measure_all(), few)
        for name, count in few.items():
            with self.subTest(page=name):
                self.assertGreater(count, 0)
                self.assertLessEqual(count, 40)

    def test_the_home_page_names_some_of_them_only(self):
        self._add_agreements(10)
        self.login(self.owner)
        few = self.measure("/my/home")
        self._add_agreements(10)
        self.assertEqual(self.measure("/my/home"), few)
        self.assertLessEqual(few, 50)
