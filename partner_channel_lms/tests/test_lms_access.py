from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import file_open, mute_logger

from odoo.addons.mail.tests.common import mail_new_test_user

from .lms_case import LmsCase

SECRETS = ("endpoint", "username", "password", "push_key", "push_digest")


@tagged("post_install", "-at_install")
class TestLmsAccess(LmsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.trainer, cls.manager = (
            mail_new_test_user(cls.env, f"lms_{name}_x", groups=group)
            for name, group in (
                ("trainer", "partner_channel_lms.group_channel_trainer"),
                ("manager", "partner_channel.group_channel_manager"),
            )
        )
        cls.provider.write({"endpoint": "https://lrs.example.org", "password": "p"})
        cls.provider.action_new_secret()

    def test_only_the_administrator_reads_credentials(self):
        provider = self.provider.with_user(self.trainer)
        self.assertEqual(provider.name, "Academy")
        for name in SECRETS:
            with self.subTest(name), self.assertRaises(AccessError):
                provider.read([name])
            with self.subTest(name), self.assertRaises(AccessError):
                provider.search([(name, "=", "x")])
        with self.assertRaises(AccessError):
            self.provider.with_user(self.manager).read(["name"])

    def test_only_the_administrator_changes_a_connection(self):
        provider = self.provider.with_user(self.trainer)
        for attempt in (
            lambda: provider.write({"name": "x"}),
            provider.action_new_secret,
            provider.action_switch_off,
            provider.action_pull,
            provider.unlink,
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_the_password_for_pushing_is_kept_as_a_hash_only(self):
        message = self.provider.action_new_secret()["params"]["message"]
        secret = message.rsplit(" ", 1)[1]
        self.assertGreater(len(secret), 40)
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM lms_provider")
        self.assertNotIn(secret, str(self.env.cr.fetchall()))

    def test_the_state_and_the_hash_are_not_written_by_hand(self):
        for name, value in (("state", "on"), ("push_digest", "x")):
            with self.subTest(name), self.assertRaises(AccessError):
                self.provider.write({name: value})

    def test_an_address_is_a_web_address(self):
        for address in ("file:///etc/passwd", "gopher://x", "lrs.example.org"):
            with self.subTest(address), self.assertRaises(ValidationError):
                self.provider.endpoint = address

    def test_partners_get_at_nothing(self):
        self._receive(self._say())
        user = self.seller.user_ids
        for name in (
            "lms.provider",
            "lms.statement",
            "lms.identity",
            "lms.course",
            "lms.sync.log",
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                self.env[name].with_user(user).search([])
        certificate = self._certificates(self.seller).with_user(user)
        self.assertTrue(certificate.date_issued)
        for name in ("lms_course_id", "evidence_date", "evidence_key"):
            with self.subTest(name), self.assertRaises(AccessError):
                certificate.read([name])
        with self.assertRaises(AccessError):
            certificate.type_id.read(["requirement_ids"])

    def test_nobody_writes_proof_from_outside_by_hand(self):
        self._receive(self._say())
        certificate = self._certificates(self.seller)
        for user in (self.env.user, self.trainer, self.manager):
            with self.subTest(user.login), self.assertRaises(AccessError):
                certificate.with_user(user).write({"evidence_key": "x"})
            with self.subTest(user.login), self.assertRaises(AccessError):
                certificate.with_user(user).create(
                    {
                        "partner_id": self.rival.id,
                        "type_id": self.kind.id,
                        "lms_course_id": self.course.id,
                        "date_issued": "2026-01-01",
                    }
                )

    def test_a_trainer_ties_people_and_courses(self):
        self._receive(self._say(mail="unknown@example.com"))
        self.env["lms.identity"].with_user(self.trainer).create(
            {
                "provider_id": self.provider.id,
                "actor_key": "mbox:mailto:unknown@example.com",
                "partner_id": self.seller.id,
            }
        )
        self.course.with_user(self.trainer).name = "Selling well"
        self._process()
        self.assertTrue(self._held(self.seller))

    def test_jobs_are_for_the_system(self):
        for user in (self.trainer, self.seller.user_ids):
            with self.assertRaises(AccessError):
                self.Statement.with_user(user)._cron_process()
            with self.assertRaises(AccessError):
                self.Statement.with_user(user)._cron_retry()
            with self.assertRaises(AccessError):
                self.provider.with_user(user)._cron_pull()

    def test_one_person_of_a_system_is_one_contact(self):
        values = {
            "provider_id": self.provider.id,
            "actor_key": "mbox:mailto:x@example.com",
            "partner_id": self.seller.id,
        }
        identities = self.env["lms.identity"]
        identities.create(values)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            identities.create({**values, "partner_id": self.rival.id})
            self.env.flush_all()

    def test_a_course_with_certificates_stays(self):
        self._receive(self._say())
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.course.unlink()
            self.env.flush_all()

    def test_a_copy_of_the_database_is_told_and_asks_nothing(self):
        self.env.flush_all()
        with file_open("partner_channel_lms/data/neutralize.sql") as file:
            self.env.cr.execute(file.read())
        self.env.invalidate_all()
        provider = self.provider
        self.assertEqual(provider.state, "off")
        self.assertFalse(any(provider[name] for name in SECRETS if name != "push_key"))
        self.assertFalse(provider._find_by_credentials(provider.push_key, ""))

    def test_merged_contacts_keep_their_certificates(self):
        twin = self.env["res.partner"].create(
            {"name": "Sam again", "parent_id": self.north.id}
        )
        self.env["lms.identity"].create(
            {
                "provider_id": self.provider.id,
                "actor_key": "mbox:mailto:twin@example.com",
                "partner_id": twin.id,
            }
        )
        self._receive(self._say(), self._say(mail="twin@example.com"))
        self.env.flush_all()
        wizard = self.env["base.partner.merge.automatic.wizard"].create(
            {"partner_ids": [Command.set((twin | self.seller).ids)]}
        )
        wizard.dst_partner_id = self.seller
        with mute_logger("odoo.addons.base.partner.merge"):
            wizard._merge((twin | self.seller).ids, self.seller)
        self.env.invalidate_all()
        self.assertEqual(len(self._held(self.seller)), 2)
        self._receive(self._say(mail="twin@example.com"))
        self.assertEqual(len(self._held(self.seller)), 2, "the same day, once more")

    def test_what_breaks_the_standard_is_not_tried_again(self):
        self.Statement._take_in(self.provider, [({"id": 1}, ["wrong"])])
        record = self.Statement.search([("reason", "=", "invalid")], limit=1)
        with self.assertRaises(UserError):
            record.action_retry()
