from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.mail.tests.common import mail_new_test_user

from ..tools import xapi_evidence
from .lms_case import LmsCase

FIRST = ("2026-03-01", "2026-03-01", "2027-03-01")


@tagged("post_install", "-at_install")
class TestMatching(LmsCase):
    def _reason(self, statement):
        self._receive(statement)
        record = self._get(statement)
        return record.state, record.reason

    def test_everybody_unknown_waits_for_a_person(self):
        self.assertEqual(
            self._reason(self._say(mail="nobody@example.com")),
            ("unmatched", "no_person"),
        )
        self.assertEqual(
            self._reason(self._say(object={"id": "https://other.example.org"})),
            ("unmatched", "no_course"),
        )
        self.assertFalse(self.env["res.partner"].search([("email", "ilike", "nobody")]))

    def test_a_person_is_found_by_address_hash_or_account(self):
        digest = xapi_evidence.get_mail_keys("seller@example.com")[1].split(":")[1]
        account = {"homePage": "https://academy.example.org", "name": "7"}
        self.env["lms.identity"].create(
            {
                "provider_id": self.provider.id,
                "actor_key": "account:https://academy.example.org|7",
                "partner_id": self.seller.id,
            }
        )
        for day, actor in (
            ("2026-03-01", {"mbox": "mailto:SELLER@Example.com"}),
            ("2026-03-02", {"mbox_sha1sum": digest.upper()}),
            ("2026-03-03", {"account": account}),
        ):
            with self.subTest(actor):
                self._receive(self._say(day=day, actor=actor))
                self.assertEqual(self._held(self.seller)[-1][0], day)

    def test_an_address_a_partner_wrote_on_a_contact_is_no_proof(self):
        self.rival.email = "seller2@example.com"
        statement = self._say(mail="seller2@example.com")
        self.assertEqual(self._reason(statement), ("unmatched", "no_person"))

    def test_people_of_no_partner_are_not_found(self):
        self.memberships[0].action_terminate()
        self.assertEqual(self._reason(self._say()), ("unmatched", "no_person"))

    def test_the_login_of_an_archived_contact_is_nobody(self):
        user = self.seller.user_ids
        user.active = False
        self.assertEqual(self._reason(self._say()), ("unmatched", "no_person"))

    def test_two_logins_that_differ_by_case_are_doubtful(self):
        self.rival.user_ids.login = "SELLER@EXAMPLE.COM"
        self.assertEqual(self._reason(self._say()), ("unmatched", "doubt"))
        self.assertEqual(self._held(self.seller), [])

    def test_groups_are_no_person(self):
        group = {"objectType": "Group", "mbox": "mailto:seller@example.com"}
        self.assertEqual(self._reason(self._say(actor=group)), ("ignored", "group"))

    def test_tying_a_person_takes_up_what_waited(self):
        statement = self._say(mail="unknown@example.com")
        self._receive(statement)
        identity = self.env["lms.identity"].create(
            {
                "provider_id": self.provider.id,
                "actor_key": "mbox:mailto:unknown@example.com",
                "partner_id": self.rival.id,
            }
        )
        self.assertEqual(self._get(statement).state, "new")
        self._process()
        self.assertEqual(self._held(self.rival), [FIRST])
        # it was somebody else: the certificate moves
        identity.partner_id = self.seller
        self._process()
        self.assertEqual(self._held(self.rival), [])
        self.assertEqual(self._held(self.seller), [FIRST])

    def test_tying_a_course_takes_up_what_waited(self):
        self.course.activity = "https://academy.example.org/other"
        statement = self._say()
        self.assertEqual(self._reason(statement), ("unmatched", "no_course"))
        self.course.activity = statement["object"]["id"]
        self._process()
        self.assertEqual(self._held(self.seller), [FIRST])

    def test_a_course_to_be_ignored_waits_for_nobody(self):
        self.course.type_id = False
        self.assertEqual(self._reason(self._say()), ("ignored", "course_off"))

    def test_ignoring_a_course_takes_back_nothing(self):
        self._receive(self._say())
        self.course.type_id = False
        self._process()
        self.assertEqual(self._held(self.seller), [FIRST])

    def test_a_new_login_is_found_at_once(self):
        said = [self._say(mail=f"late{number}@example.com") for number in (1, 2)]
        self._receive(*said)
        self.Statement._cron_retry()
        self.assertEqual({self._get(one).state for one in said}, {"unmatched"})
        self.rival.user_ids.login = "Late1@example.com"
        self.assertEqual([self._get(one).state for one in said], ["new", "unmatched"])
        self._process()
        self.assertEqual(self._held(self.rival), [FIRST])
        # somebody who is new
        person = self.env["res.partner"].create(
            {"name": "Lena Late", "parent_id": self.north.id}
        )
        self.env["res.users"].with_context(no_reset_password=True).create(
            {
                "login": "late2@example.com",
                "partner_id": person.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        self._process()
        self.assertEqual(self._held(person), [FIRST])

    def test_whom_a_partner_has_invited_counts_once_they_logged_in(self):
        statement = self._say(mail="famous@example.com")
        self.assertEqual(self._reason(statement), ("unmatched", "no_person"))
        partners = self.env["res.partner"].with_user(self.rival.user_ids)
        role = self.env.ref("partner_channel_portal.portal_role_seller")
        invited = {"name": "Fay", "email": "famous@example.com", "role": str(role.id)}
        self.assertEqual(partners._portal_invite_member(invited), {})
        person = self.env["res.partner"].search([("email", "=", invited["email"])])
        person._grant_team_access()
        self.assertEqual(person.user_ids.login, "famous@example.com")
        self._process()
        self.Statement._cron_retry()
        self._process()
        self.assertEqual(self._get(statement).reason, "no_person")
        self.assertEqual(self._held(person), [])
        user = person.user_ids
        user.with_user(user)._update_last_login()
        self.assertEqual(self._get(statement).state, "new")
        self._process()
        self.assertEqual(self._held(person), [FIRST])

    def test_a_login_that_is_given_up_ends_a_doubt(self):
        self.rival.user_ids.login = "SELLER@EXAMPLE.COM"
        statement = self._say()
        self.assertEqual(self._reason(statement), ("unmatched", "doubt"))
        self.rival.user_ids.login = "rival@example.com"
        self._process()
        self.assertEqual(self._held(self.seller), [FIRST])

    def test_a_login_that_changes_takes_back_nothing(self):
        self._receive(self._say())
        self.seller.user_ids.login = "other@example.com"
        self._process()
        self.assertEqual(self._held(self.seller), [FIRST])

    def test_many_logins_are_looked_up_once(self):
        """Set-based: a pair costs as much as one."""
        self._receive(self._say(mail="late@example.com"))
        counts = []
        for users in (self.rival.user_ids, (self.rival | self.owner).user_ids):
            self.env.flush_all()
            keys = users._get_actor_keys()
            before = self.env.cr.sql_log_count
            self.Statement._requeue_lost(keys)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
        self.assertLessEqual(counts[0], 2)

    def test_who_becomes_a_partner_is_found_at_night(self):
        self.memberships[0].action_terminate()
        statement = self._say()
        self._receive(statement)
        self.Statement._cron_retry()
        self.assertEqual(self._get(statement).state, "unmatched")
        self.seller.parent_id = self.south
        self.Statement._cron_retry()
        self._process()
        self.assertEqual(self._held(self.seller), [FIRST])

    def test_trying_again_by_hand_is_for_trainers(self):
        statement = self._say(mail="nobody@example.com")
        self._receive(statement)
        trainer = mail_new_test_user(
            self.env, "lms_trainer", groups="partner_channel_lms.group_channel_trainer"
        )
        record = self._get(statement)
        with self.assertRaises(AccessError):
            record.with_user(self.seller.user_ids).action_retry()
        record.with_user(trainer).action_retry()
        self.assertEqual(record.state, "new")
        for attempt in (
            lambda: record.with_user(trainer).write({"partner_id": self.seller.id}),
            record.with_user(trainer).unlink,
            lambda: record.with_user(trainer).copy(),
        ):
            with self.assertRaises(AccessError):
                attempt()
