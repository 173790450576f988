from datetime import timedelta

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import file_open

from odoo.addons.partner_channel_portal.tests.axe import AxeMixin

from .learning_case import LearningCase


@tagged("post_install", "-at_install")
class TestLearningPages(LearningCase, HttpCase, AxeMixin):
    """What people of a partner see of learning paths."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.path = cls._create_path(
            role_ids=False, description="What we sell, then how we sell."
        )

    def _open(self, login, url="/my/learning", status=200):
        self.authenticate(login, login)
        response = self.url_open(url)
        self.assertEqual(response.status_code, status)
        return response.text

    def _put_back(self, enrolments, days):
        """Let people have been enrolled earlier."""
        for own in enrolments:
            own._set_protected({"date_start": own.date_start - timedelta(days=days)})
        enrolments._review()

    def test_a_person_sees_the_steps_in_order_and_what_is_next(self):
        self._enrol()
        page = self._open("lms_seller")
        first, second = (page.find(f">{c.name}<") for c in (self.intro, self.course))
        self.assertTrue(0 < first < second or "Introduction" in page)
        self.assertIn("First Steps", page)
        self.assertIn('aria-valuenow="0"', page)
        self.assertIn(self.intro.website_url, page)
        self.assertIn("finished by the certificate", page)
        self.assertNotIn("Where your team is", page)
        self._read_lesson(self.seller)
        page = self._open("lms_seller")
        self.assertIn('aria-valuenow="50"', page, "as it is now, before the job ran")
        self._take(self.seller)
        page = self._open("lms_seller")
        self.assertIn("You are on no learning path now", page)
        self.assertIn("Finished", page)

    def test_the_owner_sees_where_everybody_is_and_overdue_first(self):
        self._enrol()
        self._put_back(self._of(self.seller), 20)
        page = self._open("lms_owner", "/my/learning/team")
        self.assertLess(page.find("Sam Seller"), page.find("Olga Owner", 20000))
        self.assertIn("Overdue", page)
        self.assertNotIn("Rita Rival", page)
        page = self._open("lms_owner", "/my/learning/team?filterby=overdue")
        self.assertIn("Sam Seller", page)
        for query in (
            "?groupby=state&sortby=progress",
            "?groupby=person&filterby=all",
            "?sortby=x&filterby=y&groupby=z&page=w&self=1&env=2",
            "?search=Sam",
        ):
            page = self._open("lms_owner", f"/my/learning/team{query}")
            self.assertIn("Sam Seller", page)
        self._open("lms_owner", "/my/learning/team?search=%00%27")
        self._open("lms_owner", "/my/learning/team/page/999999")
        page = self._open("lms_owner", "/my/learning/team?search=nobody")
        self.assertIn("Nobody matches", page)

    def test_others_find_no_page_of_the_team(self):
        self._open("lms_seller", "/my/learning/team", 404)
        new_test_user(
            self.env, "lms_nobody", groups="base.group_portal", password="lms_nobody"
        )
        self._open("lms_nobody", "/my/learning", 404)
        self._open("lms_nobody", "/my/learning/team", 404)

    def test_home_leads_to_the_course(self):
        partner = self.env["res.partner"].with_user(self.seller.user_ids)

        def get_actions():
            actions = partner._prepare_portal_home()["channel_actions"]
            return [(action["title"], action["level"]) for action in actions]

        self.assertEqual(get_actions(), [])
        self._enrol()
        self.assertEqual(get_actions(), [("Continue your course (1)", "info")])
        self._put_back(self._of(self.seller), 20)
        self.assertEqual(get_actions(), [("Continue your course (1)", "danger")])
        cards = {card["name"]: card for card in partner._get_channel_home_cards()}
        self.assertEqual(cards["learning_count"]["url"], "/my/learning")
        with file_open(cards["learning_count"]["icon"].lstrip("/")) as icon:
            self.assertTrue(icon.read())
        counters = partner._get_channel_home_counters(["learning_count"])
        self.assertEqual(counters["learning_count"], 1)
        self._of(self.seller)._cancel("hand")
        self.assertEqual(get_actions(), [])

    def test_a_tiers_course_outside_the_paths_is_still_spoken_of(self):
        self._enrol()
        other = self._create_lessons("Other")
        rows = other._action_add_members(self.seller)
        rows.membership_id = self.memberships[0]
        partner = self.env["res.partner"].with_user(self.seller.user_ids)
        titles = [each["title"] for each in partner._get_portal_course_actions()]
        self.assertEqual(
            titles, ["Continue your course (1)", "Finish your courses (1)"]
        )

    def test_the_pages_cost_the_same_with_few_and_with_many(self):
        self._enrol()
        urls = ("/my/learning", "/my/learning/team")
        for url in urls:  # warms the caches
            self._open("lms_owner", url)
        few = [
            self._count(lambda url=url: self._open("lms_owner", url)) for url in urls
        ]
        for number in range(12):
            self._create_person(self.north, f"Person {number}", f"page{number}")
        for number in range(4):
            self._create_path(
                name=f"Path {number}",
                role_ids=False,
                step_ids=[
                    (0, 0, {"channel_id": self._create_lessons(f"C{number}").id})
                ],
            )
        self._enrol()
        self.assertEqual(len(self._of(self.owner)), 5)
        for url in urls:
            self._open("lms_owner", url)
        many = [
            self._count(lambda url=url: self._open("lms_owner", url)) for url in urls
        ]
        for url, before, after in zip(urls, few, many, strict=True):
            self.assertLessEqual(after, before + 2, url)

    def test_the_pages_are_accessible_and_fit_on_a_phone(self):
        self._open_all()
        self._enrol()
        self._put_back(self._of(self.seller), 20)
        self._take(self.owner)
        self._open_all()
        self.assert_accessible(
            "/my/learning",
            login="lms_seller",
            widths=("1280px", "390px"),
            narrow="360px",
        )

    def _open_all(self):
        self.assert_accessible(
            "/my/learning",
            "/my/learning/team",
            "/my/learning/team?filterby=all&groupby=state",
            "/my/home",
            login="lms_owner",
            widths=("1280px", "390px"),
            narrow="360px",
        )
