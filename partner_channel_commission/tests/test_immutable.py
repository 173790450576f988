"""What is settled stays: each field of each record, whoever asks and however."""

from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import POSTING
from .immutable_common import ImmutableCommon

#: the plan's notes, its name (shown in several languages), and when it ends: that
#: decides about invoices to come
FREE_OF_PLAN = {"name", "note", "date_to"}


@tagged("post_install", "-at_install")
class TestImmutable(ImmutableCommon):
    """Walks the fields and methods of the registry, so that new ones are covered."""

    # === FIELDS === #

    def test_no_field_of_an_entry_is_written(self):
        accrued = self.entries.filtered(lambda e: e.book == "accrued" and e.via_id)
        self.assertTrue(accrued)
        self.assert_fixed(accrued)

    def test_no_field_of_a_stated_entry_is_written(self):
        self.assert_fixed(self.statements.entry_ids)

    def test_no_field_of_a_sent_statement_is_written(self):
        self.assert_fixed(self.statements)

    def test_no_field_of_an_approved_adjustment_is_written(self):
        self.assert_fixed(self.adjustment)

    def test_no_field_of_an_active_plan_is_written(self):
        self.assert_fixed(self.plan, FREE_OF_PLAN)

    def test_no_field_of_a_rule_of_an_active_plan_is_written(self):
        self.assert_fixed(self.plan.rule_ids)
        self.assert_fixed(self.plan.rule_ids.band_ids)

    def test_no_field_of_a_released_hold_is_written(self):
        hold = self.env["partner.commission.hold"].sudo()._with_state_move()
        hold = hold.create(
            {
                "move_id": self.entries.move_id[0].id,
                "membership_id": self.alpha_member.id,
                "reason": "overdue",
                "date_held": date(2026, 6, 10),
                "release_note": "Agreed",
            }
        )
        hold = self.env["partner.commission.hold"].browse(hold.id)
        hold.action_release()
        self.assert_fixed(hold)

    def test_no_field_of_a_settled_dispute_is_written(self):
        statement = self.statements.filtered(lambda s: s.partner_id == self.alpha)
        statement.with_user(self.users[-1])._portal_dispute(
            statement.entry_ids[0].id, "Wrong"
        )
        dispute = statement.dispute_ids
        dispute.answer_draft = "No"
        dispute.action_refuse()
        self.assert_fixed(dispute)

    def test_a_closed_plan_ends_when_it_ended(self):
        self.plan.date_to = "2026-12-31"
        self.plan.action_close()
        for day in ("2026-06-30", "2027-12-31", False):
            with self.assertRaises(UserError):
                self.plan.date_to = day

    # === METHODS === #

    def test_no_method_changes_an_entry(self):
        values = {"amount": 1.0, "label": "Forged"}
        ids = self.entries.ids
        for name in self._get_public_methods(self.entries):
            for args in (
                [ids],
                [],
                [ids, values],
                [ids, values, {}],
                [[values]],
                [ids, {}, "revision"],
                [ids, "label", {"en_US": "Forged"}],
                ["Forged"],
                [["id", "label"], [[str(ids[0]), "Forged"]]],
                [[".id", "amount"], [[str(ids[0]), "9"]]],
            ):
                changed = self._try(self.users[0], self.entries, name, *args)
                self.assertFalse(changed, (name, args))

    def test_nobody_adds_an_entry(self):
        count = self.Entry.search_count([])
        values = self.entries[0].copy_data()[0]
        for user in self.users:
            Entry = self.Entry.with_user(user)
            for method, args in (
                ("create", ([values],)),
                ("web_save", ([], values, {})),
                ("name_create", ("Forged",)),
                ("copy", (self.entries.ids,)),
                ("load", (["label", "book"], [["Forged", "payable"]])),
                ("web_save_multi", (self.entries[:1].ids, [values], {})),
            ):
                try:
                    with (
                        mute_logger("odoo.models", "odoo.sql_db"),
                        self.env.cr.savepoint(),
                    ):
                        call_kw(Entry, method, list(args), {})
                except Exception:
                    self.env.invalidate_all()
                self.assertEqual(self.Entry.search_count([]), count, method)

    # === BY A DETOUR === #

    def test_what_a_rule_is_limited_to_cannot_be_deleted(self):
        """A rule for a tag, a product or a tier would become one for everything."""
        fields = [
            field
            for field in self.plan.rule_ids._fields.values()
            if field.type == "many2many" and field.store
        ]
        self.assertGreater(len(fields), 5)
        for field in fields:
            self.assertEqual(field.ondelete, "restrict", field.name)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.tag.unlink()
        self.assertEqual(self.plan.rule_ids[0].product_tag_ids, self.tag)

    def test_a_rule_keeps_its_limits_when_they_are_archived(self):
        """A rule for an archived product, tier or person pays for nothing else."""
        grade = self.program.grade_ids[0]
        member = self._create_member("Gamma", self.program)[1]
        person = self._create_user("salesperson", "base.group_user")
        other = self._create_service("Old")
        currency = self.setup_other_currency("EUR")
        limits = {
            "product_ids": other,
            "grade_ids": grade,
            "user_ids": person,
            "currency_ids": currency,
        }
        plan = self._create_plan(
            *(
                {
                    "role": "sold",
                    "trigger": POSTING,
                    "rate": 50,
                    name: [Command.set(record.ids)],
                }
                for name, record in limits.items()
            ),
            scope="membership",
            membership_id=member.id,
        )
        for record in limits.values():
            record.action_archive()
        self.env.registry.clear_cache()
        self.env.invalidate_all()
        rules = plan.rule_ids
        for rule, (name, record) in zip(rules, limits.items(), strict=True):
            self.assertEqual(rule[name], record)
        self._invoice_deal(self._create_deal((member, "sold", 100)), 1000)
        self.assertEqual(self.balance("accrued", member), 0)
