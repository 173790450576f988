from datetime import timedelta
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models import learning_pull_mixin, learning_window_mixin
from .lms_case import ADL
from .test_lms_pull import STORED, PullCase, stamp

#: the middle of a month half a year ago
OLD = (fields.Datetime.now() - relativedelta(months=6)).replace(day=15, microsecond=0)


@tagged("post_install", "-at_install")
class TestHistory(PullCase):
    """A system that was never asked is read a month after the other."""

    def setUp(self):
        super().setUp()
        self.said = [self._say(day=f"2025-0{number}-01") for number in range(1, 6)]
        for number, one in enumerate(self.said[:4]):
            self._store(one, stored=OLD + relativedelta(months=number))
        self._store(self.said[4])

    def _get_windows(self):
        """Return ``[(since, until)]`` of first pages, once each, as dates."""
        windows = []
        for address in self.lrs.asked:
            query = parse_qs(urlsplit(address).query)
            ends = tuple(query.get(name, [""])[0][:10] for name in ("since", "until"))
            if "start" not in query and query["limit"] != ["1"]:
                windows.append(ends)
        return windows

    def _get_months(self):
        """Return the first days of months a history from ``OLD`` on ends at."""
        first = OLD.replace(day=1)
        months = [first + relativedelta(months=number) for number in range(1, 9)]
        latest = fields.Datetime.now() - timedelta(days=35)
        return [str(month.date()) for month in months if month < latest]

    def test_the_oldest_month_comes_first_and_nothing_is_left_out(self):
        self._pull()
        self.assertEqual(self._count(), 5)
        ends = self._get_months()
        self.assertGreaterEqual(len(ends), 4)
        windows = self._get_windows()
        self.assertEqual([until for _since, until in windows], [*ends, ""])
        # each begins 15 minutes before the one before it has ended
        begins = [str(fields.Date.to_date(end) - timedelta(days=1)) for end in ends]
        self.assertEqual([since for since, _until in windows], ["", *begins])
        self.assertEqual(self.provider.date_cursor, STORED)
        self.assertFalse(self.provider.resume)
        logs = self.env["lms.sync.log"].search([("provider_id", "=", self.provider.id)])
        self.assertEqual(set(logs.mapped("state")), {"done"})
        self.assertEqual(sum(logs.mapped("stored")), 5)
        self.assertEqual(len(logs.filtered("date_until")), len(ends))

    def test_it_is_read_once(self):
        self._pull()
        asked = len(self.lrs.asked)
        self.assertEqual(self._pull().stored, 0)
        self.assertEqual(len(self.lrs.asked), asked + 1)

    def test_nobody_is_told_and_no_karma_is_given(self):
        users = self.seller.user_ids
        before = (self.env["mail.mail"].search_count([]), users.karma)
        messages = self.env["mail.message"].search([])
        self._pull()
        self._process()
        self.assertEqual(len(self._certificates(self.seller)), 5)
        after = (self.env["mail.mail"].search_count([]), users.karma)
        self.assertEqual(before, after)
        new = self.env["mail.message"].search([]) - messages
        self.assertFalse(new.notified_partner_ids)

    def test_a_month_that_fails_is_begun_again_and_those_before_it_are_not(self):
        # the oldest, two months, then a proxy's page
        self.lrs.faults = [None, None, None, (200, {}, b"<html>Log in</html>")]
        log = self._pull()
        self.assertEqual((log.state, self._count()), ("failed", 2))
        self.assertFalse(self.provider.date_cursor)
        asked = len(self.lrs.asked)
        self._pull()
        self.assertEqual(self._count(), 5)
        [again, *_others] = self._get_windows()[3:]
        self.assertEqual(again[1], self._get_months()[2])
        self.assertIn(f"until={again[1]}", self.lrs.asked[asked])

    def test_out_of_time_it_goes_on_with_the_month_that_follows(self):
        cron = type(self.env["ir.cron"])
        commit, left = cron._commit_progress, [3]

        def run_out(records, *args, **kwargs):
            left[0] -= 1
            return commit(records, *args, **kwargs) if left[0] >= 0 else 0.0

        with patch.object(cron, "_commit_progress", run_out):
            self._pull()
        self.assertLess(self._count(), 5)
        self.assertFalse(self.provider.date_cursor)
        self._pull()
        self.assertEqual(self._count(), 5)
        self.assertEqual(self.provider.date_cursor, STORED)
        untils = [until for _since, until in self._get_windows()]
        self.assertEqual(sorted(set(untils[:-1])), untils[:-1], "each month once")

    def test_a_store_that_cannot_tell_its_age_is_read_at_once(self):
        for body in (b'{"statements": []}', b'{"statements": [{"stored": "x"}]}'):
            with self.subTest(body):
                self.provider._set_protected({"date_cursor": False})
                self.lrs.asked.clear()
                self.lrs.faults = [(200, {}, body)]
                self._pull()
                self.assertEqual(self._get_windows(), [("", "")])
                self.assertEqual(self._count(), 5)

    def test_everything_is_read_again_when_an_administrator_says_so(self):
        self._pull()
        late = self._say(mail="rival@example.com", day="2020-01-01")
        self._store(late, stored=OLD)
        self.assertEqual(self._pull("scan").stored, 0, "beyond the 35 days")
        with self.assertRaises(AccessError):
            self.provider.with_user(self.seller.user_ids).action_read_again()
        self.provider.action_read_again()
        self._pull()
        self.assertEqual(self._count(), 6)
        self.assertEqual(self.provider.date_cursor, STORED)


@tagged("post_install", "-at_install")
class TestCounts(PullCase):
    """The nightly check: do the learning system and we know the same?"""

    def setUp(self):
        super().setUp()
        self.said = [self._say(day=f"2026-03-0{day}") for day in range(1, 6)]
        self._store(*self.said)
        self._pull()

    def test_the_same_is_said_by_both(self):
        log = self._pull("scan")
        self.assertEqual((log.held, log.silent, log.message), (5, 0, False))

    def test_what_is_not_told_again_is_counted(self):
        self.lrs.statements = self.lrs.statements[2:]
        log = self._pull("scan")
        self.assertEqual((log.state, log.held, log.silent), ("done", 5, 2))
        self.assertIn("2 statements", log.message)
        self.assertEqual(self._count(), 5, "nothing is lost here")

    def test_what_proves_nothing_or_is_old_counts_on_neither_side(self):
        seen = self._say(f"{ADL}experienced")
        self._receive({**seen, "stored": stamp(STORED)})
        bad = self._say(result={"score": {"scaled": 2}})
        self._store(bad)
        old = {**self._say(), "stored": "2025-01-01T00:00:00Z"}
        self._receive(old)
        log = self._pull("scan")
        self.assertEqual((log.held, log.silent), (5, 0))

    def test_what_is_voided_may_be_told_or_not(self):
        self._store(self._void(self.said[0]))
        self._pull()
        self._process()
        # the voiding statement is one as well
        self.assertEqual((self._pull("scan").held, self._pull("scan").silent), (5, 0))
        self.lrs.statements = self.lrs.statements[1:]
        self.assertEqual(self._pull("scan").silent, 0)

    def test_another_system_is_counted_apart(self):
        other = self._create_provider("Other")
        self._receive({**self._say(), "stored": stamp(STORED)}, provider=other)
        log = self._pull("scan")
        self.assertEqual((log.held, log.silent), (5, 0))

    def test_a_check_that_ran_out_of_time_goes_on_and_counts_all(self):
        cron = type(self.env["ir.cron"])
        commit, left = cron._commit_progress, [2]

        def run_out(records, *args, **kwargs):
            left[0] -= 1
            return commit(records, *args, **kwargs) if left[0] >= 0 else 0.0

        asked = len(self.lrs.asked)
        with patch.object(cron, "_commit_progress", run_out):
            log = self._pull("scan")
        self.assertEqual(log.message, "Goes on next time.")
        self.assertTrue(self.provider.resume)
        log = self._pull("scan")
        self.assertEqual((log.held, log.silent, log.message), (5, 0, False))
        pages = self.lrs.asked[asked:]
        self.assertEqual(len(pages), len(set(pages)), "no page twice")
        self.assertFalse(self.provider.resume)


@tagged("post_install", "-at_install")
class TestMidway(PullCase):
    """What goes wrong after the first page."""

    def setUp(self):
        super().setUp()
        self._store(*(self._say(day=f"2026-03-0{day}") for day in range(1, 8)))

    def test_credentials_changed_between_two_pages(self):
        self.lrs.faults = [None, None, (401, {}, b"{}")]
        log = self._pull()
        self.assertEqual((log.state, log.stored), ("failed", 2))
        self.assertEqual(self.provider.state, "stopped")
        self.assertEqual(len(self.provider.activity_ids), 1)
        self.assertFalse(self.provider.date_cursor)
        self.provider.action_switch_on()
        asked = len(self.lrs.asked)
        self._pull()
        self.assertIn("start=2", self.lrs.asked[asked], "where it was refused")
        self.assertEqual(self._count(), 7)
        self.assertEqual(self.provider.date_cursor, STORED)

    def test_html_between_two_pages(self):
        self.lrs.faults = [None, None, (200, {}, b"<html>Sorry</html>")]
        log = self._pull()
        self.assertEqual((log.state, log.stored), ("failed", 2))
        self.assertFalse(self.provider.date_cursor)
        self._pull()
        self.assertEqual(self._count(), 7)

    def test_pages_without_end_are_given_up_even_over_several_runs(self):
        cron = type(self.env["ir.cron"])
        commit = cron._commit_progress

        def run_out(records, *args, **kwargs):
            commit(records, *args, **kwargs)
            return 0.0 if args == (1,) and not kwargs else 9.0

        with (
            patch.object(learning_pull_mixin, "MOST_PAGES", 2),
            patch.object(cron, "_commit_progress", run_out),
        ):
            log = self._pull()
        self.assertEqual(log.state, "failed")
        self.assertIn("no end", log.message)
        logs = self.env["lms.sync.log"].search([("provider_id", "=", self.provider.id)])
        self.assertEqual(logs.mapped("pages"), [0, 1, 1])
        self.assertFalse(self.provider.date_cursor)
        self.assertEqual(self._count(), 4)

    def test_who_is_being_asked_is_not_asked_twice(self):
        with self.registry.cursor() as cr:
            key = (learning_window_mixin._LOCK, self.provider.id)
            cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", key)
            self._pull()
            self.assertEqual(self.lrs.asked, [])
        self._pull()
        self.assertEqual(self._count(), 7)
