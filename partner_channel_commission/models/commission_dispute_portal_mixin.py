from odoo import api, models
from odoo.exceptions import AccessError

from odoo.addons.partner_channel_portal.tools.form_values import (
    FieldProblem,
    clean_text,
)

from .commission_dispute_flow_mixin import UNSETTLED

#: longest comment of a partner
MAX_COMMENT = 2000
_BADGES = {"open": "warning", "answered": "info", "adjusted": "success"}


class CommissionDisputePortalMixin(models.AbstractModel):
    """How a partner's people dispute lines of a statement in the portal.

    They have no access to disputes: all goes through the statement, which they may
    read, and shows what is for them.
    """

    _name = "commission.dispute.portal.mixin"
    _description = "Statement: Disputes in the Portal"

    # === WHAT THE PAGE SHOWS === #

    def _can_portal_dispute(self):
        """Return whether the current person may object to lines now."""
        return self._can_portal_accept()

    def _get_portal_disputes(self, entries):
        """Return the disputes of some entries as the partner reads them.

        :param entries: entries of these statements, readable by the person
        :return: ``{entry_id: dict}``; a withdrawn one counts as none
        """
        # sudo: partners read no disputes; those of entries they read, and of these
        # only what is for them
        disputes = (
            self.env["partner.commission.dispute"]
            .sudo()
            .search([("entry_id", "in", entries.ids), ("state", "!=", "withdrawn")])
        )
        return {each.entry_id.id: self._get_portal_dispute(each) for each in disputes}

    @api.model
    def _get_portal_dispute(self, dispute):
        """Return one dispute as a dict.

        :param dispute: in sudo
        """
        active = dispute.membership_id.state == "active"
        return {
            "state": dispute._get_state_label(),
            "badge": _BADGES.get(dispute.state, "secondary"),
            "comment": dispute.comment,
            "answer": dispute.answer,
            "deadline": dispute.date_deadline if dispute.state in UNSETTLED else False,
            "is_held": dispute.is_held,
            "may_withdraw": active and dispute.state in UNSETTLED,
            "may_insist": active and dispute.state == "answered",
        }

    # === WHAT THE PARTNER DOES === #

    def _portal_dispute(self, entry_id, comment):
        """Object to one line of a sent statement, or to the vendor's answer.

        :param int entry_id: a line of the statement
        :param str comment: as typed
        :return: message of what is wrong with it, empty when it was taken
        :raise AccessError: not one's own, no right to money, not open for it
        """
        entry = self._get_portal_line(entry_id)
        problem = self._check_comment(comment)
        if problem:
            return problem
        dispute = self._get_line_disputes(entry)
        text = clean_text(comment, MAX_COMMENT)
        if dispute.state == "answered":
            dispute._insist(text)
        elif dispute.state != "open":
            if dispute or not self._can_portal_dispute():
                raise AccessError(
                    self.env._("Lines of this statement cannot be disputed any more.")
                )
            # sudo: partners have no rights on disputes; this one was checked above
            self.env["partner.commission.dispute"].sudo()._open(
                self.sudo(), entry, text
            )
        self._tell_dispute(entry, text)
        return ""

    def _portal_withdraw_dispute(self, entry_id):
        """Let a line stand that was disputed.

        :param int entry_id: a line of the statement
        :raise AccessError: not one's own, no right to money
        """
        entry = self._get_portal_line(entry_id)
        self._get_line_disputes(entry)._withdraw()

    def _get_portal_line(self, entry_id):
        """Return a line of the statement, once access is checked.

        :raise AccessError: the person may not speak about money of this statement
        """
        self.ensure_one()
        self.check_access("read")
        may = self.env.user.partner_id._has_channel_capability("can_see_money")
        # sudo: the state of the membership decides; the record was checked above
        active = self.sudo().membership_id.state == "active"
        entry = self.env["partner.commission.entry"].search(
            [("id", "=", entry_id), ("statement_id", "=", self.id)]
        )
        if not (may and active and entry):
            raise AccessError(
                self.env._("Lines are disputed by those who handle the money.")
            )
        return entry.sudo()  # sudo: read above by the person's own rights

    def _get_line_disputes(self, entry):
        """Return the dispute of a line that is not withdrawn, in sudo."""
        # sudo: partners have no rights on disputes; the line was checked
        return (
            self.env["partner.commission.dispute"]
            .sudo()
            .search([("entry_id", "=", entry.id), ("state", "!=", "withdrawn")])
        )

    @api.model
    def _check_comment(self, comment):
        """Return what is wrong with a comment, in words; empty when nothing is."""
        try:
            if clean_text(comment, MAX_COMMENT):
                return ""
        except FieldProblem as problem:
            return self.env["crm.lead"]._get_portal_message(problem)
        return self.env._("Comment: tell us what is wrong with the line.")

    def _tell_dispute(self, entry, text):
        """Write the objection to the statement, as the person."""
        # sudo: the post is by a person who was checked to read the statement
        self.sudo().message_post(
            body=self.env._(
                "Objection to “%(line)s”: %(comment)s",
                line=entry.move_id.name or entry.label or "",
                comment=text,
            ),
            author_id=self.env.user.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
