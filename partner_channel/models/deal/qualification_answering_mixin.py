import math
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.qualification import TEXT_LIMIT, find_option, to_plain

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
NOTES = ("comment", "remark")


class QualificationAnsweringMixin(models.AbstractModel):
    """Reads what was sent as an answer, checks it and takes it down."""

    _name = "qualification.answering.mixin"
    _description = "Taking Answers of a Qualification"

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
        return value, {note: vals[note] for note in NOTES if note in vals}

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

    @api.model
    def _record(self, given):
        """Write answers and notes, and what they were before to the history.

        :param given: list of ``(answer, value, notes)``; of the value see
            :meth:`_get_value`, the notes are texts of ``comment`` and ``remark``, as
            far as they change
        """
        changes = [
            (answer, *answer._read_changes(value, notes))
            for answer, value, notes in given
        ]
        changes = [change for change in changes if change[1]]
        if not changes:
            return
        sheets = self.union(*(answer for answer, _vals, _rows in changes)).sheet_id
        # first of all: of two at once the second one begins again, and finds another
        # revision than its form showed
        sheets._grow()
        sheets.flush_recordset(["revision"])
        for answer, vals, _rows in changes:
            answer._set_protected(vals)
        self.env["crm.lead.qualification.history"]._append(
            [(answer, *row) for answer, _vals, rows in changes for row in rows]
        )

    def _read_changes(self, value, notes):
        """Return what is to be written of an answer, and what the history says of it.

        :return: ``(vals, changes)``, changes being ``(what, old value, new value)``
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
        return vals, rows

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
