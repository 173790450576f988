import re
from unittest.mock import patch

from lxml import html

from odoo.sql_db import Cursor
from odoo.tests import tagged

from .common_application import ApplicationHttpCase

_KNOWN = {"name": "Known Partner GmbH", "vat": "DE136695976"}
_NEW = {"name": "Newest Partner GmbH", "vat": "DE123456788"}


@tagged("post_install", "-at_install")
class TestApplicationBlind(ApplicationHttpCase):
    """Nobody learns from the form whether a company or an address is known."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        known = cls.env["res.partner"].create(
            {
                "name": _KNOWN["name"],
                "is_company": True,
                "vat": _KNOWN["vat"],
                "website": "https://www.known.example",
                "email": "info@known.example",
            }
        )
        cls.env["res.partner"].create(
            {"name": "Kim", "parent_id": known.id, "email": "kim@known.example"}
        )
        membership = cls.env["partner.membership"].create(
            {"partner_id": known.id, "program_id": cls.program.id}
        )
        membership.action_activate()
        cls._create_user("kim@known.example", known.child_ids, "base.group_portal")
        first = cls.apply(email="kim@known.example", **_KNOWN)
        first._decline(cls.env.ref("partner_channel_portal.application_reason_fit"))
        cls.program.reapply_policy = "never"

    def walk(self, email, **values):
        """Apply; return pages without what differs by chance, and queries of each."""
        pages, queries = [], []
        counted = []
        execute = Cursor.execute

        def count(cursor, query, *args, **kwargs):
            counted.append(query)
            return execute(cursor, query, *args, **kwargs)

        def step(call):
            self.env.flush_all()
            self.env.invalidate_all()
            counted.clear()
            with patch.object(Cursor, "execute", count):
                answer = call()
            queries.append(len(counted))
            pages.append(answer)
            return answer

        application, page = self.get_started(step(lambda: self.start(email=email)))
        steps = self._get_steps(**values)
        for name, texts in steps.items():
            step(lambda name=name, texts=texts: self.send(f"{page}/{name}", **texts))
        confirm = f"/partner-application/confirm/{application.confirm_token}"
        step(lambda: self.send(confirm))
        step(lambda: self.send(f"{page}/check", terms="1"))
        shown = step(lambda: self.url_open(page))
        self.assertEqual(application.state, "submitted")
        main = html.fromstring(shown.content).xpath(
            "//*[contains(@class, 'o_partner_channel_application')]"
        )
        # without the times of day, which differ by chance
        text = re.sub(r"\d+", "", " ".join(main[0].text_content().split()))
        codes = [answer.status_code for answer in pages]
        return application, codes, queries, text

    def test_known_and_new_get_the_same_answers_for_the_same_work(self):
        # both are asked twice: the first walk fills the caches
        self.walk("warm@warm.example", name="Warm", vat="DE811569869")
        known = self.walk("kim@known.example", website="www.known.example", **_KNOWN)
        new = self.walk("new@newest.example", website="www.newer.example", **_NEW)
        self.assertEqual(known[1], new[1])
        self.assertEqual(known[2], new[2])
        self.assertEqual(
            known[3].split("Started")[0],
            new[3].split("Started")[0],
        )
        # the vendor sees the difference, by the job
        both = known[0] + new[0]
        both._screen()
        self.assertEqual(both.mapped("has_duplicates"), [True, False])
        self.assertEqual(both.mapped("state"), ["declined", "submitted"])
        self.assertNotIn("early", str(self.get_mails(known[0])[-1].body_html))

    def test_what_the_vendor_knows_is_not_looked_up_for_an_applicant(self):
        Application = type(self.env["partner.application"])
        with (
            patch.object(Application, "_find_customer_ids", side_effect=AssertionError),
            patch.object(
                Application, "_find_similar_applications", side_effect=AssertionError
            ),
        ):
            self.walk("kim@known.example", **_KNOWN)
