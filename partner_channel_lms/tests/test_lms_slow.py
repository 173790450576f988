"""Record stores that are silent or slow, and runs that are tried again."""

import time
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import common, tagged
from odoo.tests.common import new_test_user

from ..tools import lms_http
from .test_lms_pull import PullCase


@tagged("post_install", "-at_install")
class TestSlow(PullCase):
    """Limits are shortened; the waits between tries are not waited for."""

    @classmethod
    def _request_handler(cls, s, r, /, **kw):
        # Odoo's guard against requests in tests makes short timeouts longer
        assert r.url.startswith("http://127.0.0.1:")
        return common._super_send(s, r, **kw)

    def setUp(self):
        super().setUp()
        self._store(self._say())
        for name, value in (("TIMEOUT", (2, 0.3)), ("PATIENCE", 1)):
            patcher = patch.object(lms_http, name, value)
            patcher.start()
            self.addCleanup(patcher.stop)
        patcher = patch.object(lms_http.random, "uniform", lambda *_ends: 0)
        patcher.start()
        self.addCleanup(patcher.stop)

    def _assert_left_for_later(self, wording, most):
        begun = time.monotonic()
        log = self._pull()
        self.assertLess(time.monotonic() - begun, most)
        self.assertEqual(log.state, "failed")
        self.assertIn(wording, log.message)
        self.assertTrue(log.date_end)
        self.assertEqual(self.provider.state, "on", "it is not to blame for good")
        self.assertFalse(self.provider.date_cursor, "the cursor stays")
        self.assertEqual(self._count(), 0)
        self.lrs.faults = []
        self.assertEqual(self._pull().stored, 1, "the next run goes on")

    def test_a_silent_store_is_left_for_the_next_run(self):
        self.lrs.faults = ["silent"] * 9
        self._assert_left_for_later("No answer: ReadTimeout", 8)
        self.assertGreater(len(self.lrs.asked), 2, "it was tried again")

    def test_a_store_that_is_silent_once_is_asked_again(self):
        self.lrs.faults = ["silent"]
        self.assertEqual(self._pull().stored, 1)

    def test_a_store_that_drips_is_left_for_the_next_run(self):
        # each piece comes in time, the whole never does
        self.lrs.faults = ["drip"] * 9
        self._assert_left_for_later("takes too long", 8)


@tagged("post_install", "-at_install")
class TestTryAgain(PullCase):
    def _count_triggers(self):
        """Return how often each of the two jobs is to run soon."""
        return [
            self.env["ir.cron.trigger"].search_count(
                [
                    (
                        "cron_id",
                        "=",
                        self.env.ref(
                            f"partner_channel_lms.ir_cron_{kind}_statements"
                        ).id,
                    )
                ]
            )
            for kind in ("pull", "scan")
        ]

    def _fail(self, kind):
        self.lrs.faults = [(404, {}, b"")]
        log = self._pull(kind)
        self.assertEqual((log.kind, log.state), (kind, "failed"))
        return log

    def test_each_kind_of_run_is_repeated_as_what_it_was(self):
        self._store(self._say())
        for kind, wanted in (("pull", [1, 0]), ("scan", [0, 1])):
            with self.subTest(kind):
                log = self._fail(kind)
                before = self._count_triggers()
                log.action_retry()
                after = self._count_triggers()
                added = [a - b for a, b in zip(after, before, strict=True)]
                self.assertEqual(added, wanted)
                again = self._pull(kind)
                self.assertNotEqual(again, log)
                self.assertEqual((again.kind, again.state), (kind, "done"))
        self.assertEqual(self._count(), 1)

    def test_runs_of_both_kinds_are_repeated_together(self):
        logs = self._fail("pull") | self._fail("scan")
        before = self._count_triggers()
        logs.action_retry()
        self.assertEqual(self._count_triggers(), [number + 1 for number in before])

    def test_only_the_administrator_may(self):
        logs = self._fail("pull") | self._fail("scan")
        trainer = new_test_user(
            self.env, "lms_trainer", groups="partner_channel_lms.group_channel_trainer"
        )
        before = self._count_triggers()
        for log in logs:
            for user in (trainer, self.seller.user_ids):
                with (
                    self.subTest(log.kind, user=user.login),
                    self.assertRaises(AccessError),
                ):
                    log.with_user(user).action_retry()
        self.assertEqual(self._count_triggers(), before)
