from odoo.tests import HttpCase, tagged

from .axe import AxeMixin
from .offer_common import OfferMixin

#: a desk's screen and a phone's; what fits on the narrow one fits on both
PAGES = {"widths": ("1280px", "390px"), "narrow": "360px"}


@tagged("post_install", "-at_install")
class TestOfferTour(HttpCase, OfferMixin):
    """One partner declines, the next one accepts and sees the contacts."""

    browser_size = "1280x900"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpChannel()
        cls.setUpOffers()

    def test_declined_by_one_and_accepted_by_the_next(self):
        self.start_tour(
            "/my/home", "partner_channel_offer_1_decline", login=self.seller.login
        )
        self.assertEqual(self.offer.state, "declined")
        self.assertEqual(self.offer.decline_reason, "capacity")
        self.assertEqual(self.offer.decline_note, "No time this month")
        self.lead._distribute()
        [other] = self.lead.offer_ids - self.offer
        self.assertEqual((other.partner_id, other.state), (self.beta, "offered"))
        self.start_tour(
            "/my/home", "partner_channel_offer_2_accept", login=self.rival.login
        )
        self.assertEqual(other.state, "accepted")
        self.assertEqual(self.lead.partner_assigned_id, self.beta)

    def test_claimed_from_the_pool(self):
        pooled = self._pool(city="Linz")
        self.start_tour(
            "/my/offers", "partner_channel_offer_3_claim", login=self.rival.login
        )
        self.assertEqual(pooled.partner_assigned_id, self.beta)


@tagged("post_install", "-at_install")
class TestOfferTourPhone(TestOfferTour):
    """The same on a phone."""

    browser_size = "390x844"
    touch_enabled = True


@tagged("post_install", "-at_install")
class TestOfferAccessibility(HttpCase, OfferMixin, AxeMixin):
    """WCAG 2.1 AA on a desk's screen and a phone's, and what fits on a small one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpChannel()
        cls.setUpOffers()

    def test_the_pages_are_accessible(self):
        accepted = self._offer(self.alpha_membership)
        accepted._accept()
        declined = self._offer(self.alpha_membership)
        declined._decline("other", "Not ours")
        self._pool(city="Linz")
        self.assert_accessible(
            "/my/home",
            "/my/offers",
            "/my/offers?filterby=all",
            "/my/offers?filterby=missed",
            "/my/offers?declined=1",
            f"/my/offers/{self.offer.id}",
            f"/my/offers/{accepted.id}",
            f"/my/offers/{declined.id}",
            login=self.seller.login,
            **PAGES,
        )

    def test_who_only_reads_and_who_has_none(self):
        self.assert_accessible(
            f"/my/offers/{self.offer.id}", login=self.viewer.login, **PAGES
        )
        self.assert_accessible("/my/offers", login=self.rival.login, **PAGES)
