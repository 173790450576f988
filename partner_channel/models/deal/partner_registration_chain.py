from odoo import api, fields, models


class PartnerRegistrationChain(models.Model):
    """The end of a company's registration log.

    Every writer updates this one row, so the database puts the writers in a
    queue.
    """

    _name = "partner.registration.chain"
    _description = "End of a Registration Log"
    _rec_name = "company_id"

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    sequence = fields.Integer(required=True)
    last_hash = fields.Char()

    _company_uniq = models.UniqueIndex("(company_id)")

    @api.model
    def _get_head(self, company):
        """Return the company's head, made when the company has none.

        :param company: ``res.company``
        :return: one record in sudo
        """
        # sudo: no group may touch the chain by hand
        head = self.sudo().search([("company_id", "=", company.id)])
        return head or self.sudo().create({"company_id": company.id, "sequence": 0})
