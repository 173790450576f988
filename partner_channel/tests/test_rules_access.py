"""A program's rules are the vendor's: partners never read, search or list them."""

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PartnerChannelCommon

SECRET = (
    "required_field_ids",
    "decision_hours",
    "escalation_hours",
    "limit_after_return",
    "max_after_return",
    "limit_after_rejection",
    "max_after_rejection",
    "head_id",
    "approval_rule_ids",
    "eligibility_ids",
    "auto_approve",
    "auto_grade_ids",
    "auto_amount_max",
    "auto_min_won",
    "auto_min_won_rate",
    "open_limit_earned",
    "earned_base",
    "earned_factor",
    "earned_floor",
    "earned_ceiling",
    "earned_update_days",
)
#: models a portal user has no access to at all
CLOSED = (
    "partner.approval.rule",
    "partner.approval.step",
    "partner.approval.absence",
    "partner.program.eligibility",
    "partner.registration.evidence",
    "partner.registration.correction",
    "partner.registration.field",
    "crm.lead.registration.decide",
)


@tagged("post_install", "-at_install")
class TestRulesAccess(PartnerChannelCommon):
    def setUp(self):
        super().setUp()
        self.program.write(
            {"auto_approve": True, "auto_amount_max": 30_000, "head_id": self.head.id}
        )
        self.lead = self._register(self.northwind)

    def test_a_partner_reads_no_rule_of_its_program(self):
        program = self.program.with_user(self.seller)
        self.assertTrue(program.name, "the program itself is the partner's to read")
        known = program.fields_get()
        for name in SECRET:
            with self.subTest(field=name):
                self.assertNotIn(name, known)
                with self.assertRefused(AccessError):
                    program.read([name])
                with self.assertRefused(AccessError):
                    program.search([(name, "!=", False)])
                with self.assertRefused(AccessError):
                    program.search([], order=name)
                with self.assertRefused(AccessError):
                    program._read_group([], [], [f"{name}:count"])

    def test_a_partner_asks_no_rule_by_way_of_a_deal(self):
        """A domain through another record is a question as well."""
        for model, path in (
            ("crm.lead", "program_id"),
            ("crm.lead", "membership_id.program_id"),
            ("partner.membership", "program_id"),
        ):
            records = self.env[model].with_user(self.seller)
            for name in SECRET:
                with (
                    self.subTest(model=model, path=path, field=name),
                    self.assertRefused(AccessError),
                ):
                    records.search([(f"{path}.{name}", "!=", False)])

    def test_a_partner_reads_not_how_its_limit_is_earned(self):
        membership = self.northwind.with_user(self.seller)
        self.assertNotIn("open_limit_explanation", membership.fields_get())
        with self.assertRefused(AccessError):
            membership.read(["open_limit_explanation"])

    @mute_logger("odoo.models")
    def test_models_of_the_rules_are_closed_to_partners(self):
        for name in CLOSED:
            records = self.env[name].with_user(self.seller)
            for call in (
                lambda x: x.search([]),
                lambda x: x.search_read([], ["id"]),
                lambda x: x.create({}),
            ):
                with self.subTest(model=name), self.assertRefused(AccessError):
                    call(records)

    def test_a_partner_reads_nothing_internal_of_its_deal(self):
        lead = self.lead.with_user(self.seller)
        for name in (
            "approval_step_ids",
            "current_step_id",
            "evidence_ids",
            "correction_ids",
            "date_evaluated",
            "is_automatic",
            "escalation_level",
            "date_escalation",
            "date_decision_warn",
            "decision_pace",
        ):
            with self.subTest(field=name):
                with self.assertRefused(AccessError):
                    lead.read([name])
                with self.assertRefused(AccessError):
                    lead.search([(name, "!=", False)])
