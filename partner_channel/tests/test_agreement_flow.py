"""Papers filed late, sending many at once, signing, and what is kept of versions."""

import base64
import hashlib
from ast import literal_eval
from datetime import date

from lxml import etree

from odoo.exceptions import UserError, ValidationError
from odoo.modules.module import load_script
from odoo.tests import freeze_time, tagged
from odoo.tools import file_path

from .agreement_case import PDF, PNG, PROGRAM, AgreementCase


@tagged("post_install", "-at_install")
@freeze_time("2028-03-15 12:00:00")
class TestAgreementFlow(AgreementCase):
    # === PAPERS FILED LATER THAN THEIR SUCCESSORS === #

    def test_an_older_paper_filed_late_ends_before_the_later_signature(self):
        for member in (self.northwind, self.contoso):
            newer = self._sign(member, "2028-02-01")
            older = self._sign(member, "2028-01-01")
            with self.subTest(member=member.display_name):
                self.assertEqual((newer.state, newer.date_last), ("signed", False))
                self.assertFalse(newer.replaced_by_id)
                self.assertEqual(older.state, "superseded")
                self.assertEqual(older.date_last, date(2028, 1, 31))
                self.assertEqual(older.replaced_by_id, newer)

    def test_it_counts_until_a_later_signature_that_begins_in_the_future(self):
        first = self._sign(self.northwind, "2028-01-01")
        far = self._sign(self.northwind, "2028-03-12", date_from="2029-01-01")
        near = self._sign(
            self.northwind, "2028-03-13", date_from="2028-07-01", date_to="2028-12-31"
        )
        late = self._sign(self.northwind, "2028-03-01")
        self.assertEqual((late.state, late.date_last), ("signed", date(2028, 6, 30)))
        self.assertEqual(late.replaced_by_id, near, "the first of them")
        self.assertEqual((near.state, far.state), ("signed", "signed"))
        self.assertEqual((near.date_last, far.date_last), (date(2028, 12, 31), False))
        self.assertEqual(first.state, "superseded")
        self.assertEqual(first.date_last, date(2028, 2, 29))

    def test_what_lies_within_a_later_signature_never_counts(self):
        newer = self._sign(self.northwind, "2028-02-01", date_from="2028-01-01")
        older = self._sign(self.northwind, "2028-01-10")
        self.assertEqual((newer.state, newer.date_last), ("signed", False))
        self.assertEqual(older.state, "superseded")
        self.assertEqual(older.replaced_by_id, newer)

    def test_a_later_signature_for_other_days_ends_nothing(self):
        later = self._sign(
            self.northwind, "2028-03-01", date_from="2028-03-01", date_to="2028-06-30"
        )
        older = self._sign(self.northwind, "2028-02-01", date_from="2028-07-01")
        self.assertEqual((later.state, older.state), ("signed", "signed"))
        self.assertEqual(later.date_last, date(2028, 6, 30))
        self.assertEqual(later.replaced_by_id, older, "no one is told to renew it")
        self.assertFalse(older.date_last)

    def test_a_later_signature_that_has_ended_took_its_place_all_the_same(self):
        later = self._sign(self.northwind, "2028-02-01", date_to="2028-03-01")
        self._run_job()
        self.assertEqual(later.state, "expired")
        older = self._sign(self.northwind, "2028-01-01")
        self.assertEqual(older.state, "superseded")
        self.assertEqual(older.date_last, date(2028, 1, 31))

    def test_the_first_successor_is_the_one_that_follows(self):
        first = self._sign(self.northwind, "2028-01-01", date_to="2028-06-30")
        near = self._sign(
            self.northwind, "2028-03-12", date_from="2028-07-01", date_to="2028-12-31"
        )
        far = self._sign(self.northwind, "2028-03-13", date_from="2029-01-01")
        self.assertEqual((first.replaced_by_id, near.replaced_by_id), (near, far))
        self.assertEqual(first.date_last, date(2028, 6, 30))

    def test_more_time_for_a_version_does_not_reach_into_the_renewal(self):
        first = self._sign(self.northwind, "2028-01-01")
        other = self._sign(self.contoso, "2028-01-01")
        second = self._publish(self.template, date_resign="2028-04-30")
        renewal = self._sign(self.northwind, "2028-03-10", date_from="2028-05-01")
        second.date_resign = "2028-05-31"
        self.assertEqual(first.date_last, date(2028, 4, 30))
        self.assertEqual(other.date_last, date(2028, 5, 31))
        self.assertEqual((first.replaced_by_id, renewal.state), (renewal, "signed"))

    # === SENDING === #

    def test_sending_tells_who_has_no_mail(self):
        person = self.seller.partner_id
        mailed = self._draft(self.northwind, signatory_id=person.id)
        unnamed = self._draft(self.contoso)
        both = mailed | unnamed
        answer = both.action_send()
        self.assertEqual(both.mapped("state"), ["sent", "sent"])
        self.assertEqual(answer["tag"], "display_notification")
        self.assertIn("1 have no signatory with an e-mail", answer["params"]["message"])
        self.assertFalse(both.action_send(), "nothing was sent this time")
        both.action_draft()
        person.email = False
        answer = both.action_send()
        self.assertIn("2 have no signatory with an e-mail", answer["params"]["message"])
        both.action_draft()
        person.email = "sam@northwind.example"
        self.assertFalse(mailed.action_send(), "all went by mail")

    def test_those_without_a_signatory_with_an_e_mail_are_found(self):
        person = self.seller.partner_id
        drafts = self._draft(self.northwind, signatory_id=person.id)
        drafts |= self._draft(self.contoso)
        view = self.env.ref("partner_channel.partner_agreement_view_search")
        [node] = etree.fromstring(view.arch).xpath("//filter[@name='no_signatory']")
        domain = literal_eval(node.get("domain"))
        found = drafts.filtered_domain(domain)
        self.assertEqual(found.membership_id, self.contoso)
        self.assertEqual(drafts.search([*domain, ("id", "in", drafts.ids)]), found)
        person.email = False
        self.assertEqual(drafts.filtered_domain(domain), drafts)
        self.assertEqual(drafts.search([*domain, ("id", "in", drafts.ids)]), drafts)

    # === SIGNING === #

    def test_who_signed_and_the_document_come_with_the_signature(self):
        person = self.seller.partner_id
        agreement = self._draft(self.northwind)
        with self.assertRefused(ValidationError, "PDF, PNG or JPEG"):
            agreement.signed_document = PROGRAM
        with self.assertRefused(ValidationError, "does not work for the partner"):
            agreement.signatory_id = self.rival.partner_id
        agreement.write(
            {
                "signatory_id": person.id,
                "signed_document": PDF,
                "signed_filename": "C:\\papers\\terms.png",
            }
        )
        agreement._sign("Sam Seller", date(2028, 3, 14))
        self.assertRecordValues(
            agreement,
            [
                {
                    "state": "signed",
                    "signed_name": "Sam Seller",
                    "date_signed": date(2028, 3, 14),
                    "date_from": date(2028, 3, 14),
                    "signatory_id": person.id,
                    "signed_filename": "terms.pdf",
                    "signed_digest": hashlib.sha256(
                        b"%PDF-1.4 signed by hand"
                    ).hexdigest(),
                    "recorded_by_id": self.env.uid,
                }
            ],
        )
        # without a name of its own
        other = self._draft(self.northwind, signatory_id=person.id, signed_document=PNG)
        other._sign("Sam Seller")
        self.assertEqual(other.signatory_id, person)
        self.assertEqual(other.signed_filename, "agreement.png")

    # === WHAT IS KEPT === #

    def test_the_template_that_cannot_move_is_named(self):
        program = self._create_program("Other")
        stays = self._create_template("Stays", program)
        free = self._create_template("Free")
        self._publish(stays)
        member = self._create_membership("Initech", program)
        self._draft(member, stays)
        self._draft(self.northwind)
        with self.assertRefused(UserError, "“Reseller Agreement” has agreements"):
            (stays | free | self.template).program_id = program
        (stays | free).program_id = program
        self.assertEqual(free.program_id, program)

    def test_a_template_takes_its_drafts_along_but_no_published_version(self):
        with self.assertRefused(UserError, "version 1", "cannot be deleted"):
            self.template.unlink()
        self.assertTrue(self.version.exists())
        one, two = self._create_template("One"), self._create_template("Two")
        for template in (one, two):
            template.action_new_version()
        versions = (one | two).version_ids
        self.assertEqual(len(versions), 2)
        with self.assertRefused(UserError, "cannot be deleted"):
            (one | self.template).unlink()
        (one | two).unlink()
        self.assertFalse(versions.exists())

    def test_terms_are_judged_as_papers_are(self):
        """A byte order mark or blanks before a PDF are harmless, a script is not."""
        draft = self.env["partner.agreement.version"].create(
            {"template_id": self.template.id}
        )
        draft.document = base64.b64encode(b"\xef\xbb\xbf%PDF-1.4 terms")
        agreement = self._draft(self.northwind)
        script = base64.b64encode(b"<script>x</script>%PDF-1.4 %%EOF")
        with self.assertRefused(ValidationError, "PDF"):
            draft.document = script
        with self.assertRefused(ValidationError, "PDF"):
            agreement.signed_document = script

    # === EARLIER DATABASES === #

    def _migrate_twice(self):
        path = "partner_channel/migrations/19.0.1.5.0/post-agreements.py"
        for _twice in range(2):
            script = load_script(file_path(path), "post-agreements")
            script.migrate(self.cr, "19.0.1.4.0")
            self.env.invalidate_all()
            yield

    def test_agreements_replaced_in_earlier_databases_keep_their_last_days(self):
        ended, prolonged = (self._sign(m) for m in (self.northwind, self.contoso))
        followed = self._sign(
            self._create_membership("Initech", self.program), "2028-02-01"
        )
        self.env.flush_all()
        # as the earlier job left them: the version's last day, then moved on
        self.cr.execute(
            """UPDATE partner_agreement SET state = 'superseded',
                      date_ended = '2028-03-12',
                      date_last = CASE id WHEN %s THEN date '2028-03-10'
                                          WHEN %s THEN date '2028-03-31'
                                          ELSE '2028-02-20' END,
                      date_replaced = CASE id WHEN %s THEN date '2028-02-20' END
                WHERE id IN %s""",
            [ended.id, prolonged.id, followed.id, (ended | prolonged | followed)._ids],
        )
        days = [date(2028, 3, 10), date(2028, 3, 11), date(2028, 2, 20)]
        for _turn in self._migrate_twice():
            for agreement, day in zip((ended, prolonged, followed), days, strict=True):
                self.assertEqual(agreement.date_replaced, day)
                self.assertEqual(agreement.date_last, day)
                self.assertFalse(agreement.date_ended)
        self.version._set_protected({"date_last": "2028-06-30"})
        self.assertEqual(ended.date_last, days[0], "it has ended")

    def test_agreements_of_earlier_databases_count_to_their_ends(self):
        ended, expired = (self._sign(m) for m in (self.northwind, self.contoso))
        ended.termination_reason = "Left"
        ended.action_terminate()
        rule = self.env.ref("partner_channel.partner_agreement_company_rule")
        rule.domain_force = "[('company_id', 'in', company_ids)]"
        self.env.flush_all()
        self.cr.execute(
            "UPDATE partner_agreement SET date_last = NULL, state = CASE id WHEN %s "
            "THEN state ELSE 'expired' END, date_ended = '2028-03-15' WHERE id IN %s",
            [ended.id, (ended | expired)._ids],
        )
        for _turn in self._migrate_twice():
            self.assertEqual(ended.date_last, date(2028, 3, 15))
            self.assertFalse(expired.date_last or expired.date_ended)
            self.assertIn("user.share", rule.domain_force)
