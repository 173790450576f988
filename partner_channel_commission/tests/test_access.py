from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, ConcurrencyError
from odoo.fields import Command
from odoo.models import LOG_ACCESS_COLUMNS
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PAYMENT, POSTING, CommissionCommon

SENTINELS = ({}, {"channel_state_move": True}, {"_force_unlink": True})


@tagged("post_install", "-at_install")
class TestAccess(CommissionCommon):
    """Who may see the ledger, and that nobody may write it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_plan(("sold", 10, PAYMENT), ("resale", 5, POSTING))
        cls.alpha_invoice = cls._invoice_partner(cls.alpha, 1000, date="2026-06-10")
        cls.beta_invoice = cls._invoice_partner(cls.beta, 400, date="2026-06-10")
        cls.entries = cls.Entry.search([])
        cls.statements = cls.Statement._create_statements(
            cls.company, "2026-06-01", "2026-06-30"
        )
        cls.mine = cls.statements.filtered(lambda s: s.partner_id == cls.alpha)
        cls.theirs = cls.statements - cls.mine
        cls.env.flush_all()

    def _seen(self, user, model="partner.commission.entry"):
        """Return the partners whose records a person finds."""
        self.env.invalidate_all()
        return self.env[model].with_user(user).search([]).sudo().partner_id

    def _call(self, user, records, method, *args, **kwargs):
        """Call a method as a remote call does."""
        model = records.with_user(user).browse()
        return call_kw(model, method, [records.ids, *args], kwargs)

    # === NOBODY WRITES === #

    def test_no_user_and_no_context_writes_the_ledger(self):
        admin = self.env.ref("base.user_admin")
        entry = self.entries[0]
        values = entry.copy_data()[0]
        for user in (SUPERUSER_ID, admin.id, self.env.uid):
            for context in SENTINELS:
                records = entry.with_user(user).with_context(**context)
                for attempt in (
                    lambda records=records: records.create(values),
                    lambda records=records: records.write({"amount": 1}),
                    lambda records=records: records.write({"statement_id": False}),
                    lambda records=records: records.unlink(),
                    lambda records=records: records.copy(),
                    lambda records=records: records.sudo().write({"amount": 1}),
                    lambda records=records: records.sudo().unlink(),
                ):
                    with self.assertRaises(AccessError):
                        attempt()
        self.assertEqual(self.Entry.search([]), self.entries)

    def test_remote_calls_cannot_write_the_ledger(self):
        admin = self.env.ref("base.user_admin")
        finance = self._create_staff(self.alpha, "finance", "finance")
        entry = self.entries[0]
        statement = entry.statement_id.ids and entry.statement_id[0].id
        for user in (admin, self.env.user, finance):
            for method, args in (
                ("write", ({"amount": 1},)),
                ("write", ({"statement_id": statement},)),
                ("web_save", ({"amount": 1}, {})),
                ("unlink", ()),
                ("copy", ()),
                ("_append", ([{}],)),
                ("_bind", ()),
                ("_write", ({"amount": 1},)),
            ):
                with self.assertRaises(AccessError, msg=f"{user.login} {method}"):
                    self._call(user, entry, method, *args)
            with self.assertRaises(AccessError):
                call_kw(entry.with_user(user).browse(), "create", [{"amount": 1}], {})
            with self.assertRaises(AccessError):
                self._call(
                    user,
                    self.alpha_invoice,
                    "_sync_commission",
                )
        result = call_kw(
            entry.with_user(admin).browse(),
            "load",
            [["label", "book"], [["Forged", "payable"]]],
            {},
        )
        self.assertFalse(result["ids"])

    def test_entries_are_not_written_through_a_statement(self):
        admin = self.env.ref("base.user_admin")
        for command in (
            Command.create({"label": "Forged"}),
            Command.update(self.mine.entry_ids[0].id, {"amount": 1}),
            Command.delete(self.mine.entry_ids[0].id),
            Command.unlink(self.mine.entry_ids[0].id),
            Command.link(self.theirs.entry_ids[0].id),
            Command.clear(),
        ):
            with self.assertRaises(AccessError):
                self.mine.with_user(admin).write({"entry_ids": [command]})
                self.env.flush_all()

    def test_the_facts_of_a_statement_cannot_be_written(self):
        for name, value in (
            ("state", "paid"),
            ("amount_total", 9999),
            ("membership_id", self.beta_member.id),
            ("name", "CS/other"),
            ("partner_id", self.beta.id),
            ("bill_id", self.alpha_invoice.id),
        ):
            with self.assertRaises(AccessError):
                self._call(self.env.user, self.mine, "write", {name: value})

    def test_two_writers_of_one_line_meet_in_the_database(self):
        entry = self.entries[0]
        values = {
            name: entry._fields[name].convert_to_write(entry[name], entry)
            for name, field in entry._fields.items()
            if field.store
            and field.column_type
            and name not in ("id", *LOG_ACCESS_COLUMNS)
        }
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(ConcurrencyError),
            self.cr.savepoint(),
        ):
            self.Entry.sudo()._append([values])

    # === THE VENDOR'S PEOPLE === #

    def test_a_channel_manager_reads_own_partners_the_head_reads_all(self):
        manager = self._create_user("cm", "partner_channel.group_channel_manager")
        other = self._create_user("cm2", "partner_channel.group_channel_manager")
        head = self._create_user("head", "partner_channel.group_channel_head")
        self.alpha_member.manager_id = manager
        self.beta_member.manager_id = other
        both = self.alpha | self.beta
        for model in ("partner.commission.entry", "partner.commission.statement"):
            self.assertEqual(self._seen(manager, model), self.alpha)
            self.assertEqual(self._seen(other, model), self.beta)
            self.assertEqual(self._seen(head, model), both)
        for method in ("action_send", "action_accept", "action_create_bill"):
            with self.assertRaises(AccessError):
                self._call(manager, self.mine, method)

    def test_an_accountant_works_with_all_statements_but_not_with_plans(self):
        accountant = self._create_user("acc", "account.group_account_invoice")
        both = self.alpha | self.beta
        self.assertEqual(self._seen(accountant), both)
        statements = self.statements.with_user(accountant)
        statements.action_send()
        statements.action_accept()
        statements.action_create_bill()
        self.assertEqual(set(statements.mapped("state")), {"billed"})
        plan = self.env["partner.commission.plan"].search([], limit=1)
        with self.assertRaises(AccessError):
            plan.with_user(accountant).name = "Mine"

    def test_whoever_posts_needs_no_right_to_the_channel(self):
        accountant = self._create_user("acc", "account.group_account_invoice")
        invoice = self._invoice_partner(self.alpha, 100, post=False)
        invoice.with_user(accountant).action_post()
        self.assertEqual(self.balance("accrued", moves=invoice), 5)

    def test_a_user_without_rights_sees_nothing(self):
        employee = self._create_user("emp", "base.group_user")
        for model in ("partner.commission.entry", "partner.commission.statement"):
            with self.assertRaises(AccessError):
                self._seen(employee, model)

    def test_another_company_is_not_seen(self):
        other = self.setup_other_company()["company"]
        stranger = self._create_user(
            "stranger",
            "account.group_account_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for model in ("partner.commission.entry", "partner.commission.statement"):
            self.assertFalse(self._seen(stranger, model))

    # === PARTNERS === #

    def test_partner_staff_see_own_money_if_their_role_allows(self):
        self.statements.action_send()
        finance = self._create_staff(self.alpha, "finance", "finance")
        seller = self._create_staff(self.alpha, "seller", "seller")
        norole = self._create_staff(self.alpha, "norole", None)
        rival = self._create_staff(self.beta, "rival", "owner")
        for model in ("partner.commission.entry", "partner.commission.statement"):
            self.assertEqual(self._seen(finance, model), self.alpha)
            self.assertEqual(self._seen(rival, model), self.beta)
            self.assertFalse(self._seen(seller, model))
            self.assertFalse(self._seen(norole, model))

    def test_a_draft_statement_is_not_shown_to_the_partner(self):
        finance = self._create_staff(self.alpha, "finance", "finance")
        self.assertFalse(self._seen(finance, "partner.commission.statement"))
        self.mine.action_send()
        self.assertTrue(self._seen(finance, "partner.commission.statement"))

    def test_a_role_taken_away_shuts_at_once(self):
        finance = self._create_staff(self.alpha, "finance", "finance")
        self.assertTrue(self._seen(finance))
        finance.partner_id.sudo().portal_role_id = False
        self.assertFalse(self._seen(finance))

    def test_a_suspended_partner_reads_a_terminated_one_sees_nothing(self):
        finance = self._create_staff(self.alpha, "finance", "finance")
        self.mine.action_send()
        self.alpha_member.action_suspend()
        self.assertEqual(self._seen(finance), self.alpha)
        with self.assertRaises(AccessError):
            self.mine.with_user(finance)._portal_accept()
        self.alpha_member.action_terminate()
        self.assertFalse(self._seen(finance))
        self.assertFalse(self._seen(finance, "partner.commission.statement"))

    def test_only_the_partner_itself_accepts(self):
        self.statements.action_send()
        seller = self._create_staff(self.alpha, "seller", "seller")
        rival = self._create_staff(self.beta, "rival", "owner")
        finance = self._create_staff(self.alpha, "finance", "finance")
        for user in (seller, rival):
            with self.assertRaises(AccessError):
                self.mine.with_user(user)._portal_accept()
        for method in ("action_accept", "action_send", "action_create_bill"):
            with self.assertRaises(AccessError):
                self._call(finance, self.mine, method)
        self.mine.with_user(finance)._portal_accept()
        self.assertRecordValues(
            self.mine, [{"state": "accepted", "accepted_by_id": finance.id}]
        )
        self.assertFalse(self.mine.with_user(finance)._portal_accept())

    def test_counts_on_shared_records_are_not_for_partners(self):
        finance = self._create_staff(self.alpha, "finance", "finance")
        member = self.alpha_member.with_user(finance)
        with self.assertRaises(AccessError):
            member.read(["commission_entry_count"])
        with self.assertRaises(AccessError):
            self._call(finance, self.entries[:1], "read", ["settlement_ids"])

    def test_the_jobs_are_the_systems(self):
        accountant = self._create_user("acc", "account.group_account_invoice")
        for model, method in (
            ("account.move", "_cron_sync_commission"),
            ("partner.commission.statement", "_cron_create_statements"),
        ):
            with self.assertRaises(AccessError):
                getattr(self.env[model].with_user(accountant), method)()
        for name in ("ir_cron_sync_commission", "ir_cron_create_statements"):
            job = self.env.ref(f"partner_channel_commission.{name}")
            self.assertEqual(job.group_ids, self.env.ref("base.group_system"))

    def test_the_bill_of_a_statement_is_for_people_who_see_money(self):
        finance = self._create_staff(self.alpha, "finance", "finance")
        seller = self._create_staff(self.alpha, "seller", "seller")
        self.statements.action_send()
        self.statements.action_accept()
        self.statements.action_create_bill()
        bills = self.statements.bill_id
        bills.action_post()
        Move, Line = self.env["account.move"], self.env["account.move.line"]
        domain = [("id", "in", (bills | self.alpha_invoice).ids)]
        lines = [("move_id", "in", bills.ids)]
        self.assertEqual(
            Move.with_user(finance).search(domain),
            self.mine.bill_id | self.alpha_invoice,
        )
        self.assertEqual(Move.with_user(seller).search(domain), self.alpha_invoice)
        self.assertEqual(
            Line.with_user(finance).search(lines).move_id, self.mine.bill_id
        )
        self.assertFalse(Line.with_user(seller).search(lines))
        self.assertEqual(Move.search(domain), bills | self.alpha_invoice)
