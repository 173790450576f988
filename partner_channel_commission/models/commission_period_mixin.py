from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

_BATCH_SIZE = 200


class CommissionPeriodMixin(models.AbstractModel):
    """Makes the statements of a period out of the open entries of the ledger."""

    _name = "commission.period.mixin"
    _description = "Statements of a Period"

    @api.model
    def _create_statements(
        self, company, date_from, date_to, memberships=None, limit=None
    ):
        """Create the statements of a period, or complete those still in draft.

        Everything payable until the last day of the period and in no statement
        yet goes in, also what is older. Where nothing is left to pay out the
        entries stay open, and go to the next statement that has something. A
        draft takes in whatever comes; once it has nothing to pay out it goes on
        as the draft of the next period. May be called again at any time: what is
        done is not done twice.

        :param company: the company that owes
        :param date_from: first day of the period
        :param date_to: last day, inclusive
        :param memberships: limit to these, None for all
        :param limit: at most that many statements
        :return: the statements that got entries
        """
        self._prolong_empty_drafts(company, date_to, memberships)
        groups = self._read_open_groups(company, date_to, memberships, limit)
        statements = (
            self.sudo()
            ._with_state_move()
            .create(
                [
                    {
                        "membership_id": group["membership_id"],
                        "company_id": company.id,
                        "currency_id": group["currency_id"],
                        "date_from": date_from,
                        "date_to": date_to,
                    }
                    for group in groups
                    if not group["statement_id"]
                ]
            )
        )
        drafts = [group["statement_id"] for group in groups if group["statement_id"]]
        statements = self.browse(statements.ids + drafts)
        if statements:
            # sudo: the caller has been checked; nobody has rights on the ledger
            self.env["partner.commission.entry"].sudo()._bind(statements)
            statements.sudo()._update_totals()
        return statements

    @api.model
    def _prolong_empty_drafts(self, company, date_to, memberships=None):
        """Carry drafts that have nothing to pay out into a later period.

        Their entries are bound for good, so the drafts go on with them: what a
        partner owes meets what is earned next.

        :param company: see :meth:`_create_statements`
        :param date_to: last day of the later period
        :param memberships: limit to these, None for all
        """
        domain = Domain(
            [
                ("company_id", "=", company.id),
                ("state", "=", "draft"),
                ("amount_total", "<=", 0),
                ("date_to", "<", date_to),
            ]
        )
        if memberships:
            domain &= Domain("membership_id", "in", memberships.ids)
        # sudo: the caller has been checked; a period is moved, nothing else
        drafts = self.sudo().search(domain, order="date_to desc, id")
        later = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("membership_id", "in", drafts.membership_id.ids),
                ("date_to", ">=", date_to),
            ]
        )
        taken = {(each.membership_id, each.currency_id) for each in later}
        for draft in drafts:
            key = draft.membership_id, draft.currency_id
            if key not in taken:
                taken.add(key)
                draft._set_protected({"date_to": date_to})

    @api.model
    def _read_open_groups(self, company, date_to, memberships=None, limit=None):
        """Return what is to be stated: one dict per statement, by membership.

        :return: list of dicts ``membership_id``, ``currency_id``,
            ``statement_id`` (a draft of the same period or None), ``amount``
        """
        self.flush_model()
        only = (
            SQL("AND entry.membership_id IN %s", tuple(memberships.ids))
            if memberships
            else SQL("")
        )
        # Raw SQL: a left join with conditions on the statement, over the index
        # of open entries, and only as many groups as one batch takes.
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT entry.membership_id, entry.currency_id,
                       statement.id AS statement_id,
                       SUM(entry.amount_currency) AS amount
                  FROM partner_commission_entry entry
             LEFT JOIN partner_commission_statement statement
                    ON statement.membership_id = entry.membership_id
                   AND statement.company_id = entry.company_id
                   AND statement.currency_id = entry.currency_id
                   AND statement.date_to >= %(date_to)s
                 WHERE entry.book = 'payable'
                   AND entry.statement_id IS NULL
                   AND entry.company_id = %(company)s
                   AND entry.date <= %(date_to)s
                   AND (statement.id IS NULL OR (
                        statement.state = 'draft'
                        AND statement.date_to = %(date_to)s))
                       %(only)s
              GROUP BY entry.membership_id, entry.currency_id, statement.id
                HAVING statement.id IS NOT NULL OR SUM(entry.amount_currency) > 0
              ORDER BY entry.membership_id, entry.currency_id
                 LIMIT %(limit)s
                """,
                date_to=date_to,
                company=company.id,
                only=only,
                limit=limit,
            )
        )

    @api.model
    def _cron_create_statements(self):
        """Create last month's statements in companies that want it by themselves."""
        if not (self.env.su or self.env.user._is_system()):
            raise AccessError(self.env._("Only the system runs this job."))
        date_to = fields.Date.context_today(self).replace(day=1) - timedelta(days=1)
        companies = self.env["res.company"].search(
            [("channel_statement_auto", "=", True)]
        )
        for company in companies:
            while statements := self._create_statements(
                company, date_to.replace(day=1), date_to, limit=_BATCH_SIZE
            ):
                if not self.env["ir.cron"]._commit_progress(
                    len(statements), remaining=1
                ):
                    return
        self.env["ir.cron"]._commit_progress(remaining=0)

    def _update_totals(self):
        """Sum up the entries bound to draft statements."""
        sums = self.env["partner.commission.entry"]._read_group(
            [("statement_id", "in", self.ids)],
            ["statement_id"],
            ["amount_currency:sum", "amount:sum"],
        )
        for statement, total, in_company in sums:
            statement._set_protected(
                {"amount_total": total, "amount_company": in_company}
            )
