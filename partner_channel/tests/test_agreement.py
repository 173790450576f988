"""Agreements: their versions, who signs them, and what stands once it is signed."""

import hashlib
from datetime import date

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .agreement_case import PDF, PNG, PROGRAM, AgreementCase


@tagged("post_install", "-at_install")
@freeze_time("2028-03-15 12:00:00")
class TestAgreement(AgreementCase):
    # === VERSIONS === #

    def test_versions_are_numbered_as_they_are_published(self):
        self.assertEqual(self.version.number, 1)
        self.assertEqual(self.template.current_version_id, self.version)
        self.template.action_new_version()
        draft = self.template.version_ids - self.version
        self.assertEqual((draft.state, draft.number), ("draft", 0))
        self.assertEqual(draft.text, self.version.text)
        self.assertEqual(self.template.current_version_id, self.version)
        self.template.action_new_version()
        self.assertEqual(len(self.template.version_ids), 2, "one draft at a time")
        (draft | self.version).action_publish()
        self.assertEqual((draft.number, self.version.number), (2, 1))
        self.assertEqual(self.template.current_version_id, draft)
        self.assertEqual(draft.display_name, "Reseller Agreement, version 2")

    def test_published_terms_stand(self):
        for values in (
            {"text": "<p>Others</p>"},
            {"document": PDF},
            {"validity": "months", "validity_months": 6},
        ):
            with (
                self.subTest(values=values),
                self.assertRefused(UserError, "version 1", "Make a new version"),
            ):
                self.version.write(values)
        with self.assertRefused(AccessError):
            self.version.state = "draft"
        with self.assertRefused(UserError, "cannot be deleted"):
            self.version.unlink()
        empty = self.env["partner.agreement.version"].create(
            {"template_id": self.template.id}
        )
        with self.assertRefused(UserError, "no terms"):
            empty.action_publish()
        with self.assertRefused(ValidationError, "PDF"):
            empty.document = PNG
        empty.unlink()

    # === SIGNING === #

    def test_an_agreement_is_sent_signed_and_stands(self):
        person = self.seller.partner_id
        agreement = self._draft(self.northwind, signatory_id=person.id)
        self.assertEqual(agreement.version_id, self.version)
        agreement.action_send()
        self.assertEqual(agreement.state, "sent")
        message = agreement.message_ids.filtered(lambda m: "Terms" in (m.body or ""))
        self.assertEqual(message.partner_ids, person)
        with self.assertRefused(UserError, "back to draft", "Valid From"):
            agreement.date_from = "2028-01-01"
        with self.assertRefused(UserError, "attach the signed document"):
            agreement.action_sign()
        agreement.write(
            {
                "signed_name": "Ann",
                "signed_document": PDF,
                "signed_filename": "deal.exe",
                "date_signed": "2028-03-10",
            }
        )
        agreement.action_sign()
        agreement.action_sign()
        self.assertRecordValues(
            agreement,
            [
                {
                    "state": "signed",
                    "date_from": date(2028, 3, 10),
                    "date_to": False,
                    "date_last": False,
                    "signed_filename": "deal.pdf",
                    "recorded_by_id": self.env.uid,
                    "signed_digest": hashlib.sha256(
                        b"%PDF-1.4 signed by hand"
                    ).hexdigest(),
                }
            ],
        )

    def test_what_is_signed_stands(self):
        agreement = self._sign(self.northwind)
        for values in (
            {"date_to": "2030-01-01"},
            {"signed_name": "Bob"},
            {"signed_document": PNG},
            {"membership_id": self.contoso.id},
        ):
            with (
                self.subTest(values=values),
                self.assertRefused(UserError, "is signed and stands"),
            ):
                agreement.write(values)
        with self.assertRefused(UserError, "cannot be deleted"):
            agreement.unlink()
        agreement.note = "Kept in the safe"

    def test_the_state_and_what_follows_from_it_are_nobodys_to_write(self):
        agreement = self._draft(self.northwind)
        for values in (
            {"state": "signed"},
            {"date_last": "2030-01-01"},
            {"signed_digest": "x"},
            {"date_replaced": "2030-01-01"},
        ):
            with self.subTest(values=values), self.assertRefused(AccessError):
                agreement.write(values)
        with self.assertRefused(AccessError):
            self._draft(self.northwind, state="signed")

    def test_the_validity_is_that_of_the_version(self):
        months = self._create_template("By months")
        self._publish(months, validity="months", validity_months=12)
        fixed = self._create_template("By day")
        self._publish(fixed, validity="date", date_until="2028-12-31")
        one = self._sign(self.northwind, "2028-02-29", months)
        self.assertEqual(one.date_to, date(2029, 2, 27))
        two = self._sign(self.northwind, "2028-03-01", fixed)
        self.assertEqual(two.date_to, date(2028, 12, 31))
        own = self._sign(self.contoso, template=months, date_to="2028-06-30")
        self.assertEqual(own.date_last, date(2028, 6, 30), "as agreed with one partner")
        self.assertEqual(own.date_reminder, date(2028, 5, 1), "60 days before")

    def test_what_cannot_be_signed_is_refused_with_words(self):
        agreement = self._draft(self.northwind)
        with self.assertRefused(UserError, "in the future"):
            agreement._sign("Ann", date(2028, 3, 16))
        self.assertEqual(agreement.state, "draft")
        with self.assertRefused(ValidationError, "PDF, PNG or JPEG"):
            agreement.signed_document = PROGRAM
        agreement.signed_document = PNG
        with self.assertRefused(ValidationError, "does not work for the partner"):
            agreement.signatory_id = self.rival.partner_id
        other = self._create_template("Elsewhere", self._create_program("Other"))
        with self.assertRefused(ValidationError, "another program"):
            agreement.write(
                {"template_id": other.id, "version_id": self._publish(other).id}
            )
        self.northwind.action_terminate()
        with self.assertRefused(UserError, "has ended"):
            agreement._sign("Ann")

    def test_signed_once_it_is_not_signed_again(self):
        agreement = self._draft(self.northwind, signed_document=PNG)
        agreement.action_send()
        self.assertEqual(agreement._sign("Sam Seller"), agreement)
        self.assertRecordValues(
            agreement,
            [
                {
                    "state": "signed",
                    "signed_name": "Sam Seller",
                    "date_signed": date(2028, 3, 15),
                    "signed_filename": "agreement.png",
                }
            ],
        )
        self.assertFalse(agreement._sign("Again"))
        self.assertEqual(agreement.signed_name, "Sam Seller")

    # === SUCCESSORS === #

    def test_a_new_agreement_takes_the_place_of_the_old_one(self):
        old = self._sign(self.northwind, "2028-01-01", date_to="2028-12-31")
        other = self._sign(self.contoso, "2028-01-01", date_to="2028-12-31")
        renewal = self._draft(self.northwind, date_from="2028-07-01")
        renewal._sign("Ann")
        self.assertEqual((old.state, renewal.state), ("signed", "signed"))
        self.assertEqual(old.date_last, date(2028, 6, 30))
        self.assertEqual(old.replaced_by_id, renewal)
        correction = self._sign(self.northwind, "2028-03-10", date_to="2028-06-30")
        self.assertEqual(old.state, "superseded")
        self.assertFalse(old.date_ended, "the day of a termination only")
        self.assertEqual(old.date_last, date(2028, 3, 9))
        self.assertEqual(renewal.state, "signed", "another period is not touched")
        self.assertEqual(correction.state, "signed")
        self.assertEqual((other.state, other.date_last), ("signed", date(2028, 12, 31)))
        again = self._sign(self.northwind, "2028-03-10", date_to="2028-06-30")
        self.assertEqual(correction.state, "superseded", "from the same day")
        self.assertEqual(again.state, "signed")

    def test_the_database_refuses_two_in_force(self):
        first = self._sign(self.northwind, "2028-01-01")
        second = self._draft(self.northwind)
        with (
            self.assertRaises(psycopg2.errors.ExclusionViolation),
            mute_logger("odoo.sql_db"),
        ):
            second._set_protected(
                {
                    "state": "signed",
                    "signed_name": "Bob",
                    "date_signed": date(2028, 2, 1),
                    "date_from": date(2028, 2, 1),
                }
            )
            second.flush_recordset()
        self.assertEqual(first.state, "signed")

    def test_a_newer_version_ends_signatures_on_the_older_one(self):
        old = self._sign(self.northwind, "2028-01-01")
        ending = self._sign(self.contoso, "2028-01-01", date_to="2028-04-10")
        second = self._publish(self.template, date_resign="2028-04-30")
        self.assertEqual(self.version.date_last, date(2028, 4, 30))
        self.assertEqual(old.date_last, date(2028, 4, 30))
        self.assertEqual(ending.date_last, date(2028, 4, 10), "its own end is earlier")
        self.assertFalse(second.date_last)
        third = self._publish(self.template, date_resign="2028-04-20")
        self.assertEqual(old.date_last, date(2028, 4, 20), "the earlier of the two")
        self.assertEqual(second.date_last, date(2028, 4, 20))
        third.date_resign = "2028-05-31"
        self.assertEqual(old.date_last, date(2028, 4, 30))
        self.assertEqual(second.date_last, date(2028, 5, 31))
        with self.assertRefused(UserError, "is over"):
            third.date_resign = "2028-03-14"
        with freeze_time("2028-06-01"):
            late = self._draft(self.contoso, version_id=self.version.id)
            with self.assertRefused(UserError, "choose the current version"):
                late._sign("Ann")

    def test_a_version_without_a_day_leaves_signatures_as_they_are(self):
        old = self._sign(self.northwind, "2028-01-01")
        self._publish(self.template)
        self.assertFalse(old.date_last)

    # === ENDING === #

    def test_terminating_takes_a_reason_and_is_final(self):
        agreements = self._sign(self.northwind) | self._sign(self.contoso)
        with self.assertRefused(UserError, "write the reason"):
            agreements.action_terminate()
        self.assertEqual(set(agreements.mapped("state")), {"signed"})
        agreements.termination_reason = "Sold to a rival"
        agreements.action_terminate()
        agreements.action_terminate()
        self.assertEqual(set(agreements.mapped("state")), {"terminated"})
        self.assertEqual(agreements[0].date_ended, date(2028, 3, 15))
        self.assertEqual(agreements[0].date_last, date(2028, 3, 15))
        with self.assertRefused(UserError, "Possible from here"):
            agreements.action_draft()
        draft = self._draft(self.northwind, termination_reason="No")
        with self.assertRefused(UserError, "cannot become “Terminated”"):
            draft.action_terminate()

    # === PREPARING === #

    def test_agreements_are_prepared_once_for_all_who_lack_them(self):
        self._sign(self.northwind)
        self.template.action_prepare_all()
        self.template.action_prepare_all()
        drafts = self.template.agreement_ids.filtered(lambda a: a.state == "draft")
        self.assertEqual(drafts.membership_id, self.contoso)
        (self.northwind | self.contoso).action_prepare_agreements()
        self.assertEqual(len(self.template.agreement_ids), 2)
        second = self._publish(self.template, date_resign="2028-12-31")
        self.template.action_prepare_all()
        drafts = self.template.agreement_ids.filtered(
            lambda a: a.version_id == second and a.state == "draft"
        )
        self.assertEqual(drafts.membership_id, self.northwind | self.contoso)

    def test_a_template_with_agreements_stays_in_its_program(self):
        self._draft(self.northwind)
        with self.assertRefused(UserError, "create another template"):
            self.template.program_id = self._create_program("Other")
        with self.assertRefused(ValidationError, "are no tiers of"):
            self.template.grade_ids = self._grade("Gold", self._create_program("O2"))
