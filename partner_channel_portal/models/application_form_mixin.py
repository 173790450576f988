from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from ..tools.application_form import (
    COLLEAGUE_FIELDS,
    NEEDED,
    PARSERS,
    STEPS,
    list_fields,
    read_colleagues,
    read_step,
)
from ..tools.form_values import FieldProblem
from .application_flow_mixin import OPEN_TO_APPLICANT


class ApplicationFormMixin(models.AbstractModel):
    """The one way from the public form into an application.

    Called in sudo, once the link was checked; mistakes in the form are answers, not
    exceptions, and a step with a mistake is not stored at all.
    """

    _name = "application.form.mixin"
    _description = "Application: Form"

    date_terms = fields.Datetime("Terms Accepted", readonly=True, copy=False)

    # === START === #

    @api.model
    def _portal_start(self, program, texts, funnel):
        """Begin an application.

        :param program: ``partner.program`` in sudo, published
        :param dict texts: field → text
        :param funnel: row of the visitor, or none
        :return: ``(application in sudo, errors)``
        """
        problems = {}
        vals = self.browse()._read_step("start", texts, problems)
        if problems:
            return self.browse(), self._get_messages(problems)
        return self._begin(program, vals, funnel), {}

    # === STEPS === #

    def _get_steps(self):
        """Return the steps of this application's form, in order."""
        self.ensure_one()
        asks = bool(self._get_criteria())
        return [step for step in STEPS if step != "questions" or asks]

    def _can_edit(self):
        """Return whether the applicant may change what it says now."""
        self.ensure_one()
        return self.state in OPEN_TO_APPLICANT

    def _portal_send_step(self, step, texts):
        """Store a step of the form, or send the application with the last one.

        :param str step: one of :meth:`_get_steps`
        :param dict texts: field → text; ``files`` → list of ``Upload``
        :return: ``(errors, next step)``; the next one is empty after the last
        """
        steps = self._get_steps()
        if step == steps[-1]:
            return self._portal_submit(texts), ""
        following = steps[steps.index(step) + 1]
        return self._portal_save_step(step, texts), following

    def _portal_save_step(self, step, texts):
        """Store one step of the form, or nothing of it.

        :param str step: one of :meth:`_get_steps`
        :param dict texts: field → text; ``files`` → list of ``Upload``
        :return: errors, ``{field: message}``
        """
        self.ensure_one()
        problems = {}
        vals = self._read_step(step, texts, problems)
        if problems:
            return self._get_messages(problems)
        self.write(vals)
        if step == "files":
            self._store_files(texts)
        self._keep_draft()
        return {}

    def _read_step(self, step, texts, problems):
        """Return the values of a step, noting what is wrong.

        :param dict problems: gets field → FieldProblem
        """
        country = self.country_id
        if step == "company":
            country = self.env["crm.lead"]._read_portal_choice(
                texts, "country_id", self._get_countries(), problems
            )
        vals, wrong = read_step(step, texts, country.code)
        problems |= wrong
        vals = {name: value or False for name, value in vals.items()}
        read_more = getattr(self, f"_read_{step}", None)
        if read_more:
            read_more(texts, vals, problems, country)
        for name in self._get_needed(step):
            if name not in problems and not vals.get(name):
                problems[name] = FieldProblem("required")
        return vals

    def _read_company(self, texts, vals, problems, country):
        """Read the country, and check the tax id as Odoo does for its companies."""
        vals["country_id"] = country.id
        if not vals.get("vat") or not country:
            return
        try:
            partners = self.env["res.partner"]
            partners._run_vat_checks(country, vals["vat"], validation="error")
        except ValidationError:
            problems["vat"] = FieldProblem("tax_id_country", country=country.code)

    def _read_people(self, texts, vals, problems, country):
        rows, wrong = read_colleagues(texts)
        problems |= wrong
        vals["person_ids"] = [Command.clear(), *map(Command.create, rows)]

    def _read_profile(self, texts, vals, problems, country):
        size = texts.get("employees") or False
        if size and size not in self._fields["employees"].get_values(self.env):
            problems["employees"] = FieldProblem("choice")
        vals["employees"] = size

    def _read_questions(self, texts, vals, problems, country):
        vals["answer_ids"] = self._read_answers(texts, problems)

    def _read_files(self, texts, vals, problems, country):
        self._check_files(texts, problems)

    def _get_needed(self, step):
        """Return the fields without which a step is not complete."""
        needed = set(NEEDED.get(step, ()))
        # sudo: rules of the program hold for whoever applies
        if step == "company" and self.program_id.sudo().application_needs_vat:
            needed.add("vat")
        return needed

    @api.model
    def _get_countries(self):
        return self.env["crm.lead"]._get_portal_countries()

    # === TEXTS === #

    def _get_step_fields(self, step):
        """Return the names of the fields of a step's form; nothing else is read."""
        self.ensure_one()
        if step == "questions":
            return [f"criterion_{criterion.id}" for criterion in self._get_criteria()]
        return list_fields(step)

    def _get_step_texts(self, step):
        """Return what stands in the fields of a step, as texts."""
        self.ensure_one()
        texts = {name: self[name] or "" for name in PARSERS.get(step, {})}
        if step == "company":
            texts["country_id"] = str(self.country_id.id or "")
        elif step == "people":
            for number, person in enumerate(self.person_ids, 1):
                for name in COLLEAGUE_FIELDS:
                    texts[f"colleague_{number}_{name}"] = person[name] or ""
        elif step == "profile":
            texts["employees"] = self.employees or ""
        elif step == "questions":
            texts = self._get_answer_texts()
        return texts

    @api.model
    def _get_messages(self, problems):
        """Return problems in the reader's language, by field."""
        own = {
            "number": self.env._("This is not a number: write digits, such as 25."),
            "tax_id_prefix": self.env._(
                "Choose the country of the company, or begin the tax ID with its code, "
                "such as DE."
            ),
        }
        messages = {**self.env["crm.lead"]._get_portal_messages(), **own}
        return {
            name: messages[problem.code] % problem.params
            for name, problem in problems.items()
        }

    # === SENDING === #

    def _portal_submit(self, texts):
        """Send the application; sent twice, it is sent once.

        :param dict texts: ``terms`` is ``1`` when the terms were agreed to
        :return: errors, ``{field: message}``
        """
        self.ensure_one()
        if not self._can_edit():
            return {}
        if self.state == "draft":
            return {
                "form": self.env._(
                    "Confirm your e-mail address first: we have sent you a link."
                )
            }
        if self._get_incomplete():
            return {"form": self.env._("Some steps are not complete yet.")}
        if texts.get("terms") != "1":
            return {"terms": self.env._("Please agree, or withdraw the application.")}
        self._set_protected({"date_terms": fields.Datetime.now()})
        self._submit_application()
        return {}

    def _get_incomplete(self):
        """Return the steps that lack something, in order."""
        self.ensure_one()
        lacking = []
        for step in self._get_steps():
            needed = self._get_needed(step)
            if (
                any(not self[name] for name in needed)
                or step == "questions"
                and self._lacks_answers()
            ):
                lacking.append(step)
        return lacking

    def _is_asked(self):
        """Return whether a question of the vendor waits for the applicant's answer.

        The vendor may have gone on without it: it is taken all the same.
        """
        self.ensure_one()
        return self.state in ("question", "in_review") and bool(self.question)

    def _portal_answer(self, texts):
        """Answer the vendor's question, each question once.

        :param dict texts: ``answer``
        :return: errors, ``{field: message}``
        """
        self.ensure_one()
        if not self._is_asked():
            return {}
        problems = {}
        vals = self._read_step("answer", texts, problems)
        if problems:
            return self._get_messages(problems)
        self._message_log(
            body=self.env._("Answer of the applicant: %s", vals["answer"])
        )
        if self.state == "question":
            self._submit_application()
        else:
            self._set_protected({"question": False})
        return {}
