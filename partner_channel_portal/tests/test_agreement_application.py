from odoo.tests import HttpCase, tagged

from .agreement_common import AgreementMixin
from .common_application import ApplicationMixin


@tagged("post_install", "-at_install")
class TestAgreementApplication(HttpCase, ApplicationMixin, AgreementMixin):
    """A company that was accepted is led to what it has to sign."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpApplications()

    def test_the_new_partner_is_led_to_the_signature(self):
        template, _version = self._create_terms("Reseller Agreement")
        application = self.apply()
        application.with_user(self.manager)._accept()
        membership = application.membership_id
        self.assertEqual(membership.missing_agreement_ids, template)
        url = f"/partner-application/{application.access_token}"
        self.assertNotIn("o_partner_channel_to_sign", self.url_open(url).text)

        membership.with_user(self.manager).action_prepare_agreements()
        agreement = membership.agreement_ids
        self.assertNotIn("o_partner_channel_to_sign", self.url_open(url).text)
        agreement.with_user(self.manager).action_send()
        self.assertIn("o_partner_channel_to_sign", self.url_open(url).text)

        user = application.contact_id.user_ids
        Partner = self.env["res.partner"].with_user(user)
        [action] = Partner._get_agreement_actions(Partner._get_portal_memberships())
        self.assertEqual(action["url"], f"/my/agreements/{agreement.id}")
        self.assertIn("Sign the agreement", action["title"])
        self.assertEqual(self.sign(user, agreement), {})
        self.assertFalse(membership.missing_agreement_ids)
        self.assertNotIn("o_partner_channel_to_sign", self.url_open(url).text)
