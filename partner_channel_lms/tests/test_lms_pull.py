from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..tools import lms_http
from .lms_case import ADL, LmsCase
from .lrs_stand_in import LrsStandIn

#: when everything was stored unless a test says otherwise; no history yet
STORED = fields.Datetime.now() - timedelta(days=5)
BEFORE = STORED - timedelta(hours=12)


def stamp(moment):
    """Return a moment as record stores write it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class PullCase(LmsCase):
    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        # Odoo's guard against requests in tests knows no pair of timeouts
        return super()._request_handler(s, r, **{**kw, "timeout": 12})

    def setUp(self):
        super().setUp()
        self.lrs = LrsStandIn()
        self.addCleanup(self.lrs.close)
        self.waits = []
        patcher = patch.object(lms_http.time, "sleep", self.waits.append)
        patcher.start()
        self.addCleanup(patcher.stop)
        # demo data or others may be on
        self.env["lms.provider"].search([("id", "!=", self.provider.id)]).unlink()
        self.provider.write(
            {
                "endpoint": self.lrs.url,
                "username": "odoo",
                "password": "secret",
                "page_size": 2,
            }
        )

    def _store(self, *statements, stored=STORED):
        self.lrs.statements += [{"stored": stamp(stored), **one} for one in statements]

    def _pull(self, cron="pull"):
        """Run the job; return its log."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(
                f"partner_channel_lms.ir_cron_{cron}_statements"
            ).method_direct_trigger()
        self.env.invalidate_all()
        return self.env["lms.sync.log"].search([], limit=1, order="id desc")

    def _count(self):
        return self.Statement.search_count([("provider_id", "=", self.provider.id)])


@tagged("post_install", "-at_install")
class TestPull(PullCase):
    def test_all_pages_are_read_once_and_certify(self):
        said = [self._say(day=f"2026-03-0{day}") for day in range(1, 6)]
        self._store(*said)
        log = self._pull()
        self.assertEqual((log.state, log.message), ("done", False))
        self.assertEqual((log.pages, log.received, log.stored), (3, 5, 5))
        self.assertEqual(self._count(), 5)
        self._process()
        self.assertEqual(len(self._held(self.seller)), 5)
        log = self._pull()
        self.assertEqual((log.stored, self._count()), (0, 5))

    def test_the_next_run_reads_from_the_cursor_less_the_overlap(self):
        self._store(self._say())
        self._pull()
        self.assertEqual(self.provider.date_cursor, STORED)
        self._pull()
        since = STORED - timedelta(minutes=15)
        self.assertIn(f"since={since:%Y-%m-%dT%H%%3A%M%%3A%S}", self.lrs.asked[-1])
        # nothing new moves nothing
        self.assertEqual(self.provider.date_cursor, STORED)

    def test_the_cursor_does_not_pass_what_is_consistent(self):
        self.lrs.through = stamp(BEFORE)
        self._store(self._say())
        self._pull()
        self.assertEqual(self.provider.date_cursor, BEFORE)

    def test_only_what_may_prove_something_is_kept(self):
        self._store(self._say(f"{ADL}experienced"), self._say())
        log = self._pull()
        self.assertEqual((log.received, log.stored), (2, 1))

    def test_what_breaks_the_standard_waits_for_a_person(self):
        bad = self._say(result={"score": {"scaled": 2}})
        self._store(bad, self._say())
        log = self._pull()
        self.assertEqual((log.stored, log.invalid), (2, 1))
        broken = self.Statement.search([("reason", "=", "invalid")])
        self.assertIn("between -1 and 1", broken.error)
        self.assertEqual(self._pull().stored, 0)

    def test_the_same_id_with_other_content_is_counted(self):
        one = self._say()
        self._store(one)
        self._pull()
        self.lrs.statements = []
        self._store({**one, "result": {"success": False}})
        log = self._pull()
        self.assertEqual((log.clashes, self._count()), (1, 1))

    def test_an_empty_page_too_many_is_the_end(self):
        self.lrs.extra_empty_page = True
        self._store(self._say(), self._say())
        log = self._pull()
        self.assertEqual((log.state, log.pages), ("done", 2))

    def test_the_other_version_is_spoken_once_asked_for(self):
        self.lrs.only_version = "2.0.0"
        self._store(self._say())
        self.assertEqual(self._pull().stored, 1)
        self.assertEqual(self.provider.version, "2.0.0")
        self._pull()
        self.assertEqual(self.lrs.versions[-1], "2.0.0")
        self.assertEqual(self.lrs.versions.count("1.0.3"), 1)

    def test_the_store_filters_where_it_can(self):
        self.provider.filter_server_side = True
        self._store(self._say(f"{ADL}experienced"), self._say(), self._say("failed"))
        log = self._pull()
        self.assertEqual((log.received, log.stored), (2, 2))

    def test_the_nightly_check_finds_what_the_cursor_missed(self):
        self._store(self._say())
        self._pull()
        late = self._say(mail="rival@example.com")
        now = fields.Datetime.now()
        self.provider._set_protected({"date_cursor": now})
        self._store(late, stored=now - timedelta(days=3))
        self.assertEqual(self._pull().stored, 0)
        log = self._pull("scan")
        self.assertEqual((log.kind, log.stored), ("scan", 1))
        self.assertIn("had been missed", log.message)
        self.assertEqual(self.provider.date_cursor, now.replace(microsecond=0))

    def test_only_the_system_runs_the_job(self):
        with self.assertRaises(AccessError):
            self.provider.with_user(self.seller.user_ids)._cron_pull()


@tagged("post_install", "-at_install")
class TestFaults(PullCase):
    def setUp(self):
        super().setUp()
        self._store(self._say())

    def _assert_failed(self, wording):
        log = self._pull()
        self.assertEqual(log.state, "failed")
        self.assertIn(wording, log.message)
        self.assertFalse(self.provider.date_cursor, "the cursor stays")

    def test_a_busy_store_is_asked_again_after_the_time_it_names(self):
        self.lrs.faults = [(429, {"Retry-After": "3"}, b""), (503, {}, b"")]
        self.assertEqual(self._pull().stored, 1)
        self.assertEqual(self.waits[0], 3)
        self.assertAlmostEqual(self.waits[1], 2, delta=0.6)

    def test_after_five_tries_the_next_run_goes_on(self):
        self.lrs.faults = [(503, {"Retry-After": "1"}, b"")] * 5
        self._assert_failed("503")
        self.assertEqual(len(self.lrs.asked), 5)
        self.assertEqual(self._pull().stored, 1)

    def test_a_store_that_asks_for_an_hour_is_left_for_the_next_run(self):
        self.lrs.faults = [(429, {"Retry-After": "3600"}, b"")]
        self._assert_failed("429")
        self.assertEqual(self.waits, [])

    def test_refused_credentials_stop_the_connection_with_one_activity(self):
        self.provider.password = "changed"
        self._assert_failed("refused")
        self.assertEqual(self.provider.state, "stopped")
        self.assertEqual(len(self.provider.activity_ids), 1)
        asked = len(self.lrs.asked)
        self._pull()
        self.assertEqual(len(self.lrs.asked), asked, "asked no more")
        self.assertEqual(len(self.provider.activity_ids), 1)
        self.provider.password = "secret"
        self.provider.action_switch_on()
        self.assertEqual(self._pull().stored, 1)

    def test_what_is_no_list_of_statements_is_refused(self):
        for body, wording in (
            (b"<html>Login</html>", "no JSON"),
            (b'{"statements": [', "no JSON"),
            (b"[]", "no list"),
            (b'{"statements": {}}', "no list"),
            (b'{"statements": [], "more": 7}', "no list"),
        ):
            with self.subTest(body):
                self.lrs.faults = [(200, {}, body)]
                self._assert_failed(wording)

    def test_another_host_is_never_asked(self):
        for place in ("http://127.0.0.2:1/xapi", "//evil.example.org/x"):
            with self.subTest(place):
                self.lrs.more = place
                self._assert_failed("another host")
        self.lrs.more = None
        self.lrs.faults = [(302, {"Location": "https://evil.example.org/"}, b"")]
        self._assert_failed("another host")

    def test_a_loop_of_pages_ends(self):
        self.lrs.more = "/xapi/statements?limit=2&start=0"
        self._assert_failed("repeats")
        self.assertEqual(self._count(), 1, "what came is kept")

    def test_an_endless_answer_ends(self):
        with patch.object(lms_http, "MOST_BYTES", 100):
            self._assert_failed("larger")

    def test_a_store_that_is_gone_leaves_the_cursor(self):
        self.lrs.close()
        self._assert_failed("No answer")

    def test_a_run_that_was_stopped_after_its_last_page_ends(self):
        place = self.provider._find_place("pull", self.provider._get_api())
        reached = {**place, "step": 1, "newest": str(STORED)}
        self.provider.resume = {"pull": reached}
        log = self._pull()
        self.assertEqual((log.state, log.pages), ("done", 0))
        self.assertEqual(self.provider.date_cursor, STORED)
        self.assertFalse(self.provider.resume)

    def test_a_run_that_was_stopped_goes_on_at_its_page(self):
        self._stop_and_go_on()

    def test_a_run_that_was_stopped_goes_on_at_its_question(self):
        self.provider.filter_server_side = True
        self._stop_and_go_on()

    def _stop_and_go_on(self):
        self._store(*(self._say(day=f"2026-03-0{day}") for day in range(2, 8)))
        self._store(*(self._say("failed") for _number in range(2)))
        cron = type(self.env["ir.cron"])
        commit, left = cron._commit_progress, [3]

        def run_out(records, *args, **kwargs):
            left[0] -= 1
            return commit(records, *args, **kwargs) if left[0] >= 0 else 0.0

        with patch.object(cron, "_commit_progress", run_out):
            log = self._pull()
        self.assertEqual(log.message, "Goes on next time.")
        self.assertFalse(self.provider.date_cursor)
        self.assertLess(log.stored, 9)
        asked = len(self.lrs.asked)
        self._pull()
        self.assertIn("start=", self.lrs.asked[asked], "not from the beginning")
        self.assertEqual(self._count(), 9)
        self.assertEqual(self.provider.date_cursor, STORED)
