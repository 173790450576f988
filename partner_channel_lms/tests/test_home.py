from datetime import date

from odoo.tests import TransactionCase, freeze_time, tagged

from .common import CertificationCommon


@tagged("post_install", "-at_install")
class TestHome(CertificationCommon, TransactionCase):
    """What the portal's home page says of certificates and courses."""

    def get_actions(self, person):
        """Return ``[(title, date)]`` of what a person should do."""
        partner = self.env["res.partner"].with_user(person.user_ids)
        actions = partner._prepare_portal_home()["channel_actions"]
        return [(action["title"], action.get("date")) for action in actions]

    @freeze_time("2027-01-15")
    def test_certificates_that_end_soon_are_to_be_renewed(self):
        self._take_on(self.seller, date(2026, 2, 1))
        self.assertEqual(
            self.get_actions(self.seller),
            [("Renew certificates (1)", self._certificates(self.seller).date_expiry)],
        )
        self.assertEqual(len(self.get_actions(self.owner)), 1, "sees the team's")
        self.assertEqual(self.get_actions(self.rival), [])

    @freeze_time("2027-01-15")
    def test_certificates_that_hold_long_ask_for_nothing(self):
        self._take_on(self.seller, date(2026, 12, 1))
        self.assertEqual(self.get_actions(self.seller), [])

    def test_courses_a_tier_gave_are_to_be_finished(self):
        rows = self.course._action_add_members(self.seller | self.owner)
        self.assertEqual(self.get_actions(self.seller), [], "on the own account")
        rows.membership_id = self.memberships[0]
        self.assertEqual(
            self.get_actions(self.seller), [("Finish your courses (1)", None)]
        )
        self.assertEqual(self.get_actions(self.rival), [])
        rows.member_status = "completed"
        self.assertEqual(self.get_actions(self.seller), [])
