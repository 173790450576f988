from odoo.tests import HttpCase, tagged

from .common import ChannelPortalMixin


@tagged("post_install", "-at_install")
class TestDealDraftTour(HttpCase, ChannelPortalMixin):
    """The draft is there again after a reload, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpChannel()

    def test_typed_kept_loaded_again_and_sent(self):
        self.start_tour(
            "/my/deals/new", "partner_channel_deal_draft", login=self.seller.login
        )
        deal = self.env["crm.lead"].search(
            [("registrant_id", "=", self.seller.partner_id.id)]
        )
        self.assertRecordValues(
            deal,
            [
                {
                    "registration_state": "submitted",
                    "partner_name": "Draft Customer Ltd",
                    "contact_name": "Jane Doe",
                    "expected_revenue": 500,
                    "phone": False,
                }
            ],
        )
