from odoo import api, fields, models

#: Bootstrap colour of the badge
_BADGES = {
    "open": "warning",
    "accepted": "success",
    "missed": "danger",
    "idle": "danger",
}


class LeadOfferPageMixin(models.AbstractModel):
    """What the portal shows of offers; in sudo, after the check of who asks."""

    _name = "lead.offer.page.mixin"
    _description = "Lead Offer: Portal Page"

    def _get_portal_url(self):
        """Return the address of the offer in the portal."""
        self.ensure_one()
        return f"/my/offers/{self.id}"

    def _get_portal_state(self):
        """Return the state as the partner sees it.

        What the job has not noted as missed yet is over all the same.
        """
        self.ensure_one()
        if self.state != "offered":
            return self.state
        return "open" if self._is_portal_open() else "missed"

    @api.model
    def _get_portal_labels(self):
        return {
            "open": self.env._("To be answered"),
            "accepted": self.env._("Accepted"),
            "declined": self.env._("Declined"),
            "missed": self.env._("Not answered in time"),
            "withdrawn": self.env._("Taken back"),
            "idle": self.env._("Taken back, left untouched"),
        }

    def _prepare_portal_rows(self):
        """Return what the list shows of offers, a dict each."""
        return [offer._prepare_portal_row() for offer in self]

    def _prepare_portal_row(self):
        self.ensure_one()
        state = self._get_portal_state()
        is_open = state == "open"
        return {
            **self.lead_id._prepare_portal_case(),
            "id": self.id,
            "url": self._get_portal_url(),
            "state": state,
            "label": self._get_portal_labels()[state],
            "badge": _BADGES.get(state, "secondary"),
            "is_open": is_open,
            "offered": self.date_offered,
            "answered": self.state != "idle" and self.date_answered,
            **self._prepare_portal_time(self.date_due if is_open else None),
        }

    def _prepare_portal_page(self):
        """Return what the page of one offer shows and lets one do.

        :return: the dict of a row, with what happens next and what the person may do
        """
        self.ensure_one()
        row = self._prepare_portal_row()
        reason = self._fields["decline_reason"]
        labels = dict(reason._description_selection(self.env))
        return {
            **row,
            "may_answer": row["is_open"] and self._has_portal_answer_right(),
            "next_step": self._get_portal_next_step(row["state"]),
            "lead_url": self._get_portal_lead_url(),
            "reasons": labels,
            "reason": labels.get(self.decline_reason, ""),
            "note": self.decline_note or "",
            "person": self.answered_by_id.name or "",
        }

    def _get_portal_lead_url(self):
        """Return where the lead is, empty where the person may not read it."""
        self.ensure_one()
        lead = self.lead_id
        if self.state != "accepted" or not lead.sudo(False).has_access("read"):
            return ""
        return self._get_lead_page(lead)

    @api.model
    def _get_lead_page(self, lead):
        """Return the address of a lead a partner has."""
        kind = "opportunity" if lead.type == "opportunity" else "lead"
        return f"/my/{kind}/{lead.id}"

    def _get_portal_next_step(self, state):
        """Return what the answer leads to, or what became of the offer."""
        self.ensure_one()
        if state == "open" and not self._has_portal_answer_right():
            return self.env._(
                "Your role or your company's membership does not allow you to answer "
                "for leads. A colleague who registers deals can."
            )
        return {
            "open": self.env._(
                "Accept, and you see who it is and how to reach them. Decline, or let "
                "the time pass, and the lead goes to somebody else."
            ),
            "accepted": self.env._("You accepted this lead: it is yours to work on."),
            "declined": self.env._("You declined this lead: it went to somebody else."),
            "missed": self.env._(
                "The time to answer has ended: the lead goes to somebody else."
            ),
            "withdrawn": self.env._(
                "This lead was taken back: somebody else has it, or it lay untouched."
            ),
            "idle": self.env._(
                "You accepted this lead and it lay untouched: it was taken back, and "
                "counts as not accepted."
            ),
        }[state]

    @api.model
    def _prepare_portal_time(self, due):
        """Return until when there is time, and how much is left.

        The browser counts on from there, see ``offer_countdown.esm.js``.

        :param datetime due: UTC, or none
        :return: dict of ``due``, ``seconds``, and ``left`` in words
        """
        if not due:
            return {"due": False, "seconds": 0, "left": ""}
        seconds = max(0, int((due - fields.Datetime.now()).total_seconds()))
        return {"due": due, "seconds": seconds, "left": self._format_left(seconds)}

    @api.model
    def _format_left(self, seconds):
        hours, minutes = divmod(seconds // 60, 60)
        days, rest = divmod(hours, 24)
        if days:
            return self.env._("%(days)s d %(hours)s h left", days=days, hours=rest)
        if hours:
            return self.env._(
                "%(hours)s h %(minutes)s min left", hours=hours, minutes=minutes
            )
        return self.env._("%(minutes)s min left", minutes=minutes)
