import json
from pathlib import Path

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .. import __path__ as addon
from .badge_case import BadgeCase


@tagged("post_install", "-at_install")
class TestBadgeKey(BadgeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Key = cls.env["partner.badge.key"]
        cls.company = cls.program.company_id
        cls.system = new_test_user(
            cls.env, "lms_system", groups="base.group_system", company_id=cls.company.id
        )

    def test_it_is_made_with_the_first_badge_and_once(self):
        self.assertFalse(self.Key.search([]))
        self._as("lms_seller", "badge.jwt")
        [key] = self.Key.search([])
        self.assertEqual(key.company_id, self.company)
        self._as("lms_seller", "badge.svg")
        self.assertEqual(self.Key.search([]), key)
        self.assertEqual(self.Key._make(self.company), key, "one is in use already")

    def test_each_company_has_its_own(self):
        other = self.env["res.company"].create({"name": "Other Vendor"})
        keys = self.Key._make(self.company) | self.Key._make(other)
        self.assertEqual(len(set(keys.mapped("kid"))), 2)
        self.assertEqual(
            self.Key.with_user(self.system).search([]).company_id, self.company
        )

    def test_nobody_reads_the_private_part(self):
        key = self.Key._make(self.company)
        self.assertIn("PRIVATE KEY", key.private_pem)
        own = key.with_user(self.system)
        self.assertTrue(own.public_jwk)
        with self.assertRaises(AccessError):
            own.read(["private_pem"])
        with self.assertRaises(AccessError):
            own.search([("private_pem", "like", "PRIVATE%")])
        with self.assertRaises(AccessError):
            own.export_data(["private_pem"])
        self.assertNotIn("private_pem", own.read()[0])
        self.assertNotIn("private_pem", own.fields_get())
        self.assertNotIn("d", json.loads(key.public_jwk))

    def test_nobody_writes_keys(self):
        key = self.Key._make(self.company).with_user(self.system)
        for deed in (
            lambda: key.write({"kid": "x"}),
            lambda: key.write({"private_pem": "x"}),
            key.unlink,
            lambda: key.copy(),
            lambda: key.create({"company_id": self.company.id, "kid": "x"}),
        ):
            with self.assertRaises(AccessError):
                deed()

    def test_others_see_no_key_and_no_secret_of_a_badge(self):
        self._share()
        for user in (
            self.seller.user_ids,
            new_test_user(
                self.env, "lms_keys", groups="partner_channel.group_channel_head"
            ),
        ):
            for model in ("partner.badge.key", "partner.certification.badge"):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])
        badges = self.env["partner.certification.badge"].with_user(self.system)
        badge = badges.search([])
        self.assertTrue(badge.is_public)
        for name in ("token", "salt", "identity"):
            with self.assertRaises(AccessError):
                badge.read([name])
        with self.assertRaises(AccessError):
            badge.write({"is_public": False})

    def test_the_administrator_replaces_it(self):
        old = self.Key._make(self.company)
        self.Key.with_user(self.system).action_new_key()
        new = self.Key._get_used(self.company)
        self.assertNotEqual(new, old)
        self.assertTrue(old.date_retired)
        self.assertFalse(old.private_pem)
        self.assertTrue(new.private_pem)
        head = new_test_user(
            self.env, "lms_head", groups="partner_channel.group_channel_head"
        )
        with self.assertRaises(AccessError):
            self.Key.with_user(head).action_new_key()

    def test_all_keys_stay_published(self):
        keys = self.Key._make(self.company)
        self.Key.with_user(self.system).action_new_key()
        keys |= self.Key._get_used(self.company)
        path = f"/badges/issuer/{self.company.id}/jwks.json"
        published = self._as(None, path).json()["keys"]
        self.assertEqual({one["kid"] for one in published}, set(keys.mapped("kid")))
        for key in keys:
            answer = self._as(None, f"/badges/key/{key.kid}")
            self.assertEqual(answer.json(), json.loads(key.public_jwk))
            self.assertEqual(answer.headers["Access-Control-Allow-Origin"], "*")
        self._as(None, "/badges/key/unknown", 404)
        self._as(None, "/badges/issuer/2147483648/jwks.json", 404)

    def test_a_neutralised_copy_signs_nothing(self):
        self._as("lms_seller", "badge.jwt")
        sql = (Path(addon[0]) / "data" / "neutralize.sql").read_text()
        self.env.flush_all()
        self.env.cr.execute(sql)  # pylint: disable=sql-injection
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            self.Key._sign(self.company, {})
        self.assertIn("Badges cannot be made just now", self._as("lms_seller").text)
        self._as("lms_seller", "badge.jwt", 404)
        self._as(None, f"/badges/issuer/{self.company.id}/status/0", 404)
        self.assertEqual(
            len(self._as(None, f"/badges/issuer/{self.company.id}/jwks.json").json()), 1
        )
