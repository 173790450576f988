from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools.qualification import PARTNER_STATES

#: states in which the vendor answers, by the step of the criterion
VENDOR_STATES = {
    "main": (*PARTNER_STATES, "partner_qualified"),
    "additional": (*PARTNER_STATES, "partner_qualified", "vendor_qualified"),
}


class QualificationFillMixin(models.AbstractModel):
    """Who answers when, and what must not be left open."""

    _name = "qualification.fill.mixin"
    _description = "Answering a Qualification"

    def write(self, vals):
        """Take the vendor's answers of a form down at once."""
        commands = vals.get("vendor_answer_ids") or ()
        updates = {row[1]: row[2] for row in commands if row[0] == Command.UPDATE}
        rows = self.env["crm.lead.qualification.answer"].browse(updates)
        if not updates or len(updates) != len(commands) or rows.sheet_id != self:
            return super().write(vals)
        other = {name: vals[name] for name in vals if name != "vendor_answer_ids"}
        result = super().write(other)
        rows._answer_for_vendor({row: updates[row.id] for row in rows})
        return result

    def _grow(self):
        """Count a change; of two at once the database lets one try again."""
        for sheet in self:
            sheet._set_protected({"revision": sheet.revision + 1})

    def _check_running(self):
        """Refuse work on a sheet that another one has replaced.

        :raise UserError: naming the deal
        """
        for sheet in self:
            if not sheet.is_current:
                raise UserError(
                    self.env._(
                        "This qualification of “%(deal)s” has ended: reload the page.",
                        deal=sheet.display_name,
                    )
                )

    def _check_vendor_may_answer(self, answers):
        """Refuse answers of the vendor after its decision.

        :param answers: rows of these sheets
        :raise UserError: naming deal and status
        """
        self._check_running()
        self.lead_id._check_not_own()
        for answer in answers:
            sheet = answer.sheet_id
            if not answer.may_answer:
                sheet._refuse_answers()

    def _refuse_answers(self):
        self.ensure_one()
        states = dict(self._fields["state"]._description_selection(self.env))
        raise UserError(
            self.env._(
                "“%(deal)s” is “%(state)s”: the answers stay as they are.",
                deal=self.display_name,
                state=states[self.state],
            )
        )

    def _answer_for_partner(self, values, comments=None):
        """Take down what the partner answers.

        The caller has checked that the person may work on the deal.

        :param dict values: ``{criterion_id: answer}``, ``None`` for no answer
        :param dict comments: ``{criterion_id: text}``
        :raise UserError: signed already, or a question that is not asked
        """
        self.ensure_one()
        self._check_running()
        if self.state not in PARTNER_STATES:
            self._refuse_answers()
        comments = comments or {}
        rows = self.answer_ids.filtered(lambda answer: answer.side == "partner")
        rows = {row.criterion_id.id: row for row in rows}
        given = []
        for criterion_id in {**values, **comments}:
            row = rows.get(criterion_id)
            if not row:
                raise UserError(
                    self.env._("This question is not part of the qualification.")
                )
            notes = {}
            if criterion_id in comments:
                notes["comment"] = comments[criterion_id]
            value = values.get(criterion_id, row._get_value())
            given.append((row, value, notes))
        self.answer_ids._record(given)

    def _check_answered(self, side, step):
        """Refuse to go on while a required answer is missing.

        :param str side: ``partner`` or ``vendor``
        :param str step: ``main`` or ``additional``
        :raise UserError: naming the deal and the questions
        """
        for sheet in self:
            missing = sheet.answer_ids.filtered(
                lambda answer: (
                    answer.side == side
                    and answer.step == step
                    and answer.is_asked
                    and answer.is_required
                    and not answer.is_answered
                )
            )
            if missing:
                raise UserError(
                    self.env._(
                        "“%(deal)s”: answer first %(questions)s.",
                        deal=sheet.display_name,
                        questions=", ".join(f"“{row.question}”" for row in missing),
                    )
                )
