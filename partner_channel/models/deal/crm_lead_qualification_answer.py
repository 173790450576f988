import math
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.qualification import (
    find_option,
    get_score,
    get_text,
    knocks_out,
    rate,
    to_plain,
)
from .qualification_criterion import KINDS, STEPS

#: the field that holds an answer, by the kind of the criterion
VALUE_FIELDS = {
    "yesno": "value_yesno",
    "choice": "value_option_id",
    "number": "value_number",
    "money": "value_amount",
    "date": "value_date",
    "text": "value_text",
}
#: kinds whose 0 is an answer as well
_NUMBERS = ("number", "money")
_NOTES = ("comment", "remark")
#: most characters of an answer or a note
TEXT_LIMIT = 4000


class CrmLeadQualificationAnswer(models.Model):
    """What one side answers to one criterion.

    The vendor has a row for every criterion: where only the partner answers, for the
    remark with which it is returned.
    """

    _name = "crm.lead.qualification.answer"
    _description = "Answer of a Qualification"
    _inherit = ["channel.state.mixin"]
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
        domain="[('criterion_id', '=', criterion_id)]",
        index="btree_not_null",
        ondelete="restrict",
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
        self._check_protected_values(vals)
        self.check_access("write")
        allowed = {*VALUE_FIELDS.values(), *_NOTES, "is_answered"}
        if vals.keys() - allowed or self.filtered(lambda row: row.side != "vendor"):
            raise AccessError(self.env._("Only the partner writes its own answers."))
        self.sheet_id._check_vendor_may_answer(self)
        for answer in self:
            answer._record(*answer._read_vals(vals))
        return True

    def _read_vals(self, vals):
        """Return what a form sent, as :meth:`_record` takes it.

        :return: ``(value, notes)``; the present value when none was sent
        """
        self.ensure_one()
        name = VALUE_FIELDS[self.kind]
        strange = vals.keys() & ({*VALUE_FIELDS.values()} - {name})
        if any(vals[other] for other in strange):
            self._refuse_value()
        value = self._get_value()
        if name in vals or "is_answered" in vals:
            value = vals.get(name, self[name])
            if self.kind == "choice" and isinstance(value, models.BaseModel):
                value = value.id
            value = self._read_value(value, vals.get("is_answered", True))
        return value, {note: vals[note] for note in _NOTES if note in vals}

    def _read_value(self, value, is_answered):
        if not is_answered:
            return None
        if self.kind in _NUMBERS:
            # an integer or a text that comes by a remote call
            return value or 0.0
        if self.kind == "date" and isinstance(value, str):
            try:
                return fields.Date.to_date(value)
            except ValueError:
                self._refuse_value()
        return value or None

    def _record(self, value, notes):
        """Write an answer and notes, and what they were before to the history.

        :param value: see :meth:`_get_value`
        :param dict notes: texts of ``comment`` and ``remark``, as far as they change
        """
        self.ensure_one()
        rows, vals = [], {}
        before = self._get_value()
        if value != before:
            self._check_value(value)
            rows.append(("answer", to_plain(before), to_plain(value)))
            vals = {
                VALUE_FIELDS[self.kind]: value or False,
                "is_answered": value is not None,
                "date_answered": self.sheet_id._get_today(),
            }
        for note, typed in notes.items():
            text = self._read_note(typed)
            if text != (self[note] or ""):
                rows.append((note, self[note] or "", text))
                vals[note] = text
        if vals:
            self._set_protected(vals)
            self.env["crm.lead.qualification.history"]._append(self, rows)
            self.sheet_id._grow()

    def _read_note(self, text):
        if not isinstance(text or "", str) or len(text or "") > TEXT_LIMIT:
            self._refuse_value()
        return (text or "").strip()

    def _check_value(self, value):
        """Refuse what is no answer to the question.

        :raise ValidationError: naming the question
        """
        self.ensure_one()
        if value is None:
            return
        criterion = self.sheet_id.snapshot_id._get_criteria()[self.criterion_id.id]
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        is_good = {
            "yesno": value in ("yes", "no"),
            "choice": is_number and find_option(criterion, value) is not None,
            "number": is_number and math.isfinite(value),
            "money": is_number and math.isfinite(value),
            "date": isinstance(value, date),
            "text": isinstance(value, str) and len(value) <= TEXT_LIMIT,
        }
        if not self.is_asked or not is_good[self.kind]:
            self._refuse_value()

    def _refuse_value(self):
        self.ensure_one()
        if not self.is_asked:
            raise UserError(
                self.env._(
                    "“%(question)s” is answered by the partner.", question=self.question
                )
            )
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        raise ValidationError(
            self.env._(
                "“%(question)s”: this is no answer of the kind “%(kind)s”, or it is "
                "too long.",
                question=self.question,
                kind=kinds[self.kind],
            )
        )
