from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

#: ``{state: from where it can be reached}``
TRANSITIONS = {
    "accepted": {"offered"},
    # also what was accepted, and given back
    "declined": {"offered", "accepted"},
    "missed": {"offered"},
    "withdrawn": {"offered", "accepted"},
    # what was accepted, and lay untouched until it was taken back
    "idle": {"accepted"},
}


def _get_window(offer):
    """Return the hours there were to answer."""
    return max(0.0, (offer.date_due - offer.date_offered).total_seconds() / 3600)


class LeadOfferAnswerMixin(models.AbstractModel):
    """Answers to offers by a rule: accepted, declined, not answered in time."""

    _name = "lead.offer.answer.mixin"
    _description = "Answers to Lead Offers"

    @api.model
    def _get_asked_domain(self):
        """Return the domain of offers whose partner was asked, and had to answer.

        What is claimed from a pool says nothing of how quick a partner answers: it has
        no end, and nobody had to claim it.
        """
        return Domain("membership_id", "=", False) | Domain("date_due", "!=", False)

    def _accept(self):
        """Give the lead to who accepts it first; the others are told.

        The caller has checked that the offer is the partner's to answer. Accepted
        twice changes nothing.

        :raise UserError: the lead is taken, or the time has ended
        """
        # sudo: partners write neither leads nor offers
        for offer in self.sudo():
            offer.lead_id._lock_for_answer()
            offer.invalidate_recordset(["state"])
            if offer.state == "accepted":
                continue
            offer._check_in_time()
            offer._check_takeable()
            offer._note_answer("accepted")
            offer.flush_recordset()
            offer.lead_id._take_lead(offer)

    def _decline(self, reason, note=False):
        """Note that partners do not want leads; the job asks the next ones, soon.

        Not at once: a round reads all partners, and waits for who else gives leads.

        :param str reason: one of ``decline_reason``
        :param str note: text for the vendor
        """
        # sudo: partners write neither leads nor offers
        offers = self.sudo().filtered(lambda offer: offer.state != "declined")
        offers.lead_id._lock_for_answer()
        offers.invalidate_recordset(["state"])
        for offer in offers:
            offer._check_in_time()
            offer._note_answer("declined", decline_reason=reason, decline_note=note)
            # Odoo's own list of who is not to be asked again
            offer.lead_id.partner_declined_ids |= offer.partner_id
        offers.flush_recordset()
        offers.lead_id._requeue()

    def _give_back(self, leads, spam=False):
        """Note that partners no longer want leads they had accepted.

        The caller has checked that the leads are the partner's.

        :param leads: ``crm.lead``
        :param bool spam: the partner says it is none
        """
        # sudo: partners write no offers
        held = self.sudo().search(
            [("lead_id", "in", leads.ids), ("state", "=", "accepted")]
        )
        held._note_answer("declined", decline_reason="quality" if spam else False)

    def _note_answer(self, state, **values):
        """Move open offers to an answer and note how long it took.

        What was accepted and given back, or left untouched, was not answered before.

        :param str state: ``accepted``, ``declined`` or ``idle``
        :param values: further values of the answer
        """
        now = fields.Datetime.now()
        for offer in self:
            waited = (now - offer.date_offered).total_seconds() / 3600
            offer._move_to(
                "state",
                state,
                TRANSITIONS,
                date_answered=now,
                answer_hours=waited,
                **values,
            )

    def _note_idle(self):
        """Note that partners left untouched what they had accepted.

        For their figures that is as if they had given it back just now.
        """
        self._note_answer("idle")
        # nobody has the leads: who writes on them finds it so
        self.flush_model(["state"])

    def _withdraw(self):
        """Take offers back, before or after they were accepted."""
        self._move_to("state", "withdrawn", TRANSITIONS)
        # a place that is free has to be so for the offers that follow
        self.flush_model(["state"])

    def _check_in_time(self):
        """Refuse an answer that comes too late.

        :raise UserError: saying what became of the offer
        """
        self.ensure_one()
        if self.state == "offered" and (
            not self.date_due or self.date_due >= fields.Datetime.now()
        ):
            return
        taken = self.search_count(
            [("lead_id", "=", self.lead_id.id), ("state", "=", "accepted")], limit=1
        )
        if taken:
            raise UserError(
                self.env._("Another partner was quicker: this lead is taken.")
            )
        raise UserError(
            self.env._("This offer is over: it was answered, or its time has ended.")
        )

    def _check_takeable(self):
        """Refuse what is not to be given away, and who is not to have it.

        :raise UserError: the lead is closed, has a partner or went to another company,
            or the offer's partner is not active
        """
        self.ensure_one()
        member = self.membership_id
        if (
            not self.lead_id._filter_distributable()
            or self.lead_id.company_id - member.company_id
            or member.state != "active"
            or not member.partner_id.active
        ):
            raise UserError(
                self.env._(
                    "This offer is over: the lead is closed, or the partner is not "
                    "active."
                )
            )

    def _miss(self):
        """Let offers be missed whose time is over: all of it was taken."""
        for hours, offers in self.grouped(_get_window).items():
            offers._move_to("state", "missed", TRANSITIONS, answer_hours=hours)
        self.flush_model(["state"])

    def _answer_by_hand(self):
        """Return the offers a channel manager answers for partners.

        :raise UserError: the user may not, or there is nothing to answer
        """
        self.check_access("read")
        self.membership_id.check_access("write")
        if not self.env.user.has_group("partner_channel.group_channel_manager"):
            raise UserError(
                self.env._("Only the partner's channel manager answers for it.")
            )
        if not all(offer.membership_id for offer in self):
            raise UserError(
                self.env._(
                    "The lead was assigned by hand: its partner answers in the portal."
                )
            )
        return self

    def action_accept(self):
        """Accept for the partner, who said so to its channel manager."""
        self._answer_by_hand()._accept()

    def action_decline(self):
        """Decline for the partner, who said so to its channel manager."""
        self._answer_by_hand()._decline("other")

    def _explain(self, why):
        """Return in words why the partner was chosen.

        :param dict why: of a :class:`~...tools.lead_distribution.Pick`
        """
        if why.get("pinned"):
            return self.env._("The customer is a named account of this partner.")
        if why.get("held"):
            return self.env._("The customer is protected for this partner.")
        if "turn" in why:
            return self.env._(
                "Next in turn of %(count)d partners.", count=why.get("candidates", 0)
            )
        if "score" not in why:
            return False
        labels = self.env["partner.lead.rule"]._fields
        parts = ", ".join(
            f"{labels[f'weight_{name}']._description_string(self.env)}: {part:.0%}"
            for name, part in why.get("parts", {}).items()
            if part is not None
        )
        return self.env._(
            "Drawn from %(count)d partners with the weight %(score)s (%(parts)s).",
            count=why.get("candidates", 0),
            score=f"{why['score']:.2f}",
            parts=parts or "–",
        )
