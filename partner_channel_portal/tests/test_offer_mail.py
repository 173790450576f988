"""What people of partners are written about offered leads."""

from odoo import fields
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged

from .offer_common import HOUR, OfferMixin


@tagged("post_install", "-at_install")
class TestOfferMail(TransactionCase, OfferMixin):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpChannel()
        cls.setUpOffers()
        cls.workers = cls.owner | cls.seller | cls.seller2
        cls.others = cls.finance | cls.viewer | cls.norole

    def take_mails(self, *users):
        """Return e-mails as ``{address: [subject]}`` and forget them."""
        mails = self.get_mails(*users)
        found = {}
        for mail in mails:
            for person in mail.recipient_ids:
                found.setdefault(person, []).append(mail.subject)
        mails.unlink()
        return found

    def take_all(self):
        return self.take_mails(*self.workers, *self.others, self.rival, self.suspended)

    def test_those_who_work_on_leads_hear_of_an_offer(self):
        found = self.take_mails(*self.workers, *self.others)
        self.assertEqual(
            found,
            {user.partner_id: ["Leads offered to you: 1"] for user in self.workers},
        )

    def test_a_round_is_one_mail_a_person(self):
        self.take_all()
        leads = self._make_lead() | self._make_lead() | self._make_lead()
        leads._distribute()
        members = leads.offer_ids.membership_id
        self.assertEqual(members, self.alpha_membership | self.beta_membership)
        found = self.take_all()
        counts = {
            member.partner_id: len(
                leads.offer_ids.filtered_domain([("membership_id", "=", member.id)])
            )
            for member in members
        }
        self.assertEqual(
            found,
            {
                user.partner_id: [
                    f"Leads offered to you: {counts[user.commercial_partner_id]}"
                ]
                for user in (*self.workers, self.rival)
            },
        )

    def test_a_limited_role_hears_of_its_programs(self):
        self.take_all()
        role = self.seller.partner_id.portal_role_id
        role.program_ids = [Command.create({"name": "Another"})]
        self._offer(self.alpha_membership)
        self.assertEqual([*self.take_all()], [self.owner.partner_id])

    def test_each_reads_it_in_their_language_and_zone(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env.ref("base.at").with_context(lang="fr_FR").name = "Autriche"
        self.seller.partner_id.write({"lang": "fr_FR", "tz": "Asia/Tokyo"})
        self.owner.partner_id.write({"lang": "en_US", "tz": "Europe/Vienna"})
        self.take_all()
        self._offer(self.alpha_membership)
        for user, words in (
            (self.seller, ("Autriche", "Asia/Tokyo")),
            (self.owner, ("Austria", "Europe/Vienna")),
        ):
            body = self.get_mails(user).body_html
            for word in words:
                self.assertIn(word, body)

    def test_reminded_once_shortly_before_the_end(self):
        self.take_all()
        self.run_reminder()
        self.assertFalse(self.take_all(), "two hours before the end is time enough")
        self.assertEqual(self.offer.date_remind, self.offer.date_due - 2 * HOUR)
        long = self._offer(self.alpha_membership, hours=100)
        self.assertEqual(long.date_remind, long.date_due - 4 * HOUR)
        self.take_all()
        other = self._offer(self.beta_membership)
        late = self._offer(self.beta_membership)
        self.take_all()
        now = fields.Datetime.now()
        for offer, due in ((self.offer, HOUR), (other, HOUR), (late, -HOUR)):
            offer.write({"date_due": now + due, "date_remind": now - HOUR})
        for _run in range(2):
            self.run_reminder()
        self.assertEqual(
            self.take_all(),
            {
                user.partner_id: ["Leads to be answered soon: 1"]
                for user in (*self.workers, self.rival)
            },
        )

    def test_told_when_somebody_else_was_quicker(self):
        rival = self.offer.copy(
            {
                "partner_id": self.beta.id,
                "membership_id": self.beta_membership.id,
                "slot": 1,
            }
        )
        self.take_all()
        rival._accept()
        self.assertEqual(
            self.take_all(),
            {
                user.partner_id: ["Leads no longer offered to you: 1"]
                for user in self.workers
            },
        )

    def test_told_when_a_lead_is_taken_back(self):
        self.as_user(self.offer, self.seller).sudo()._portal_accept()
        self.take_all()
        self.lead._take_from_partners()
        self.assertEqual(
            self.take_all(),
            {user.partner_id: ["Leads taken back: 1"] for user in self.workers},
        )

    def test_who_gives_a_lead_back_is_not_told_of_it(self):
        self.as_user(self.offer, self.seller).sudo()._portal_accept()
        self.take_all()
        self.as_user(self.lead, self.seller).partner_desinterested(comment="No")
        self.assertEqual(self.offer.state, "declined")
        self.assertFalse(self.take_mails(*self.workers))

    def test_told_of_what_was_missed(self):
        self.take_all()
        self.offer.date_due = fields.Datetime.now() - HOUR
        self.env.flush_all()
        self.offer._miss()
        self.lead._distribute()
        found = self.take_all()
        for user in self.workers:
            self.assertEqual(
                found.pop(user.partner_id), ["Leads not answered in time: 1"]
            )
        self.assertEqual(found, {self.rival.partner_id: ["Leads offered to you: 1"]})

    def test_former_partners_are_written_nothing(self):
        before = self.get_mails(self.terminated)
        self.delta_offer._miss()
        self.assertEqual(self.get_mails(self.terminated), before)

    def test_many_mails_cost_as_many_queries_as_few(self):
        counts = []
        for number in (2, 20):
            offers = self.env["partner.lead.offer"].browse()
            for _turn in range(number):
                offers |= self._offer(self.alpha_membership)
                offers |= self._offer(self.beta_membership)
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            offers._write_to_people("remind")
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(*counts)
