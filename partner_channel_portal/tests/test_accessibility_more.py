"""WCAG 2.1 AA, and what fits on a small phone: applications, teams, imports."""

from odoo.tests import HttpCase, tagged

from .axe import AxeMixin
from .common_application import ApplicationMixin
from .import_case import ImportCase
from .language_case import LanguageMixin
from .team_common import TeamMixin

#: a desk's screen and a phone's; what fits on the narrow one fits on both
PAGES = {"widths": ("1280px", "390px"), "narrow": "360px"}


@tagged("post_install", "-at_install")
class TestApplicationAccessibility(HttpCase, ApplicationMixin, AxeMixin, LanguageMixin):
    """The public page, each step of the form, and the status in each state."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpApplications()
        public = cls.env.ref("base.public_user")
        Application = cls.env["partner.application"].with_user(public).sudo()
        cls.begun, _errors = Application._portal_start(
            cls.program.with_env(Application.env),
            {"contact_name": "Anna Applicant", "email": "anna@begun.example"},
            Application.env["partner.application.funnel"],
        )
        cls.asked, cls.sent, cls.declined, cls.accepted = (
            cls.apply(f"anna@{name}.example", name=name.title())
            for name in ("asked", "sent", "declined", "accepted")
        )
        cls.asked._ask_applicant("Which customers do you have?")
        reason = cls.env.ref("partner_channel_portal.application_reason_fit")
        cls.declined._decline(reason, "Come back next year.")
        cls.accepted._accept()

    def get_page(self, application, step=""):
        return f"/partner-application/{application.access_token}{step}"

    def test_the_pages_of_an_applicant(self):
        program = self.program.website_url
        steps = [f"/{step}" for step in self.asked._get_steps()]
        self.assertEqual(len(steps), 6)
        self.assert_accessible(
            "/partner-programs",
            program,
            f"{program}/apply",
            f"/partner-application/confirm/{self.begun.confirm_token}",
            self.get_page(self.begun),
            self.get_page(self.begun, "/check"),
            *(self.get_page(self.asked, step) for step in ["", *steps]),
            self.get_page(self.sent),
            self.get_page(self.declined),
            self.get_page(self.accepted),
            login=None,
            **PAGES,
        )

    def test_in_russian(self):
        self.speak("ru_RU")
        program = f"/ru{self.program.website_url}"
        self.assert_accessible(
            program,
            f"/ru{self.get_page(self.asked)}",
            f"/ru{self.get_page(self.asked, '/people')}",
            login=None,
            **PAGES,
        )


@tagged("post_install", "-at_install")
class TestTeamAccessibility(HttpCase, TeamMixin, AxeMixin, LanguageMixin):
    """The team of the owner: the list, a colleague in each state, the invitation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpChannel()
        cls.setUpTeam()
        # what one method does, a request of its own
        cls.env["res.partner"].with_user(cls.owner)._portal_change_member(
            cls.seller2.partner_id.id, "end", {}
        )

    def test_the_pages_of_the_team(self):
        self.assert_accessible(
            "/my/team",
            "/my/team?invited=1&sortby=role",
            "/my/team?search=nobody",
            "/my/team/invite",
            *(
                f"/my/team/{user.partner_id.id}"
                for user in (self.owner, self.seller, self.seller2, self.norole)
            ),
            login=self.owner.login,
            **PAGES,
        )

    def test_in_russian(self):
        self.speak("ru_RU", self.owner)
        self.assert_accessible(
            "/ru/my/team",
            f"/ru/my/team/{self.seller.partner_id.id}",
            "/ru/my/home",
            login=self.owner.login,
            **PAGES,
        )


@tagged("post_install", "-at_install")
class TestImportAccessibility(ImportCase, AxeMixin):
    """A table of deals: before, with mistakes, and when it is registered."""

    def test_the_pages_of_an_import(self):
        self.login(self.seller)
        good, bad = self.get_row(), self.get_row("", **{"Expected amount": "much"})
        wrong, _results = self.preview(self.make_csv(good, bad), "draft")
        done, _results = self.preview(self.make_csv(self.get_row("Other Ltd")))
        self.assertEqual(self.confirm(done).status_code, 303)
        self.assert_accessible(
            "/my/deals/import", wrong, done, login=self.seller.login, **PAGES
        )
