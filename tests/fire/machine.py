"""The machine that hypothesis drives: it acts, takes pictures and has them judged."""

from datetime import datetime

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .actions import Actions
from .laws import Laws
from .world import DAY, EMAILS, FAMILIES, NAMES, SITES, TAX_IDS, Customer, Policies

#: read afresh by each actor; people and rules stay as they are
_READ_AGAIN = (
    "crm.lead",
    "mail.activity",
    "partner.approval.step",
    "partner.customer.record",
    "partner.deal.claim",
    "partner.deal.role",
    "partner.deal.update",
    "partner.registration.chain",
    "partner.registration.correction",
    "partner.registration.evidence",
    "partner.registration.extension",
    "partner.registration.log",
)
_EXPECTED_NOISE = ("odoo.sql_db", "odoo.models", "odoo.addons.base.models.ir_rule")

customers = st.builds(
    Customer,
    st.sampled_from(sorted(NAMES)),
    st.sampled_from(sorted(TAX_IDS)),
    st.sampled_from(sorted(SITES)),
    st.sampled_from(sorted(EMAILS)),
    st.sampled_from(FAMILIES),
)
policies = st.builds(
    Policies,
    st.sampled_from(["next", "off"]),
    st.booleans(),
    st.sampled_from([False, False, True]),
    st.sampled_from(["unlimited", "once", "never"]),
    st.sampled_from([0, 7]),
)
sellers = st.sampled_from(["own", "own", "own", "seller", "rival", "stranger"])
vendors = st.sampled_from(["own", "own", "head", "manager", "other_manager"])
#: which deal: one in the right state, but for the last number, which takes any
picks = st.integers(0, 9)
members = st.sampled_from(["northwind", "contoso"])


def when(*states):
    """Take a rule only where there is a deal in one of these states."""
    return precondition(lambda machine: machine.find(states))


class FireMachine(RuleBasedStateMachine):
    """Sequences of actions on the deals of a small world, each rolled back."""

    world = clock = None

    def __init__(self):
        super().__init__()
        self.env = self.world.env
        self.savepoint = self.env.cr.savepoint()
        self.clock.move_to(f"{DAY} 12:00:00")
        self.actions, self.laws = Actions(self.world), Laws(self.world)
        self.picture = self.laws.look()

    def teardown(self):
        self.savepoint.close(rollback=True)
        self.env.invalidate_all()

    # === HOW === #

    def act(self, actor, action, *args, **kwargs):
        """Do something and judge what came of it."""
        try:
            with mute_logger(*_EXPECTED_NOISE), self.env.cr.savepoint():
                getattr(self.actions, action)(actor, *args, **kwargs)
        except UserError:
            pass
        self._forget()
        before, self.picture = self.picture, self.laws.look()
        self.laws.judge(before, self.picture, actor, self.today)

    def _forget(self):
        """Let nobody act on what somebody else has read."""
        self.env.flush_all()
        for name in _READ_AGAIN:
            self.env[name].invalidate_model(flush=False)

    @property
    def today(self):
        return datetime.now().date()

    def find(self, states):
        """Return the registrations in one of these states."""
        deals = self.picture.deals.values()
        return [deal for deal in deals if deal.state in states]

    def pick(self, number, *states):
        """Return the id of a deal, nearly always one in the right state."""
        everything = list(self.picture.deals.values())
        deals = (number < 9 and self.find(states)) or everything
        return deals[number % len(deals)].id

    def who(self, actor, lead_id, side):
        """Return who ``own`` is of a deal: its seller or its manager."""
        if actor != "own":
            return actor
        is_first = self.picture.deals[lead_id].membership == self.world.northwind.id
        people = {
            "partner": ("seller", "rival"),
            "vendor": ("manager", "other_manager"),
        }
        return people[side][0 if is_first else 1]

    def by_partner(self, actor, action, lead_id, *args, **kwargs):
        self.act(self.who(actor, lead_id, "partner"), action, lead_id, *args, **kwargs)

    def by_vendor(self, actor, action, lead_id, *args, **kwargs):
        self.act(self.who(actor, lead_id, "vendor"), action, lead_id, *args, **kwargs)
