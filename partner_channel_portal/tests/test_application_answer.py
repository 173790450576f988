from unittest.mock import patch

from odoo.modules.module import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from ..controllers import application as controller
from .common_application import ApplicationHttpCase


@tagged("post_install", "-at_install")
class TestApplicationAnswer(ApplicationHttpCase):
    """What an applicant answered and sent, and nothing of the vendor's."""

    def test_files_of_the_vendor_are_not_the_applicants(self):
        # the vendor's people fill in the form as well, to see what it is like
        self.authenticate("admin", "admin")
        application, page = self.get_started(self.start())
        own = ("own.txt", b"text", "text/plain")
        self.assertEqual(self.send(f"{page}/files", files=[own]).status_code, 303)
        vendors = self.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "raw": b"text",
                    "res_model": application._name,
                    "res_id": application.id,
                }
                for name in ("credit-check.txt", "sent.txt")
            ]
        )
        self.authenticate(None, None)
        for path in ("files", "check"):
            with self.subTest(path=path):
                text = self.url_open(f"{page}/{path}").text
                self.assertIn("own.txt", text)
                self.assertNotIn("credit-check.txt", text)
        answer = self.send(
            f"{page}/files",
            files=[("sent.txt", b"text", "text/plain")],
            remove_files=[str(file.id) for file in vendors],
        )
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(len(vendors.exists()), 2)
        # of the same name and content as the vendor's, and the applicant's all the same
        self.assertEqual(
            application._get_files().mapped("name"), ["own.txt", "sent.txt"]
        )

    def test_an_application_has_so_many_files_and_no_more(self):
        application, page = self.get_started(self.start())
        sent = [
            [(f"{batch}{n}.txt", f"text {batch}{n}".encode(), "") for n in range(4)]
            for batch in range(3)
        ]
        for files in sent[:2]:
            answer = self.send(f"{page}/files", files=files)
            self.assertEqual(answer.status_code, 303)
        self.assert_error(self.send(f"{page}/files", files=sent[2]), "files")
        self.assertEqual(len(application._get_files()), 8)
        self.assertEqual(self.send(f"{page}/files", files=sent[2][:2]).status_code, 303)
        self.assertEqual(len(application._get_files()), 10)

    def test_what_was_sent_is_not_sent_again(self):
        application = self.apply()
        for state in ("submitted", "in_review", "declined"):
            application._set_protected({"state": state, "date_terms": False})
            with self.subTest(state=state):
                self.assertEqual(application._portal_submit({"terms": "1"}), {})
                self.assertEqual(application.state, state)
                self.assertFalse(application.date_terms)

    def test_what_is_decided_is_not_withdrawn(self):
        application = self.apply()
        page = f"/partner-application/{application.access_token}"
        application._set_protected({"state": "declined"})
        self.assertEqual(self.send(f"{page}/withdraw").status_code, 303)
        self.assertEqual(application.state, "declined")
        self.assertNotIn("/withdraw", self.url_open(page).text)

    def test_files_sent_before_they_were_marked_are_marked(self):
        first, second = self.apply(), self.apply(email="bo@b.example")
        public = self.env.ref("base.public_user")
        for user, application, name in (
            (public, first, "one.txt"),
            (self.rival, first, "two.txt"),
            (self.manager, first, "credit-check.txt"),
            (public, second, "three.txt"),
        ):
            self.env["ir.attachment"].with_user(user).sudo().create(
                {
                    "name": name,
                    "raw": b"text",
                    "res_model": application._name,
                    "res_id": application.id,
                }
            )
        path = "partner_channel_portal/migrations/19.0.1.3.0/post-application-files.py"
        script = load_script(file_path(path), "post-application-files")
        for _turn in range(2):
            script.migrate(self.cr, "19.0.1.2.0")
            self.env.invalidate_all()
            self.assertEqual(
                [a._get_files().mapped("name") for a in (first, second)],
                [["one.txt", "two.txt"], ["three.txt"]],
            )

    def test_the_page_asks_as_long_as_an_answer_is_taken(self):
        application = self.apply()
        vendors = application.with_user(self.manager)
        page = f"/partner-application/{application.access_token}"

        def asks():
            tree = self.get_page(self.url_open(page))
            return bool(tree.xpath(f"//form[@action='{page}/answer']"))

        self.assertFalse(asks())
        vendors._ask_applicant("Since when?")
        self.assertTrue(asks())
        self.assertIn(f"{page}/company", self.url_open(page).text)
        vendors.action_review()
        self.assertTrue(asks())
        # what it says can be corrected while the vendor waits only
        self.assertNotIn(f"{page}/company", self.url_open(page).text)
        self.send(f"{page}/answer", answer="Since 2019")
        self.assertFalse(asks())

    def test_what_is_typed_too_often_is_not_lost(self):
        started, step_page = self.get_started(self.start())
        asked = self.apply()
        asked.with_user(self.manager)._ask_applicant("Since when?")
        asked_page = f"/partner-application/{asked.access_token}"
        mails = self.get_mails(started)
        self.env["partner.portal.throttle"].search([]).unlink()
        with patch.object(controller, "POSTS_PER_HOUR", 1):
            first = self.send(f"{step_page}/people", contact_name="Anna First")
            self.assertEqual(first.status_code, 303)
            for url, name in (
                (f"{step_page}/people", "contact_name"),
                (f"{asked_page}/answer", "answer"),
                (f"{step_page}/resend", ""),
            ):
                typed = {name: "Typed too often"} if name else {}
                with self.subTest(url=url):
                    answer = self.send(url, **typed)
                    self.assertEqual(answer.status_code, 429)
                    self.assertIn("no-store", answer.headers["Cache-Control"])
                    tree = self.get_page(answer)
                    [alert] = tree.xpath("//*[@role='alert']")
                    self.assertIn("Too many requests", alert.text_content())
                    fields = tree.xpath(f"//form//*[@name='{name}']")
                    shown = {field.get("value") or field.text for field in fields}
                    self.assertEqual(shown, set(typed.values()))
        self.assertEqual(started.contact_name, "Anna First")
        self.assertEqual(asked.state, "question")
        self.assertEqual(self.get_mails(started), mails)

    def test_an_answer_is_kept_when_the_review_began_meanwhile(self):
        application = self.apply()
        application.with_user(self.manager)._ask_applicant("Since when?")
        application.with_user(self.manager).action_review()
        page = f"/partner-application/{application.access_token}"
        for _click in range(2):
            answer = self.send(f"{page}/answer", answer="Since 2019")
            self.assertEqual(answer.status_code, 303)
        self.assertEqual(application.state, "in_review")
        bodies = [str(body) for body in application.message_ids.mapped("body")]
        self.assertEqual(len([b for b in bodies if "Since 2019" in b]), 1)
        # nobody is asked any more
        self.send(f"{page}/answer", answer="One more thing")
        self.assertNotIn("One more thing", str(application.message_ids.mapped("body")))

    def test_numbers_are_read_and_shown_as_the_language_writes_them(self):
        german = self.env["res.lang"]._activate_lang("de_DE")
        english = self.env.ref("base.lang_en")
        application, _page = self.get_started(self.start())
        for lang, typed, number, shown in (
            (english, "12,500", 12500, "12500"),
            (english, "1250000", 1250000, "1250000"),
            (english, "12.5", 12.5, "12.5"),
            (german, "12.500", 12500, "12500"),
            (german, "-0,25", -0.25, "-0,25"),
            # three decimals would be thousands when they are read again
            (german, "1,1250", 1.125, "1,1250"),
            (english, "1234567890.25", 1234567890.25, "1234567890.25"),
        ):
            with self.subTest(lang=lang.code, typed=typed):
                own = application.with_context(lang=lang.code)
                name = f"criterion_{self.consultants.id}"
                texts = self._get_steps(**{name: typed})["questions"]
                self.assertEqual(own._portal_save_step("questions", texts), {})
                for _time in range(2):
                    answer = own.answer_ids.filtered(
                        lambda a: a.criterion_id == self.consultants
                    )
                    self.assertEqual(answer.number, number)
                    self.assertEqual(answer.shown, shown)
                    again = own._get_step_texts("questions")
                    self.assertEqual(own._portal_save_step("questions", again), {})
