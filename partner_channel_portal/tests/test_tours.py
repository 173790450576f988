from odoo.tests import HttpCase, tagged

from .common import ChannelPortalMixin


@tagged("post_install", "-at_install")
class TestRegisterDealTour(HttpCase, ChannelPortalMixin):
    """A seller registers a deal in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpChannel()
        cls._create_deals(cls.rival, customer_vat="DE136695976", submit=True)

    def test_a_seller_registers_a_deal(self):
        self.start_tour(
            "/my/home", "partner_channel_register_deal", login=self.seller.login
        )
        deal = self.env["crm.lead"].search(
            [("registrant_id", "=", self.seller.partner_id.id)]
        )
        self.assertRecordValues(
            deal,
            [
                {
                    "registration_state": "submitted",
                    "partner_name": "Tour Customer GmbH",
                    "expected_revenue": 4800.0,
                }
            ],
        )


@tagged("post_install", "-at_install")
class TestRegisterDealTourPhone(TestRegisterDealTour):
    """The same on a phone."""

    browser_size = "390x844"
    touch_enabled = True
