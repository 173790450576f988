from unittest.mock import patch

from odoo.tools import SQL

from ..tools import lms_http
from .lms_case import LmsCase
from .moodle_stand_in import TOKEN, MoodleStandIn

#: 1 March 2026, noon UTC
NOON = 1_772_366_400
DAY = 86_400
STATUS = "core_completion_get_course_completion_status"
COURSES = "core_enrol_get_users_courses"


class MoodleCase(LmsCase):
    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        # Odoo's guard against requests in tests knows no pair of timeouts
        return super()._request_handler(s, r, **{**kw, "timeout": 12})

    def setUp(self):
        super().setUp()
        self.moodle = MoodleStandIn()
        self.addCleanup(self.moodle.close)
        self.waits = []
        patcher = patch.object(lms_http.time, "sleep", self.waits.append)
        patcher.start()
        self.addCleanup(patcher.stop)
        # demo data and others are not asked
        self.env["lms.provider"].search([]).unlink()
        # only the people of this test are asked about
        self.env["partner.membership"].search(
            [("id", "not in", self.memberships.ids), ("state", "!=", "terminated")]
        )._set_protected({"state": "draft"})
        self.provider = self._create_moodle(self.moodle)
        self.home = self.moodle.url
        self.course = self.env["lms.course"].create(
            {
                "name": "Selling",
                "provider_id": self.provider.id,
                "activity": f"{self.home}/course/view.php?id=2",
                "type_id": self.kind.id,
            }
        )
        self.moodle.add_user(7, "seller@example.com")
        self.moodle.add_user(8, "rival@example.com")
        self.moodle.add_course(2, "Selling")
        self.moodle.add_course(3, "Serving")

    def _create_moodle(self, moodle, name="Moodle"):
        return self._create_provider(
            name, kind="moodle", endpoint=moodle.url, password=TOKEN
        )

    def _pull(self):
        """Run the job as if the next round were due; return its log."""
        self.provider.date_due = False
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(
                "partner_channel_lms.ir_cron_pull_statements"
            ).method_direct_trigger()
        self.env.invalidate_all()
        return self.env["lms.sync.log"].search(
            [("provider_id", "=", self.provider.id)], limit=1, order="id desc"
        )

    def _said(self):
        return self.Statement.search([("provider_id", "=", self.provider.id)])

    def _get_rows(self):
        """Return all rows a round might write, but for its log."""
        self.env.flush_all()
        rows = []
        for table in ("lms_statement", "lms_account", "lms_course"):
            query = SQL("SELECT * FROM %s ORDER BY id", SQL.identifier(table))
            rows += self.env.execute_query(query)
        return rows
