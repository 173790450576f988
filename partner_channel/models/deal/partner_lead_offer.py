from odoo import api, fields, models


class PartnerLeadOffer(models.Model):
    """A lead given or offered to a partner, and how long the answer took.

    Rows follow Odoo's own assignment of leads, which shows the lead to its partner at
    once, and the distribution by rules, which shows it to who accepts. Nobody writes
    them by hand.
    """

    _name = "partner.lead.offer"
    _description = "Lead Offer"
    _inherit = ["lead.offer.answer.mixin", "channel.state.mixin"]
    _order = "date_offered desc, id desc"
    _rec_name = "lead_id"
    _state_fields = ("state",)

    lead_id = fields.Many2one("crm.lead", required=True, index=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="cascade"
    )
    membership_id = fields.Many2one(
        "partner.membership",
        index="btree_not_null",
        ondelete="cascade",
        help="Of an offer by a rule.",
    )
    rule_id = fields.Many2one(
        "partner.lead.rule", index="btree_not_null", ondelete="set null"
    )
    company_id = fields.Many2one("res.company", ondelete="cascade")
    slot = fields.Integer(
        default=0, required=True, help="Which of the offers that are open at once."
    )
    date_offered = fields.Datetime("Offered", required=True)
    date_due = fields.Datetime("Answer Until")
    date_answered = fields.Datetime("Answered")
    answer_hours = fields.Float("Hours to Answer", aggregator="avg")
    state = fields.Selection(
        [
            ("offered", "Waiting for an answer"),
            ("accepted", "Accepted"),
            ("declined", "Declined"),
            ("missed", "Not answered in time"),
            ("withdrawn", "Taken back"),
            ("idle", "Accepted, left untouched"),
        ],
        required=True,
        default="offered",
        help="What a partner accepted and gave back, or left untouched until it was "
        "taken back, counts as not accepted, and as answered only then.",
    )
    decline_reason = fields.Selection(
        [
            ("capacity", "No capacity"),
            ("territory", "Outside the territory"),
            ("competence", "Outside the competence"),
            ("customer", "Conflict with a customer"),
            ("quality", "Not a real lead"),
            ("other", "Other"),
        ]
    )
    decline_note = fields.Text()
    explanation = fields.Json(readonly=True)
    why = fields.Char("Why This Partner", compute="_compute_why")

    # Two jobs that offer one lead at once both want its first slot: the database
    # gives it to one of them.
    _open_uniq = models.UniqueIndex(
        "(lead_id, slot) WHERE state = 'offered'",
        "This lead is offered to somebody else already.",
    )
    _member_uniq = models.UniqueIndex(
        "(lead_id, membership_id)"
        " WHERE state = 'offered' AND membership_id IS NOT NULL",
        "This partner is offered this lead already.",
    )
    _accepted_uniq = models.UniqueIndex(
        "(lead_id) WHERE state = 'accepted'",
        "Another partner has accepted this lead already.",
    )
    _answered_idx = models.Index(
        "(partner_id, date_answered) WHERE date_answered IS NOT NULL"
    )
    _due_idx = models.Index("(date_due) WHERE state = 'offered'")
    _member_turn_idx = models.Index(
        "(membership_id, id) WHERE membership_id IS NOT NULL"
    )

    @api.depends("explanation")
    def _compute_why(self):
        for offer in self:
            offer.why = offer._explain(offer.explanation or {})

    # === ODOO'S OWN ASSIGNMENT === #

    @api.model
    def _offer(self, leads):
        """Note that leads were assigned to their partners just now.

        What another partner has not answered yet, or has had so far, is taken back.

        :param leads: ``crm.lead``, ordinary ones
        """
        if not leads:
            return
        # sudo: whoever may assign a lead may have it noted
        offers = self.sudo()
        now = fields.Datetime.now()
        held = offers.search(
            [("lead_id", "in", leads.ids), ("state", "in", ("offered", "accepted"))]
        )
        kept = held.filtered(
            lambda offer: (
                offer.state == "accepted"
                and offer.partner_id
                == offer.lead_id.partner_assigned_id.commercial_partner_id
            )
        )
        (held - kept)._withdraw()
        offers.create(
            [
                {
                    "lead_id": lead.id,
                    "partner_id": lead.partner_assigned_id.commercial_partner_id.id,
                    "company_id": lead.company_id.id,
                    "date_offered": now,
                }
                for lead in leads.filtered("partner_assigned_id") - kept.lead_id
            ]
        )

    @api.model
    def _answer(self, leads, state):
        """Note the partner's first answer.

        :param leads: ``crm.lead``
        :param str state: ``accepted`` or ``declined``
        """
        # sudo: the caller has checked that the leads are the partner's to answer
        self.sudo()._find_open(leads)._note_answer(state)

    def _find_open(self, leads):
        """Return offers of leads their partners see already, to be answered."""
        return self.search(
            [
                ("lead_id", "in", leads.ids),
                ("state", "=", "offered"),
                ("membership_id", "=", False),
            ]
        )
