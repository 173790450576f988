from odoo import api, fields, models


class PartnerLeadOffer(models.Model):
    """A lead given to a partner, and how long the partner took to answer.

    Rows follow Odoo's own assignment of leads; nobody writes them by hand.
    """

    _name = "partner.lead.offer"
    _description = "Lead Offer"
    _order = "date_offered desc, id desc"
    _rec_name = "lead_id"

    lead_id = fields.Many2one("crm.lead", required=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", ondelete="cascade")
    date_offered = fields.Datetime("Offered", required=True)
    date_answered = fields.Datetime("Answered")
    answer_hours = fields.Float("Hours to Answer", aggregator="avg")
    state = fields.Selection(
        [
            ("offered", "Waiting for an answer"),
            ("accepted", "Accepted"),
            ("declined", "Declined"),
            ("withdrawn", "Taken back"),
        ],
        required=True,
        default="offered",
    )

    _open_uniq = models.UniqueIndex(
        "(lead_id) WHERE state = 'offered'", "A lead waits for one partner at a time."
    )
    _answered_idx = models.Index(
        "(partner_id, date_answered) WHERE date_answered IS NOT NULL"
    )

    @api.model
    def _offer(self, leads):
        """Note that leads were assigned to their partners just now.

        What another partner has not answered yet is taken back.

        :param leads: ``crm.lead``, ordinary ones
        """
        if not leads:
            return
        # sudo: whoever may assign a lead may have it noted
        offers = self.sudo()
        now = fields.Datetime.now()
        offers._find_open(leads).state = "withdrawn"
        offers.flush_model(["state"])
        offers.create(
            [
                {
                    "lead_id": lead.id,
                    "partner_id": lead.partner_assigned_id.commercial_partner_id.id,
                    "company_id": lead.company_id.id,
                    "date_offered": now,
                }
                for lead in leads.filtered("partner_assigned_id")
            ]
        )

    @api.model
    def _answer(self, leads, state):
        """Note the partner's first answer.

        :param leads: ``crm.lead``
        :param str state: ``accepted`` or ``declined``
        """
        now = fields.Datetime.now()
        # sudo: the caller has checked that the leads are the partner's to answer
        for offer in self.sudo()._find_open(leads):
            waited = (now - offer.date_offered).total_seconds() / 3600
            offer.write({"state": state, "date_answered": now, "answer_hours": waited})

    def _find_open(self, leads):
        return self.search([("lead_id", "in", leads.ids), ("state", "=", "offered")])
