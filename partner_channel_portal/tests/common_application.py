"""Companies that apply to a published program, over HTTP and without."""

import re
import uuid

from lxml import html

from odoo import http
from odoo.fields import Command
from odoo.tests import HttpCase

from .common import ChannelPortalMixin


class ApplicationMixin(ChannelPortalMixin):
    """A published program with a question of each kind, and ways to apply to it."""

    @classmethod
    def setUpApplications(cls):
        cls.setUpChannel()
        cls.program.write(
            {
                "is_published": True,
                "public_intro": "<p>Sell with us</p>",
                "public_terms": "<p>Thirty days' notice</p>",
                "application_manager_id": cls.manager.id,
                "application_hours": 8,
                "criterion_ids": [
                    Command.create(
                        {"name": "Online?", "kind": "yes_no", "is_required": True}
                    ),
                    Command.create(
                        {
                            "name": "Focus?",
                            "kind": "choice",
                            "option_ids": [
                                Command.create({"name": "Trade"}),
                                Command.create({"name": "Services"}),
                            ],
                        }
                    ),
                    Command.create({"name": "Consultants?", "kind": "number"}),
                    Command.create({"name": "Why us?", "kind": "text"}),
                ],
            }
        )
        criteria = cls.program.criterion_ids.sorted("id")
        cls.online, cls.focus, cls.consultants, cls.why = criteria
        cls.germany = cls.env.ref("base.de")

    @classmethod
    def _get_steps(cls, **values):
        """Return a complete form, step by step; an argument replaces a field."""
        steps = {
            "company": {
                "name": "Applied Systems GmbH",
                "country_id": str(cls.germany.id),
                "vat": "DE136695976",
                "website": "www.applied-systems.example",
                "street": "Hauptstr. 1",
                "zip": "10115",
                "city": "Berlin",
            },
            "people": {
                "contact_name": "Anna Applicant",
                "function": "CEO",
                "phone": "+49 30 123456",
                "colleague_1_name": "Carl Colleague",
                "colleague_1_function": "Presales",
                "colleague_1_email": "carl@applied-systems.example",
            },
            "profile": {
                "employees": "10-49",
                "profile": "We introduce software.",
                "customers": "Trade",
            },
            "questions": {
                f"criterion_{cls.online.id}": "yes",
                f"criterion_{cls.focus.id}": str(cls.focus.option_ids[1].id),
                f"criterion_{cls.consultants.id}": "12,5",
                f"criterion_{cls.why.id}": "Because.",
            },
            "files": {},
        }
        for name, value in values.items():
            [step] = [step for step, fields in steps.items() if name in fields]
            steps[step][name] = value
        return steps

    @classmethod
    def apply(cls, email="anna@applied-systems.example", program=None, **values):
        """Return an application that was sent, made as the public user does."""
        public = cls.env.ref("base.public_user")
        Application = cls.env["partner.application"].with_user(public).sudo()
        program = (program or cls.program).with_env(Application.env)
        funnel = Application.env["partner.application.funnel"]
        funnel = funnel._visit(program, {}, "en_US")
        application, errors = Application._portal_start(
            program, {"contact_name": "Anna Applicant", "email": email}, funnel
        )
        assert not errors, errors
        application._confirm_email()
        for step, texts in cls._get_steps(**values).items():
            if step in application._get_steps():
                errors = application._portal_save_step(step, texts)
                assert not errors, errors
        errors = application._portal_submit({"terms": "1"})
        assert not errors, errors
        return cls.env["partner.application"].browse(application.id)

    def get_invitations(self, application):
        """Return the e-mails with which Odoo invites the applicant to the portal."""
        return self.env["mail.mail"].search(
            [
                ("subject", "ilike", "Your account at"),
                ("recipient_ids", "in", application.contact_id.ids),
            ]
        )

    def get_mails(self, application):
        """Return the e-mails to an applicant, oldest first."""
        return self.env["mail.mail"].search(
            [("email_to", "=", application.email)], order="id"
        )


class ApplicationHttpCase(HttpCase, ApplicationMixin):
    """Fills in the public form as a browser does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpApplications()

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)
        self.url = self.program.website_url

    def send(self, url, /, files=None, **values):
        """Send a form and return the answer, redirects not followed."""
        data = {"csrf_token": http.Request.csrf_token(self), **values}
        return self.url_open(
            url,
            data=data,
            files=[("files", file) for file in files] if files else None,
            allow_redirects=False,
        )

    def start(self, **values):
        """Send the first page of the form."""
        values = {
            "contact_name": "Anna Applicant",
            "email": f"{uuid.uuid4().hex[:8]}@applied-systems.example",
            **values,
        }
        return self.send(f"{self.url}/apply", **values)

    def get_started(self, answer):
        """Return the application a redirect leads to, and the path of its page."""
        self.assertEqual(answer.status_code, 303, answer.text[:2000])
        [token] = re.findall(
            r"/partner-application/([\w-]{43})", answer.headers["Location"]
        )
        application = self.env["partner.application"].search(
            [("access_token", "=", token)]
        )
        self.assertEqual(len(application), 1)
        return application, f"/partner-application/{token}"

    def fill_in(self, page, **values):
        """Send all steps of the form but the last one."""
        for step, texts in self._get_steps(**values).items():
            answer = self.send(f"{page}/{step}", **texts)
            self.assertEqual(answer.status_code, 303, f"{step}: {answer.text[:3000]}")

    def get_page(self, answer):
        return html.fromstring(answer.content)

    def assert_error(self, answer, name):
        """The step comes again with a message at the field, and leads there."""
        self.assertEqual(answer.status_code, 200)
        page = self.get_page(answer)
        messages = page.xpath(f"//*[@id='deal_{name}_error']")
        self.assertTrue(messages, f"no message at {name}")
        self.assertTrue(messages[0].text_content().strip())
        [field] = page.xpath(f"//form//*[@name='{name}']")
        self.assertIn("is-invalid", field.get("class"))
        self.assertIn(f"deal_{name}_error", field.get("aria-describedby"))
        return page
