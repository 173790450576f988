"""Extensions: asked with proof, decided once, kept apart by the database."""

from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import PartnerChannelCommon

PROOF = "Demo held on Monday, quotation is with the board."


@tagged("post_install", "-at_install")
@freeze_time("2028-03-01 12:00:00")
class TestExtension(PartnerChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.write({"extension_policy": "once", "extension_days": 30})
        cls.lead = cls._register(cls.northwind)
        cls.lead._approve_registration()
        cls.end = cls.lead.date_protection_end

    def _get_log(self, lead=None):
        rows = self.env["partner.registration.log"].search(
            [("lead_id", "=", (lead or self.lead).id)], order="sequence"
        )
        return rows.mapped("event")

    def test_granting_lengthens_protection_and_claims(self):
        extension = self.lead._request_extension(PROOF, self.seller.partner_id)
        self.assertEqual(extension.days, 30)
        kind = self.env.ref("partner_channel.mail_activity_decide_extension")
        self.assertEqual(
            self.lead.activity_ids.filtered(
                lambda a: a.activity_type_id == kind
            ).user_id,
            self.manager,
        )
        extension.with_user(self.manager).action_grant()
        after = self.end + timedelta(days=30)
        self.assertEqual(self.lead.date_protection_end, after)
        self.assertEqual(set(self.lead.claim_ids.mapped("date_to")), {after})
        self.assertEqual(
            (extension.date_end_before, extension.date_end_after), (self.end, after)
        )
        self.assertEqual(
            self._get_log(), ["submitted", "approved", "extension_asked", "extended"]
        )
        extension.with_user(self.manager).action_grant()
        self.assertEqual(self.lead.date_protection_end, after, "granted once")

    def test_two_are_granted_at_once(self):
        other = self._register(
            self.northwind, partner_name="Zen Ltd", customer_vat="", website=""
        )
        other._approve_registration()
        both = self.lead._request_extension(PROOF) | other._request_extension(PROOF)
        both.days = 10
        both.with_user(self.head).action_grant()
        self.assertEqual(
            (self.lead | other).mapped("date_protection_end"),
            [self.end + timedelta(days=10)] * 2,
        )

    def test_a_refusal_needs_a_reason(self):
        extension = self.lead._request_extension(PROOF).with_user(self.manager)
        with self.assertRefused(UserError, "reason of refusal"):
            extension.action_refuse()
        extension.reason = "No contact since May"
        extension.action_refuse()
        self.assertEqual(self.lead.date_protection_end, self.end)
        self.assertIn("No contact since May", self.lead.message_ids[0].body)
        self.assertEqual(self._get_log()[-1], "extension_refused")
        with self.assertRefused(UserError, "is decided"):
            extension.days = 100
        with self.assertRefused(UserError, "cannot become"):
            extension.action_grant()

    def test_the_program_says_how_often(self):
        self.program.extension_policy = "never"
        with self.assertRefused(UserError, "extends no protection"):
            self.lead._request_extension(PROOF)
        self.program.extension_policy = "once"
        self.lead._request_extension(PROOF).action_grant()
        with self.assertRefused(UserError, "once"):
            self.lead._request_extension(PROOF)
        self.program.extension_policy = "unlimited"
        self.lead._request_extension(PROOF).action_grant()
        self.assertEqual(self.lead.date_protection_end, self.end + timedelta(days=60))

    def test_proof_is_needed(self):
        with self.assertRefused(UserError, "what you have done"):
            self.lead._request_extension("  ")

    def test_two_never_wait_at_once(self):
        extension = self.lead._request_extension(PROOF)
        with self.assertRefused(UserError, "already"):
            self.lead._request_extension(PROOF)
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            extension.with_context(**extension._with_state_move().env.context).copy(
                {"state": "pending"}
            )

    def test_it_is_asked_before_the_end(self):
        with (
            freeze_time(self.end + timedelta(days=1)),
            self.assertRefused(UserError, "that runs"),
        ):
            self.lead._request_extension(PROOF)
        with freeze_time(self.end):
            self.lead._request_extension(PROOF)

    def test_what_waits_for_a_decision_does_not_expire(self):
        extension = self.lead._request_extension(PROOF)
        cron = self.env.ref("partner_channel.ir_cron_expire_registrations")
        with freeze_time(self.end + timedelta(days=2)):
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.assertEqual(self.lead.registration_state, "approved")
            extension.reason = "Too late"
            extension.action_refuse()
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.assertEqual(self.lead.registration_state, "expired")

    def test_nobody_gets_the_customer_while_a_request_waits(self):
        """Asked in time, left undecided beyond the end: the claims hold."""
        extension = self.lead._request_extension(PROOF)
        rival = self._register(self.contoso)
        late = self.end + timedelta(days=50)
        with freeze_time(late):
            with self.assertRefused(UserError, "Decide that first"):
                rival._approve_registration()
            extension.action_grant()
            # not 30 days after the old end, which have passed already
            self.assertEqual(
                self.lead.date_protection_end, late + timedelta(days=30), "from today"
            )
            with self.assertRefused(UserError, "or wait until then"):
                rival._approve_registration()
        self.assertEqual(
            set(self.lead.claim_ids.mapped("date_to")), {late + timedelta(days=30)}
        )

    def test_a_refused_request_holds_nothing(self):
        extension = self.lead._request_extension(PROOF)
        rival = self._register(self.contoso)
        extension.reason = "No contact since May"
        extension.action_refuse()
        self.assertEqual(set(self.lead.claim_ids.mapped("date_to")), {self.end})
        with freeze_time(self.end + timedelta(days=1)):
            rival._approve_registration()
        self.assertEqual(rival.registration_state, "approved")

    def test_two_requests_end_with_the_hand_over(self):
        """What nobody has to decide any more holds no longer than the protection."""
        other = self._register(
            self.northwind, partner_name="Zen Ltd", customer_vat="", website=""
        )
        other._approve_registration()
        both = self.lead | other
        for lead in both:
            lead._request_extension(PROOF)
        both._transfer_registration(self.contoso, "The customer asked for it")
        self.assertEqual(
            set(both.extension_ids.mapped("state")), {"cancelled"}, "nobody decides"
        )
        self.assertEqual(set(both.claim_ids.mapped("date_to")), {self.end})

    def test_the_end_of_the_deal_ends_the_request(self):
        extension = self.lead._request_extension(PROOF)
        self.lead._withdraw_registration()
        self.assertEqual(extension.state, "cancelled")

    def test_only_who_decides_the_deal_decides_its_extension(self):
        extension = self.lead._request_extension(PROOF)
        for user in (self.other_manager, self.seller, self.rival):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                extension.with_user(user).action_grant()
        with self.assertRaises(AccessError):
            extension.with_user(self.manager).write({"state": "granted"})
        with self.assertRaises(AccessError):
            self.env["partner.registration.extension"].with_user(self.seller).search([])
