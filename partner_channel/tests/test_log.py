from datetime import datetime, timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PartnerChannelCommon


@tagged("post_install", "-at_install")
class TestLog(PartnerChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Log = cls.env["partner.registration.log"]
        cls.lead = cls._register(cls.northwind)
        cls.lead._approve_registration()
        cls.lead._withdraw_registration()
        cls.rows = cls.Log.search([("lead_id", "=", cls.lead.id)], order="sequence")

    def test_the_chain_is_whole(self):
        self.assertEqual(
            self.rows.mapped("event"), ["submitted", "approved", "withdrawn"]
        )
        self.assertEqual(self.rows[1].previous_hash, self.rows[0].hash)
        self.assertFalse(self.Log._find_broken_links(self.company))

    def test_companies_have_chains_of_their_own(self):
        program = self._create_program("Elsewhere", company=self.other_company)
        self._register(self._create_membership("Fabrikam", program=program))
        rows = self.Log.search([("company_id", "=", self.other_company.id)])
        self.assertEqual(rows.mapped("sequence"), [1])
        self.assertFalse(self.Log._find_broken_links(self.other_company))

    def test_a_history_that_is_taken_over_keeps_its_days(self):
        leads = self._register(
            self.northwind,
            submit=False,
            customer_vat="DE111111125",
            partner_name="Old Deal",
            website=False,
        ) | self._register(
            self.contoso,
            submit=False,
            customer_vat="DE222222236",
            partner_name="Older Deal",
            website=False,
        )
        submitted, decided = datetime(2025, 3, 3, 9), datetime(2025, 3, 4, 14)
        closed = datetime(2025, 5, 5, 16)
        leads._submit_registration(submitted)
        leads._approve_registration(decided)
        leads._close_registrations("won", closed)
        end = decided.date() + timedelta(days=self.program.protection_days)
        for lead in leads:
            with self.subTest(lead=lead.name):
                self.assertEqual(lead.date_submitted, submitted)
                self.assertEqual(lead.date_decision, decided)
                self.assertEqual(lead.date_protection_end, end)
                self.assertEqual(set(lead.claim_ids.mapped("date_to")), {end})
                rows = self.Log.search([("lead_id", "=", lead.id)], order="sequence")
                self.assertEqual(rows.mapped("date"), [submitted, decided, closed])
        self.assertFalse(self.Log._find_broken_links(self.company))

    def test_a_change_in_the_database_is_found(self):
        self.cr.execute(
            "UPDATE partner_registration_log SET date = date - interval '1 day' "
            "WHERE id = %s",
            [self.rows[1].id],
        )
        self.env.invalidate_all()
        self.assertEqual(self.Log._find_broken_links(self.company), self.rows[1])

    def test_a_row_cut_off_the_end_is_found(self):
        self.cr.execute(
            "DELETE FROM partner_registration_log WHERE id = %s", [self.rows[2].id]
        )
        self.env.invalidate_all()
        self.assertTrue(self.Log._find_broken_links(self.company))

    def test_nobody_writes_the_log(self):
        for user in (self.head, self.env.ref("base.user_admin")):
            rows = self.rows.with_user(user)
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    rows.write({"event": "rejected"})
                with self.assertRaises(AccessError):
                    rows.unlink()
                with self.assertRaises(AccessError):
                    rows.create([{"event": "won", "company_id": self.company.id}])
        with self.assertRaises(AccessError):
            self.rows.sudo().write({"event": "rejected"})
