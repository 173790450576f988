from odoo import api, fields, models
from odoo.exceptions import UserError

STATES = [
    ("draft", "Partner Answers"),
    ("partner_qualified", "Qualified by the Partner"),
    ("returned", "Returned"),
    ("vendor_qualified", "Qualified by the Vendor"),
    ("confirmed", "Confirmed"),
    ("rejected", "Rejected"),
]


class CrmLeadQualification(models.Model):
    """The sheet both sides fill in on a lead; one of a lead is current."""

    _name = "crm.lead.qualification"
    _description = "Joint Qualification"
    _inherit = [
        "qualification.begin.mixin",
        "qualification.fill.mixin",
        "qualification.flow.mixin",
        "qualification.page.mixin",
        "qualification.reminder.mixin",
        "channel.state.mixin",
        "channel.job.mixin",
        "channel.internal.thread.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "is_current desc, id desc"
    _rec_name = "lead_id"
    _state_fields = (
        "lead_id",
        "membership_id",
        "program_id",
        "manager_id",
        "partner_id",
        "company_id",
        "template_id",
        "snapshot_id",
        "is_current",
        "state",
        "revision",
        "signed_name",
        "signed_by_id",
        "date_signed",
        "date_state",
        "date_due",
        "date_reminded",
        "date_verified",
        "verified_by_id",
        "predicted_verified",
        "returned_count",
        "partner_score",
        "vendor_score",
        "shared_score",
        "score_difference",
        "has_knockout",
    )

    lead_id = fields.Many2one(
        "crm.lead", "Deal", required=True, index=True, ondelete="cascade"
    )
    membership_id = fields.Many2one(
        "partner.membership", index="btree_not_null", ondelete="restrict"
    )
    partner_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="restrict"
    )
    program_id = fields.Many2one(
        related="membership_id.program_id", store=True, index="btree_not_null"
    )
    manager_id = fields.Many2one(related="membership_id.manager_id", store=True)
    company_id = fields.Many2one("res.company", index=True)
    template_id = fields.Many2one(
        "qualification.template", required=True, index=True, ondelete="restrict"
    )
    snapshot_id = fields.Many2one(
        "qualification.snapshot", required=True, index=True, ondelete="restrict"
    )
    is_current = fields.Boolean("Current", default=True)
    state = fields.Selection(
        STATES, "Status", required=True, default="draft", index=True, tracking=True
    )
    revision = fields.Integer(
        help="Grows with every change: who answers an older one is told."
    )
    answer_ids = fields.One2many("crm.lead.qualification.answer", "sheet_id", "Answers")
    vendor_answer_ids = fields.One2many(
        "crm.lead.qualification.answer",
        "sheet_id",
        "Both Sides",
        domain=[("side", "=", "vendor")],
    )
    history_ids = fields.One2many(
        "crm.lead.qualification.history", "sheet_id", readonly=True
    )
    contact_ids = fields.One2many(
        "crm.lead.qualification.contact", "sheet_id", "Contacts"
    )
    contact_count = fields.Integer("Number of Contacts", compute="_compute_contacts")
    last_contact = fields.Char(compute="_compute_contacts")
    partner_score = fields.Float(
        compute="_compute_scores", store=True, aggregator="avg", digits=(16, 2)
    )
    vendor_score = fields.Float(
        compute="_compute_scores",
        store=True,
        aggregator="avg",
        digits=(16, 2),
        help="With the internal questions.",
    )
    shared_score = fields.Float(
        "Vendor's Score for the Partner",
        compute="_compute_scores",
        store=True,
        digits=(16, 2),
        help="Without the internal questions; the partner sees this one.",
    )
    score_difference = fields.Float(
        compute="_compute_scores",
        store=True,
        aggregator="avg",
        digits=(16, 2),
        help="The vendor's score less the partner's, once both have answered.",
    )
    has_vendor_answer = fields.Boolean(
        compute="_compute_scores",
        store=True,
        help="The vendor has answered something the partner may see.",
    )
    has_knockout = fields.Boolean(
        "Ruled Out",
        compute="_compute_scores",
        store=True,
        help="One of the answers, of either side, rules the deal out.",
    )
    has_additional = fields.Boolean(
        compute="_compute_has_additional", help="There are questions of an own step."
    )
    predicted = fields.Float(
        "Predicted to Win (%)",
        related="lead_id.automated_probability",
        help="By Odoo's predictive lead scoring.",
    )
    predicted_verified = fields.Float(
        "Predicted When Verified (%)", readonly=True, digits=(16, 2)
    )
    signed_name = fields.Char("Signed By", readonly=True)
    signed_by_id = fields.Many2one("res.partner", "Signed As", readonly=True)
    date_signed = fields.Datetime("Signed On", readonly=True)
    date_state = fields.Datetime("In This Status Since", readonly=True)
    date_due = fields.Datetime("Due On", readonly=True, index="btree_not_null")
    date_reminded = fields.Datetime(readonly=True)
    is_overdue = fields.Boolean(
        "Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    date_verified = fields.Datetime("Verified On", readonly=True)
    verified_by_id = fields.Many2one("res.users", readonly=True)
    returned_count = fields.Integer("Times Returned", readonly=True)
    reject_reason = fields.Text(
        "Reason of Rejection", help="The partner reads this when it is rejected."
    )

    _current_uniq = models.UniqueIndex(
        "(lead_id) WHERE is_current",
        "This deal is being qualified already: reload the page.",
    )

    @api.depends(
        "answer_ids.points",
        "answer_ids.is_answered",
        "answer_ids.is_knockout",
        "snapshot_id",
    )
    def _compute_scores(self):
        for sheet in self:
            criteria = sheet.snapshot_id._get_criteria() if sheet.snapshot_id else {}
            answers = sheet.answer_ids
            partner = answers.filtered(lambda answer: answer.side == "partner")
            vendor = answers - partner
            shared = vendor.filtered(lambda answer: not answer.is_internal)
            sheet.partner_score = partner._get_score(criteria)
            sheet.vendor_score = vendor._get_score(criteria)
            sheet.shared_score = shared._get_score(criteria)
            sheet.has_vendor_answer = any(shared.mapped("is_answered"))
            is_both = sheet.has_vendor_answer and any(partner.mapped("is_answered"))
            sheet.score_difference = (
                sheet.vendor_score - sheet.partner_score if is_both else 0.0
            )
            sheet.has_knockout = any(answers.mapped("is_knockout"))

    @api.depends("snapshot_id")
    def _compute_has_additional(self):
        for sheet in self:
            steps = {answer.step for answer in sheet.vendor_answer_ids}
            sheet.has_additional = "additional" in steps

    @api.depends("contact_ids.display_name")
    @api.depends_context("lang", "tz")
    def _compute_contacts(self):
        for sheet in self:
            contacts = sheet.contact_ids
            # a form may hold rows without a date yet
            last = contacts.filtered("date").sorted("date", reverse=True)[:1]
            sheet.contact_count = len(contacts)
            sheet.last_contact = last.display_name

    @api.depends("date_due", "state")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for sheet in self:
            sheet.is_overdue = bool(sheet.date_due and sheet.date_due < now)

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("is_current", "=", True), ("date_due", "<", fields.Datetime.now())]

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self:
            return
        raise UserError(
            self.env._("Qualifications stay: they say why a deal was taken on.")
        )
