import re

from odoo.tests import HttpCase, tagged

from .common_application import ApplicationMixin


@tagged("post_install", "-at_install")
class TestApplicationTour(HttpCase, ApplicationMixin):
    """From the public page to the portal's home, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpApplications()
        cls.env.ref("auth_signup.portal_set_password_email").auto_delete = False

    def test_a_company_becomes_a_partner(self):
        self.start_tour(self.program.website_url, "partner_channel_apply_1")
        application = self.env["partner.application"].search([])
        self.assertRecordValues(
            application, [{"state": "draft", "name": "Tour Systems GmbH"}]
        )
        [link] = re.findall(
            r"/partner-application/confirm/[\w-]{43}",
            self.get_mails(application).body_html,
        )
        self.start_tour(link, "partner_channel_apply_2")
        self.assertEqual(application.state, "submitted")
        self.start_tour(
            f"/odoo/partner-applications/{application.id}",
            "partner_channel_apply_3_accept",
            login=self.manager.login,
        )
        self.assertEqual(application.state, "accepted")
        invitation = self.get_invitations(application)
        [link] = re.findall(
            r"/web/(?:signup|reset_password|login)[^\"']*", invitation.body_html
        )[:1]
        self.start_tour(link.replace("&amp;", "&"), "partner_channel_apply_4_password")
        self.assertTrue(application.contact_id.user_ids.login_date)


@tagged("post_install", "-at_install")
class TestApplicationTourPhone(TestApplicationTour):
    """The same on a phone."""

    browser_size = "390x844"
    touch_enabled = True
