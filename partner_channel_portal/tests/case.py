"""What a refused form looks like, how one is kept, and what a page costs."""

import uuid
from contextlib import contextmanager
from unittest.mock import patch

from lxml import html

from odoo import http
from odoo.sql_db import Cursor
from odoo.tools import mute_logger

from .common import PortalFormCase

DRAFT_URL = "/my/deals/draft"


class RefusedFormCase(PortalFormCase):
    """Assertions on the form as it comes again; the seller is logged in."""

    def setUp(self):
        super().setUp()
        self.login(self.seller)

    def assert_refused(self, answer, name, **typed):
        """The form comes again with a message at the field, nothing stored."""
        self.assertEqual(answer.status_code, 200)
        page = html.fromstring(answer.content)
        messages = page.xpath(f"//*[@id='deal_{name}_error']")
        self.assertTrue(messages, f"no message at {name}")
        self.assertTrue(messages[0].text_content().strip())
        [field] = page.xpath(f"//form//*[@name='{name}']")
        self.assertIn("is-invalid", field.get("class"))
        self.assertEqual(field.get("aria-invalid"), "true")
        for other, value in typed.items():
            self.assertEqual(self.get_typed(page, other), value)
        self.assertFalse(self.get_deals())

    def get_typed(self, page, name):
        """Return what stands in a field of the form."""
        [field] = page.xpath(f"//form//*[@name='{name}']")
        if field.tag == "select":
            return field.xpath("string(option[@selected]/@value)")
        return field.text if field.tag == "textarea" else field.get("value")

    def get_token(self, answer):
        return self.get_typed(html.fromstring(answer.content), "token")


class DraftCase(RefusedFormCase):
    """Keeps what is typed as the form does meanwhile."""

    def setUp(self):
        super().setUp()
        self.token = uuid.uuid4().hex

    def keep(self, csrf=True, status=200, **values):
        """Send what is typed; return the id of the draft, if it was kept."""
        data = {**self.form_values(token=self.token), **values}
        if csrf:
            data["csrf_token"] = http.Request.csrf_token(self)
        with mute_logger("odoo.http", "odoo.models"):
            answer = self.url_open(DRAFT_URL, data=data, allow_redirects=False)
        self.assertEqual(answer.status_code, status, answer.text[:2000])
        self.env.invalidate_all()
        if status != 200:
            return None
        kept = answer.json()
        self.written = kept.get("write_date")
        return kept["deal_id"]


class QueryCountCase(PortalFormCase):
    """Counts what a page asks the database."""

    @contextmanager
    def count_queries(self):
        """Count what the server asks the database meanwhile."""
        counted = []
        execute = Cursor.execute

        def count(cursor, query, *args, **kwargs):
            counted.append(query)
            return execute(cursor, query, *args, **kwargs)

        with patch.object(Cursor, "execute", count):
            yield counted

    def measure(self, url, params=None):
        """Return the number of queries of a page, once everything is warm."""

        def load():
            self.env.invalidate_all()
            if params is None:
                answer = self.url_open(url)
                self.assertEqual(answer.status_code, 200)
            else:
                self.assertTrue(self.make_jsonrpc_request(url, params))

        load()
        with self.count_queries() as counted:
            load()
        return len(counted)
