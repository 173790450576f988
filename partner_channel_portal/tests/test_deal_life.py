"""More time, updates, receipt and proof in the portal; what a distributor sees."""

from odoo import fields, http
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PortalFormCase


@tagged("post_install", "-at_install")
class TestDealLife(PortalFormCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program.write({"extension_policy": "once", "update_days": 14})
        cls.deal = cls._create_deals(cls.seller, submit=True)
        cls.deal._approve_registration()

    def send(self, page, files=None, **values):
        return self.url_open(
            f"/my/deals/{self.deal.id}/{page}",
            data={**values, "csrf_token": http.Request.csrf_token(self)},
            files=[("files", file) for file in files or []] or None,
            allow_redirects=False,
        )

    # === MORE TIME === #

    def test_more_time_is_asked_for_with_proof_and_files(self):
        self.login(self.seller)
        text = self.url_open(f"/my/deals/{self.deal.id}").text
        self.assertIn("Ask for more time", text)
        answer = self.send(
            "extension",
            files=[("note.txt", b"Minutes of the demo")],
            proof="Demo held",
            days="900",
            state="granted",
        )
        self.assertEqual(answer.status_code, 303)
        extension = self.deal.extension_ids
        self.assertEqual((extension.state, extension.proof), ("pending", "Demo held"))
        self.assertEqual(extension.days, self.program.extension_days)
        self.assertEqual(extension.asked_by_id, self.seller.partner_id)
        self.assertEqual(extension.attachment_ids.mapped("name"), ["note.txt"])
        text = self.url_open(f"/my/deals/{self.deal.id}").text
        self.assertIn("We decide on your request", text)
        self.assertNotIn("Ask for more time", text)
        answer = self.send("extension", proof="Again")
        self.assertIn("already", answer.text)
        self.assertEqual(len(self.deal.extension_ids), 1)

    def test_what_was_typed_is_kept(self):
        self.login(self.seller)
        answer = self.send(
            "extension", files=[("run.exe", b"MZ")], proof="Demo held & more"
        )
        self.assertEqual(answer.status_code, 200)
        self.assertIn("deal_files_error", answer.text)
        self.assertIn("Demo held &amp; more", answer.text)
        answer = self.send("extension", proof=" ")
        self.assertIn("deal_proof_error", answer.text)
        self.assertFalse(self.deal.extension_ids)

    def test_a_refusal_shows_its_reason(self):
        extension = self.deal._request_extension("Demo held")
        extension.reason = "No contact <since> May"
        extension.action_refuse()
        self.login(self.seller)
        text = self.url_open(f"/my/deals/{self.deal.id}").text
        self.assertIn("No contact &lt;since&gt; May", text)

    # === UPDATES === #

    def test_an_update_takes_two_taps(self):
        self.login(self.seller)
        page = self.url_open(f"/my/deals/{self.deal.id}").text
        self.assertIn(f"/my/deals/{self.deal.id}/update", page)
        day = fields.Date.to_string(fields.Date.add(fields.Date.today(), months=2))
        answer = self.send("update", text="Demo held", date_deadline=day)
        self.assertEqual(answer.status_code, 303)
        update = self.deal.update_ids
        self.assertEqual(update.text, "Demo held")
        self.assertEqual(update.person_id, self.seller.partner_id)
        self.assertEqual(fields.Date.to_string(self.deal.date_deadline), day)
        answer = self.send("update", text="More", date_deadline="soon")
        self.assertIn("deal_date_deadline_error", answer.text)
        self.assertIn("More", answer.text)
        self.assertEqual(len(self.deal.update_ids), 1)

    # === WHO MAY === #

    def test_others_may_do_none_of_it(self):
        for user, status in (
            (self.rival, 404),
            (self.viewer, 403),
            (self.seller2, 404),
        ):
            self.login(user)
            for page, values in (
                ("extension", {"proof": "x"}),
                ("update", {"text": "x"}),
            ):
                with self.subTest(user=user.login, page=page):
                    with mute_logger("odoo.http"):
                        answer = self.send(page, **values)
                    self.assertEqual(answer.status_code, status)
        self.assertFalse(self.deal.extension_ids or self.deal.update_ids)

    def test_forms_need_the_token(self):
        self.login(self.seller)
        with mute_logger("odoo.http"):
            answer = self.url_open(
                f"/my/deals/{self.deal.id}/update", data={"text": "forged"}
            )
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self.deal.update_ids)

    def test_remote_calls_reach_none_of_the_methods(self):
        self.login(self.seller)
        end = self.deal.date_protection_end
        self.deal._request_extension("Demo held")
        extension = self.deal.extension_ids
        calls = (
            ("crm.lead", "_request_extension", [self.deal.ids, "x"]),
            ("crm.lead", "_transfer_registration", [self.deal.ids, 1, "x"]),
            ("crm.lead", "_revert_decision", [self.deal.ids, "x"]),
            ("partner.registration.extension", "action_grant", [extension.ids]),
            ("partner.registration.extension", "search_read", [[]]),
            ("partner.deal.update", "create", [{"lead_id": self.deal.id}]),
            ("partner.customer.record", "search_read", [[]]),
            ("crm.lead.registration.transfer", "create", [{"reason": "x"}]),
            ("crm.lead.registration.revert", "create", [{"reason": "x"}]),
            ("partner.registration.verify", "create", [{}]),
        )
        for model, method, args in calls:
            with (
                self.subTest(model=model, method=method),
                mute_logger("odoo.http", "odoo.addons.base.models.ir_model"),
            ):
                _result, error = self.call_as_user(model, method, args)
                self.assertTrue(error)
        self.assertEqual(self.deal.date_protection_end, end)

    # === RECEIPT AND PROOF === #

    def test_the_receipt_is_for_the_registering_company(self):
        for user, status in (
            (self.seller, 200),
            (self.owner, 200),
            (self.rival, 404),
        ):
            self.login(user)
            with self.subTest(user=user.login), mute_logger("odoo.http"):
                answer = self.url_open(f"/my/deals/{self.deal.id}/receipt")
                self.assertEqual(answer.status_code, status)
        self.login(self.seller)
        row = self.env["partner.registration.log"].search(
            [("lead_id", "=", self.deal.id)], limit=1
        )
        answer = self.url_open(f"/my/deals/{self.deal.id}/receipt")
        self.assertIn(row.hash, answer.text)
        self.assertIn("/partner-channel/proof", answer.text)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")

    def test_anybody_verifies_a_hash_and_learns_nothing_else(self):
        row = self.env["partner.registration.log"].search(
            [("lead_id", "=", self.deal.id)], limit=1
        )
        self.authenticate(None, None)
        found = self.url_open(f"/partner-channel/proof?hash={row.hash}").text
        self.assertIn("o_partner_channel_held", found)
        for word in (self.deal.name, "Alpha", f"No. {row.sequence}"):
            self.assertNotIn(word, found)
        for text in ("0" * 64, row.hash[:32], "%25", "' OR 1=1 --", "x" * 5000, "\0"):
            with self.subTest(text[:10]):
                answer = self.url_open("/partner-channel/proof", params={"hash": text})
                self.assertLess(answer.status_code, 500)
                self.assertNotIn("o_partner_channel_held", answer.text)

    # === DISTRIBUTOR === #

    def _share(self, **values):
        self.alpha_membership.sponsor_id = self.beta_membership
        deal = self._create_deals(self.seller, submit=True, partner_name="Zen")
        deal.write(values)
        return deal

    def test_a_distributor_reads_the_deal_and_no_more(self):
        deal = self._share()
        deal._approve_registration()
        deal.message_post(body="Between us", message_type="comment")
        seen = deal.with_user(self.rival).sudo(False)
        self.assertTrue(seen.has_access("read"))
        self.assertFalse(seen._has_portal_right() or seen._can_portal_post())
        self.assertFalse(seen._can_share_attach())
        self.login(self.rival)
        page = self.url_open(f"/my/deals/{deal.id}")
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("/withdraw", page.text)
        messages = self.env["mail.message"].with_user(self.rival)
        domain = [("model", "=", "crm.lead"), ("res_id", "=", deal.id)]
        self.assertFalse(messages.search(domain))
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            seen.update_contact_details_from_portal({"phone": "1"})
        with mute_logger("odoo.http"):
            answer = self.url_open(
                f"/my/deals/{deal.id}/update",
                data={"text": "x", "csrf_token": http.Request.csrf_token(self)},
            )
            self.assertEqual(answer.status_code, 403)
            answer = self.url_open(f"/my/deals/{deal.id}/receipt")
            self.assertEqual(answer.status_code, 404)

    def test_what_is_hidden_the_distributor_does_not_find(self):
        deal = self._share(is_hidden_from_distributor=True)
        self.assertFalse(deal.with_user(self.rival).sudo(False).has_access("read"))
        self.login(self.rival)
        with mute_logger("odoo.http"):
            answer = self.url_open(f"/my/deals/{deal.id}")
        self.assertEqual(answer.status_code, 404)
        found, _error = self.call_as_user(
            "crm.lead", "search_read", [[("id", "=", deal.id)], ["name"]]
        )
        self.assertFalse(found)
        self.program.hide_from_distributor = True
        self.assertTrue(self._share().is_hidden_from_distributor)

    def test_a_draft_or_a_refusal_is_not_the_distributors(self):
        deal = self._share()
        deal._return_registration("Name the office")
        self.assertFalse(deal.with_user(self.rival).sudo(False).has_access("read"))

    def test_another_partner_reads_no_deal_of_a_distributor(self):
        deal = self._share()
        deal._approve_registration()
        for user, reads in ((self.rival, True), (self.suspended, False)):
            with self.subTest(user=user.login):
                seen = deal.with_user(user).sudo(False)
                self.assertEqual(seen.has_access("read"), reads)

    def test_a_former_distributor_reads_nothing(self):
        deal = self._share()
        deal._approve_registration()
        seen = deal.with_user(self.rival).sudo(False)
        self.assertTrue(seen.has_access("read"))
        self.beta_membership.action_terminate()
        self.env.invalidate_all()
        self.assertEqual(deal.distributor_id, self.beta_membership)
        self.assertFalse(seen.has_access("read"))

    # === HANDED ON === #

    def test_the_new_partner_sees_nothing_of_the_former_one(self):
        self.deal._transfer_registration(
            self.beta_membership, "Left", self.rival.partner_id
        )
        self.login(self.rival)
        text = self.url_open(f"/my/deals/{self.deal.id}").text
        self.assertIn("Handed to Another Partner", text)
        for word in ("Seller of Alpha", "Draft saved"):
            self.assertNotIn(word, text)
        self.login(self.seller)
        with mute_logger("odoo.http"):
            answer = self.url_open(f"/my/deals/{self.deal.id}")
        self.assertEqual(answer.status_code, 404)
