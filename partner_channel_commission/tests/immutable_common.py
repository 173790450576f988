"""Settled records of all kinds, everybody who might change them, and how to try."""

import json
from datetime import date, timedelta

from odoo.fields import Command
from odoo.models import LOG_ACCESS_COLUMNS
from odoo.service.model import call_kw, get_public_method
from odoo.tools import SQL, mute_logger

from .common import POSTING, CommissionCommon

JUNE = (date(2026, 6, 1), date(2026, 6, 30))
#: what may change on a record that is settled: who wrote last, files and messages
FREE = {*LOG_ACCESS_COLUMNS, "message_main_attachment_id"}
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


class ImmutableCommon(CommissionCommon):
    """A sent statement, an approved adjustment, an active plan, and all users."""

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
