from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...tools.qualification import from_plain, get_text


class CrmLeadQualificationHistory(models.Model):
    """What was answered, by whom and when, and what stood there before.

    Append-only: no group may create, write or delete; it is written as superuser by
    :meth:`_append`.
    """

    _name = "crm.lead.qualification.history"
    _description = "History of a Qualification"
    _order = "id desc"
    _rec_name = "question"

    sheet_id = fields.Many2one(
        "crm.lead.qualification",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    answer_id = fields.Many2one(
        "crm.lead.qualification.answer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    side = fields.Selection(related="answer_id.side", store=True)
    is_internal = fields.Boolean(related="answer_id.is_internal", store=True)
    what = fields.Selection(
        [("answer", "Answer"), ("comment", "Comment"), ("remark", "Remark")],
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one(
        "res.users", "By", required=True, readonly=True, ondelete="restrict"
    )
    date = fields.Datetime(required=True, readonly=True)
    # in a list: Odoo stores no 0 otherwise
    old_value = fields.Json(readonly=True)
    new_value = fields.Json(readonly=True)
    question = fields.Char(compute="_compute_texts")
    old_text = fields.Char("Before", compute="_compute_texts")
    new_text = fields.Char("After", compute="_compute_texts")

    def write(self, vals):
        if vals:
            raise AccessError(self.env._("The history of answers cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("The history of answers cannot be changed."))

    @api.depends_context("lang")
    def _compute_texts(self):
        for sheet, rows in self.grouped("sheet_id").items():
            criteria = sheet.snapshot_id._get_criteria()
            for row in rows:
                criterion = criteria[row.answer_id.criterion_id.id]
                row.question = get_text(criterion["name"], self.env.lang)
                row.old_text = row._get_text(criterion, row.old_value)
                row.new_text = row._get_text(criterion, row.new_value)

    def _get_text(self, criterion, value):
        [value] = value or [None]
        if self.what != "answer":
            return value or ""
        value = from_plain(criterion["kind"], value)
        return self.sheet_id._format_answer(criterion, value)

    @api.model
    def _append(self, changes):
        """Take down what changed on answers.

        :param changes: list of ``(answer, what, old value, new value)``
        """
        # sudo: the history is nobody's to write
        self.sudo().create(
            [
                {
                    "answer_id": answer.id,
                    "sheet_id": answer.sheet_id.id,
                    "what": what,
                    "user_id": self.env.uid,
                    "date": fields.Datetime.now(),
                    "old_value": [old],
                    "new_value": [new],
                }
                for answer, what, old, new in changes
            ]
        )
