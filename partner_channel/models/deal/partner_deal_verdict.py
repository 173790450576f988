from odoo import api, fields, models
from odoo.fields import Domain


class PartnerDealVerdict(models.Model):
    """A person's word that a record found for a registration is another company.

    What was judged so is not shown for the registration again.
    """

    _name = "partner.deal.verdict"
    _description = "Different Company"
    _order = "date desc, id desc"

    lead_id = fields.Many2one(
        "crm.lead", "Registration", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="lead_id.company_id", store=True, index=True)
    model = fields.Selection(
        [
            ("crm.lead", "Lead or registration"),
            ("res.partner", "Company"),
            ("sale.order", "Quotation"),
        ],
        required=True,
        readonly=True,
    )
    res_id = fields.Many2oneReference(
        "Record", model_field="model", required=True, readonly=True
    )
    name = fields.Char("Different From", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users",
        "Decided By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    date = fields.Datetime(
        "Decided On", required=True, readonly=True, default=fields.Datetime.now
    )
    reason = fields.Text("Why", required=True, readonly=True)

    _record_uniq = models.UniqueIndex("(lead_id, model, res_id)")
    _record_idx = models.Index("(model, res_id)")

    @api.model
    def _get_different(self, lead):
        """Return ``{(model, id)}`` judged to be another company than a registration's.

        Two registrations are judged for each other.

        :param lead: one registration
        """
        # sudo: who judged does not matter, the word stands for all
        mine = Domain("lead_id", "=", lead.id)
        other = Domain("model", "=", "crm.lead") & Domain("res_id", "=", lead.id)
        verdicts = self.sudo().search(mine | other)
        return {
            (verdict.model, verdict.res_id)
            if verdict.lead_id == lead
            else ("crm.lead", verdict.lead_id.id)
            for verdict in verdicts
        }

    @api.model
    def _judge_different(self, lead, model, res_id, name, reason):
        """Remember that a record is of another company; the caller has checked access.

        A word given twice is kept as it was said first.

        :param str reason: why, not empty
        """
        # sudo: nobody writes verdicts by hand
        verdicts = self.sudo()
        given = verdicts.search(
            [
                ("lead_id", "=", lead.id),
                ("model", "=", model),
                ("res_id", "=", res_id),
            ]
        )
        return given or verdicts.create(
            {
                "lead_id": lead.id,
                "model": model,
                "res_id": res_id,
                "name": name,
                "reason": reason,
            }
        )
