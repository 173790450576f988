"""How to send a table of deals."""

import csv
import io
from datetime import timedelta

import openpyxl
from lxml import html

from odoo import fields, http

from .common import PortalFormCase

HEADER = [
    "Company",
    "Country",
    "Tax ID",
    "E-mail",
    "What the customer needs",
    "Expected amount",
    "Expected date (YYYY-MM-DD)",
    "Product family",
]


class ImportCase(PortalFormCase):
    """Sends tables of deals, as a browser does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.day = fields.Date.today() + timedelta(days=60)

    def get_row(self, name="Acme GmbH", **values):
        """Return a good row; an argument replaces a cell."""
        row = {
            "Company": name,
            "Country": "DE",
            "Tax ID": "",
            "E-mail": f"jane@{''.join(c for c in name.lower() if c.isalnum())}.example",
            "What the customer needs": "Ten licences",
            "Expected amount": "1200.50",
            "Expected date (YYYY-MM-DD)": self.day.isoformat(),
            "Product family": "Portal Test Family",
            **values,
        }
        return [row[label] for label in HEADER]

    def make_csv(self, *rows, header=None, delimiter=","):
        output = io.StringIO()
        writer = csv.writer(output, delimiter=delimiter)
        writer.writerows([header or HEADER, *rows])
        return output.getvalue().encode()

    def make_xlsx(self, *rows):
        book = openpyxl.Workbook()
        for row in (HEADER, *rows):
            book.active.append(row)
        output = io.BytesIO()
        book.save(output)
        return output.getvalue()

    def send(self, content, kind="submit", name="deals.xlsx"):
        """Send a file; return the answer, redirects not followed."""
        return self.url_open(
            "/my/deals/import",
            data={"kind": kind, "csrf_token": http.Request.csrf_token(self)},
            files=[("file", (name, content))],
            allow_redirects=False,
        )

    def confirm(self, url):
        return self.url_open(
            url,
            data={"csrf_token": http.Request.csrf_token(self)},
            allow_redirects=False,
        )

    def preview(self, content, kind="submit"):
        """Return the address of the preview and ``{row: result}``."""
        answer = self.send(content, kind)
        self.assertEqual(answer.status_code, 303, answer.text[:2000])
        url = answer.headers["Location"]
        return url, self.get_results(url)

    def get_results(self, url):
        page = html.fromstring(self.url_open(url).content)
        return {
            int(row.xpath("string(td[1])")): " ".join(
                row.xpath("string(td[3])").split()
            )
            for row in page.xpath("//tbody/tr")
        }

    def get_error(self, content):
        answer = self.send(content)
        self.assertEqual(answer.status_code, 200)
        page = html.fromstring(answer.content)
        return " ".join(page.xpath("string(//*[@id='import_file_error'])").split())
