from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

# what holds for a membership: its own terms, else those of its program; one that
# has ended is paid to the last cent
_PERIOD = SQL(
    "CASE WHEN membership.has_own_statement_terms THEN membership.statement_period "
    "ELSE program.statement_period END"
)
_MINIMUM = SQL(
    "CASE WHEN membership.state = 'terminated' THEN 0 "
    "WHEN membership.has_own_statement_terms "
    "THEN COALESCE(membership.statement_minimum, 0) "
    "ELSE COALESCE(program.statement_minimum, 0) END"
)


class CommissionPeriodMixin(models.AbstractModel):
    """Makes the statements of a period out of the open entries of the ledger."""

    _name = "commission.period.mixin"
    _description = "Statements of a Period"

    @api.model
    def _create_statements(
        self, company, date_from, date_to, memberships=None, limit=None, **terms
    ):
        """Create the statements of a period, or complete those still in draft.

        Everything payable until the last day of the period and in no statement
        yet goes in, also what is older. Where nothing is left to pay out, or less
        than the minimum, the entries stay open, and go to the next statement that
        has enough. A draft takes in whatever comes; once it has too little to pay
        out it goes on as the draft of the next period. May be called again at any
        time: what is done is not done twice.

        :param company: the company that owes
        :param date_from: first day of the period
        :param date_to: last day, inclusive
        :param memberships: limit to these, None for all
        :param limit: at most that many statements
        :param terms: ``period``: only memberships with statements of this period;
            ``ignore_minimum``: whatever is above zero is paid out
        :return: the statements that got entries
        """
        period = terms.get("period")
        self._prolong_empty_drafts(company, date_to, memberships, period)
        groups = self._read_open_groups(company, date_to, memberships, limit, **terms)
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
                        "amount_minimum": group.get("minimum", 0),
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
    def _prolong_empty_drafts(self, company, date_to, memberships=None, period=None):
        """Carry drafts that have too little to pay out into a later period.

        Their entries are bound for good, so the drafts go on with them: what a
        partner owes meets what is earned next.

        :param company: see :meth:`_create_statements`
        :param date_to: last day of the later period
        :param memberships: limit to these, None for all
        :param period: only memberships with statements of this period
        """
        domain = Domain(
            [
                ("company_id", "=", company.id),
                ("state", "=", "draft"),
                ("is_payable", "=", False),
                ("date_to", "<", date_to),
            ]
        )
        if memberships:
            domain &= Domain("membership_id", "in", memberships.ids)
        # sudo: the caller has been checked; a period is moved, nothing else
        drafts = self.sudo().search(domain, order="date_to desc, id")
        if period:
            drafts = drafts.filtered(
                lambda draft: draft.membership_id._get_statement_period() == period
            )
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
    def _read_open_groups(
        self, company, date_to, memberships=None, limit=None, **terms
    ):
        """Return what is to be stated: one dict per statement, by membership.

        :param terms: see :meth:`_create_statements`
        :return: list of dicts ``membership_id``, ``currency_id``,
            ``statement_id`` (a draft of the same period or None), ``amount``,
            ``minimum`` (of the payout, in company currency)
        """
        self.flush_model()
        self.env["partner.membership"].flush_model()
        self.env["partner.program"].flush_model()
        only = (
            SQL("AND entry.membership_id IN %s", tuple(memberships.ids))
            if memberships
            else SQL("")
        )
        if terms.get("period"):
            only = SQL("%s AND %s = %s", only, _PERIOD, terms["period"])
        query = self._prepare_open_query(
            company,
            date_to,
            SQL("0") if terms.get("ignore_minimum") else _MINIMUM,
            only,
        )
        return self.env.execute_query_dict(SQL("%s LIMIT %s", query, limit))

    @api.model
    def _prepare_open_query(self, company, date_to, minimum, only):
        """Return the query of :meth:`_read_open_groups`.

        :param minimum: SQL of the minimum payout
        :param only: further conditions, as SQL
        """
        # Raw SQL: a left join with conditions on the statement, over the index
        # of open entries, and only as many groups as one batch takes.
        return SQL(
            """
            SELECT entry.membership_id, entry.currency_id,
                   statement.id AS statement_id, %(minimum)s AS minimum,
                   SUM(entry.amount_currency) AS amount
              FROM partner_commission_entry entry
              JOIN partner_membership membership ON membership.id = entry.membership_id
              JOIN partner_program program ON program.id = membership.program_id
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
                    statement.state = 'draft' AND statement.date_to = %(date_to)s))
                   %(only)s
          GROUP BY entry.membership_id, entry.currency_id, statement.id,
                   membership.id, program.id
            HAVING statement.id IS NOT NULL
                OR (SUM(entry.amount_currency) > 0 AND SUM(entry.amount) >= %(minimum)s)
          ORDER BY entry.membership_id, entry.currency_id
            """,
            date_to=date_to,
            company=company.id,
            minimum=minimum,
            only=only,
        )

    def _update_totals(self):
        """Sum up the entries bound to draft statements."""
        sums = self.env["partner.commission.entry"]._read_group(
            [("statement_id", "in", self.ids)],
            ["statement_id"],
            ["amount_currency:sum", "amount:sum"],
        )
        for statement, total, in_company in sums:
            statement._set_protected(
                {
                    "amount_total": total,
                    "amount_company": in_company,
                    "is_payable": statement._is_enough(total, in_company),
                }
            )

    def _is_enough(self, total, in_company):
        """Return whether an amount is above zero and at or above the minimum.

        :param total: in the statement's currency
        :param in_company: the same in the company's currency
        """
        self.ensure_one()
        company_currency = self.company_id.currency_id
        return (
            self.currency_id.compare_amounts(total, 0) > 0
            and company_currency.compare_amounts(in_company, self.amount_minimum) >= 0
        )
