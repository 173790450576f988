from odoo import models
from odoo.tools import SQL

from ..tools.earning import DEAL


class CommissionAccountMixin(models.AbstractModel):
    """Looks at what else a partner has earned, where a rule depends on it."""

    _name = "commission.account.mixin"
    _description = "Accounts of Partners"

    def _lock_accounts(self, membership_ids):
        """Let no other transaction book what these documents may count on.

        Raw SQL, since an update that changes nothing is what makes PostgreSQL refuse
        a transaction whose view of the ledger is older: Odoo runs it again then.

        :param membership_ids: ids of the memberships whose totals are read next
        """
        if not membership_ids:
            return
        self.env["partner.membership"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE partner_membership SET state = state
                 WHERE id IN (SELECT id FROM partner_membership WHERE id IN %s
                            ORDER BY id FOR NO KEY UPDATE)
                """,
                tuple(membership_ids),
            )
        )

    def _drop_paid_deals(self, shares, rules):
        """Leave out the amounts for a deal that another invoice of it has paid.

        :param dict shares: ``{move_id: [LineShare]}``
        :param rules: ``{rule_id: Rule}``
        """

        def get_key(share):
            pay = rules[share.rule_id].pay
            if pay and pay.basis == DEAL and share.lead_id:
                return share.membership_id, share.rule_id, share.role, share.lead_id
            return None

        keys = {get_key(share) for some in shares.values() for share in some} - {None}
        if not keys:
            return shares
        self._lock_accounts({key[0] for key in keys})
        paid_by = self._read_paid_deals(keys)
        result = {}
        for move in self.browse(list(shares)).sorted(lambda move: (move.date, move.id)):
            result[move.id] = [
                share
                for share in shares[move.id]
                if paid_by.setdefault(get_key(share) or share, move.id) == move.id
            ]
        return result

    def _read_paid_deals(self, keys):
        """Return ``{key: move_id}`` of the deals whose amount is in the books."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT membership_id, rule_id, role, lead_id, move_id
                  FROM partner_commission_entry
                 WHERE book = 'accrued'
                   AND membership_id IN %(members)s
                   AND rule_id IN %(rules)s
                   AND lead_id IN %(leads)s
              GROUP BY membership_id, rule_id, role, lead_id, move_id
                HAVING SUM(base) > 0
                """,
                members=tuple({key[0] for key in keys}),
                rules=tuple({key[1] for key in keys}),
                leads=tuple({key[3] for key in keys}),
            )
        )
        return {tuple(row[:4]): row[4] for row in rows}
