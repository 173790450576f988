from datetime import datetime

from odoo import Command
from odoo.tests import TransactionCase

from odoo.addons.mail.tests.common import mail_new_test_user


class CertificationCommon(TransactionCase):
    """A program with two partners, their people, an exam and its type."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env["base"].with_context(tracking_disable=True).env
        cls.exam = cls._create_exam("Sales Exam")
        cls.course = cls._create_course("Sales Course", cls.exam)
        cls.kind = cls.env["partner.certification.type"].create(
            {
                "name": "Sales",
                "validity_months": 12,
                "renewal_days": 60,
                "survey_id": cls.exam.id,
            }
        )
        cls._create_program()
        cls.north, cls.south = cls.env["res.partner"].create(
            [{"name": name, "is_company": True} for name in ("North", "South")]
        )
        cls.memberships = cls._create_memberships(cls.north | cls.south)
        cls.owner = cls._create_person(cls.north, "Olga Owner", "owner", "Owner")
        cls.seller = cls._create_person(cls.north, "Sam Seller", "seller", "Seller")
        cls.rival = cls._create_person(cls.south, "Rita Rival", "rival", "Owner")
        cls.Certification = cls.env["partner.certification"]

    @classmethod
    def _create_program(cls):
        cls.program = cls.env["partner.program"].create(
            {
                "name": "Training Program",
                "code": "TRAIN",
                "company_id": cls.env.company.id,
                "promotion_policy": "auto",
            }
        )
        cls.entry, cls.certified = cls.env["res.partner.grade"].create(
            [
                {"name": "Entry", "sequence": 90, "program_id": cls.program.id},
                {"name": "Skilled", "sequence": 80, "program_id": cls.program.id},
            ]
        )
        cls.requirement = cls.env["partner.tier.requirement"].create(
            {
                "grade_id": cls.certified.id,
                "metric": "certified_people",
                "certification_type_id": cls.kind.id,
                "threshold": 2,
                "period": "rolling",
            }
        )

    @classmethod
    def _create_memberships(cls, partners):
        memberships = cls.env["partner.membership"].create(
            [
                {"partner_id": partner.id, "program_id": cls.program.id}
                for partner in partners
            ]
        )
        memberships.action_activate()
        return memberships

    @classmethod
    def _create_person(cls, company, name, login, role=None):
        """Create a contact of a company with a portal user and a portal role."""
        user = mail_new_test_user(
            cls.env,
            name=name,
            login=f"lms_{login}",
            password=f"lms_{login}",
            email=f"{login}@example.com",
            groups="base.group_portal",
            tz="UTC",
        )
        person = user.partner_id
        person.parent_id = company
        if role:
            person.portal_role_id = cls.env["partner.portal.role"].search(
                [("name", "=", role)], limit=1
            )
        cls.env.flush_all()
        cls.env.registry.clear_cache()
        return person

    @classmethod
    def _create_exam(cls, title, **values):
        """Create an exam of two questions, one right answer each, pass mark 100 %."""
        return cls.env["survey.survey"].create(
            {
                "title": title,
                "access_mode": "token",
                "users_login_required": True,
                "certification": True,
                "scoring_type": "scoring_with_answers",
                "scoring_success_min": 100,
                "questions_layout": "page_per_question",
                "question_and_page_ids": [
                    Command.create(
                        {
                            "title": f"Question {number}?",
                            "sequence": number,
                            "question_type": "simple_choice",
                            "constr_mandatory": True,
                            "suggested_answer_ids": [
                                Command.create({"value": "Wrong", "sequence": 1}),
                                Command.create(
                                    {
                                        "value": "Right",
                                        "sequence": 2,
                                        "is_correct": True,
                                        "answer_score": 1,
                                    }
                                ),
                            ],
                        }
                    )
                    for number in (1, 2)
                ],
                **values,
            }
        )

    @classmethod
    def _create_course(cls, name, exam):
        return cls.env["slide.channel"].create(
            {
                "name": name,
                "enroll": "public",
                "visibility": "connected",
                "is_published": True,
                "completed_template_id": False,
                "slide_ids": [
                    Command.create(
                        {
                            "name": "Lesson",
                            "slide_category": "article",
                            "html_content": "<p>Read me.</p>",
                            "is_published": True,
                            "sequence": 1,
                        }
                    ),
                    Command.create(
                        {
                            "name": "Exam",
                            "slide_category": "certification",
                            "survey_id": exam.id,
                            "is_published": True,
                            "sequence": 2,
                        }
                    ),
                ],
            }
        )

    @classmethod
    def _take(
        cls, person, right=True, exam=None, finish=True, trial=False, email=False
    ):
        """Let a person take the exam through Odoo's own methods.

        :param bool right: answer everything right, else everything wrong
        :param bool finish: hand the answers in
        :param bool trial: as the trial run of the exam's author
        :return: the ``survey.user_input``
        """
        exam = exam or cls.exam
        attempt = exam._create_answer(partner=person, email=email, check_attempts=False)
        attempt.test_entry = trial
        attempt._mark_in_progress()
        for question in exam.question_ids:
            answer = question.suggested_answer_ids.filtered(
                lambda choice: choice.is_correct == right
            )
            attempt._save_lines(question, str(answer.id))
        if finish:
            attempt._mark_done()
        return attempt

    @classmethod
    def _take_on(cls, person, day, **values):
        """Take and pass the exam on a past day."""
        attempt = cls._take(person, finish=False, **values)
        attempt.write({"state": "done", "end_datetime": datetime.combine(day, NOON)})
        return cls.env["partner.certification"]._issue_from_attempts(attempt)

    def _certificates(self, person):
        return self.Certification.search([("partner_id", "=", person.id)])


NOON = datetime(2000, 1, 1, 12).time()
