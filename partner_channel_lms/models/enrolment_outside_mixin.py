from odoo import models


class LearningOutsideMixin(models.AbstractModel):
    """Courses of a path that are given elsewhere, and exams taken once more."""

    _name = "enrolment.outside.mixin"
    _description = "Learning Enrolment: Courses Elsewhere"

    def _order_outside(self, again=False):
        """Have the learning systems told who is to attend; a job tells them.

        :param bool again: also who was told before, as for a renewal
        """
        # sudo: who attends follows from the path
        open_ = self.sudo().filtered(lambda rec: rec.state in rec._get_open())
        orders = self.env["lms.enrolment"].sudo()
        courses = open_.path_id.step_ids.lms_course_id
        courses = courses.filtered(
            lambda course: orders._takes_enrolments(course.provider_id)
        )
        wanted = {
            (step.lms_course_id, enrolment.partner_id)
            for enrolment in open_
            for step in enrolment.path_id.step_ids
            if step.lms_course_id in courses
        }
        orders._ask_for(wanted, again)

    def _renew_exams(self):
        """Let people begin the exams afresh that they have passed before.

        Odoo leads whoever has attended a course back to their last attempt. Attempts
        that were handed in are untied, as when somebody leaves the course; the
        attendance itself is not touched.
        """
        again = ("renewal", "revoked")
        renewals = self.filtered(lambda rec: rec.reason in again).sudo()
        channels = renewals.path_id.step_ids.channel_id
        if not channels:
            return
        lessons = (
            self.env["slide.slide.partner"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", renewals.partner_id.ids),
                    ("channel_id", "in", channels.ids),
                    ("user_input_ids", "!=", False),
                ]
            )
        )
        wanted = {
            (step.channel_id, enrolment.partner_id)
            for enrolment in renewals
            for step in enrolment.path_id.step_ids
        }
        lessons = lessons.filtered(
            lambda lesson: (lesson.channel_id, lesson.partner_id) in wanted
        )
        done = lessons.user_input_ids.filtered(lambda entry: entry.state == "done")
        done.write({"slide_partner_id": False})
