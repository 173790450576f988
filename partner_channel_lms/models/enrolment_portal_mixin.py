from odoo import api, models
from odoo.fields import Domain

from ..tools.learning import PASSED, STUDIED, is_finished

_BADGES = {
    "waiting": "secondary",
    "running": "info",
    "overdue": "danger",
    "done": "success",
    "cancelled": "secondary",
}
#: finished paths shown below those a person is on
_DONE_SHOWN = 20


class LearningPortalMixin(models.AbstractModel):
    """What people of a partner see of learning paths: their own and the team's."""

    _name = "enrolment.portal.mixin"
    _description = "Learning Enrolment: Portal Pages"

    @api.model
    def _get_portal_own_domain(self):
        """Return the domain of the paths the current user is on."""
        return Domain("partner_id", "=", self.env.user.partner_id.id) & Domain(
            "state", "in", self._get_open()
        )

    @api.model
    def _get_portal_team_domain(self):
        """Return the domain of what the current user sees of the team, or nothing.

        The record rule says the same; this keeps the page to the user's own company
        when an internal user opens it.
        """
        companies = self.env.user.partner_id._get_certification_companies()
        return (
            Domain("commercial_partner_id", "in", companies.ids)
            # who has left the company learns for another one
            & Domain("partner_id.commercial_partner_id", "in", companies.ids)
            & Domain("state", "!=", "cancelled")
        )

    @api.model
    def _prepare_portal_learning(self):
        """Return the values of the page of the current user's own paths.

        :return: dict of ``paths`` the person is on, the most urgent first,
            ``finished`` ones, and ``sees_team``
        """
        person = self.env.user.partner_id
        own = self.search(self._get_portal_own_domain(), order="date_next, id")
        done = self.search(
            Domain("partner_id", "=", person.id) & Domain("state", "=", "done"),
            order="date_end desc, id desc",
            limit=_DONE_SHOWN,
        )
        rows = (own | done)._prepare_portal_rows()
        return {
            "paths": rows[: len(own)],
            "finished": rows[len(own) :],
            "sees_team": bool(person._get_certification_companies()),
        }

    def _prepare_portal_rows(self):
        """Return what the pages show of enrolments, a dict each.

        What is shown is how it is now: the job that keeps the states runs at night.
        """
        facts = self._get_step_facts()
        # sudo: paths and courses are nobody's to read; names of what people are on
        return [own._prepare_portal_row(facts[own.id]) for own in self.sudo()]

    def _prepare_portal_row(self, facts):
        """Return what is shown of one enrolment, in sudo.

        :param list facts: see :meth:`_get_step_facts`
        """
        self.ensure_one()
        state, values = self._weigh(facts)
        is_open = self.state in self._get_open()
        state = state if is_open else self.state
        labels = dict(self._fields["state"]._description_selection(self.env))
        steps = [self._prepare_portal_step(step, fact) for step, fact in facts]
        left = [step for step in steps if not step["is_finished"]]
        following = next((step for step in left if step["is_mandatory"]), None)
        following = following or (left[0] if left else None)
        if following and is_open:
            following["is_next"] = True
        return {
            "id": self.id,
            "name": self.path_id.name,
            "description": self.path_id.description,
            "program": self.program_id.name,
            "person": self.partner_id.name,
            "state": state,
            "label": labels[state],
            "badge": _BADGES[state],
            "is_renewal": self.reason == "renewal",
            "progress": values["progress"] if is_open else 100,
            "date_due": self.date_due,
            "date_next": values["date_next"] if is_open else None,
            "date_end": self.date_end,
            "steps": steps,
            "next": following if is_open else None,
        }

    def _prepare_portal_step(self, step, fact):
        """Return what is shown of one step, in sudo."""
        finished = is_finished(fact, bool(step.type_id))
        today = self.company_id._get_channel_today()
        return {
            "id": step.id,
            "name": step.display_name,
            "url": step._get_url(),
            "is_outside": bool(step.lms_course_id),
            "proof": step.type_id.name,
            "label": self._get_step_label(fact, bool(step.type_id)),
            "progress": fact.progress,
            "date_due": fact.date_due,
            "is_mandatory": fact.is_mandatory,
            "is_finished": finished,
            "is_late": not finished and fact.is_mandatory and fact.date_due < today,
            "is_next": False,
        }

    @api.model
    def _get_step_label(self, fact, is_proved):
        """Return where a person is with a step, in words."""
        if fact.state == PASSED:
            return self.env._("Passed")
        if fact.state == STUDIED:
            # the course is read, and the exam is what counts
            return self.env._("Exam to come") if is_proved else self.env._("Finished")
        if fact.progress:
            return self.env._("%(n)s %% done", n=fact.progress)
        return self.env._("Not begun")
