from odoo import api, models

from .application_flow_mixin import OPEN_TO_APPLICANT, TO_DECIDE

#: the way shown to the applicant
_WAY = ("draft", "confirmed", "submitted", "in_review", "decided")


class ApplicationPageMixin(models.AbstractModel):
    """What the applicant reads of its application; called in sudo."""

    _name = "application.page.mixin"
    _description = "Application: Page of the Applicant"

    @api.model
    def _get_step_titles(self):
        """Return the titles of the form's steps."""
        return {
            "company": self.env._("Company"),
            "people": self.env._("People"),
            "profile": self.env._("Profile"),
            "questions": self.env._("Questions"),
            "files": self.env._("Files"),
            "check": self.env._("Check and send"),
        }

    def _get_way(self):
        """Return the way of the application as a list for the page.

        :return: list of dicts ``title``, ``date`` (text), ``is_done``, ``is_next``
        """
        self.ensure_one()
        reached = self._get_reached()
        titles = {
            "draft": self.env._("Started"),
            "confirmed": self.env._("E-mail confirmed"),
            "submitted": self.env._("Received"),
            "in_review": self.env._("In review"),
            "decided": self._get_end_title(),
        }
        dates = {
            "draft": self.create_date,
            "confirmed": self.date_confirmed,
            "submitted": self.date_submitted,
            "decided": self.date_decision,
        }
        return [
            {
                "title": titles[key],
                "date": self._format_time(dates.get(key)) if number <= reached else "",
                "is_done": number <= reached,
                "is_next": number == reached + 1,
            }
            for number, key in enumerate(_WAY)
        ]

    def _get_reached(self):
        """Return how far the application came, as a place in the way."""
        if self.state in ("accepted", "declined"):
            return len(_WAY) - 1
        if self.state == "withdrawn":
            return 2 if self.date_submitted else 1 if self.date_confirmed else 0
        # a question is part of the review
        return _WAY.index("in_review" if self.state == "question" else self.state)

    def _get_end_title(self):
        titles = {
            "accepted": self.env._("Accepted"),
            "declined": self.env._("Declined"),
            "withdrawn": self.env._("Withdrawn"),
        }
        return titles.get(self.state, self.env._("Our decision"))

    def _get_next_text(self):
        """Return what happens next and by when, in a sentence."""
        self.ensure_one()
        by = self._format_time(self.date_decision_due)
        if self.state in TO_DECIDE and by:
            return self.env._(
                "We look at your application and decide by %(moment)s. You will get an "
                "e-mail.",
                moment=by,
            )
        return {
            "draft": self.env._(
                "Open the link in the e-mail we sent to %(email)s. You can fill in the "
                "form meanwhile.",
                email=self.email,
            ),
            "confirmed": self.env._("Fill in the form and send it to us."),
            "submitted": self.env._("We look at your application."),
            "in_review": self.env._("We look at your application."),
            "question": self.env._(
                "We have a question: answer it below. We go on as soon as you have."
            ),
            "accepted": self.env._(
                "Welcome! An e-mail with a link to set your password is on its way to "
                "%(email)s; with it you enter the partner portal.",
                email=self.email,
            ),
            "declined": self.env._("We cannot accept your application at present."),
            "withdrawn": self.env._("You have withdrawn the application."),
        }[self.state]

    def _has_agreement_to_sign(self):
        """Return whether the new partner was sent terms to sign."""
        self.ensure_one()
        domain = [
            ("membership_id", "=", self.membership_id.id),
            ("state", "=", "sent"),
        ]
        agreements = self.env["partner.agreement"]
        return bool(self.membership_id and agreements.search_count(domain, limit=1))

    def _get_summary(self):
        """Return what the applicant said, step by step, for checking it.

        :return: list of dicts ``step``, ``title``, ``rows`` (label, text)
        """
        self.ensure_one()
        titles, label = self._get_step_titles(), self._get_label
        sizes = dict(self._fields["employees"]._description_selection(self.env))
        rows = {
            "company": [
                *((label(name), self[name]) for name in ("name", "vat", "website")),
                (label("country_id"), self.country_id.name),
                (label("street"), self.street),
                (label("city"), " ".join(filter(None, (self.zip, self.city)))),
            ],
            "people": [
                *((label(n), self[n]) for n in ("contact_name", "function", "phone")),
                *((self.env._("Colleague"), p.name) for p in self.person_ids),
            ],
            "profile": [
                (label("employees"), sizes.get(self.employees)),
                *((label(name), self[name]) for name in ("profile", "customers")),
            ],
            "questions": [(a.criterion_id.name, a.shown) for a in self.answer_ids],
            "files": [(self.env._("File"), file.name) for file in self._get_files()],
        }
        return [
            {
                "step": step,
                "title": titles[step],
                "rows": [(name, text) for name, text in rows[step] if text],
            }
            for step in self._get_steps()
            if step in rows
        ]

    def _get_label(self, name):
        return self._fields[name]._description_string(self.env)

    def _can_withdraw(self):
        """Return whether the applicant may still withdraw."""
        self.ensure_one()
        return self.state in (*OPEN_TO_APPLICANT, *TO_DECIDE)
