import psycopg2

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import PartnerChannelCommon


@tagged("post_install", "-at_install")
class TestLeave(PartnerChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env.ref("partner_channel.leave_reason_competitor")

    def _open(self, memberships, user):
        return (
            self.env["partner.membership.terminate"]
            .with_user(user)
            .with_context(active_model="partner.membership", active_ids=memberships.ids)
        )

    def test_a_membership_ends_with_a_reason(self):
        wizard = Form(self._open(self.northwind, self.manager))
        wizard.reason_id = self.reason
        wizard.note = "Their new owner sells the other product."
        wizard.save().action_apply()
        self.assertRecordValues(
            self.northwind,
            [
                {
                    "state": "terminated",
                    "leave_reason_id": self.reason.id,
                    "leave_note": "Their new owner sells the other product.",
                }
            ],
        )
        self.assertTrue(self.northwind.date_end)
        self.assertEqual(self.contoso.state, "active")

    def test_nobody_leaves_without_a_reason(self):
        wizard = Form(self._open(self.northwind, self.manager))
        with self.assertRaises(AssertionError):
            wizard.save()
        with (
            self.assertRaises(psycopg2.IntegrityError),
            mute_logger("odoo.sql_db"),
        ):
            self._open(self.northwind, self.manager).create({})

    def test_several_leave_at_once_and_those_gone_are_left_alone(self):
        gone = self._create_membership("Gone")
        gone.action_terminate()
        both = self.northwind | self.contoso
        wizard = self._open(both | gone, self.head).create(
            {"reason_id": self.reason.id}
        )
        wizard.action_apply()
        self.assertEqual(both.mapped("state"), ["terminated", "terminated"])
        self.assertEqual(both.leave_reason_id, self.reason)
        self.assertFalse(gone.leave_reason_id)

    def test_code_may_end_a_membership_without_a_reason(self):
        self.northwind.action_terminate()
        self.assertEqual(self.northwind.state, "terminated")
        self.assertFalse(self.northwind.leave_reason_id)

    def test_a_manager_ends_own_memberships_only(self):
        values = {
            "membership_ids": [Command.set(self.contoso.ids)],
            "reason_id": self.reason.id,
        }
        Wizard = self.env["partner.membership.terminate"]
        with self.assertRaises(AccessError):
            Wizard.with_user(self.manager).create(values).action_apply()
        self.assertEqual(self.contoso.state, "active")
        for user in (self.seller, self._create_user("sam", "base.group_user")):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                Wizard.with_user(user).create(values)

    def test_a_reason_in_use_is_archived_and_not_deleted(self):
        self.northwind._terminate(self.reason)
        with (
            self.assertRaises(psycopg2.IntegrityError),
            mute_logger("odoo.sql_db"),
        ):
            self.reason.unlink()
        self.reason.active = False
        self.assertEqual(self.northwind.leave_reason_id, self.reason)

    def test_reasons_are_the_administrators(self):
        admin = self._create_user("anna.admin", "partner_channel.group_channel_admin")
        Reason = self.env["partner.leave.reason"]
        Reason.with_user(admin).create({"name": "Retired"})
        for user in (self.manager, self.head):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                Reason.with_user(user).create({"name": "Retired too"})
        self.assertTrue(Reason.with_user(self.manager).search([]))

    def test_partner_staff_do_not_read_why(self):
        self.northwind._terminate(self.reason, "Hush")
        again = self.env["partner.membership"].create(
            {
                "partner_id": self.northwind.partner_id.id,
                "program_id": self.program.id,
                "leave_reason_id": self.reason.id,
            }
        )
        again.action_activate()
        for name in ("leave_reason_id", "leave_note"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                again.with_user(self.seller).read([name])
        with self.assertRaises(AccessError):
            self.env["partner.leave.reason"].with_user(self.seller).search([])
