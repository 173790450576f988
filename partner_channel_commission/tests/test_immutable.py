"""What is settled stays: each field of each record, whoever asks and however."""

import json
from datetime import date, timedelta

from odoo.fields import Command
from odoo.exceptions import UserError
from odoo.models import LOG_ACCESS_COLUMNS
from odoo.service.model import call_kw, get_public_method
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import POSTING, CommissionCommon

JUNE = (date(2026, 6, 1), date(2026, 6, 30))
#: what may change on a record that is settled: who wrote last, files and messages
FREE = {*LOG_ACCESS_COLUMNS, "message_main_attachment_id"}
#: the plan's notes, its name (shown in several languages), and when it ends: that
#: decides about invoices to come
FREE_OF_PLAN = {"name", "note", "date_to"}
GROUPS = (
    "base.group_system",
    "base.group_user",
    "account.group_account_manager",
    "account.group_account_invoice",
    "partner_channel.group_channel_admin",
    "partner_channel.group_channel_head",
    "partner_channel.group_channel_manager",
    "base.group_portal",
)


class _Undo(Exception):
    """Takes back what a call did."""


@tagged("post_install", "-at_install")
class TestImmutable(CommissionCommon):
    """Walks the fields and methods of the registry, so that new ones are covered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.user_admin").company_ids |= cls.company
        cls.tag = cls.env["product.tag"].create({"name": "Paid"})
        cls.product.product_tag_ids = cls.tag
        cls.plan = cls._create_plan(
            {
                "role": "resale",
                "trigger": POSTING,
                "rate": 5,
                "band_mode": "marginal",
                "band_scope": "month",
                "cap_line": 400,
                "grade_ids": [Command.set(cls.program.grade_ids.ids)],
                "product_tag_ids": [Command.set(cls.tag.ids)],
                "band_ids": [
                    Command.create({"amount_from": 0, "amount_to": 900, "rate": 5}),
                    Command.create({"amount_from": 900, "amount_to": 0, "rate": 6}),
                ],
            },
            {"role": "sponsor", "trigger": POSTING, "rate": 1},
            cap_period=500,
        )
        sponsor, member = cls._create_member("Sponsor", cls.program)
        cls.alpha_member.sponsor_id = member
        cls.alpha_member.manager_id = cls.env.user
        invoice = cls._invoice_partner(cls.alpha, 1000, date="2026-06-10")
        cls._credit(invoice, 100, date="2026-06-11")
        cls.statements = cls.Statement._create_statements(cls.company, *JUNE)
        cls.statements.action_send()
        cls.adjustment = cls._adjust()
        cls.entries = cls.Entry.search([])
        cls.users = cls._create_users()
        cls.env.flush_all()

    @classmethod
    def _adjust(cls):
        """Return an approved adjustment."""
        head = cls._create_user("approver", "partner_channel.group_channel_head")
        adjustment = cls.env["partner.commission.adjustment"].create(
            {"membership_id": cls.alpha_member.id, "amount": 7, "reason": "Goodwill"}
        )
        adjustment.action_request()
        adjustment.with_user(head).action_approve()
        return adjustment

    @classmethod
    def _create_users(cls):
        """Return administrator, everything at once, each group alone, a partner."""
        every = cls._create_user("every", *GROUPS[:-1])
        single = [
            cls._create_user(f"only_{group.split('.')[1]}", group)
            for group in GROUPS[:-1]
        ]
        finance = cls._create_staff(cls.alpha, "finance", "finance")
        return [every, cls.env.ref("base.user_admin"), *single, finance]

    # === HOW === #

    def _read_rows(self, records):
        """Return what the database holds of records, cache and rights aside."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT * FROM %s WHERE id IN %s ORDER BY id",
                SQL.identifier(records._table),
                tuple(records.ids),
            )
        )
        return self.env.cr.dictfetchall()

    def _try(self, user, records, method, *args):
        """Make a remote call; return what it has changed, and take it back.

        :return: set of the names of changed columns, ``{"id"}`` when a record is gone
        """
        before = self._read_rows(records)
        changed = set()
        try:
            with (
                mute_logger("odoo.models", "odoo.sql_db", "odoo.models.unlink"),
                self.env.cr.savepoint(),
            ):
                call_kw(records.with_user(user).browse(), method, list(args), {})
                after = self._read_rows(records)
                if len(after) != len(before):
                    changed.add("id")
                for old, new in zip(before, after, strict=False):
                    changed |= {name for name in old if old[name] != new[name]}
                raise _Undo
        except _Undo:
            return changed
        except Exception:
            return set()
        finally:
            self.env.invalidate_all()

    def _get_other_values(self, record, field):
        """Return values of a field that differ from what it holds."""
        if field.type in ("one2many", "many2many"):
            linked = record[field.name]
            other = self.env[field.comodel_name].search(
                [("id", "not in", linked.ids)], limit=1
            )
            return [
                [Command.clear()],
                [Command.set(other.ids)],
                *([Command.delete(line.id)] for line in linked[:1]),
                *([Command.update(line.id, {"rate": 99})] for line in linked[:1]),
            ]
        if field.type == "many2one":
            other = self.env[field.comodel_name].search(
                [("id", "!=", record[field.name].id)], limit=1
            )
            return [other.id, False]
        if field.type == "selection":
            codes = [code for code, _label in field._description_selection(self.env)]
            return [code for code in codes if code != record[field.name]]
        value = record[field.name]
        if field.type == "date":
            return [(value or date(2026, 1, 1)) + timedelta(days=3), False]
        if field.type in ("integer", "float", "monetary"):
            return [(value or 0) + 1, 0]
        if field.type == "boolean":
            return [not value]
        return ["2020-01-01 00:00:00" if field.type == "datetime" else "Forged"]

    def _get_written_fields(self, model):
        """Return the fields a write can reach, the ones of logging aside."""
        return [
            field
            for name, field in model._fields.items()
            if name not in FREE | {"id"}
            and (field.store or field.inverse or field.related)
        ]

    def assert_fixed(self, records, free=frozenset()):
        """Check that no field of a record can be written, whoever tries.

        Who may write no record of the model at all need not try each field.
        """
        record = records[:1]
        every, *others = self.users
        writers = [
            user
            for user in others
            if record.with_user(user).browse().has_access("write")
        ]
        fields = self._get_written_fields(records)
        self.assertGreater(len(fields), 3)
        for field in fields:
            for value in self._get_other_values(record, field):
                values = json.loads(json.dumps({field.name: value}, default=str))
                calls = [(every, "web_save", (record.ids, values, {}))]
                calls += [
                    (user, "write", (record.ids, values)) for user in (every, *writers)
                ]
                for user, method, args in calls:
                    changed = self._try(user, records, method, *args) - FREE - free
                    self.assertFalse(changed, (user.login, method, values))

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

    def _get_public_methods(self, model):
        """Return the names remote calls may use."""
        names = []
        for name in dir(type(model)):
            try:
                get_public_method(model, name)
            except Exception:
                continue
            names.append(name)
        return names

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
            self.assertRaises(Exception),
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
