from odoo.tests import HttpCase, tagged

from .agreement_common import AgreementMixin
from .axe import AxeMixin


@tagged("post_install", "-at_install")
class TestAgreementTour(HttpCase, AgreementMixin, AxeMixin):
    """The owner signs one agreement and declines another, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpChannel()
        cls.setUpAgreements()
        # its chat would cover the page of a phone
        cls.manager.odoobot_state = "disabled"

    def test_the_owner_signs_and_declines(self):
        self.start_tour(
            "/my/home", "partner_channel_agreement_1_sign", login=self.owner.login
        )
        self.assertEqual(self.sent.state, "signed")
        self.assertEqual(self.sent.signed_name, "Olga O. Owner")
        self.assertTrue(self.sent.signature, "it was drawn")
        other = self._send(self.alpha_membership, self._create_terms("Other Terms")[0])
        self.start_tour(
            "/my/agreements",
            "partner_channel_agreement_2_decline",
            login=self.owner.login,
        )
        self.assertEqual(other.state, "draft")
        self.assertEqual(other.decline_reason, "Too long")
        self.start_tour(
            f"/odoo/agreements/{other.id}",
            "partner_channel_agreement_3_vendor",
            login=self.manager.login,
        )

    def test_the_pages_are_accessible(self):
        signed = self._send(self.alpha_membership, self._create_terms("Signed")[0])
        signed._sign("Olga")
        self.assert_accessible(
            "/my/home",
            "/my/agreements",
            "/my/agreements?filterby=signed",
            f"/my/agreements/{self.sent.id}",
            f"/my/agreements/{signed.id}",
            login=self.owner.login,
        )

    def test_the_empty_list_is_accessible(self):
        self.assert_accessible("/my/agreements", login=self.rival.login)


@tagged("post_install", "-at_install")
class TestAgreementTourPhone(TestAgreementTour):
    """The same on a phone."""

    browser_size = "390x844"
    touch_enabled = True
