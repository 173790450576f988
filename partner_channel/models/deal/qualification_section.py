from odoo import api, fields, models


class QualificationSection(models.Model):
    """Criteria of a template that belong together."""

    _name = "qualification.section"
    _description = "Section of a Qualification Template"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    template_id = fields.Many2one(
        "qualification.template", required=True, index=True, ondelete="cascade"
    )
    # archived ones as well: here they are taken out of the archive
    criterion_ids = fields.One2many(
        "qualification.criterion",
        "section_id",
        "Criteria",
        context={"active_test": False},
        copy=True,
    )
    criterion_count = fields.Integer(compute="_compute_criterion_count")

    @api.depends("criterion_ids.active")
    def _compute_criterion_count(self):
        for section in self:
            section.criterion_count = len(section.criterion_ids.filtered("active"))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """The criteria go with the section, but for those that were answered."""
        self.criterion_ids._unlink_except_used()
