"""Two exams handed in at the same moment, each on a connection of its own.

Together with what the person holds each of them makes the same sum: nobody is refused,
and it is issued once.
"""

import pytest

from odoo import SUPERUSER_ID, api
from odoo.fields import Command

from .at_once import do_at_once

CHOICES = [
    Command.create({"value": "Wrong"}),
    Command.create({"value": "Right", "is_correct": True, "answer_score": 1}),
]


def create_exam(env, title):
    """Create an exam of one question and its certification."""
    exam = env["survey.survey"].create(
        {
            "title": title,
            "access_mode": "token",
            "users_login_required": True,
            "certification": True,
            "scoring_type": "scoring_with_answers",
            "scoring_success_min": 100,
            "question_and_page_ids": [
                Command.create(
                    {
                        "title": "Question?",
                        "question_type": "simple_choice",
                        "suggested_answer_ids": CHOICES,
                    }
                )
            ],
        }
    )
    kinds = env["partner.certification.type"]
    return exam, kinds.create({"name": title, "survey_id": exam.id})


def answer(exam, person):
    """Answer everything right; it is not handed in yet."""
    attempt = exam._create_answer(partner=person, check_attempts=False)
    attempt._mark_in_progress()
    for question in exam.question_ids:
        right = question.suggested_answer_ids.filtered("is_correct")
        attempt._save_lines(question, str(right.id))
    return attempt


@pytest.fixture(scope="module")
def answered(registry_copy):
    """A registry, the sum's id, and two attempts of a person who lacks one part."""
    with registry_copy.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        person = env["res.partner"].create({"name": "Twice"})
        first, first_kind = create_exam(env, "First Part")
        second, second_kind = create_exam(env, "Second Part")
        whole = env["partner.certification.type"].create(
            {
                "name": "Whole",
                "component_ids": [Command.set((first_kind | second_kind).ids)],
            }
        )
        answer(first, person)._mark_done()
        attempts = [answer(second, person).id for _time in range(2)]
        return registry_copy, whole.id, attempts


def test_two_passes_at_once_make_one_sum(answered):
    registry, whole_id, attempts = answered

    def hand_in(attempt_id):
        def prepare(env):
            attempt = env["survey.user_input"].browse(attempt_id)
            assert attempt.state == "in_progress"
            return attempt._mark_done

        return SUPERUSER_ID, {}, prepare

    answers = do_at_once(registry, {one: hand_in(one) for one in attempts})
    assert set(answers.values()) == {"done"}
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        issued = env["partner.certification"]
        assert issued.search_count([("user_input_id", "in", attempts)]) == 2
        whole = issued.search([("type_id", "=", whole_id)])
        assert whole.mapped("state") == ["valid"]
