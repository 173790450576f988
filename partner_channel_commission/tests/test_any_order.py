import os
from unittest import skipUnless

from odoo.tests import freeze_time, tagged

from .any_order.checks import CheckedWorld
from .any_order.plans import CHOICES, Choice
from .any_order.world import SALES, TODAY

try:
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st
except ImportError:  # the property test needs it and nothing else does
    given = None

#: more of them, and other ones each time:
#: ANY_ORDER_SEQUENCES=1000 ./setup/test … -o timeout=0
SEQUENCES = int(os.environ.get("ANY_ORDER_SEQUENCES", "40"))
#: to make a failing sequence shorter takes minutes: ANY_ORDER_SHRINK=1 ./setup/test …
SHRINK = "ANY_ORDER_SHRINK" in os.environ
_ACTIONS = (
    *("post",) * 4,
    *("post_all", "pay", "pay", "pay_rest", "unpay", "credit", "credit_all", "refund"),
    *("draft", "cancel", "draft_note", "post_note"),
    *("attribute", "rerate", "tier", "cost"),
    *("state", "settle", "settle", "settle", "unbill"),
    *("dispute", "decide", "bill_settled", "adjust", "accrue"),
)


@skipUnless(given, "hypothesis is not installed")
@tagged("post_install", "-at_install")
class TestAnyOrder(CheckedWorld):
    """Whatever happens in whatever order, the books equal the definition.

    The plans are made up as well (``any_order/plans.py``). After each step both books
    are compared with ``any_order/definition.py``, which knows the documents only, and
    the past with itself (``any_order/checks.py``).
    """

    def _run(self, choice, steps):
        self._begin(choice.make_plan)
        done = []
        for action, number, part in steps:
            getattr(self, f"_act_{action}")(str(number), part)
            done.append((action, number, part))
            try:
                self._check()
            except AssertionError as error:
                error.add_note(f"{choice}\n{done}")
                raise
        self._act_accrue("", 1)

    def _undo(self, choice, steps):
        """Run a sequence and forget all of it."""
        with self.env.cr.savepoint() as savepoint:
            try:
                self._run(choice, steps)
            finally:
                savepoint.rollback()
                self.env.invalidate_all()
                self.env.registry.clear_cache()

    @freeze_time(f"{TODAY} 12:00:00")
    def test_both_books_equal_the_definition(self):
        step = st.tuples(
            st.sampled_from(_ACTIONS),
            st.integers(0, len(SALES) - 1),
            st.sampled_from([0.1, 1 / 3, 0.5, 1.0]),
        )
        choice = st.builds(
            Choice, **{name: st.sampled_from(some) for name, some in CHOICES.items()}
        ).filter(lambda each: each.is_sensible)
        phases = [Phase.explicit, Phase.generate]

        @settings(
            max_examples=SEQUENCES,
            deadline=None,
            derandomize="ANY_ORDER_SEQUENCES" not in os.environ,
            database=None,
            phases=[*phases, Phase.shrink] if SHRINK else phases,
            suppress_health_check=list(HealthCheck),
        )
        @given(choice, st.lists(step, min_size=6, max_size=14))
        def run(choice, steps):
            self._undo(choice, [("post", 0, 1), ("post", 1, 1), *steps])

        run()

    @freeze_time(f"{TODAY} 12:00:00")
    def test_half_a_cent_is_rounded_up_whatever_part_is_paid(self):
        # 5 % of 60.30, a third of it paid: 1.005
        self._undo(Choice(), [("post", 3, 1), ("pay", 3, 1 / 3)])

    @freeze_time(f"{TODAY} 12:00:00")
    def test_documents_posted_together_keep_the_order_of_their_dates(self):
        bands = Choice(mode="marginal", scope="year", trigger="posting")
        self._undo(bands, [("post_all", 0, 1), ("credit", 1, 0.1)])

    @freeze_time(f"{TODAY} 12:00:00")
    def test_each_partner_has_an_order_of_its_own(self):
        bands = Choice(mode="marginal", scope="year", bands_for_all=True)
        steps = [("post", 0, 1), ("attribute", 3, 1), ("attribute", 0, 1)]
        steps += [("post", 3, 1), ("attribute", 2, 1), ("post", 2, 1)]
        steps += [("draft", 0, 1), ("post", 0, 1), ("credit", 3, 0.5)]
        self._undo(bands, steps)

    @freeze_time(f"{TODAY} 12:00:00")
    def test_a_part_credited_of_a_raised_line_takes_back_its_part(self):
        bands = Choice(mode="marginal", scope="year", limit="lines")
        self._undo(bands, [("post", 3, 1), ("credit", 3, 0.1)])
        self._undo(bands, [("post", 2, 1), ("credit", 2, 0.1)])

    @freeze_time(f"{TODAY} 12:00:00")
    def test_documents_posted_together_leave_each_other_the_same_room(self):
        for override in ("commission inside", "sale inside"):
            for limit in ("cap_plan", "cap_deal", "two caps"):
                choice = Choice(limit=limit, override=override)
                self._undo(choice, [("post_all", 0, 1)])

    @freeze_time(f"{TODAY} 12:00:00")
    def test_a_loss_on_one_line_is_credited_as_it_was_earned(self):
        bands = Choice(basis="margin", mode="marginal", scope="year")
        steps = [("cost", 0, 0.1), ("post", 2, 1), ("credit", 2, 0.5)]
        self._undo(bands, steps)

    @freeze_time(f"{TODAY} 12:00:00")
    def test_a_partner_added_after_a_credit_note(self):
        self._run(
            Choice(),
            [
                ("post", 0, 1),
                ("pay", 0, 0.5),
                ("credit", 0, 0.5),
                ("attribute", 0, 1),
                ("draft", 0, 1),
                ("post", 0, 1),
            ],
        )

    @freeze_time(f"{TODAY} 12:00:00")
    def test_a_credit_note_while_the_order_of_the_bands_changes(self):
        self._run(
            Choice(mode="marginal", scope="year"),
            [
                ("post", 1, 1),
                ("post", 2, 1),
                ("credit_all", 1, 1.0),
                ("pay_rest", 2, 1),
                ("draft", 1, 1),
                ("rerate", 0, 1),
                ("post", 0, 1),
                ("cancel", 2, 1),
                ("post", 1, 1),
                ("post", 2, 1),
            ],
        )

    @freeze_time(f"{TODAY} 12:00:00")
    def test_the_whole_way_of_a_statement(self):
        self._run(
            Choice(trigger="split", override="commission top"),
            [
                ("post_all", 0, 1),
                ("pay", 2, 0.5),
                ("adjust", 0, 0.1),
                ("state", 0, 1),
                ("settle", 0, 1),
                ("dispute", 0, 1),
                ("dispute", 1, 1),
                ("settle", 0, 1),
                ("settle", 0, 1),
                ("accrue", 0, 1),
                ("settle", 0, 1),
                ("accrue", 0, 1),
                ("settle", 0, 1),
                ("decide", 0, 0.5),
                ("decide", 0, 1),
                ("bill_settled", 0, 1),
                ("accrue", 0, 1),
                ("credit_all", 2, 1),
                ("unpay", 2, 1),
                ("cancel", 1, 1),
                ("unbill", 0, 1),
                ("accrue", 0, 1),
                ("state", 0, 1),
                ("settle", 0, 1),
            ],
        )
