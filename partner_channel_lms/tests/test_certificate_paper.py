import io

from PyPDF2 import PdfReader

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .badge_case import BadgeCase

REPORT = "partner_channel_lms.report_certificate"


@tagged("post_install", "-at_install")
class TestCertificatePaper(BadgeCase):
    def _print(self, user=None, records=None):
        records = records or self.certificate
        report = self.env["ir.actions.report"].with_user(user or self.env.user)
        html, _kind = report._render_qweb_html(REPORT, records.ids)
        return html.decode()

    def test_it_says_who_earned_what_until_when(self):
        self.kind.write({"competence": "Sells & serves", "level": "Expert"})
        self.certificate.flush_recordset()
        page = self._print()
        for text in ("Sam Seller", "Sales", "Expert", "Sells &amp; serves"):
            self.assertIn(text, page)
        self.assertIn(self.program.company_id.name, page)
        self.assertIn(f"{self.certificate.date_expiry.year}", page)

    def test_the_address_is_printed_only_while_it_is_shared(self):
        address = self._badge()._get_page_address()
        self.assertNotIn(address, self._print())
        self._share()
        page = self._print()
        self.assertIn(address, page)
        self.assertIn("data:image/png;base64", page)
        self._share(False)
        self.assertNotIn(address, self._print())

    def test_it_is_in_the_language_of_the_person(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        self.kind.with_context(lang="ru_RU").name = "Продажи"
        self.seller.lang = "ru_RU"
        self._take(self.owner)
        page = self._print(records=self.certificate | self._certificates(self.owner))
        self.assertIn("Продажи", page)
        self.assertIn("Sales", page, "the owner's is in English")

    def test_one_without_an_end_says_so(self):
        exam = self._create_exam("Endless Exam")
        kind = self.kind.create(
            {"name": "Endless", "survey_id": exam.id, "validity_months": 0}
        )
        self._take(self.seller, exam=exam)
        endless = self._certificates(self.seller).filtered(lambda c: c.type_id == kind)
        self.assertIn("Never expires", self._print(records=endless))

    def test_who_prints(self):
        trainer = new_test_user(
            self.env, "lms_printer", groups="partner_channel_lms.group_channel_trainer"
        )
        self.assertIn("Sam Seller", self._print(trainer))
        employee = new_test_user(self.env, "lms_clerk", groups="base.group_user")
        people = (self.owner.user_ids, self.rival.user_ids, employee)
        for user in people:
            with self.subTest(user.login), self.assertRaises(AccessError):
                self._print(user)
        self.assertIn("Sam Seller", self._print(self.seller.user_ids))

    def test_a_revoked_one_is_not_printed(self):
        self.certificate._revoke("Taken by another")
        with self.assertRaises(UserError):
            self._print()

    def test_odoo_s_own_address_of_reports_opens_no_other_way(self):
        path = f"/report/html/{REPORT}/{self.certificate.id}"
        for login in ("lms_owner", "lms_rival"):
            self.authenticate(login, login)
            with self.assertLogs("odoo.http", "WARNING"):
                answer = self.url_open(path)
            self.assertNotIn("Sam Seller", answer.text)

    def test_the_owner_gets_the_file(self):
        answer = self._as("lms_seller", "pdf")
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertIn("Sam Seller", answer.text, "tests print HTML")

    def test_the_file_is_one_page_on_its_side(self):
        report = self.env["ir.actions.report"]
        if report.get_wkhtmltopdf_state() != "ok":
            self.skipTest("wkhtmltopdf is not installed")
        self._share()
        self.kind.write({"competence": "Sells and serves. " * 12, "level": "Expert"})
        content, kind = report.with_context(
            force_report_rendering=True
        )._render_qweb_pdf(REPORT, self.certificate.ids)
        self.assertEqual(kind, "pdf")
        [page] = PdfReader(io.BytesIO(content)).pages
        self.assertGreater(page.mediabox.width, page.mediabox.height)
        text = "".join(page.extract_text().split())
        self.assertIn("SamSeller", text)
        self.assertIn(self._badge().token, text)
