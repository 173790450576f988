from odoo import api, fields, models
from odoo.exceptions import UserError


class QualificationOption(models.Model):
    """One answer of a criterion that gives a choice."""

    _name = "qualification.option"
    _description = "Choice of a Qualification Criterion"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    criterion_id = fields.Many2one(
        "qualification.criterion", required=True, index=True, ondelete="cascade"
    )
    points = fields.Float("Points (%)", help="0 to 100: what choosing it scores.")
    is_knockout = fields.Boolean("Rules the Deal Out")

    _points_range = models.Constraint(
        "CHECK (points BETWEEN 0 AND 100)", "A choice scores between 0 and 100 %."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_chosen(self):
        # sudo: answers on leads of other channel managers count as well
        Answer = self.env["crm.lead.qualification.answer"].sudo()
        answer = Answer.search([("value_option_id", "in", self.ids)], limit=1)
        # asked and not chosen yet: whoever is answering could not save it
        if not answer:
            self.criterion_id._unlink_except_used()
        if answer:
            raise UserError(
                self.env._(
                    "“%(choice)s” was chosen on “%(deal)s” already: archive the "
                    "question “%(question)s” and write a new one.",
                    choice=answer.value_option_id.name,
                    question=answer.criterion_id.name,
                    deal=answer.sheet_id.display_name,
                )
            )
