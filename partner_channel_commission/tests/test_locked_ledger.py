"""The database itself keeps the ledger, whatever code runs in Odoo."""

from psycopg2.errors import FeatureNotSupported, InsufficientPrivilege

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .immutable_common import ImmutableCommon

# by the models, by the database, by Odoo's evaluation of either
_REFUSALS = (AccessError, InsufficientPrivilege, ValidationError, ValueError)


@tagged("post_install", "-at_install")
class TestLockedLedger(ImmutableCommon):
    def _assert_refused(self, query):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(InsufficientPrivilege, "cannot be changed"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(query)

    def test_no_column_is_changed_by_sql(self):
        """Each stored column but who wrote the row when, and the partner."""
        entry = self.statements.entry_ids[0]
        names = {
            name
            for name, field in entry._fields.items()
            if field.store and field.column_type
        } - {"id", "create_uid", "create_date", "write_uid", "write_date"}
        links = {"lead_id", "move_line_id", "statement_id"}
        for name in sorted(names - links - {"partner_id"}):
            with self.subTest(name):
                column = SQL.identifier(name)
                self._assert_refused(
                    SQL("UPDATE partner_commission_entry SET %s = %s", column, column)
                )
        for name in links:
            with self.subTest(name):
                column = SQL.identifier(name)
                self.env.cr.execute(
                    SQL("SELECT max(%s) + 1 FROM partner_commission_entry", column)
                )
                other = self.env.cr.fetchone()[0] or 1
                self._assert_refused(
                    SQL(
                        "UPDATE partner_commission_entry SET %s = %s WHERE id = %s",
                        column,
                        other,
                        entry.id,
                    )
                )

    def test_a_statement_is_not_taken_away(self):
        self._assert_refused("UPDATE partner_commission_entry SET statement_id = NULL")

    def test_no_row_is_deleted_by_sql(self):
        self._assert_refused("DELETE FROM partner_commission_entry")
        self._assert_refused("TRUNCATE partner_commission_entry CASCADE")

    def test_the_code_of_a_server_action_changes_nothing(self):
        admin = self.env.ref("base.user_admin")
        amounts = self.entries.mapped("amount")
        for code in (
            "env.cr.execute('UPDATE partner_commission_entry SET amount = 1')",
            "env.cr.execute('DELETE FROM partner_commission_entry')",
            "env['partner.commission.entry'].search([]).sudo().write({'amount': 1})",
            "env['partner.commission.entry'].search([]).sudo().unlink()",
            "env['partner.commission.entry'].search([])[0]._write({'amount': 1})",
        ):
            action = self.env["ir.actions.server"].create(
                {
                    "name": "Forge",
                    "model_id": self.env["ir.model"]._get_id(self.entries._name),
                    "state": "code",
                    "code": code,
                    "group_ids": [Command.link(self.env.ref("base.group_system").id)],
                }
            )
            with self.subTest(code):
                self.assertTrue(self._is_refused(action.with_user(admin)))
            self.assertEqual(self.entries.mapped("amount"), amounts)

    def _is_refused(self, action):
        """Run a server action; return whether it was refused."""
        try:
            with (
                mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_actions"),
                self.env.cr.savepoint(),
            ):
                action.run()
                self.env.flush_all()
        except _REFUSALS:
            return True
        finally:
            self.env.invalidate_all()
        return False

    def test_columns_of_others_are_theirs(self):
        table = "ALTER TABLE partner_commission_entry"
        self.env.cr.execute(f"{table} ADD COLUMN x_note varchar")
        self.env.cr.execute("UPDATE partner_commission_entry SET x_note = 'mine'")
        self.env.cr.execute(f"{table} DROP COLUMN x_note CASCADE")
        self._assert_refused("UPDATE partner_commission_entry SET amount = amount")

    def test_an_upgrade_may_change_columns_and_locks_them_again(self):
        alter = "ALTER TABLE partner_commission_entry ALTER COLUMN label TYPE text"
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(FeatureNotSupported),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(alter)
        self.Entry._unlock_table()
        self.env.cr.execute(alter)
        self.Entry.init()
        self._assert_refused("UPDATE partner_commission_entry SET label = label")
        self._assert_refused("UPDATE partner_commission_entry SET statement_id = NULL")

    def test_what_a_link_leads_to_may_go(self):
        entry = self.entries.filtered("lead_id")[:1] or self.entries[:1]
        self.env.cr.execute(
            "UPDATE partner_commission_entry SET lead_id = NULL WHERE id = %s",
            [entry.id],
        )
        entry.invalidate_recordset()
        self.assertFalse(entry.lead_id)
