from odoo.exceptions import AccessError
from odoo.tests import HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import mail_new_test_user

from .learning_case import LearningCase

_SEARCH = {
    "search_type": "slides",
    "order": "name asc",
    "limit": 5,
    "options": {
        "displayDescription": False,
        "displayDetail": False,
        "displayExtraDetail": False,
        "displayExtraLink": False,
        "displayImage": False,
        "allowFuzzy": True,
    },
}


@tagged("post_install", "-at_install")
class TestLearningRoles(LearningCase):
    """Who of the vendor and of the partners sees which enrolments."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.path = cls._create_path(role_ids=False)
        cls.env["learning.path"]._enrol_by_rule(cls.memberships)
        cls.everybody = cls.owner | cls.seller | cls.rival

    def _seen_by(self, user):
        return self.Enrolment.with_user(user).search([]).partner_id

    def _user(self, group):
        return mail_new_test_user(self.env, f"learn_{group}", groups=group)

    def test_people_see_their_own_and_the_team_with_the_role(self):
        self.assertEqual(self._seen_by(self.seller.user_ids), self.seller)
        self.assertEqual(self._seen_by(self.owner.user_ids), self.owner | self.seller)
        self.assertEqual(self._seen_by(self.rival.user_ids), self.rival)
        customer = new_test_user(self.env, "learn_c", groups="base.group_portal")
        self.assertFalse(self._seen_by(customer))

    def test_a_former_employer_reads_nothing_of_who_has_left(self):
        self.seller.parent_id = self.south
        self.env.flush_all()
        self.env.registry.clear_cache()
        former = self.Enrolment.search(
            [
                ("partner_id", "=", self.seller.id),
                ("commercial_partner_id", "=", self.north.id),
            ]
        )
        self.assertEqual(former.state, "cancelled")
        self.assertEqual(self._seen_by(self.owner.user_ids), self.owner)
        self.assertFalse(former.with_user(self.owner.user_ids).has_access("read"))
        self.assertEqual(self._seen_by(self.seller.user_ids), self.seller)

    def test_channel_managers_see_their_partners(self):
        manager = self._user("partner_channel.group_channel_manager")
        other = mail_new_test_user(
            self.env, "learn_other", groups="partner_channel.group_channel_manager"
        )
        self.memberships[0].manager_id = manager
        self.memberships[1].manager_id = other
        self.assertEqual(self._seen_by(manager), self.owner | self.seller)
        self.assertEqual(self._seen_by(other), self.rival)
        for group in ("analyst", "coordinator", "head", "admin"):
            with self.subTest(group=group):
                user = self._user(f"partner_channel.group_channel_{group}")
                self.assertEqual(self._seen_by(user), self.everybody)
        trainer = self._user("partner_channel_lms.group_channel_trainer")
        self.assertEqual(self._seen_by(trainer), self.everybody)
        own = self.Enrolment.with_user(manager).search(
            [("partner_id", "=", self.seller.id)]
        )
        own.action_cancel()
        self.assertEqual(own.state, "cancelled")
        again = self.Enrolment.with_user(manager).create(
            {"path_id": self.path.id, "partner_id": self.seller.id}
        )
        self.assertEqual(again.reason, "manual")
        again.action_cancel()
        with self.assertRaises(AccessError):
            self.Enrolment.with_user(other).create(
                {"path_id": self.path.id, "partner_id": self.seller.id}
            )

    def test_a_trainer_makes_paths_and_an_analyst_does_not(self):
        trainer = self._user("partner_channel_lms.group_channel_trainer")
        path = self.path.with_user(trainer).copy({"name": "Another"})
        self.assertEqual(path.step_ids.channel_id, self.intro | self.course)
        path.action_enrol()
        self.assertEqual(path.open_count, 3)
        path.role_ids = self.seller_role
        self.assertEqual(path.open_count, 1)
        analyst = self._user("partner_channel.group_channel_analyst")
        self.assertTrue(path.with_user(analyst).name)
        for attempt in (
            lambda: path.with_user(analyst).write({"name": "Mine"}),
            lambda: path.with_user(analyst).action_enrol(),
            lambda: self._of(self.seller)[:1].with_user(analyst).action_cancel(),
            lambda: self._of(self.seller)[:1].with_user(trainer).unlink(),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_another_companys_paths_are_not_seen(self):
        other = self.env["res.company"].create({"name": "Other Vendor"})
        program = self.env["partner.program"].create(
            {"name": "Elsewhere", "code": "ELSE", "company_id": other.id}
        )
        path = self._create_path(name="Theirs", program_id=program.id, role_ids=False)
        member = self.env["partner.membership"].create(
            {"partner_id": self.south.id, "program_id": program.id}
        )
        member.action_activate()
        trainer = self._user("partner_channel_lms.group_channel_trainer")
        paths = self.env["learning.path"].with_user(trainer).search([])
        self.assertNotIn(path, paths)
        self.assertFalse(
            self.Enrolment.with_user(trainer).search([("path_id", "=", path.id)])
        )
        # the person sees both
        self.assertEqual(
            self.Enrolment.with_user(self.rival.user_ids).search([]).path_id,
            self.path | path,
        )


@tagged("post_install", "-at_install")
class TestCourseAccess(LearningCase, HttpCase):
    """A course of a path is closed to everybody else: by record rules and addresses.

    ``visibility=members`` and ``enroll=invite`` of Odoo do it, the path only says who
    is a member.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.course.name = "Zebra Secrets"
        cls.slides = cls.course.slide_ids
        cls.slides[0].write({"name": "Zebra Lesson"})
        cls.resource = cls.env["slide.slide.resource"].create(
            {
                "slide_id": cls.slides[0].id,
                "name": "Zebra Notes",
                "resource_type": "url",
                "link": "https://example.com/zebra",
            }
        )
        cls._create_path()
        cls.env["learning.path"]._enrol_by_rule(cls.memberships)
        cls.env.flush_all()

    def _call(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": args, "kwargs": kwargs},
        )

    def _log_in(self, person):
        login = person.user_ids.login
        self.authenticate(login, login)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_a_rival_reads_nothing_over_rpc(self):
        self._log_in(self.rival)
        for model, ids, field in (
            ("slide.channel", self.course.ids, "description"),
            ("slide.slide", self.slides.ids, "html_content"),
            ("slide.slide.resource", self.resource.ids, "link"),
        ):
            with self.subTest(model=model):
                with self.assertRaises(JsonRpcException):
                    self._call(model, "read", ids, [field])
                found = self._call(model, "search", [("id", "in", ids)])
                self.assertEqual(found, [])
        for method in ("action_add_member", "_action_add_members"):
            with self.assertRaises(JsonRpcException):
                self._call("slide.channel", method, self.course.ids)
        with self.assertRaises(JsonRpcException):
            self._call(
                "slide.channel.partner",
                "create",
                {"channel_id": self.course.id, "partner_id": self.rival.id},
            )

    def test_who_is_on_the_path_reads_all_of_it(self):
        self._log_in(self.seller)
        for model, ids in (
            ("slide.channel", self.course.ids),
            ("slide.slide", self.slides.ids),
            ("slide.slide.resource", self.resource.ids),
        ):
            found = self._call(model, "search", [("id", "in", ids)])
            self.assertEqual(sorted(found), sorted(ids), model)
        page = self.url_open(self.course.website_url)
        self.assertEqual(page.status_code, 200)
        self.assertIn("Zebra Lesson", page.text)

    @mute_logger(
        "odoo.http",
        "odoo.addons.base.models.ir_rule",
        # a template of eLearning's
        "odoo.addons.base.models.ir_qweb",
    )
    def test_no_address_shows_it_to_others(self):
        lesson = self.slides[0]
        urls = [
            self.course.website_url,
            lesson.website_url,
            f"/slides/slide/{lesson.id}",
            f"/slides/embed/{lesson.id}",
            f"/slides/embed_external/{lesson.id}",
            f"/slides/slide/{lesson.id}/download_resource/{self.resource.id}",
            "/slides",
            "/slides/all",
            "/slides/all?search=zebra",
            "/website/search?search=zebra",
            "/sitemap.xml",
        ]
        for person in (self.rival, None):
            self.authenticate(None, None)
            if person:
                self._log_in(person)
            for url in urls:
                with self.subTest(url=url, person=person and person.name):
                    page = self.url_open(url)
                    text = page.text.replace("search=zebra", "")
                    self.assertNotIn("Zebra Lesson", text)
                    self.assertNotIn("Zebra Secrets", text)
                    self.assertNotIn("Read me.", text)
                    self.assertNotIn("example.com/zebra", page.url)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_rule")
    def test_the_search_box_finds_nothing_for_others(self):
        self._log_in(self.rival)
        result = self.make_jsonrpc_request(
            "/website/snippet/autocomplete",
            {**_SEARCH, "term": "zebra"},
        )
        self.assertFalse(result["results"])
        self._log_in(self.seller)
        result = self.make_jsonrpc_request(
            "/website/snippet/autocomplete",
            {**_SEARCH, "term": "zebra"},
        )
        self.assertTrue(result["results"])

    def test_taken_off_the_path_nothing_is_read_any_more(self):
        self._of(self.seller)._cancel("rule")
        self._log_in(self.seller)
        for model, ids in (
            ("slide.channel", self.course.ids),
            ("slide.slide", self.slides.ids),
            ("slide.slide.resource", self.resource.ids),
        ):
            self.assertEqual(self._call(model, "search", [("id", "in", ids)]), [])
