from odoo.tests import HttpCase, tagged

from .common import ChannelPortalMixin


@tagged("post_install", "-at_install")
class TestRegistrationLifeTour(HttpCase, ChannelPortalMixin):
    """After the approval, in a real browser: everybody does their own part."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpChannel()
        cls.program.write(
            {"extension_policy": "once", "extension_days": 30, "update_days": 14}
        )
        cls.deal = cls._create_deals(cls.seller, submit=True)
        cls.deal._approve_registration()

    def _walk(self, name, login, path=None):
        path = path or f"/odoo/registrations/{self.deal.id}"
        self.start_tour(path, f"partner_channel_life_{name}", login=login.login)

    def test_the_life_of_a_registration(self):
        page, end = f"/my/deals/{self.deal.id}", self.deal.date_protection_end
        self._walk("1_more_time", self.seller, page)
        self.assertEqual(
            self.deal.update_ids.text, "Demo held, the board decides in March"
        )
        self._walk("2_grant", self.manager)
        self.assertEqual(self.deal.extension_ids.state, "granted")
        self.assertEqual((self.deal.date_protection_end - end).days, 30)

        self._walk("3_hand_over", self.manager)
        self.assertEqual(self.deal.membership_id, self.beta_membership)
        self.assertEqual(self.deal.registration_state, "approved")

        self._walk("4_revert", self.manager)
        self.assertEqual(self.deal.registration_state, "submitted")
        self._walk(
            "5_verify",
            self.manager,
            "/odoo/action-partner_channel.partner_registration_verify_action",
        )
        rows = self.env["partner.registration.log"].search(
            [("lead_id", "=", self.deal.id)], order="sequence"
        )
        self.assertEqual(
            rows.mapped("event"),
            [
                "submitted",
                "approved",
                "extension_asked",
                "extended",
                "transferred",
                "reverted",
            ],
        )


@tagged("post_install", "-at_install")
class TestRegistrationLifeTourPhone(TestRegistrationLifeTour):
    """The same on a phone."""

    browser_size = "390x844"
    touch_enabled = True
