from odoo import api, fields, models

from odoo.addons.partner_channel.tools.qualification import (
    PARTNER_STATES,
    TEXT_LIMIT,
    get_text,
)

from ..tools.qualification_form import write_answer

#: states in which the partner sees what the vendor answers
_SHOWN = ("returned", "vendor_qualified", "confirmed", "rejected")
#: states and the Bootstrap colour of their badge
_BADGES = {
    "draft": "info",
    "partner_qualified": "info",
    "returned": "warning",
    "vendor_qualified": "success",
    "confirmed": "success",
    "rejected": "danger",
}


class DealPortalQualificationPageMixin(models.AbstractModel):
    """What the portal shows of a qualification: never what is internal."""

    _name = "deal.portal.qualification.page.mixin"
    _description = "Registration: Portal Page of the Qualification"

    def _get_portal_qualification_page(self, texts=None):
        """Return what the page shows.

        :param dict texts: what was typed, to be shown again; default what is stored
        :return: dict of plain values
        """
        self.ensure_one()
        sheet = self._get_portal_qualification()
        is_shown = sheet.state in _SHOWN
        labels = dict(sheet._fields["state"]._description_selection(self.env))
        point = self._get_portal_about(self.env["res.country"]).decimal_point
        # sudo: texts of the vendor's, in the reader's language
        sections = sheet.with_context(lang=self.env.lang)._get_comparison(shared=True)
        return {
            "state": sheet.state,
            "label": labels[sheet.state],
            "badge": _BADGES[sheet.state],
            "can_edit": self._can_portal_qualify(),
            "revision": str(sheet.revision),
            "date_due": sheet.date_due if sheet.state in PARTNER_STATES else False,
            "is_late": sheet.is_overdue and sheet.state in PARTNER_STATES,
            "signed_name": sheet.signed_name,
            "date_signed": sheet.date_signed,
            "reason": sheet.reject_reason if sheet.state == "rejected" else "",
            "scores": self._get_portal_scores(sheet, is_shown),
            "sections": [
                {
                    "name": section["name"],
                    "lines": [
                        self._get_portal_line(line, texts, is_shown, point)
                        for line in section["lines"]
                    ],
                }
                for section in sections
            ],
            "history": self._get_portal_history(sheet, is_shown),
        }

    @api.model
    def _get_portal_scores(self, sheet, is_shown):
        """Return the scores the partner sees; the vendor's once it has answered."""
        mine, theirs = sheet.partner_score, sheet.shared_score
        scores = {"mine": round(mine)}
        if is_shown and sheet.has_vendor_answer:
            scores |= {"theirs": round(theirs), "difference": round(theirs - mine)}
        return scores

    @api.model
    def _get_portal_line(self, line, texts, is_shown, point):
        """Return a question as the page shows it.

        :param str point: that marks decimals in the reader's language
        """
        criterion, mine, theirs = line["criterion"], line["partner"], line["vendor"]
        name, note = f"answer_{line['id']}", f"comment_{line['id']}"
        stored = write_answer(criterion, mine._get_value() if mine else None, point)
        currency = self.env["res.currency"].browse(criterion["currency_id"])
        return {
            "id": line["id"],
            "question": line["name"],
            "help": line["help"],
            "kind": criterion["kind"],
            "is_mine": bool(mine),
            "is_required": criterion["required"] and bool(mine),
            "options": [
                {
                    "id": str(option["id"]),
                    "name": get_text(option["name"], self.env.lang),
                }
                for option in criterion["options"]
            ],
            "currency": currency.symbol if criterion["kind"] == "money" else "",
            "text": (texts or {}).get(name, stored),
            "limit": TEXT_LIMIT,
            "comment": (texts or {}).get(note, mine.comment or ""),
            "answer": line["partner_text"],
            "theirs": line["vendor_text"] if is_shown else "",
            "their_comment": theirs.comment if is_shown else "",
            "remark": theirs.remark if is_shown else "",
        }

    @api.model
    def _get_portal_history(self, sheet, is_shown):
        """Return all that was changed, the last one first; the vendor stands as one.

        :return: list of dicts ``date``, ``who``, ``question``, ``what``, ``before``,
            ``after``
        """
        rows = sheet.history_ids.filtered(
            lambda row: not row.is_internal and (row.side == "partner" or is_shown)
        )
        labels = dict(rows._fields["what"]._description_selection(self.env))
        vendor = sheet.company_id.name or self.env.company.name
        return [
            {
                "date": row.date,
                "who": row.user_id.name if row.side == "partner" else vendor,
                "question": row.question,
                "what": labels[row.what],
                "before": row.old_text,
                "after": row.new_text,
            }
            for row in rows.with_context(lang=self.env.lang)
        ]

    # === WHERE IT IS ASKED FOR === #

    def _get_portal_qualification_link(self):
        """Return what the page of the deal says of its qualification.

        :return: dict of ``text``, ``label``, ``badge``, ``url``, ``can_edit``; empty
            without one
        """
        self.ensure_one()
        sheet = self._get_portal_qualification()
        if not sheet:
            return {}
        labels = dict(sheet._fields["state"]._description_selection(self.env))
        can_edit = self._can_portal_qualify()
        text = self.env._("See the qualification")
        if can_edit:
            text = (
                self.env._("Correct the qualification")
                if sheet.state == "returned"
                else self.env._("Qualify the deal")
            )
        return {
            "text": text,
            "label": labels[sheet.state],
            "badge": _BADGES[sheet.state],
            "url": f"/my/deals/{self.id}/qualification",
            "can_edit": can_edit,
        }

    def _get_portal_next_steps(self):
        steps = super()._get_portal_next_steps()
        if self._can_portal_qualify():
            sheet = self._get_portal_qualification()
            step = {
                "text": self._get_portal_qualification_link()["text"],
                "date": self._get_portal_due_day(sheet),
                "is_late": sheet.is_overdue,
            }
            steps.insert(0, step)
        return steps

    @api.model
    def _get_portal_due_day(self, sheet):
        """Return the day a step is due where the reader is, False without one."""
        moment = sheet.date_due
        return moment and fields.Datetime.context_timestamp(self, moment).date()

    @api.model
    def _get_portal_qualification_actions(self):
        """Return what the current user has to qualify, for the home page.

        :return: list of actions, see ``partner.portal.home.mixin``
        """
        mine, now, actions = self._find_portal_waiting(), fields.Datetime.now(), []
        titles = {
            "returned": self.env._("Correct qualifications (%(n)s)"),
            "draft": self.env._("Qualify deals (%(n)s)"),
        }
        for state, title in titles.items():
            own = mine.filtered(lambda sheet, state=state: sheet.state == state)
            if own:
                due = own[0].date_due
                late = bool(due) and due < now
                actions.append(
                    {
                        "title": title % {"n": len(own)},
                        "url": f"/my/deals/{own[0].lead_id.id}/qualification",
                        "level": "danger" if late else "warning",
                        **({"date": self._get_portal_due_day(own[0])} if due else {}),
                    }
                )
        return actions

    @api.model
    def _find_portal_waiting(self):
        """Return the qualifications that wait for the current user, in sudo.

        Not those nobody waits for: of deals that have ended or were let through.
        """
        company = self.env.user.commercial_partner_id
        # sudo: sheets are the vendor's; what the person may not see is left out below
        sheets = self.env["crm.lead.qualification"].sudo()
        sheets = sheets.search(
            [
                ("partner_id", "=", company.id),
                ("is_current", "=", True),
                ("state", "in", PARTNER_STATES),
                ("lead_id.won_status", "not in", ("won", "lost")),
                ("lead_id.qualification_waived_by_id", "=", False),
            ],
            order="date_due, id",
            limit=200,
        )
        seen = self.search([("id", "in", sheets.lead_id.ids)]) if sheets else self
        return sheets.filtered(
            lambda sheet: (
                sheet.lead_id.sudo(False) in seen
                and sheet.lead_id.sudo(False)._has_portal_qualification_right()
            )
        )
