from odoo import models
from odoo.tools import SQL

_FUNCTION = "partner_commission_entry_refuse"
_LOCK = "partner_commission_entry_lock"
_BIND = "partner_commission_entry_bind"
# who and when of the row itself; the partner, whom Odoo's merging of contacts moves
_FREE = {"id", "create_uid", "create_date", "write_uid", "write_date", "partner_id"}


class CommissionLockMixin(models.AbstractModel):
    """Lets the database itself refuse to change the ledger.

    ``create``, ``write`` and ``unlink`` refuse whoever comes by the models; what comes
    as SQL, e.g. from the code of a server action, is refused here. Adding entries is
    free, and so is binding one to its statement, once.
    """

    _name = "commission.lock.mixin"
    _description = "The Database Keeps the Ledger"

    def _auto_init(self):
        # a column that a trigger names could not change its type meanwhile
        if self._auto and not self._abstract:
            self._unlock_table()
        return super()._auto_init()

    def init(self):
        result = super().init()
        if self._auto and not self._abstract:
            self._unlock_table()
            self._lock_table()
        return result

    def _lock_table(self):
        """Give the table its triggers, for our columns it has now.

        Raw SQL: the ORM has no triggers. They are taken off while the addon is
        installed or upgraded, by :meth:`_unlock_table`, which a script that must
        correct the ledger calls as well.
        """
        fixed, loose = self._get_locked_columns()
        table = SQL.identifier(self._table)
        self._create_function()
        self._create_trigger(
            _LOCK,
            SQL(
                "BEFORE DELETE OR UPDATE OF %s OR TRUNCATE ON %s FOR EACH STATEMENT",
                SQL(", ").join(map(SQL.identifier, fixed)),
                table,
            ),
        )
        changes = SQL(" OR ").join(map(self._get_refused_change, loose))
        self._create_trigger(
            _BIND, SQL("BEFORE UPDATE ON %s FOR EACH ROW WHEN (%s)", table, changes)
        )

    def _unlock_table(self):
        """Take the triggers off; they come back with the addon's next upgrade."""
        table = SQL.identifier(self._table)
        for name in (_LOCK, _BIND):
            self.env.cr.execute(
                SQL("DROP TRIGGER IF EXISTS %s ON %s", SQL.identifier(name), table)
            )

    def _create_function(self):
        self.env.cr.execute(
            SQL(
                """
                CREATE OR REPLACE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    RAISE EXCEPTION 'The commission ledger cannot be changed'
                    USING ERRCODE = 'insufficient_privilege',
                          HINT = 'Correct the document; the ledger follows.';
                END $$
                """,
                SQL.identifier(_FUNCTION),
            )
        )

    def _get_refused_change(self, name):
        """Return SQL of what may not become of a link.

        A statement is given once; another link may end, with what it leads to.
        """
        column = SQL.identifier(name)
        given = SQL("OLD.%s" if name == "statement_id" else "NEW.%s", column)
        return SQL(
            "OLD.%s IS DISTINCT FROM NEW.%s AND %s IS NOT NULL", column, column, given
        )

    def _create_trigger(self, name, event):
        name = SQL.identifier(name)
        function = SQL.identifier(_FUNCTION)
        self.env.cr.execute(
            SQL("CREATE TRIGGER %s %s EXECUTE FUNCTION %s()", name, event, function)
        )

    def _get_locked_columns(self):
        """Return two lists of names: columns nobody changes, links that may end.

        A link ends when what it leads to is deleted: its field says ``set null``. What
        other addons add, and what is computed, is theirs to fill and to drop.
        """
        columns = {
            name: field
            for name, field in self._fields.items()
            if field.store
            and field.column_type
            and not field.compute
            and "partner_channel_commission" in field._modules
            and name not in _FREE
        }
        loose = [
            name
            for name, field in columns.items()
            if name == "statement_id" or getattr(field, "ondelete", "") == "set null"
        ]
        return [name for name in columns if name not in loose], loose
