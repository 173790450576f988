"""The nightly job of certificates: reminders, once each."""

from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged

from .common import CertificationCommon


@tagged("post_install", "-at_install")
class TestReminders(CertificationCommon):
    """Certificates of 12 months; the time to renew begins 60 days before the end."""

    def _run_job(self, day):
        cron = self.env.ref("partner_channel_lms.ir_cron_follow_certifications")
        with freeze_time(f"{day} 03:00:00"), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _get_mails(self):
        """Return ``[(person, subject)]`` of the e-mails queued since the last call."""
        mails = self.env["mail.mail"].search(
            [("subject", "like", "Certificates %")], order="id"
        )
        found = [(mail.recipient_ids.name, mail.subject) for mail in mails]
        self.texts = mails.mapped("body_html")
        mails.unlink()
        return sorted(found)

    def _tell(self, kind):
        """Tell of everything that is due, without the job's transactions."""
        today = date.today()
        certificates = self.Certification.search(
            self.Certification._get_telling_domain(kind, today)
        )
        certificates._tell(kind, today)

    def test_holder_and_owner_are_told_once_to_renew(self):
        self._take_on(self.seller, date(2026, 3, 1))
        self._run_job("2026-12-30")
        self.assertEqual(self._get_mails(), [])
        self._run_job("2026-12-31")
        self.assertEqual(
            self._get_mails(),
            [
                ("Olga Owner", "Certificates to renew: 1"),
                ("Sam Seller", "Certificates to renew: 1"),
            ],
        )
        self.assertIn("Sam Seller", self.texts[0] + self.texts[1])
        self._run_job("2026-12-31")
        self._run_job("2027-01-02")
        self.assertEqual(self._get_mails(), [])

    def test_the_end_is_told_the_day_after(self):
        self._take_on(self.seller, date(2026, 3, 1))
        self._run_job("2026-12-31")
        self._get_mails()
        self._run_job("2027-03-01")
        self.assertEqual(self._get_mails(), [])
        self._run_job("2027-03-02")
        self.assertEqual(
            self._get_mails(),
            [
                ("Olga Owner", "Certificates that have ended: 1"),
                ("Sam Seller", "Certificates that have ended: 1"),
            ],
        )
        self._run_job("2027-03-03")
        self.assertEqual(self._get_mails(), [])

    def test_one_mail_for_all_and_each_partner_hears_of_its_own(self):
        for person in (self.seller, self.owner, self.rival):
            self._take_on(person, date(2026, 3, 1))
        self._run_job("2027-01-10")
        self.assertEqual(
            self._get_mails(),
            [
                ("Olga Owner", "Certificates to renew: 2"),
                ("Rita Rival", "Certificates to renew: 1"),
                ("Sam Seller", "Certificates to renew: 1"),
            ],
        )
        for text in self.texts:
            self.assertFalse("Sam Seller" in text and "Rita Rival" in text)

    def test_who_renewed_in_time_hears_nothing(self):
        self._take_on(self.seller, date(2026, 3, 1))
        self._take_on(self.seller, date(2026, 12, 1))
        self._run_job("2027-01-10")
        self._run_job("2027-03-02")
        self.assertEqual(self._get_mails(), [])

    def test_what_a_revoked_one_had_renewed_is_told_again(self):
        shorter = self._take_on(self.seller, date(2026, 2, 20))
        held = self._take_on(self.seller, date(2026, 3, 1))
        newer = self._take_on(self.seller, date(2026, 12, 1))
        other = self._take_on(self.rival, date(2026, 3, 1))
        self._run_job("2027-01-10")
        self.assertEqual(
            self._get_mails(), [("Rita Rival", "Certificates to renew: 1")]
        )
        with freeze_time("2027-01-12 12:00:00"):
            newer._revoke("Cheated")
        self.assertFalse(held.date_told_expiring)
        self.assertTrue(other.date_told_expiring)
        self._run_job("2027-01-12")
        self.assertEqual(
            self._get_mails(),
            [
                ("Olga Owner", "Certificates to renew: 1"),
                ("Sam Seller", "Certificates to renew: 1"),
            ],
        )
        with freeze_time("2027-01-13 12:00:00"):
            shorter._revoke("It ended before the other one")
        self._run_job("2027-01-13")
        self.assertEqual(self._get_mails(), [], "once")

    def test_owners_are_not_told_of_people_who_left(self):
        self._take_on(self.seller, date(2026, 3, 1))
        self.seller.user_ids.active = False
        self.seller.active = False
        self._run_job("2027-01-10")
        self._run_job("2027-03-02")
        self.assertEqual(self._get_mails(), [])

    def test_revoked_endless_and_long_ended_ones_are_no_news(self):
        self._take_on(self.seller, date(2026, 3, 1))._revoke("Cheated")
        self._take_on(self.rival, date(2020, 3, 1))
        self.kind.validity_months = 0
        self._take_on(self.owner, date(2026, 3, 1))
        self._run_job("2027-03-02")
        self.assertEqual(self._get_mails(), [])
        old = self._certificates(self.rival)
        self.assertEqual(old.date_told_ended, date(2027, 3, 2))

    def test_each_reads_it_in_their_own_language(self):
        self.env["res.lang"]._activate_lang("uk_UA")
        self.kind.with_context(lang="uk_UA").name = "Продажі"
        self.seller.lang = "uk_UA"
        self._take_on(self.seller, date(2026, 3, 1))
        self._run_job("2027-01-10")
        mails = self.env["mail.mail"].search([("recipient_ids", "in", self.seller.ids)])
        self.assertIn("Продажі", mails.body_html)
        mails = self.env["mail.mail"].search([("recipient_ids", "in", self.owner.ids)])
        self.assertIn("Sales", mails.body_html)

    def test_a_partner_that_left_is_not_told_of_its_people(self):
        self._take_on(self.seller, date(2026, 3, 1))
        self.memberships[0].action_terminate()
        self._run_job("2027-01-10")
        self.assertEqual(
            self._get_mails(), [("Sam Seller", "Certificates to renew: 1")]
        )

    def test_only_the_system_runs_the_job(self):
        user = new_test_user(self.env, "lms_clerk2", "base.group_user")
        with self.assertRaises(AccessError):
            self.Certification.with_user(user)._cron_follow_certifications()

    @freeze_time("2027-01-10 03:00:00")
    def test_many_people_take_as_many_queries_as_two(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._tell("expiring")
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        for person in (self.seller, self.rival):
            self._take_on(person, date(2026, 3, 1))
        count()
        for person in (self.seller, self.rival):
            self._take_on(person, date(2026, 3, 2))
        few = count()
        people = self.env["res.partner"].create(
            [
                {
                    "name": f"Person {number}",
                    "email": f"person{number}@example.com",
                    "parent_id": (self.north, self.south)[number % 2].id,
                }
                for number in range(15)
            ]
        )
        for person in people:
            self._take_on(person, date(2026, 3, 2))
        self._get_mails()
        self.assertLessEqual(count(), few)
        self.assertEqual(len(self._get_mails()), 17, "15 people and two owners")

    def test_a_tier_that_counted_on_it_is_reviewed_the_same_night(self):
        for person, day in ((self.seller, 1), (self.owner, 20)):
            self._take_on(person, date(2026, 3, day))
        member = self.memberships[0]
        with freeze_time("2027-03-01 03:00:00"):
            member._review_tiers()
            self.assertEqual(member.grade_id, self.certified)
        cron = self.env.ref("partner_channel.ir_cron_review_tiers")
        for day, decisions in (("2027-03-01", []), ("2027-03-02", ["demote"])):
            with freeze_time(f"{day} 12:00:00"), self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(member.pending_review_id.mapped("decision"), decisions)
