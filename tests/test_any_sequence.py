"""Any sequence of actions by anybody keeps states, exclusivity and the log.

Hypothesis makes up the sequences; after every action the whole is judged by
definitions of its own (``fire/laws.py``). What an action refuses with a message is
fine, any other error is a bug.
"""

import os

from freezegun import freeze_time
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from odoo.tests import tagged

from .fire.rules import AnySequence
from .fire.world import DAY, FireWorld

#: more of them, and other ones each time: FIRE_SEQUENCES=5000 ./setup/test …
SEQUENCES = int(os.environ.get("FIRE_SEQUENCES", "250"))
#: to make a failing sequence shorter takes minutes: FIRE_SHRINK=1 ./setup/test …
PHASES = [Phase.explicit, Phase.generate]
if os.environ.get("FIRE_SHRINK"):
    PHASES += [Phase.shrink]
STEPS = 10


@tagged("post_install", "-at_install")
class TestAnySequence(FireWorld):
    def test_any_sequence_keeps_the_laws(self):
        with freeze_time(f"{DAY} 12:00:00") as clock:

            class Machine(AnySequence):
                world = self

            Machine.clock = clock
            run_state_machine_as_test(
                Machine,
                settings=settings(
                    max_examples=SEQUENCES,
                    stateful_step_count=STEPS,
                    deadline=None,
                    database=None,
                    phases=PHASES,
                    derandomize="FIRE_SEQUENCES" not in os.environ,
                    suppress_health_check=list(HealthCheck),
                ),
            )
