from odoo.tests import HttpCase, tagged

from .team_common import TeamMixin


@tagged("post_install", "-at_install")
class TestTeamTour(HttpCase, TeamMixin):
    """The owner runs the team, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpChannel()
        cls.setUpTeam()
        # its chat would cover the page of a phone
        cls.manager.odoobot_state = "disabled"

    def test_the_owner_invites_changes_and_hands_on(self):
        self.start_tour(
            "/my/home", "partner_channel_team_1_invite", login=self.owner.login
        )
        person = self.find_person()
        self.assertEqual(person.portal_role_id, self.get_role("viewer"))
        person._grant_team_access()
        self.assertTrue(person.user_ids._is_portal())

        self.start_tour(
            "/my/team", "partner_channel_team_2_change", login=self.owner.login
        )
        self.assertEqual(
            self.seller.partner_id.portal_role_id, self.get_role("finance")
        )
        self.assertFalse(self.seller2.active)

        self.start_tour(
            "/my/team", "partner_channel_team_3_transfer", login=self.owner.login
        )
        self.assertTrue(self.finance.partner_id.portal_role_id.is_owner)
        self.assertEqual(self.owner.partner_id.portal_role_id, self.get_role("viewer"))

        self.start_tour(
            f"/odoo/channel-partners/{self.alpha_membership.id}",
            "partner_channel_team_4_vendor",
            login=self.manager.login,
        )


@tagged("post_install", "-at_install")
class TestTeamTourPhone(TestTeamTour):
    """The same on a phone."""

    browser_size = "390x844"
    touch_enabled = True
