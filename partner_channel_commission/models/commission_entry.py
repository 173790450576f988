import json

from psycopg2 import errors

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError
from odoo.tools import SQL, split_every

from odoo.addons.partner_channel.tools.attribution import LINE_ROLES

from ..tools.line_share import ACCRUED, PAYABLE
from ..tools.overrides import OVERRIDE_ROLES

ROLES = [*LINE_ROLES, *OVERRIDE_ROLES]
BOOKS = [(ACCRUED, "Earned"), (PAYABLE, "Payable")]
CAUSES = [
    ("posted", "Invoiced"),
    ("paid", "Paid by the customer"),
    ("unpaid", "Payment undone"),
    ("credited", "Credited"),
    ("reset", "Invoice taken back"),
    ("true_up", "Re-rated"),
    ("bonus", "Bonus"),
    ("adjustment", "Adjustment"),
]
# rows of one INSERT; a batch of postings fits in one
_INSERT_SIZE = 5000


class PartnerCommissionEntry(models.Model):
    """One line of the commission ledger.

    *What it is*: an amount in one of two books. ``accrued`` holds what partners
    have earned by invoices, ``payable`` what is due to them. The balance of a book
    is always the sum of its entries; corrections are entries of their own.

    *How it is written*: by :meth:`_append` only. ``create``, ``write`` and
    ``unlink`` refuse everybody, whatever the rights and the context; what comes as
    SQL is refused by the database.
    """

    _name = "partner.commission.entry"
    _description = "Commission Entry"
    _inherit = [
        "commission.computation.mixin",
        "commission.position.mixin",
        "commission.explain.mixin",
        "commission.reason.mixin",
        "commission.portal.mixin",
        "commission.year.mixin",
        "commission.entry.manual.mixin",
        "commission.chain.mixin",
        "commission.export.mixin",
        "commission.guide.mixin",
        "commission.lock.mixin",
    ]
    _order = "date desc, id desc"
    _rec_name = "label"
    _allow_sudo_commands = False

    book = fields.Selection(BOOKS, required=True, readonly=True)
    cause = fields.Selection(CAUSES, required=True, readonly=True)
    date = fields.Date(required=True, readonly=True)
    revision = fields.Integer(
        required=True,
        readonly=True,
        help="Number of the entry among those of one line, partner, role and book.",
    )
    # who earns
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    membership_id = fields.Many2one(
        "partner.membership", required=True, readonly=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", required=True, readonly=True, ondelete="restrict"
    )
    role = fields.Selection(
        ROLES, readonly=True, help="Empty for an adjustment of no line."
    )
    share = fields.Float("Share (%)", required=True, readonly=True, digits=(5, 2))
    lead_id = fields.Many2one(
        "crm.lead", "Deal", readonly=True, index="btree_not_null", ondelete="set null"
    )
    # by what
    move_id = fields.Many2one(
        "account.move", "Invoice", readonly=True, index=True, ondelete="restrict"
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        "Invoice Line",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    move_line_ref = fields.Integer(
        "Line Reference", readonly=True, help="Id of the line, kept when it is deleted."
    )
    customer_id = fields.Many2one(related="move_id.commercial_partner_id")
    product_id = fields.Many2one(
        "product.product", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    label = fields.Char(readonly=True)
    order_ref = fields.Char("Sales Order", readonly=True)
    # on which terms
    plan_id = fields.Many2one(
        "partner.commission.plan", readonly=True, ondelete="restrict"
    )
    rule_id = fields.Many2one(
        "partner.commission.rule", readonly=True, index=True, ondelete="restrict"
    )
    rate = fields.Float("Rate (%)", readonly=True, digits=(7, 4))
    # how much
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    currency_rate = fields.Float(
        required=True,
        readonly=True,
        digits=0,
        help="Units of this currency per unit of the company's, at the invoice date.",
    )
    base = fields.Monetary(readonly=True, help="Untaxed, in the invoice's currency.")
    amount_currency = fields.Monetary(
        "Commission", readonly=True, help="In the invoice's currency."
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    amount = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="In the company's currency, at the rate of the invoice date.",
    )
    statement_id = fields.Many2one(
        "partner.commission.statement",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    # Two transactions that computed from the same past meet here: the second is
    # refused and runs again.
    _chain_uniq = models.UniqueIndex(
        "(move_line_ref, membership_id, role, book, revision) "
        "WHERE move_line_ref IS NOT NULL"
    )
    _share_range = models.Constraint("CHECK (share > 0 AND share <= 100)")
    _rate_range = models.Constraint("CHECK (rate >= 0 AND rate <= 100)")
    _revision_positive = models.Constraint("CHECK (revision > 0)")
    _source_given = models.Constraint(
        "CHECK (cause IN ('true_up', 'bonus', 'adjustment') OR (move_id IS NOT NULL "
        "AND move_line_ref IS NOT NULL AND plan_id IS NOT NULL "
        "AND rule_id IS NOT NULL))"
    )
    _statement_payable = models.Constraint(
        "CHECK (statement_id IS NULL OR book = 'payable')"
    )
    _membership_idx = models.Index("(membership_id, book, statement_id)")
    _partner_idx = models.Index("(partner_id, date DESC, id DESC)")
    _period_idx = models.Index(
        "(membership_id, rule_id, period_start) "
        "WHERE period_start IS NOT NULL AND book = 'accrued'"
    )
    _open_idx = models.Index(
        "(company_id, membership_id, currency_id, date) "
        "WHERE book = 'payable' AND statement_id IS NULL"
    )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse()
        return super().create(vals_list)

    def write(self, vals):
        if vals:
            self._refuse()
        return super().write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        self._refuse()

    @api.model
    def _refuse(self):
        """Refuse what is not the doing of a document.

        :raise AccessError: always
        """
        raise AccessError(
            self.env._(
                "The commission ledger is written by invoices and payments only. "
                "Correct the document; the ledger follows with an entry of its own."
            )
        )

    # === WRITING === #

    @api.model
    def _append(self, vals_list):
        """Append entries: the only way anything gets into the ledger.

        Raw SQL, since a batch of postings adds one statement to the transaction
        whatever the number of its lines, and since ``create`` refuses everybody.

        :param vals_list: complete values of each entry, all with the same keys
        :return: the new entries
        :raise ConcurrencyError: another transaction appended to the same line;
            Odoo runs the request again
        """
        ids = []
        for some in split_every(_INSERT_SIZE, vals_list):
            try:
                self.env.cr.execute(self._prepare_insert(some))
            except errors.UniqueViolation as error:
                raise ConcurrencyError("commission ledger") from error
            ids.extend(row[0] for row in self.env.cr.fetchall())
        return self.browse(ids)

    @api.model
    def _prepare_insert(self, vals_list):
        """Return the query that inserts entries and returns their ids.

        The rows travel as one JSON text: a fraction of what thousands of
        parameters cost.
        """
        names = SQL(", ").join(map(SQL.identifier, vals_list[0]))
        rows = [
            {name: None if value is False else value for name, value in vals.items()}
            for vals in vals_list
        ]
        return SQL(
            """
            INSERT INTO partner_commission_entry
                   (%(names)s, create_uid, create_date, write_uid, write_date)
            SELECT %(names)s, %(uid)s, %(now)s, %(uid)s, %(now)s
              FROM json_populate_recordset(NULL::partner_commission_entry, %(rows)s)
         RETURNING id
            """,
            names=names,
            uid=self.env.uid,
            now=self.env.cr.now(),
            rows=json.dumps(rows, default=str),
        )

    @api.model
    def _bind(self, statements):
        """Put the open payable entries of each period into its statement.

        Set once and for all: entries already in a statement are left alone. Raw
        SQL, since a month holds more entries than a job should load.

        :param statements: ``partner.commission.statement`` records
        """
        statements.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                UPDATE partner_commission_entry entry
                   SET statement_id = statement.id
                  FROM partner_commission_statement statement
                 WHERE statement.id IN %s
                   AND entry.book = 'payable'
                   AND entry.statement_id IS NULL
                   AND entry.company_id = statement.company_id
                   AND entry.membership_id = statement.membership_id
                   AND entry.currency_id = statement.currency_id
                   AND entry.date <= statement.date_to
                """,
                tuple(statements.ids),
            )
        )
        self.invalidate_model(["statement_id"])
        statements.invalidate_recordset(["entry_ids"])
