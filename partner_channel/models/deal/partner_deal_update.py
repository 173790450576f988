from odoo import api, fields, models
from odoo.exceptions import AccessError


class PartnerDealUpdate(models.Model):
    """What a partner reports on a protected deal. Written once, never changed."""

    _name = "partner.deal.update"
    _description = "Update of a Deal"
    _order = "date desc, id desc"
    _rec_name = "lead_id"

    lead_id = fields.Many2one("crm.lead", required=True, index=True, ondelete="cascade")
    membership_id = fields.Many2one(
        "partner.membership", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="membership_id.company_id", store=True, index=True
    )
    person_id = fields.Many2one("res.partner", "By", ondelete="restrict")
    date = fields.Date(required=True)
    text = fields.Text("What Happened", required=True)
    date_deadline = fields.Date("Expected Closing")
    date_due = fields.Date("Was Due On")
    is_counted = fields.Boolean(
        help="Fulfils the duty to report: the first update of a deal in half a period."
    )
    is_kept = fields.Boolean("In Time")

    _counted_idx = models.Index("(membership_id, date) WHERE is_counted")

    def write(self, vals):  # pylint: disable=method-required-super
        raise AccessError(self.env._("An update stays as it was written."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("An update stays as it was written."))
