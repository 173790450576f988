from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...tools.qualification import get_score, get_text, knocks_out, rate
from .qualification_answering_mixin import NOTES, VALUE_FIELDS
from .qualification_criterion import KINDS, STEPS
from .qualification_fill_mixin import VENDOR_STATES


class CrmLeadQualificationAnswer(models.Model):
    """What one side answers to one criterion.

    The vendor has a row for every criterion: where only the partner answers, for the
    remark with which it is returned.
    """

    _name = "crm.lead.qualification.answer"
    _description = "Answer of a Qualification"
    _inherit = ["qualification.answering.mixin", "channel.state.mixin"]
    _order = "sheet_id, sequence, side, id"
    _state_fields = (
        "sheet_id",
        "criterion_id",
        "side",
        "sequence",
        "kind",
        "step",
        "is_internal",
        "is_required",
        "is_asked",
        "currency_id",
        "date_answered",
        "remark_before",
    )

    sheet_id = fields.Many2one(
        "crm.lead.qualification", required=True, index=True, ondelete="cascade"
    )
    criterion_id = fields.Many2one(
        "qualification.criterion", required=True, index=True, ondelete="restrict"
    )
    side = fields.Selection(
        [("partner", "Partner"), ("vendor", "Vendor")], required=True
    )
    sequence = fields.Integer()
    kind = fields.Selection(KINDS, required=True)
    step = fields.Selection(STEPS, required=True)
    is_internal = fields.Boolean("Internal")
    is_required = fields.Boolean("Required")
    is_asked = fields.Boolean(help="This side answers the question.")
    value_yesno = fields.Selection([("yes", "Yes"), ("no", "No")], "Yes or No")
    value_option_id = fields.Many2one(
        "qualification.option",
        "Choice",
        domain="[('id', 'in', option_ids)]",
        index="btree_not_null",
        ondelete="restrict",
    )
    option_ids = fields.Many2many(
        "qualification.option", string="Choices", compute="_compute_option_ids"
    )
    value_number = fields.Float("Number")
    value_amount = fields.Monetary("Amount")
    currency_id = fields.Many2one("res.currency")
    value_date = fields.Date("Date")
    value_text = fields.Text("Text")
    is_answered = fields.Boolean("Answered", help="0 may be an answer as well.")
    comment = fields.Text()
    remark = fields.Text(
        "Remark to the Partner", help="What to correct; needed to return it."
    )
    remark_before = fields.Text("Last Remark", readonly=True)
    date_answered = fields.Date(readonly=True)
    points = fields.Float(
        "Points (%)", compute="_compute_points", store=True, digits=(16, 2)
    )
    is_knockout = fields.Boolean("Rules Out", compute="_compute_points", store=True)
    may_answer = fields.Boolean(
        "Vendor May Answer", compute="_compute_may_answer", compute_sudo=True
    )
    question = fields.Char(compute="_compute_texts")
    section = fields.Char(compute="_compute_texts")
    help_text = fields.Text("Explanation", compute="_compute_texts")
    answer_text = fields.Char("Vendor's Answer", compute="_compute_texts")
    partner_text = fields.Char("Partner's Answer", compute="_compute_texts")
    partner_comment = fields.Text("Partner's Comment", compute="_compute_texts")

    _answer_uniq = models.UniqueIndex("(sheet_id, criterion_id, side)")

    # === COMPUTE === #

    @api.depends("is_answered", "date_answered", *VALUE_FIELDS.values())
    def _compute_points(self):
        for sheet, answers in self.grouped("sheet_id").items():
            criteria = sheet.snapshot_id._get_criteria()
            for answer in answers:
                criterion = criteria[answer.criterion_id.id]
                value, day = answer._get_value(), answer.date_answered
                answer.points = rate(criterion, value, day) or 0.0
                answer.is_knockout = knocks_out(criterion, value, day)

    @api.depends("sheet_id.snapshot_id")
    def _compute_option_ids(self):
        """Offer the choices that were asked, not those of today."""
        for sheet, answers in self.grouped("sheet_id").items():
            criteria = sheet.snapshot_id._get_criteria() if sheet.snapshot_id else {}
            for answer in answers:
                options = criteria.get(answer.criterion_id.id, {}).get("options", ())
                answer.option_ids = [option["id"] for option in options]

    @api.depends("sheet_id.is_current", "sheet_id.state", "step")
    def _compute_may_answer(self):
        for answer in self:
            sheet = answer.sheet_id
            answer.may_answer = (
                sheet.is_current and sheet.state in VENDOR_STATES[answer.step]
            )

    @api.depends_context("lang")
    @api.depends("is_answered", "comment", *VALUE_FIELDS.values())
    def _compute_texts(self):
        lang = self.env.lang
        for sheet, answers in self.grouped("sheet_id").items():
            criteria = sheet.snapshot_id._get_criteria()
            partner = sheet.answer_ids.filtered(lambda row: row.side == "partner")
            partner = {row.criterion_id.id: row for row in partner}
            for answer in answers:
                criterion = criteria[answer.criterion_id.id]
                other = partner.get(answer.criterion_id.id, self.browse())
                answer.question = get_text(criterion["name"], lang)
                answer.section = get_text(criterion["section"], lang)
                answer.help_text = get_text(criterion["help"], lang)
                answer.answer_text = answer._get_answer_text(criterion)
                answer.partner_text = other._get_answer_text(criterion)
                answer.partner_comment = other.comment

    def _get_answer_text(self, criterion):
        """Return the answer as people read it, empty when there is none."""
        if not self:
            return ""
        return self.sheet_id._format_answer(criterion, self._get_value())

    def _get_value(self):
        """Return the answer as ``tools.qualification`` takes it, ``None`` for none."""
        self.ensure_one()
        if not self.is_answered:
            return None
        value = self[VALUE_FIELDS[self.kind]]
        return value.id if self.kind == "choice" else value

    def _get_score(self, criteria):
        """Return the score of the rows of one side.

        A question of the vendor's own step counts once it is answered; before that
        step the score is that of the common questions.

        :param dict criteria: see ``qualification.snapshot._get_criteria``
        """
        return get_score(
            (
                criteria[answer.criterion_id.id]["weight"],
                answer.points if answer.is_answered else None,
            )
            for answer in self
            if answer.is_asked and (answer.step == "main" or answer.is_answered)
        )

    # === WRITE === #

    def write(self, vals):
        """Take the vendor's answers and notes down, each change in the history."""
        if self._is_state_move() or not vals:
            return super().write(vals)
        self._answer_for_vendor(dict.fromkeys(self, vals))
        return True

    def _answer_for_vendor(self, vals_by_answer):
        """Take down what a form of the vendor's sent.

        :param dict vals_by_answer: ``{answer: values}`` of these rows
        :raise AccessError: not the vendor's own, or not a value of an answer
        :raise UserError: the vendor has decided, see ``_check_vendor_may_answer``
        """
        self.check_access("write")
        allowed = {*VALUE_FIELDS.values(), *NOTES, "is_answered"}
        for vals in vals_by_answer.values():
            self._check_protected_values(vals)
            if vals.keys() - allowed:
                self._refuse_row()
        if any(row.side != "vendor" for row in self):
            self._refuse_row()
        self.sheet_id._check_vendor_may_answer(self)
        self._record(
            [(row, *row._read_vals(vals)) for row, vals in vals_by_answer.items()]
        )
        # the vendor's own step changes the score of what is verified
        self.sheet_id.lead_id._follow_qualification()

    def _refuse_row(self):
        raise AccessError(self.env._("Only the partner writes its own answers."))
