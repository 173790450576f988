from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

_BATCH_SIZE = 200


class PartnerCommissionStatement(models.Model):
    """A period's payable entries of one membership, company and currency."""

    _name = "partner.commission.statement"
    _description = "Commission Statement"
    _inherit = [
        "commission.payout.mixin",
        "commission.statement.portal.mixin",
        "channel.state.mixin",
        "portal.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_to desc, id desc"
    _mail_post_access = "read"
    # facts of the ledger and results of actions: nobody types them
    _state_fields = (
        "name",
        "state",
        "membership_id",
        "partner_id",
        "company_id",
        "currency_id",
        "date_from",
        "date_to",
        "amount_total",
        "amount_company",
        "bill_id",
        "date_sent",
        "date_accepted",
        "accepted_by_id",
    )

    name = fields.Char(compute="_compute_name", store=True)
    membership_id = fields.Many2one(
        "partner.membership", required=True, readonly=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        related="membership_id.partner_id", store=True, index=True
    )
    manager_id = fields.Many2one(related="membership_id.manager_id")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    date_from = fields.Date("From", required=True, readonly=True)
    date_to = fields.Date("Until", required=True, readonly=True, tracking=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("sent", "Sent"),
            ("accepted", "Accepted"),
            ("billed", "Billed"),
            ("paid", "Paid"),
        ],
        required=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    entry_ids = fields.One2many(
        "partner.commission.entry", "statement_id", "Entries", readonly=True
    )
    entry_count = fields.Integer(compute="_compute_entry_count")
    amount_total = fields.Monetary(
        "Total", readonly=True, help="Sum of the entries, in the statement's currency."
    )
    amount_company = fields.Monetary(
        "Total in Company Currency",
        currency_field="company_currency_id",
        readonly=True,
    )
    bill_id = fields.Many2one(
        "account.move",
        "Vendor Bill",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    date_sent = fields.Date(readonly=True, copy=False)
    date_accepted = fields.Date(readonly=True, copy=False)
    accepted_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    _period_uniq = models.UniqueIndex(
        "(membership_id, company_id, currency_id, date_to)",
        "This partner already has a statement of this period.",
    )
    _bill_uniq = models.UniqueIndex(
        "(bill_id) WHERE bill_id IS NOT NULL", "A bill pays one statement."
    )
    _period_order = models.Constraint(
        "CHECK (date_to >= date_from)", "A period cannot end before it begins."
    )

    @api.depends("membership_id", "currency_id", "date_to")
    def _compute_name(self):
        for statement in self:
            if not (statement.date_to and statement.membership_id):
                statement.name = False
                continue
            currency = statement.currency_id
            foreign = currency != statement.company_id.currency_id
            statement.name = (
                f"CS/{statement.date_to}/{statement.membership_id.id:05d}"
                + (f"/{currency.name}" if foreign else "")
            )

    def _compute_entry_count(self):
        counts = dict(
            self.env["partner.commission.entry"]._read_group(
                [("statement_id", "in", self.ids)], ["statement_id"], ["__count"]
            )
        )
        for statement in self:
            statement.entry_count = counts.get(statement, 0)

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for statement in self:
            statement.access_url = f"/my/statements/{statement.id}"
        return result

    # === CREATING === #

    @api.model
    def _create_statements(
        self, company, date_from, date_to, memberships=None, limit=None
    ):
        """Create the statements of a period, or complete those still in draft.

        Everything payable until the last day of the period and in no statement
        yet goes in, also what is older. Where nothing is left to pay out the
        entries stay open, and go to the next statement that has something.
        May be called again at any time: what is done is not done twice.

        :param company: the company that owes
        :param date_from: first day of the period
        :param date_to: last day, inclusive
        :param memberships: limit to these, None for all
        :param limit: at most that many statements
        :return: the statements that got entries
        """
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
                HAVING SUM(entry.amount_currency)
                       + COALESCE(MAX(statement.amount_total), 0) > 0
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

    @api.ondelete(at_uninstall=False)
    def _unlink_except_bound(self):
        if self.sudo().entry_ids:  # sudo: entries count whoever may see them
            self.env["partner.commission.entry"]._refuse()
