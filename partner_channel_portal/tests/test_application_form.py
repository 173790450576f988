from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..controllers import program
from .common_application import ApplicationHttpCase
from .test_registration_files import EXECUTABLE, PDF


@tagged("post_install", "-at_install")
class TestApplicationForm(ApplicationHttpCase):
    """A visitor applies, step by step."""

    def test_the_whole_way_of_the_form(self):
        self.assertEqual(self.url_open(self.url).status_code, 200)
        application, page = self.get_started(
            self.start(email="Anna@applied-systems.example")
        )
        self.assertEqual(application.state, "draft")
        self.fill_in(page)
        answer = self.send(
            f"{page}/files", files=[("profile.pdf", PDF, "text/html")] * 2
        )
        self.assertEqual(answer.status_code, 303)
        # not before the address is confirmed
        answer = self.send(f"{page}/check", terms="1")
        self.assertIn("Confirm your e-mail address first", answer.text)
        self.assertEqual(application.state, "draft")

        self.confirm(application)
        self.assertEqual(application.state, "confirmed")
        self.assertFalse(application.confirm_token, "the link is used up")
        answer = self.send(f"{page}/check", terms="1")
        self.assertEqual(answer.status_code, 303, answer.text[:2000])
        self.assert_stored(application)
        self.assertEqual(
            self.get_mails(application).mapped("subject"),
            [
                "Confirm your e-mail: Portal Test Program",
                "We have received your application: Portal Test Program",
            ],
        )
        status = self.url_open(page)
        self.assertIn("We look at your application and decide by", status.text)
        self.assertEqual(status.headers["Cache-Control"], "no-store")
        # the link is the key: no other site and no search engine learns it
        self.assertEqual(status.headers["Referrer-Policy"], "same-origin")
        self.assertEqual(status.headers["X-Robots-Tag"], "noindex")
        self.assertEqual(application.activity_ids.user_id, self.manager)

    def assert_stored(self, application):
        """What was typed is what is stored."""
        self.assertRecordValues(
            application,
            [
                {
                    "state": "submitted",
                    "name": "Applied Systems GmbH",
                    "vat": "DE136695976",
                    "vat_key": "DE136695976",
                    "country_id": self.germany.id,
                    "website": "https://www.applied-systems.example",
                    "contact_name": "Anna Applicant",
                    "email_key": "anna@applied-systems.example",
                    "employees": "10-49",
                    "manager_id": self.manager.id,
                    "program_id": self.program.id,
                    "date_draft_end": False,
                }
            ],
        )
        self.assertEqual(application.person_ids.mapped("name"), ["Carl Colleague"])
        self.assertEqual(
            {a.criterion_id: a.shown for a in application.answer_ids},
            {
                self.online: "Yes",
                self.focus: "Services",
                self.consultants: "12.5",
                self.why: "Because.",
            },
        )
        [file] = application._get_files()
        self.assertEqual((file.name, file.mimetype), ("profile.pdf", "application/pdf"))

    def confirm(self, application):
        mail = self.get_mails(application)[0]
        path = f"/partner-application/confirm/{application.confirm_token}"
        self.assertIn(path, mail.body_html)
        # looking at the link, as mail programs do, confirms nothing
        self.assertEqual(self.url_open(path).status_code, 200)
        self.assertEqual(application.state, "draft")
        self.assertEqual(self.send(path).status_code, 303)
        self.assertEqual(self.send(path).status_code, 410, "the link works once")

    def test_a_link_to_confirm_ends(self):
        application, page = self.get_started(self.start())
        path = f"/partner-application/confirm/{application.confirm_token}"
        application._set_protected(
            {"date_confirm_end": fields.Datetime.now() - timedelta(minutes=1)}
        )
        self.assertEqual(self.send(path).status_code, 410)
        self.assertEqual(application.state, "draft")
        self.assertEqual(self.send(f"{page}/resend").status_code, 303)
        self.assertEqual(len(self.get_mails(application)), 2)
        renewed = f"/partner-application/confirm/{application.confirm_token}"
        self.assertNotEqual(renewed, path)
        self.assertEqual(self.send(renewed).status_code, 303)
        self.assertEqual(application.state, "confirmed")

    def test_a_mistake_stands_at_its_field_and_nothing_is_half_saved(self):
        application, page = self.get_started(self.start())
        wrong = {
            "company": {
                "name": ["", "x" * 129, "<script>alert(1)</script>", "Ac\x00me"],
                "vat": ["", "DE136695977", "??", "<i>12345"],
                "country_id": ["", "999999999", "9" * 30, "-1", "1 OR 1=1"],
                "website": ["javascript:alert(1)", "ftp://a.example"],
            },
            "people": {
                "contact_name": [""],
                "phone": ["call me"],
                "colleague_1_name": [""],
                "colleague_1_email": ["carl@"],
            },
            "profile": {"employees": ["", "17"], "profile": ["", "z" * 4001]},
            "questions": {
                f"criterion_{self.online.id}": ["", "maybe"],
                f"criterion_{self.focus.id}": ["0", "9" * 30, "77777777"],
                f"criterion_{self.consultants.id}": ["many", "1e400", "NaN", "1.234"],
                f"criterion_{self.why.id}": ["<b>bold", "z" * 4001],
            },
        }
        for step, mistakes in wrong.items():
            for name, values in mistakes.items():
                for value in values:
                    with self.subTest(step=step, name=name, value=value[:30]):
                        texts = {**self._get_steps()[step], name: value}
                        answer = self.send(f"{page}/{step}", **texts)
                        self.assert_error(answer, name)
                        self.assertNotIn("<script>alert(1)", answer.text)
        self.assertFalse(application.name)
        self.assertFalse(application.employees)
        self.assertFalse(application.person_ids)
        self.assertFalse(application.answer_ids)
        answer = self.send(
            f"{page}/company", **{**self._get_steps()["company"], "vat": "DE1"}
        )
        found = self.get_page(answer).xpath("//input[@name='city']/@value")
        self.assertEqual(found, ["Berlin"], "what was typed stays")

    def test_the_first_page_asks_for_a_name_and_an_address(self):
        for name, value in (("contact_name", " "), ("email", "anna"), ("email", "")):
            with self.subTest(name=name):
                self.assert_error(self.start(**{name: value}), name)
        self.assertFalse(self.env["partner.application"].search([]))

    def test_what_is_incomplete_is_not_sent(self):
        application, page = self.get_started(self.start())
        self.send(f"/partner-application/confirm/{application.confirm_token}")
        answer = self.send(f"{page}/check", terms="1")
        self.assertIn("Some steps are not complete", answer.text)
        self.fill_in(page)
        self.assert_error(self.send(f"{page}/check"), "terms")
        self.assertEqual(application.state, "confirmed")
        self.assertEqual(self.send(f"{page}/check", terms="1").status_code, 303)
        # the double click finds it sent
        self.assertEqual(self.send(f"{page}/check", terms="1").status_code, 303)
        self.assertEqual(len(self.get_mails(application)), 2)
        # and nothing can be changed any more
        self.send(f"{page}/company", **{**self._get_steps()["company"], "name": "New"})
        self.assertEqual(application.name, "Applied Systems GmbH")

    def test_files_are_judged_by_content_and_removed_by_their_own_application(self):
        application, page = self.get_started(self.start())
        other = self.env["ir.attachment"].create({"name": "other", "raw": b"x"})
        svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
        for name, content in (
            ("a.svg", svg),
            ("a.html", b"<html><script>alert(1)</script></html>"),
            ("a.pdf", EXECUTABLE),
            ("a.png", svg),
            ("a.pdf", b"<html>%PDF-1.4"),
            ("a.txt", b""),
        ):
            with self.subTest(name=name):
                answer = self.send(
                    f"{page}/files", files=[(name, content, "application/pdf")]
                )
                self.assert_error(answer, "files")
        many = [(f"{n}.txt", b"text", "text/plain") for n in range(6)]
        self.assert_error(self.send(f"{page}/files", files=many), "files")
        self.assertFalse(application._get_files())
        self.assertEqual(self.send(f"{page}/files", files=many[:5]).status_code, 303)
        first = application._get_files()[0]
        answer = self.send(f"{page}/files", remove_files=[str(first.id), str(other.id)])
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(len(application._get_files()), 4)
        self.assertTrue(other.exists())

    def test_a_question_is_answered_on_the_page(self):
        application = self.apply()
        self.assertEqual(
            application.with_user(self.manager).action_open_question()["target"], "new"
        )
        application.with_user(self.manager)._ask_applicant("Since when?")
        page = f"/partner-application/{application.access_token}"
        self.assertIn("Since when?", self.url_open(page).text)
        self.assertEqual(self.url_open(f"{page}/company").status_code, 200)
        self.assert_error(self.send(f"{page}/answer", answer=" "), "answer")
        self.assertEqual(self.send(f"{page}/answer", answer="2019").status_code, 303)
        self.assertEqual(application.state, "submitted")
        self.assertTrue(application.date_decision_due)
        self.assertIn("2019", str(application.message_ids.mapped("body")))

    def test_the_applicant_withdraws(self):
        application = self.apply()
        page = f"/partner-application/{application.access_token}"
        for _click in range(2):
            self.assertEqual(self.send(f"{page}/withdraw").status_code, 303)
        self.assertEqual(application.state, "withdrawn")
        self.assertFalse(application.activity_ids)
        self.assertEqual(application.funnel_id.outcome, "withdrawn")
        self.assertIn("You have withdrawn", self.url_open(page).text)

    def test_who_has_withdrawn_confirms_nothing(self):
        application, page = self.get_started(self.start())
        path = f"/partner-application/confirm/{application.confirm_token}"
        self.assertEqual(self.send(f"{page}/withdraw").status_code, 303)
        self.assertEqual(self.url_open(path).status_code, 410)
        self.assertEqual(self.send(path).status_code, 410)
        self.assertEqual(application.state, "withdrawn")

    def test_programs_fall_into_the_trap_and_people_are_limited(self):
        answer = self.start(**{program.TRAP: "1"})
        self.assertEqual(answer.status_code, 200)
        self.assertFalse(self.env["partner.application"].search([]))
        with patch.object(program, "STARTS_PER_HOUR", 3):
            answers = [self.start() for _n in range(4)]
        self.assertEqual([a.status_code for a in answers], [303, 303, 429, 429])
        self.assertIn("Too many requests from your network", answers[-1].text)
        self.assertEqual(self.env["partner.application"].search_count([]), 2)

    def test_an_address_gets_three_mails_an_hour_and_the_answer_stays_the_same(self):
        answers = [self.start(email="victim@example.com") for _n in range(4)]
        self.assertEqual({a.status_code for a in answers}, {303})
        mails = self.env["mail.mail"].search([("email_to", "=", "victim@example.com")])
        self.assertEqual(len(mails), 3)

    def test_a_link_that_is_not_mailed_does_not_replace_the_last_one(self):
        application, page = self.get_started(self.start())
        for _click in range(4):
            self.assertEqual(self.send(f"{page}/resend").status_code, 303)
        mails = self.get_mails(application)
        self.assertEqual(len(mails), 3)
        path = f"/partner-application/confirm/{application.confirm_token}"
        self.assertIn(path, mails[-1].body_html)
        self.assertEqual(self.send(path).status_code, 303)
        self.assertEqual(application.state, "confirmed")

    def test_a_captcha_that_is_not_solved_begins_nothing(self):
        self.env["ir.config_parameter"].set_param("recaptcha_private_key", "secret")
        verify = "odoo.addons.google_recaptcha.models.ir_http.IrHttp"
        with patch(f"{verify}._verify_recaptcha_token", return_value="is_bot"):
            answer = self.start()
        self.assertEqual(answer.status_code, 200)
        self.assertIn("Suspicious activity", answer.text)
        found = self.get_page(answer).xpath("//input[@name='contact_name']/@value")
        self.assertEqual(found, ["Anna Applicant"])
        self.assertFalse(self.env["partner.application"].search([]))
        with patch(f"{verify}._verify_recaptcha_token", return_value="is_human"):
            self.assertEqual(self.start().status_code, 303)

    def test_applying_in_another_language(self):
        german = self.env["res.lang"]._activate_lang("de_DE")
        self.env["website"].search([]).language_ids += german
        self.url = f"/de{self.url}"
        application, _page = self.get_started(self.start())
        self.assertEqual(application.lang, "de_DE")
        link = application._get_link()
        self.assertIn("/de/partner-application/", link)
        self.assertEqual(self.url_open(link).status_code, 200)
