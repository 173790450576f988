from odoo import api, fields, models
from odoo.tools import SQL


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

    @api.model
    def _queue_up(self):
        """Wait until no other writer of a log is at work; keep others out till the end.

        To be the first thing of a transaction, as only what is read after the wait is
        of after it.
        """
        # Raw SQL: SELECT … FOR UPDATE and advisory locks take the snapshot before they
        # wait, this command alone does not
        self.env.cr.execute(
            SQL(
                "LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE", SQL.identifier(self._table)
            )
        )
