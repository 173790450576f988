from odoo import api, models

from ..tools.learning import (
    PASSED,
    STUDIED,
    STUDYING,
    TODO,
    StepFact,
    due_day,
    is_passed,
    judge,
)

OPEN = ("waiting", "running", "overdue")
#: what an enrolment may become, and from where; done and cancelled are final
ENROLMENT_MOVES = {
    "waiting": {"overdue"},
    "running": {"waiting", "overdue"},
    "overdue": {"waiting", "running"},
    "done": set(OPEN),
    "cancelled": set(OPEN),
}
_FINISHED_OUTSIDE = ("passed", "completed", "satisfied")


class LearningEvidenceMixin(models.AbstractModel):
    """How far people are, from what eLearning and certificates say.

    Attending shows progress. Passing is shown by certificates alone: a person may
    mark lessons as done without reading them.
    """

    _name = "enrolment.evidence.mixin"
    _description = "Learning Enrolment: Evidence"

    def _review(self):
        """Let the states follow from the evidence; whom the path left is cancelled.

        :return: the enrolments that are done now
        """
        left = self._filter_left()
        left._cancel("rule")
        open_ = (self - left).filtered(lambda rec: rec.state in rec._get_open())
        facts = open_._get_step_facts()
        by_target = {}
        for enrolment in open_:
            target = enrolment._apply_facts(facts[enrolment.id])
            by_target.setdefault((target, enrolment.company_id), []).append(
                enrolment.id
            )
        done = self.browse()
        for (target, company), ids in by_target.items():
            records = self.browse(ids)
            values = {}
            if target == "done":
                values = {"date_end": company._get_channel_today(), "date_next": False}
            moved = records._move_to("state", target, ENROLMENT_MOVES, **values)
            done |= moved if target == "done" else self.browse()
        return done

    def _apply_facts(self, facts):
        """Write progress and what is due next where they have changed.

        :param list facts: of the steps, see :meth:`_get_step_facts`
        :return: the state that follows
        """
        self.ensure_one()
        state, values = self._weigh(facts)
        changed = {
            name: value
            for name, value in values.items()
            if (self[name] or None) != (value or None)
        }
        if changed:
            self._with_state_move().with_context(tracking_disable=True).write(changed)
        return state

    def _weigh(self, facts):
        """Return the state that follows from the steps, and the values with it.

        :param list facts: of the steps, see :meth:`_get_step_facts`
        :return: state, and dict of ``progress``, ``date_next`` and ``date_due``
        """
        self.ensure_one()
        progress, is_done, due = judge(
            [(fact, bool(step.type_id)) for step, fact in facts]
        )
        days = [fact.date_due for _step, fact in facts if fact.is_mandatory]
        values = {
            "progress": progress,
            "date_next": due,
            "date_due": max(days, default=due) or self.date_due,
        }
        if is_done:
            return "done", values
        if due and due < self.company_id._get_channel_today():
            return "overdue", values
        begun = any(fact.state != TODO for _step, fact in facts)
        begun = begun or self.state == "running"
        return "running" if begun else "waiting", values

    def _filter_left(self):
        """Return those on a path that is no longer for them.

        Whoever was enrolled by hand stays as long as the person works for a running
        member of the program.
        """
        open_ = self.filtered(lambda rec: rec.state in rec._get_open())
        partners = open_.membership_id.partner_id
        staff = partners._get_course_people(open_.partner_id)
        return open_.filtered(
            lambda rec: not rec._is_still_for(staff.get(rec.membership_id.partner_id))
        )

    def _is_still_for(self, staff):
        """Return whether the path is for the person still.

        :param staff: people with a login of the membership's partner, or ``None``;
            it is enough to have asked about this person
        """
        self.ensure_one()
        if self.membership_id.state not in ("active", "suspended"):
            return False
        if not staff or self.partner_id not in staff or not self.path_id.active:
            return False
        path = self.path_id
        return self.reason == "manual" or (
            path._is_for_membership(self.membership_id)
            and path._is_for_role(self.partner_id)
        )

    # === FACTS === #

    def _get_step_facts(self):
        """Return where people are: ``{enrolment id: [(step, StepFact)]}``.

        In a fixed number of queries. Of what has ended, as it was at the end.
        """
        # sudo: attendance and proofs are nobody's to read; they are told as a state
        own = self.sudo()
        steps, people = own.path_id.step_ids, own.partner_id
        certifications = self.env["partner.certification"]
        proofs, _revoked = certifications._get_proofs(people, steps.type_id)
        begun = {
            **own._get_attended(steps.channel_id, people),
            **own._get_outside(steps.lms_course_id, people),
        }
        days = {company: company._get_channel_today() for company in own.company_id}
        result = {}
        for enrolment in own:
            day = enrolment.date_end or days[enrolment.company_id]
            result[enrolment.id] = [
                (step, enrolment._get_step_fact(step, proofs, begun, day))
                for step in enrolment.path_id.step_ids
            ]
        return result

    def _get_step_fact(self, step, proofs, begun, day):
        """Return where the person is with one step, on a day.

        :param dict proofs: ``{(person id, type id): [Proof]}``
        :param dict begun: ``{(course, person id): percent}``
        """
        person = self.partner_id.id
        progress = begun.get((step.channel_id or step.lms_course_id, person), -1)
        known = proofs.get((person, step.type_id.id), [])
        is_proved = bool(known) and is_passed(
            known, self.date_start, day, self.date_beyond or None
        )
        state = PASSED if is_proved else _get_state(progress)
        return StepFact(
            state,
            100 if state == PASSED else max(0, progress),
            due_day(self.date_start, step.due_days),
            step.is_mandatory,
        )

    @api.model
    def _get_attended(self, channels, people):
        """Return ``{(course, person id): percent}`` of who has begun.

        Who has left a course has not forgotten what was read.
        """
        if not channels:
            return {}
        attendances = self.env["slide.channel.partner"].with_context(active_test=False)
        # sudo: told as a state, to whoever sees the enrolment
        found = attendances.sudo().search_fetch(
            [("channel_id", "in", channels.ids), ("partner_id", "in", people.ids)],
            ["channel_id", "partner_id", "completion", "member_status"],
        )
        return {
            (row.channel_id, row.partner_id.id): 100
            if row.member_status == "completed"
            else row.completion
            for row in found
            if row.completion or row.member_status in ("ongoing", "completed")
        }

    @api.model
    def _get_outside(self, courses, people):
        """Return ``{(course, person id): percent}``, from what systems have said."""
        if not courses:
            return {}
        # sudo: as for what was attended
        statements = self.env["lms.statement"].sudo()
        groups = statements._read_group(
            [
                ("course_id", "in", courses.ids),
                ("partner_id", "in", people.ids),
                ("state", "in", ("matched", "ignored")),
            ],
            ["course_id", "partner_id", "kind"],
        )
        result = {}
        for course, person, kind in groups:
            pair = (course, person.id)
            percent = 100 if kind in _FINISHED_OUTSIDE else 0
            result[pair] = max(percent, result.get(pair, 0))
        return result


def _get_state(progress):
    """Return the state of a step that is not passed.

    :param int progress: percent, below 0 if not begun
    """
    if progress < 0:
        return TODO
    return STUDIED if progress >= 100 else STUDYING
