"""The log proves what was claimed: tampering of every kind is found."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools.chain import link
from .common import PartnerChannelCommon


@tagged("post_install", "-at_install")
class TestProof(PartnerChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Log = cls.env["partner.registration.log"]
        cls.lead = cls._register(cls.northwind)
        cls.lead._approve_registration()
        cls.lead._request_extension("Demo held").action_grant()
        cls.lead._withdraw_registration()
        cls.rows = cls.Log.search(
            [("company_id", "=", cls.company.id)], order="sequence"
        )
        cls.env.flush_all()

    def _tamper(self, query, *args):
        self.cr.execute(query, args)
        self.env.invalidate_all()

    def _check(self):
        return self.Log._check_chain(self.company)

    def _rehash(self, row, **changes):
        """Write a row with a hash that fits it, as somebody who knows how would."""
        vals = {**row.read(load=None)[0], **changes}
        vals["hash"] = link(vals["previous_hash"] or "", self.Log._get_linked(vals))
        for name in (*changes, "hash"):
            self._tamper(
                f"UPDATE partner_registration_log SET {name} = %s WHERE id = %s",
                vals[name],
                row.id,
            )

    def test_the_chain_is_whole(self):
        check = self._check()
        self.assertTrue(check.is_whole)
        self.assertEqual(check.entries, len(self.rows))
        self.assertEqual(check.head_hash, self.rows[-1].hash)

    def test_batches_do_not_matter(self):
        module = "odoo.addons.partner_channel.models.deal.registration_log_check_mixin"
        self.patch(__import__(module, fromlist=["_"]), "_BATCH", 1)
        self.assertEqual(self._check().entries, len(self.rows))
        self.assertTrue(self._check().is_whole)

    def test_each_changed_column_is_found(self):
        changes = {
            "event": "won",
            "user_id": self.env.ref("base.user_admin").id,
            "membership_id": self.contoso.id,
            "date": "2020-01-01 00:00:00",
            "content_digest": "0" * 64,
            "note": "put in later",
            "previous_hash": "0" * 64,
        }
        for name, value in changes.items():
            with self.subTest(name), self.env.cr.savepoint(flush=False) as savepoint:
                self._tamper(
                    f"UPDATE partner_registration_log SET {name} = %s WHERE id = %s",
                    value,
                    self.rows[1].id,
                )
                self.assertEqual(self._check().broken_ids[0], self.rows[1].id)
                savepoint.rollback()

    def test_a_row_taken_out_of_the_middle_is_found(self):
        self._tamper(
            "DELETE FROM partner_registration_log WHERE id = %s", self.rows[1].id
        )
        self.assertEqual(self._check().broken_ids[0], self.rows[2].id)

    def test_a_row_taken_off_the_end_is_found(self):
        self._tamper(
            "DELETE FROM partner_registration_log WHERE id = %s", self.rows[-1].id
        )
        check = self._check()
        self.assertFalse(check.is_end_whole or check.broken_ids)

    def test_a_log_that_was_emptied_is_found(self):
        self._tamper("DELETE FROM partner_registration_log")
        self.assertFalse(self._check().is_whole)

    def test_a_row_put_in_is_found(self):
        self._tamper(
            """
            INSERT INTO partner_registration_log
                   (company_id, sequence, lead_id, membership_id, event, user_id, date,
                    content_digest, previous_hash, hash)
            SELECT company_id, sequence + 1, lead_id, membership_id, event, user_id,
                   date, content_digest, hash, repeat('a', 64)
              FROM partner_registration_log WHERE id = %s
            """,
            self.rows[-1].id,
        )
        check = self._check()
        self.assertFalse(check.is_end_whole)
        self.assertTrue(check.broken_ids)

    def test_a_row_with_its_hash_computed_anew_is_found(self):
        self._rehash(self.rows[1], event="rejected")
        self.assertEqual(self._check().broken_ids[0], self.rows[2].id)

    def test_the_last_row_with_its_hash_computed_anew_is_found(self):
        self._rehash(self.rows[-1], event="expired")
        check = self._check()
        self.assertEqual((check.broken_ids, check.is_end_whole), ([], False))

    # === WHAT IS IN IT === #

    def test_everything_that_happens_is_in_the_log(self):
        self.program.write({"runner_up_policy": "next"})
        lead = self._register(
            self.northwind, partner_name="Zen", customer_vat="", website=""
        )
        lead._escalate()
        lead._return_registration("Name the office")
        lead._submit_registration()
        lead._reject_registration("other")
        lead._revert_decision("Wrong button")
        lead._approve_registration()
        extension = lead._request_extension("Demo held")
        extension.reason = "No"
        extension._refuse()
        lead._transfer_registration(self.contoso, "Left")
        lead._expire_registrations()
        rows = self.Log.search([("lead_id", "=", lead.id)], order="sequence")
        self.assertEqual(
            rows.mapped("event"),
            [
                "submitted",
                "escalated",
                "returned",
                "submitted",
                "rejected",
                "reverted",
                "approved",
                "extension_asked",
                "extension_refused",
                "transferred",
                "expired",
            ],
        )
        self.assertTrue(all(row.user_id and row.content_digest for row in rows))
        self.assertTrue(self._check().is_whole)

    # === PAGE AND RECEIPT === #

    def _verify(self, user):
        wizard = self.env["partner.registration.verify"].with_user(user)
        wizard = wizard.create({"company_id": self.company.id})
        wizard.action_check()
        return wizard

    def test_the_page_names_the_first_entry_that_does_not_fit(self):
        analyst = self._create_user("anna", "partner_channel.group_channel_analyst")
        self.assertEqual(self._verify(analyst).state, "whole")
        self._rehash(self.rows[1], event="rejected")
        found = self._verify(self.manager)
        self.assertEqual(found.state, "broken")
        self.assertEqual(found.first_broken_number, self.rows[2].sequence)
        self.assertEqual(found.first_broken_hash, self.rows[2].hash)

    def test_nobody_checks_a_company_one_does_not_work_in(self):
        wizard = self.env["partner.registration.verify"].with_user(self.manager)
        wizard = wizard.create({"company_id": self.other_company.id})
        with self.assertRaises(AccessError):
            wizard.action_check()
        with self.assertRaises(AccessError):
            self._verify(self.seller)

    def test_the_receipt_says_what_was_claimed_and_how_it_is_proved(self):
        receipt = self.lead.with_user(self.seller)._get_receipt()
        self.assertIn(("Tax ID", "DE123456788"), receipt["claims"])
        own = self.rows.filtered(lambda row: row.lead_id == self.lead)
        self.assertEqual(
            [(entry["sequence"], entry["hash"]) for entry in receipt["entries"]],
            [(row.sequence, row.hash) for row in own],
        )
        self.assertEqual(receipt["head"], self.rows[-1].hash)
        report = self.env["ir.actions.report"]
        html = report._render_qweb_html(
            "partner_channel.report_registration_receipt", self.lead.ids
        )[0].decode()
        self.assertIn(own[0].hash, html)
        self.assertIn("How to verify", html)

    def test_the_receipt_is_the_registering_partners(self):
        for user in (self.rival, self.other_manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.lead.with_user(user)._get_receipt()
        self.northwind.sponsor_id = self.contoso
        shared = self._register(
            self.northwind, partner_name="Zen", customer_vat="", website=""
        )
        self.assertTrue(shared.with_user(self.rival).has_access("read"))
        with self.assertRaises(AccessError):
            shared.with_user(self.rival)._get_receipt()
        draft = self._register(self.northwind, submit=False)
        with self.assertRefused(UserError, "no receipt"):
            draft._get_receipt()
