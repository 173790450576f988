from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .agreement_common import AgreementCase


@tagged("post_install", "-at_install")
class TestAgreementDecline(AgreementCase):
    """Declining brings the agreement back to the vendor."""

    def decline(self, user, reason="Clause 2 is too hard", agreement=None):
        own = self.as_user(agreement or self.sent, user)
        errors = own._portal_decline({"reason": reason})
        self.env.invalidate_all()
        return errors

    def test_the_channel_manager_hears_why(self):
        reason = "Clause 2:\n90 days are too short & hard"
        self.assertEqual(self.decline(self.owner, reason), {})
        self.assertEqual(self.sent.state, "draft")
        self.assertEqual(self.sent.decline_reason, reason)
        self.assertEqual(self.sent.declined_by_id, self.owner.partner_id)
        self.assertTrue(self.sent.date_declined)
        activity = self.sent.activity_ids
        self.assertEqual(activity.user_id, self.manager)
        self.assertIn("90 days are too short &amp; hard", activity.note)
        self.assertIn("90 days", self.sent.message_ids[0].body)
        own = self.sent.with_user(self.owner).sudo(False)
        self.assertFalse(own._find_portal_agreement(self.sent.id), "a draft again")

    def test_sent_again_it_is_asked_anew(self):
        self.decline(self.owner, "No")
        self.sent.with_user(self.manager).action_send()
        self.assertRecordValues(
            self.sent,
            [
                {
                    "state": "sent",
                    "decline_reason": False,
                    "declined_by_id": False,
                    "date_declined": False,
                }
            ],
        )
        self.assertEqual(self.sign(self.owner), {})

    def test_it_takes_a_reason_and_the_right(self):
        for reason in ("", "  ", "x" * 2001, "<script>x</script>", "a\x00"):
            with self.subTest(reason=reason[:9]):
                self.assertEqual(list(self.decline(self.owner, reason)), ["reason"])
        for user, agreement in (
            (self.seller, self.sent),
            (self.rival, self.sent),
            (self.suspended, self.gamma_sent),
            (self.terminated, self.delta_sent),
        ):
            with (
                self.subTest(user=user.login),
                self.assertRaises(AccessError),
                mute_logger("odoo.models"),
            ):
                self.decline(user, "No", agreement)
        self.assertEqual(self.sent.state, "sent")
        self.assertFalse(self.sent.activity_ids)

    def test_what_is_signed_is_not_declined(self):
        self.sign(self.finance)
        self.assertEqual(self.decline(self.owner, "No"), {})
        self.assertEqual(self.sent.state, "signed")
        self.assertFalse(self.sent.decline_reason)
