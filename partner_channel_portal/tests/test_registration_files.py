from lxml import html

from odoo.tests import tagged

from ..tools.upload import MAX_SIZE
from .case import RefusedFormCase

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"
EXECUTABLE = b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0" + bytes(200)


@tagged("post_install", "-at_install")
class TestRegistrationFiles(RefusedFormCase):
    def test_files_that_are_not_what_they_say_are_refused(self):
        cases = [
            ("need.pdf", EXECUTABLE),
            ("need.exe", EXECUTABLE),
            ("need.html", b"<html><script>alert(1)</script></html>"),
            ("need.pdf", b""),
            ("<img src=x onerror=alert(1)>.pdf", EXECUTABLE),
        ]
        files_before = self.env["ir.attachment"].search_count([])
        for name, content in cases:
            with self.subTest(name=name):
                answer = self.send_form(files=[(name, content, "application/pdf")])
                self.assert_refused(answer, "files")
                self.assertNotIn("<img src=x", answer.text)
        self.assertEqual(self.env["ir.attachment"].search_count([]), files_before)

    def test_a_huge_file_is_refused_with_a_clear_message(self):
        huge = PDF + bytes(50 * 1024 * 1024)
        answer = self.send_form(files=[("huge.pdf", huge, "application/pdf")])
        self.assert_refused(answer, "files", partner_name="Acme GmbH")
        self.assertIn("“huge.pdf” is larger than 10 MB", answer.text)
        limit = PDF + bytes(MAX_SIZE - len(PDF))
        answer = self.send_form(files=[("limit.pdf", limit, "application/pdf")])
        self.assertEqual(answer.status_code, 303)

    def test_too_many_files_are_refused(self):
        files = [(f"{n}.txt", b"text", "text/plain") for n in range(6)]
        self.assert_refused(self.send_form(files=files), "files")
        self.assertEqual(self.send_form(files=files[:5]).status_code, 303)

    def test_a_deal_has_so_many_files_and_no_more(self):
        deal = self._create_deals(self.seller)
        values = {"raw": b"text", "res_model": "crm.lead", "res_id": deal.id}
        self.env["ir.attachment"].with_user(self.seller).sudo().create(
            [{**values, "name": f"{number}.txt"} for number in range(10)]
        )
        answer = self.send_form(
            f"/my/deals/{deal.id}/edit",
            files=[("more.txt", b"text", "text/plain")],
            action="draft",
        )
        self.assertEqual(answer.status_code, 200)
        # at its field: what the attachment itself refuses is told above the form
        [message] = html.fromstring(answer.content).xpath("//*[@id='deal_files_error']")
        self.assertIn("at most 10", message.text_content())
        self.assertEqual(len(deal._get_portal_files()), 10)

    def test_files_are_asked_for_again_only_where_some_were_chosen(self):
        again = "Please choose them again"
        self.assertNotIn(again, self.url_open("/my/deals/new").text)
        answer = self.send_form(partner_name="")
        self.assertNotIn(again, answer.text)
        answer = self.send_form(
            partner_name="", files=[("need.txt", b"text", "text/plain")]
        )
        self.assertIn(again, answer.text)

    def test_what_a_field_is_described_by_is_on_the_page(self):
        answers = [self.url_open("/my/deals/new"), self.send_form(customer_vat="1")]
        for answer in answers:
            page = html.fromstring(answer.content)
            named = page.xpath("//form//@aria-describedby")
            self.assertTrue(named)
            for name in " ".join(named).split():
                self.assertTrue(page.xpath("//*[@id=$name]", name=name), name)
        self.assertIn("such as DE136695976", answers[1].text)
