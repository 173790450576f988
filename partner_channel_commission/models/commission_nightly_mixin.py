import json
import logging
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, split_every

_logger = logging.getLogger(__name__)

_PARAMETER = "partner_channel_commission.sync_state"
_BATCH_SIZE = 100
# a transaction may commit an hour after the time it writes as its write date
_OVERLAP = timedelta(hours=1)
_FIRST_TIME = timedelta(days=7)


class CommissionNightlyMixin(models.AbstractModel):
    """Looks at every document changed lately, in case an event was missed."""

    _name = "commission.nightly.mixin"
    _description = "Nightly Check of the Commission Ledger"

    def _cron_sync_commission(self):
        """Bring the ledger up to date with documents changed since the last run.

        Works in batches and goes on where it was stopped.
        """
        if not (self.env.su or self.env.user._is_system()):
            raise AccessError(self.env._("Only the system runs this job."))
        state = self._get_sync_state()
        todo = self._get_changed_document_ids(state)
        remaining = len(todo)
        for some in split_every(_BATCH_SIZE, todo):
            self._sync_batch(self.browse(some))
            remaining -= len(some)
            state["after"] = some[-1]
            self._set_sync_state(state)
            left = self.env["ir.cron"]._commit_progress(len(some), remaining=remaining)
            if not left and remaining:
                return
        self._set_sync_state({"since": state["until"]})

    def _sync_batch(self, moves):
        """Sync some documents; a failure is logged and leaves the rest alone."""
        try:
            moves._sync_commission(skip_locked=True)
            self.env.flush_all()
        except Exception:
            self.env.cr.rollback()
            _logger.exception("Commission of documents %s was not synced", moves.ids)

    def _get_sync_state(self):
        """Return where the job stands: dict with ``since``, ``until``, ``after``."""
        text = self.env["ir.config_parameter"].sudo().get_param(_PARAMETER)
        state = json.loads(text) if text else {}
        now = fields.Datetime.now()
        state.setdefault("since", fields.Datetime.to_string(now - _FIRST_TIME))
        state.setdefault("until", fields.Datetime.to_string(now))
        state.setdefault("after", 0)
        return state

    def _set_sync_state(self, state):
        self.env["ir.config_parameter"].sudo().set_param(_PARAMETER, json.dumps(state))

    def _get_changed_document_ids(self, state):
        """Return ids of customer documents changed or reconciled lately, in order."""
        self.env.flush_all()
        since = fields.Datetime.to_datetime(state["since"]) - _OVERLAP
        # Raw SQL: a union of two sources of change that share no model
        rows = self.env.execute_query(
            SQL(
                """
                SELECT move.id
                  FROM account_move move
                 WHERE move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                   AND move.id > %(after)s
                   AND (move.write_date >= %(since)s OR move.id IN (
                        SELECT line.move_id
                          FROM account_partial_reconcile part
                          JOIN account_move_line line
                            ON line.id IN (part.debit_move_id, part.credit_move_id)
                         WHERE part.create_date >= %(since)s))
              ORDER BY move.id
                """,
                after=state["after"],
                since=since,
            )
        )
        return [row[0] for row in rows]
