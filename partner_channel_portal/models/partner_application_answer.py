from odoo import api, fields, models

from ..tools.amount import write_number


class PartnerApplicationAnswer(models.Model):
    """What a company answered to a question of the program."""

    _name = "partner.application.answer"
    _description = "Answer of an Applicant"
    _order = "application_id, sequence, id"
    _rec_name = "criterion_id"

    application_id = fields.Many2one(
        "partner.application", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="application_id.company_id", store=True)
    criterion_id = fields.Many2one(
        "partner.application.criterion",
        "Question",
        required=True,
        index=True,
        # what was asked explains what was decided: such a question is archived
        ondelete="restrict",
    )
    sequence = fields.Integer(related="criterion_id.sequence", store=True)
    kind = fields.Selection(related="criterion_id.kind")
    is_yes = fields.Selection([("yes", "Yes"), ("no", "No")])
    option_id = fields.Many2one(
        "partner.application.option", index="btree_not_null", ondelete="restrict"
    )
    number = fields.Float(digits=(16, 4))
    text = fields.Text()
    shown = fields.Char("Answer", compute="_compute_shown")

    _criterion_uniq = models.UniqueIndex(
        "(application_id, criterion_id)", "A question is answered once."
    )

    @api.depends_context("lang")
    @api.depends("kind", "is_yes", "option_id", "number", "text")
    def _compute_shown(self):
        yes_no = dict(self._fields["is_yes"]._description_selection(self.env))
        for answer in self:
            answer.shown = {
                "yes_no": yes_no.get(answer.is_yes, ""),
                "choice": answer.option_id.name or "",
                "number": answer._write_number(),
                "text": answer.text or "",
            }.get(answer.kind, "")

    def _get_typed(self):
        """Return the answer as it stands in the form."""
        self.ensure_one()
        if self.kind == "choice":
            return str(self.option_id.id or "")
        if self.kind == "yes_no":
            return self.is_yes or ""
        return self._write_number() if self.kind == "number" else self.text or ""

    def _write_number(self):
        """Return the number as the reader's language writes it."""
        about = self.env["crm.lead"]._get_portal_about(self.env["res.country"])
        return write_number(self.number, about.decimal_point)
