from datetime import date

from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .invoice_common import OwnInvoiceCommon

JULY = (date(2026, 7, 1), date(2026, 7, 31))


@tagged("post_install", "-at_install")
class TestSign(OwnInvoiceCommon, HttpCase):
    """Who sees the money does not always bind the partner."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader_role = cls.env["partner.portal.role"].create(
            {"name": "Reads Money", "can_see_all_deals": True, "can_see_money": True}
        )
        cls.reader = cls._create_staff(cls.alpha, "reader", None)
        cls.reader.partner_id.portal_role_id = cls.reader_role
        cls._invoice_partner(cls.alpha, 1000, date="2026-07-10")
        cls.sent = cls.Statement._create_statements(
            cls.company, *JULY, memberships=cls.alpha_member
        )
        cls.sent.action_send()

    def test_who_does_not_sign_accepts_no_statement(self):
        statement = self.sent.with_user(self.reader)
        self.assertTrue(statement.amount_total)
        self.assertFalse(statement._can_portal_accept())
        with self.assertRaises(AccessError):
            statement._portal_accept()
        self.assertTrue(self.sent.with_user(self.finance)._can_portal_accept())
        self.reader_role.can_sign = True
        statement._portal_accept()
        self.assertEqual(self.sent.accepted_by_id, self.reader)

    def test_who_signs_without_seeing_money_accepts_nothing(self):
        self.reader_role.write({"can_see_money": False, "can_sign": True})
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            self.sent.with_user(self.reader)._portal_accept()

    def test_who_does_not_sign_agrees_to_no_self_billing(self):
        Membership = self.env["partner.membership"].with_user(self.reader)
        with self.assertRaises(AccessError):
            Membership._portal_set_self_billing(self.alpha_member.id, True)
        self.assertFalse(self.alpha_member.self_billing_date)

    def test_the_pages_offer_signing_to_those_who_may(self):
        for user, may in ((self.reader, False), (self.finance, True)):
            self.authenticate(user.login, user.login)
            page = self.url_open(f"/my/statements/{self.sent.id}").text
            self.assertEqual("o_partner_channel_accept" in page, may)
            page = self.url_open("/my/commissions/self-billing").text
            self.assertEqual("Agree to self-billing" in page, may)
        self.authenticate(self.reader.login, self.reader.login)
        with mute_logger("odoo.http"):
            answer = self.url_open(
                f"/my/statements/{self.sent.id}/accept",
                data={"csrf_token": http.Request.csrf_token(self)},
                allow_redirects=False,
            )
        self.assertEqual(answer.status_code, 403)
        self.assertEqual(self.sent.state, "sent")

    def test_money_of_other_programs_is_not_shown_by_a_limited_role(self):
        Entry = self.env["partner.commission.entry"].with_user(self.reader)
        Statement = self.Statement.with_user(self.reader)
        self.assertTrue(Entry.search([]) and Statement.search([]))
        other = self.env["partner.program"].create(
            {"name": "Other", "company_id": self.company.id}
        )
        self.reader_role.program_ids = other
        self.assertFalse(Entry.search([]) or Statement.search([]))
        self.reader_role.program_ids = self.alpha_member.program_id
        self.assertTrue(Entry.search([]) and Statement.search([]))
        self.reader_role.holds_in = "active"
        self.alpha_member.action_suspend()
        self.assertFalse(Entry.search([]) or Statement.search([]))
