"""What hypothesis may let happen next, and by whom."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from .actions import ATTACKS, JOBS
from .machine import (
    FireMachine,
    customers,
    members,
    picks,
    policies,
    sellers,
    vendors,
    when,
)

ANY = (
    "draft",
    "submitted",
    "returned",
    "approved",
    "rejected",
    "expired",
    "withdrawn",
    "won",
    "lost",
)
RUNNING = ("draft", "submitted", "returned", "approved")


class PartnerRules(FireMachine):
    """Partners register, withdraw, ask and report; and try what is not theirs."""

    @initialize(policy=policies, first=customers, second=customers)
    def two_partners_ask(self, policy, first, second):
        self.world.set_policies(policy)
        self.act("seller", "fill_form", first)
        self.act("rival", "fill_form", second)

    @rule(
        actor=st.sampled_from(["seller", "rival", "stranger"]),
        customer=customers,
        submit=st.booleans(),
    )
    def register(self, actor, customer, submit):
        self.act(actor, "fill_form", customer, submit=submit)

    @when("draft", "returned")
    @rule(pick=picks, actor=sellers, customer=customers, submit=st.booleans())
    def send_again(self, pick, actor, customer, submit):
        lead_id = self.pick(pick, "draft", "returned")
        actor = self.who(actor, lead_id, "partner")
        self.act(actor, "fill_form", customer, lead_id, submit)

    @when(*RUNNING)
    @rule(pick=picks, actor=sellers)
    def withdraw(self, pick, actor):
        lead_id = self.pick(pick, *RUNNING)
        self.by_partner(actor, "withdraw_in_portal", lead_id)

    @when("approved")
    @rule(pick=picks, actor=sellers)
    def ask_for_time(self, pick, actor):
        self.by_partner(actor, "ask_for_time", self.pick(pick, "approved"))

    @when("approved")
    @rule(pick=picks, actor=sellers)
    def report(self, pick, actor):
        self.by_partner(actor, "report", self.pick(pick, "approved"))

    @when(*ANY)
    @rule(pick=picks, actor=sellers, method=st.sampled_from(sorted(ATTACKS)))
    def attack(self, pick, actor, method):
        lead_id = self.pick(pick, "approved", "submitted")
        self.by_partner(actor, "attack", lead_id, method)


class VendorRules(FireMachine):
    """The vendor's people decide, correct, hand over, merge and close."""

    @when("submitted")
    @rule(pick=picks, actor=vendors)
    def approve(self, pick, actor):
        lead_id = self.pick(pick, "submitted")
        self.by_vendor(actor, "press", lead_id, "action_registration_approve")

    @when("submitted")
    @rule(pick=picks, actor=vendors)
    def approve_more(self, pick, actor):
        """Once more: the way to an approval is the way to most of what follows."""
        self.approve(pick, actor)

    @when("draft", "returned", "rejected")
    @rule(
        pick=picks,
        actor=vendors,
        button=st.sampled_from(
            ["action_registration_submit", "action_registration_withdraw"]
        ),
    )
    def press(self, pick, actor, button):
        lead_id = self.pick(pick, "draft", "returned", "rejected")
        self.by_vendor(actor, "press", lead_id, button)

    @when("submitted")
    @rule(
        pick=picks,
        actor=vendors,
        fields=st.lists(
            st.sampled_from(["customer_vat", "website", "partner_name"]), max_size=2
        ),
    )
    def give_back(self, pick, actor, fields):
        lead_id = self.pick(pick, "submitted")
        self.by_vendor(actor, "decide", lead_id, "return", fields=fields)

    @when("submitted")
    @rule(
        pick=picks,
        actor=vendors,
        reason=st.sampled_from(["conflict", "conflict", "territory", False]),
    )
    def reject(self, pick, actor, reason):
        lead_id = self.pick(pick, "submitted")
        self.by_vendor(actor, "decide", lead_id, "reject", reason)

    @when("approved")
    @rule(pick=picks, actor=vendors, granted=st.booleans())
    def decide_extension(self, pick, actor, granted):
        lead_id = self.pick(pick, "approved")
        self.by_vendor(actor, "decide_extension", lead_id, granted)

    @when("submitted", "returned", "approved")
    @rule(pick=picks, actor=vendors, to=members, roles=st.booleans())
    def transfer(self, pick, actor, to, roles):
        lead_id = self.pick(pick, "submitted", "returned", "approved")
        self.by_vendor(actor, "transfer", lead_id, to, roles)

    @when("approved", "rejected", "expired", "withdrawn")
    @rule(pick=picks, actor=vendors)
    def revert(self, pick, actor):
        lead_id = self.pick(pick, "approved", "rejected", "expired", "withdrawn")
        self.by_vendor(actor, "revert", lead_id)

    @when(*ANY)
    @rule(pick=picks, actor=vendors, customer=customers)
    def edit(self, pick, actor, customer):
        self.by_vendor(actor, "edit", self.pick(pick, *ANY), customer)

    @when("approved", "won")
    @rule(
        pick=picks,
        actor=vendors,
        to=members,
        share=st.sampled_from([100, 40]),
        way=st.sampled_from(["correct", "attribute"]),
    )
    def attribute(self, pick, actor, to, share, way):
        self.by_vendor(actor, way, self.pick(pick, "won", "approved"), to, share)


class AnySequence(PartnerRules, VendorRules):
    """All of them, with the end of deals, time and the jobs."""

    @when("approved")
    @rule(pick=picks, actor=vendors)
    def win(self, pick, actor):
        self.by_vendor(actor, "press", self.pick(pick, "approved"), "action_set_won")

    @when(*ANY)
    @rule(pick=picks, actor=vendors, reason=st.booleans())
    def lose(self, pick, actor, reason):
        self.by_vendor(actor, "lose", self.pick(pick, "approved"), reason)

    @when("won", "lost")
    @rule(
        pick=picks,
        actor=vendors,
        way=st.sampled_from(["action_restore", "action_unarchive", "move_stage"]),
    )
    def reopen(self, pick, actor, way):
        lead_id = self.pick(pick, "won", "lost")
        if way == "move_stage":
            self.by_vendor(actor, way, lead_id)
        else:
            self.by_vendor(actor, "press", lead_id, way)

    @when(*ANY)
    @rule(pick=picks, actor=vendors)
    def archive(self, pick, actor):
        self.by_vendor(actor, "press", self.pick(pick, *ANY), "action_archive")

    @when(*ANY)
    @rule(pick=picks, other=picks, actor=vendors)
    def merge(self, pick, other, actor):
        first, second = self.pick(pick, *ANY), self.pick(other, *ANY)
        actor = self.who(actor, first, "vendor")
        self.act(actor, "merge", list({first, second}))

    @when("submitted", "approved")
    @rule(days=st.sampled_from([1, 4, 9, 25, 35]))
    def wait(self, days):
        self.clock.tick(timedelta(days=days))

    @when("submitted", "approved")
    @rule(days=st.sampled_from([0, 1, 22, 35]))
    def night(self, days):
        """All jobs, some days later."""
        self.clock.tick(timedelta(days=days))
        for name in JOBS:
            self.act("jobs", "run_job", name)

    @when("submitted", "approved")
    @rule(name=st.sampled_from(JOBS))
    def job(self, name):
        self.act("jobs", "run_job", name)
        self.act("jobs", "run_job", name)
