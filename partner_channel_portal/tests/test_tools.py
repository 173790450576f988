import doctest

from odoo.tests import BaseCase, tagged

from ..tools import amount as amounts
from ..tools import (
    application_form,
    deal_form,
    form_values,
    qualification_form,
    table_csv,
    table_read,
    tax_id,
    upload,
)


@tagged("post_install", "-at_install")
class TestTools(BaseCase):
    def test_examples_in_the_documentation_hold(self):
        flags = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL
        modules = (
            form_values,
            amounts,
            application_form,
            deal_form,
            qualification_form,
            table_csv,
            table_read,
            tax_id,
            upload,
        )
        for module in modules:
            with self.subTest(module=module.__name__):
                result = doctest.testmod(module, optionflags=flags)
                self.assertGreater(result.attempted, 0)
                self.assertFalse(result.failed)

    def test_amounts_are_read_as_languages_write_them(self):
        cases = [
            # text, thousands separator, amount
            ("1234", ",", "1234"),
            ("1,234", ",", "1234"),
            ("1.234", ".", "1234"),
            ("1,5", ",", "1.5"),
            ("1,50", ".", "1.50"),
            ("1,234,567.89", ",", "1234567.89"),
            ("1.234.567,89", ",", "1234567.89"),
            ("1.234.567", ",", "1234567"),
            ("1 234 567,89", "\u202f", "1234567.89"),
            ("12\u00a0500", ",", "12500"),
            ("12500.125", ",", "12500.125"),
            ("0.01", ",", "0.01"),
        ]
        for text, thousands, amount in cases:
            with self.subTest(text=text):
                self.assertEqual(str(amounts.parse_amount(text, thousands)), amount)

    def test_what_is_no_amount_is_refused(self):
        texts = ["1e400", "1E5", "NaN", "-Infinity", "٣", "0x10", "1..5", "--1", "½"]
        texts += ["1,2,3", "1.234.5", "12 50", "$5", "1_000", "9" * 20, "-", "."]
        for text in texts:
            with (
                self.subTest(text=text),
                self.assertRaises(form_values.FieldProblem),
            ):
                amounts.parse_amount(text)

    def test_an_amount_that_could_mean_two_things_is_refused(self):
        # 1234 or 1.234? It depends on who wrote it, a thousandfold
        for text, thousands in (("1,234", ""), ("1,234", "."), ("1.234", ",")):
            with (
                self.subTest(text=text, thousands=thousands),
                self.assertRaises(form_values.FieldProblem),
            ):
                amounts.parse_amount(text, thousands)

    def test_files_are_judged_by_what_they_are(self):
        pdf = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n"
        png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\6\0\0\0"
        html = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
        executable = b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0" + bytes(200)
        check = upload.check_upload
        self.assertEqual(check(upload.Upload("a.pdf", pdf)), "application/pdf")
        self.assertEqual(check(upload.Upload("A.PNG", png)), "image/png")
        refused = [
            ("a.pdf", executable, "file_content"),
            ("a.txt", executable, "file_content"),
            ("a.txt", html, "file_content"),
            ("a.png", pdf, "file_content"),
            ("a.exe", pdf, "file_type"),
            ("a.pdf.exe", executable, "file_type"),
            ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file_type"),
            ("pdf", pdf, "file_type"),
            ("a.pdf", b"", "file_empty"),
            ("a.pdf", pdf + bytes(upload.MAX_SIZE), "file_large"),
        ]
        for name, content, code in refused:
            with (
                self.subTest(name=name, code=code),
                self.assertRaises(form_values.FieldProblem) as refusal,
            ):
                check(upload.Upload(name, content))
            self.assertEqual(refusal.exception.code, code, name)
