from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_application import ApplicationHttpCase

MODELS = (
    "partner.application",
    "partner.application.answer",
    "partner.application.criterion",
    "partner.application.decide",
    "partner.application.funnel",
    "partner.application.option",
    "partner.application.person",
    "partner.application.reason",
    "partner.portal.throttle",
)


@tagged("post_install", "-at_install")
class TestApplicationAccess(ApplicationHttpCase):
    """Applicants come by their link; by RPC nobody outside gets anything."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.application = cls.apply()

    def test_people_outside_have_no_rights_on_any_model(self):
        public = self.env.ref("base.public_user")
        for user in (self.owner, self.rival, public):
            for model in MODELS:
                records = self.env[model].with_user(user)
                for operation in ("read", "write", "create", "unlink"):
                    with self.subTest(user=user.login, model=model, what=operation):
                        self.assertFalse(records.has_access(operation))
        clerk = self._create_user(
            "portal_test_clerk",
            self.env["res.partner"].create({"name": "Clerk"}),
            "base.group_user",
        )
        for model in MODELS:
            with self.subTest(model=model):
                self.assertFalse(self.env[model].with_user(clerk).has_access("read"))

    def test_no_method_answers_a_partner_by_rpc(self):
        self.login(self.rival)
        application = self.application
        for method, args in (
            ("read", [[application.id]]),
            ("action_review", [[application.id]]),
            ("action_open_accept", [[application.id]]),
            ("_accept", [[application.id]]),
            ("_find_by_token", [application.access_token]),
            ("_portal_submit", [[application.id], {"terms": "1"}]),
            ("_cron_clean_drafts", []),
            ("message_post", [[application.id]]),
            ("search_count", [[["state", "=", "submitted"]]]),
        ):
            with self.subTest(method=method), mute_logger("odoo.http"):
                result, error = self.call_rpc("partner.application", method, args)
                self.assertFalse(result)
                self.assertTrue(error)
        self.assertEqual(application.state, "submitted")
        followers = application.message_partner_ids
        person = self.rival.partner_id
        self.call_rpc(
            "partner.application", "message_subscribe", [[application.id], [person.id]]
        )
        self.assertEqual(application.message_partner_ids, followers)

    def login(self, user):
        self.authenticate(user.login, user.login)

    def call_rpc(self, model, method, args):
        answer = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            json={
                "jsonrpc": "2.0",
                "method": "call",
                "id": 0,
                "params": {
                    "model": model,
                    "method": method,
                    "args": args,
                    "kwargs": {},
                },
            },
        ).json()
        return answer.get("result"), answer.get("error")

    def test_what_partners_read_of_a_program_is_not_its_rules_for_applicants(self):
        program = self.as_user(self.program, self.owner)
        for name in (
            "application_manager_id",
            "application_hours",
            "criterion_ids",
            "reapply_policy",
        ):
            with (
                self.subTest(name=name),
                mute_logger("odoo.models"),
                self.assertRaises(AccessError),
            ):
                program.read([name])

    def test_channel_managers_read_no_links_and_set_no_states(self):
        mine = self.as_user(self.application, self.manager)
        for name in ("access_token", "confirm_token"):
            with mute_logger("odoo.models"), self.assertRaises(AccessError):
                mine.read([name])
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            mine.search([("access_token", "like", "a")])
        for values in (
            {"state": "accepted"},
            {"date_decision_due": False},
            {"membership_id": self.alpha_membership.id},
            {"access_token": "a" * 43},
            {"file_ids": [Command.clear()]},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                mine.write(values)

    def test_a_wrong_link_is_404_whatever_is_known(self):
        token = self.application.access_token
        page = f"/partner-application/{token}"
        self.assertEqual(self.url_open(page).status_code, 200)
        for wrong in ("a" * 43, token[:-1], token.swapcase(), f"{token}a", "%00", "1"):
            for path in ("", "/company", "/check"):
                with self.subTest(token=wrong, path=path):
                    answer = self.url_open(f"/partner-application/{wrong}{path}")
                    self.assertEqual(answer.status_code, 404)
            answer = self.send(f"/partner-application/{wrong}/withdraw")
            self.assertEqual(answer.status_code, 404)
        self.assertEqual(self.url_open(f"{page}/nothing").status_code, 404)
        self.assertEqual(self.application.state, "submitted")

    def test_another_application_is_not_reached(self):
        other = self.apply(email="bo@b.example", name="Secret Company")
        page = f"/partner-application/{self.application.access_token}"
        self.assertNotIn("Secret Company", self.url_open(page).text)
        self.assertNotIn(other.access_token, self.url_open(page).text)

    def test_forms_without_the_csrf_token_are_refused(self):
        page = f"/partner-application/{self.application.access_token}"
        with mute_logger("odoo.http"):
            answer = self.url_open(f"{page}/withdraw", data={"x": "1"})
        self.assertEqual(answer.status_code, 400)
        self.assertEqual(self.application.state, "submitted")

    def test_files_are_not_served_to_anybody_outside(self):
        attachment = self.env["ir.attachment"].create(
            {
                "name": "a.txt",
                "raw": b"secret",
                "res_model": "partner.application",
                "res_id": self.application.id,
            }
        )
        for user in (None, self.rival):
            self.authenticate(user and user.login, user and user.login)
            with mute_logger("odoo.http"):
                answer = self.url_open(f"/web/content/{attachment.id}")
            self.assertNotIn("secret", answer.text)

    def test_the_jobs_are_the_systems(self):
        for name in ("screen", "clean"):
            cron = self.env.ref(f"partner_channel_portal.ir_cron_{name}_applications")
            self.assertEqual(cron.group_ids, self.env.ref("base.group_system"))
        Application = self.env["partner.application"].with_user(self.owner)
        for method in ("_cron_screen_applications", "_cron_clean_drafts"):
            with self.assertRaises(AccessError):
                getattr(Application, method)()
