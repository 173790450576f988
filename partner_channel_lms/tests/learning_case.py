from odoo.fields import Command

from .common import CertificationCommon


class LearningCase(CertificationCommon):
    """A path for sellers: a course without an exam, then one with an exam."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.course.write({"enroll": "invite", "visibility": "members"})
        cls.kind.channel_id = cls.course
        cls.intro = cls._create_lessons("Introduction")
        cls.seller_role = cls.env.ref("partner_channel_portal.portal_role_seller")
        cls.Enrolment = cls.env["learning.enrolment"]

    @classmethod
    def _create_lessons(cls, name):
        """Create a course of one lesson, open to its members alone."""
        return cls.env["slide.channel"].create(
            {
                "name": name,
                "enroll": "invite",
                "visibility": "members",
                "is_published": True,
                "completed_template_id": False,
                "slide_ids": [
                    Command.create(
                        {
                            "name": f"Lesson of {name}",
                            "slide_category": "article",
                            "html_content": "<p>Read me.</p>",
                            "is_published": True,
                        }
                    )
                ],
            }
        )

    @classmethod
    def _create_path(cls, **values):
        return cls.env["learning.path"].create(
            {
                "name": "First Steps",
                "program_id": cls.program.id,
                "role_ids": cls.seller_role.ids,
                "step_ids": [
                    Command.create({"channel_id": cls.intro.id, "due_days": 10}),
                    Command.create({"channel_id": cls.course.id, "due_days": 30}),
                ],
                **values,
            }
        )

    def _enrol(self, memberships=None):
        return self.env["learning.path"]._enrol_by_rule(memberships or self.memberships)

    def _of(self, person):
        return self.Enrolment.search([("partner_id", "=", person.id)])

    def _attending(self, channel):
        self.env.invalidate_all()
        return channel.channel_partner_ids.partner_id - self.env.user.partner_id

    def _read_lesson(self, person, channel=None):
        """Let a person read the lessons that are no exams."""
        channel = channel or self.intro
        lessons = channel.slide_ids.filtered(lambda s: s.slide_category == "article")
        lessons.with_user(person.user_ids).sudo().action_set_viewed()
        lessons.with_user(person.user_ids).sudo()._action_mark_completed()

    def _run_job(self, name):
        with self.enter_registry_test_mode():
            self.env.ref(f"partner_channel_lms.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def _count(self, work):
        """Return the queries of a piece of work, all it leaves to write included."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.cr.sql_log_count - before
