from odoo import fields, models

from ..models.learning_results_mixin import OUTCOMES


class LmsResultImportLine(models.TransientModel):
    """A row of a spreadsheet, and what would become of it."""

    _name = "lms.result.import.line"
    _description = "Row of an Import of Results"
    _order = "number, id"

    import_id = fields.Many2one(
        "lms.result.import", required=True, index=True, ondelete="cascade"
    )
    number = fields.Integer("Row")
    person = fields.Char()
    course = fields.Char()
    date = fields.Char()
    score = fields.Char()
    result = fields.Char()
    outcome = fields.Selection(OUTCOMES, "What Happens", required=True)
    message = fields.Text("What to Do")
    partner_id = fields.Many2one("res.partner", "Known Here As", ondelete="cascade")
    type_id = fields.Many2one(
        "partner.certification.type", "Certification", ondelete="cascade"
    )
