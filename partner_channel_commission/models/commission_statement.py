from odoo import api, fields, models


class PartnerCommissionStatement(models.Model):
    """A period's payable entries of one membership, company and currency."""

    _name = "partner.commission.statement"
    _description = "Commission Statement"
    _inherit = [
        "commission.period.mixin",
        "commission.period.job.mixin",
        "commission.acceptance.mixin",
        "commission.payout.mixin",
        "commission.payout.bill.mixin",
        "commission.bill.job.mixin",
        "commission.dispute.statement.mixin",
        "commission.dispute.portal.mixin",
        "commission.invoice.portal.mixin",
        "commission.report.mixin",
        "commission.message.mixin",
        "commission.mail.mixin",
        "commission.statement.portal.mixin",
        "channel.job.mixin",
        "channel.state.mixin",
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
        "amount_minimum",
        "is_payable",
        "bill_id",
        "date_sent",
        "date_accept_due",
        "date_accepted",
        "accepted_by_id",
        "is_mail_due",
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
    amount_minimum = fields.Monetary(
        "Minimum Payout",
        currency_field="company_currency_id",
        readonly=True,
        help="Less than this was to be carried, in the company's currency.",
    )
    is_payable = fields.Boolean(
        readonly=True, help="The total is above zero and reaches the minimum."
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

    @api.ondelete(at_uninstall=False)
    def _unlink_except_bound(self):
        if self.sudo().entry_ids:  # sudo: entries count whoever may see them
            self.env["partner.commission.entry"]._refuse()
