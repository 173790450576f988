from odoo import models
from odoo.exceptions import AccessError, UserError

# what people may make of a statement, and from where; the rest of its way it
# follows its bill, see commission.payout.bill.mixin
STATES = {"sent": {"draft"}, "accepted": {"sent"}, "billed": {"accepted"}}


class CommissionPayoutMixin(models.AbstractModel):
    """The way of a statement from draft to its bill."""

    _name = "commission.payout.mixin"
    _inherit = ["commission.day.mixin"]
    _description = "Payout of a Commission Statement"

    # === PARTNER === #

    def action_send(self):
        """Show the statement to the partner and tell those who see money.

        :raise UserError: one has nothing to pay out
        """
        self.check_access("write")
        self._check_payable()
        moved = self._move_on_day("sent", STATES, "date_sent")
        moved._set_accept_due()
        moved._announce()

    def _check_payable(self):
        """Refuse to pay out nothing, or less than the minimum.

        :raise UserError: naming the first statement that owes too little
        """
        for statement in self:
            if statement.amount_total > 0 and not statement.is_payable:
                currency = statement.company_currency_id
                raise UserError(
                    self.env._(
                        "“%(statement)s” stays below the minimum payout of "
                        "%(minimum)s: its total is %(total)s. It goes on as the "
                        "draft of the next period.",
                        statement=statement.display_name,
                        minimum=currency.format(statement.amount_minimum),
                        total=currency.format(statement.amount_company),
                    )
                )
            if statement.currency_id.compare_amounts(statement.amount_total, 0) <= 0:
                raise UserError(
                    self.env._(
                        "“%(statement)s” has nothing to pay out: its total is "
                        "%(total)s. It goes on as the draft of the next period.",
                        statement=statement.display_name,
                        total=statement.currency_id.format(statement.amount_total),
                    )
                )

    def _get_money_contacts(self):
        """Return ``{partner_id: [contact ids]}`` of portal people who see money."""
        # sudo: roles of contacts are the channel managers' to read
        users = (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("commercial_partner_id", "in", self.partner_id.ids),
                    ("share", "=", True),
                    ("partner_id.portal_role_id.can_see_money", "=", True),
                ]
            )
        )
        contacts = {}
        for user in users:
            partner = user.partner_id
            contacts.setdefault(partner.commercial_partner_id.id, []).append(partner.id)
        return contacts

    def action_accept(self):
        """Record that the partner agrees, as told by other means."""
        self.check_access("write")
        self._accept()

    def _accept(self, silent=False):
        """Move sent statements to accepted, by the current user.

        :param bool silent: by nobody, since nobody objected
        """
        waiting = self.filtered(lambda statement: statement.state != "accepted")
        return waiting._move_on_day(
            "accepted",
            STATES,
            "date_accepted",
            accepted_by_id=False if silent else self.env.uid,
        )

    def _can_portal_accept(self):
        """Return whether the current person may accept this statement now."""
        self.ensure_one()
        # sudo: the state of a membership the person belongs to
        membership = self.sudo().membership_id
        may = self.env.user.partner_id._has_channel_capability("can_sign", membership)
        return may and self.state == "sent" and membership.state == "active"

    def _get_portal_bill(self):
        """Return the vendor bill if the current person may open it in the portal."""
        self.ensure_one()
        # sudo: the number of one's own bill, once the vendor has posted it
        bill = self.sudo().bill_id.filtered(lambda move: move.state == "posted")
        return bill if bill.sudo(False)._filtered_access("read") else bill.browse()

    def _portal_accept(self):
        """Accept statements as the partner: the one way in from the portal.

        :return: the statements that were accepted now
        :raise AccessError: not one's own, no right to sign, membership not active
        """
        self.check_access("read")
        person = self.env.user.partner_id
        # sudo: the state of the membership decides; the record was checked above
        may = all(
            membership.state == "active"
            and person._has_channel_capability("can_sign", membership)
            for membership in self.sudo().membership_id
        )
        if not may:
            raise AccessError(
                self.env._("Statements are accepted by those who may sign.")
            )
        waiting = self.filtered(lambda statement: statement.state == "sent")
        # sudo: partners have no write access; only the named move is made
        accepted = waiting.sudo()._accept()
        for statement in accepted:
            statement.message_post(
                body=self.env._("Accepted in the portal."),
                author_id=self.env.user.partner_id.id,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )
        return accepted

    # === OPENING === #

    def action_open_bill(self):
        """Open the vendor bills.

        :return: window action
        """
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_in_invoice_type"
        )
        if len(self.bill_id) == 1:
            return {
                **action,
                "views": [(False, "form")],
                "res_id": self.bill_id.id,
            }
        return {**action, "domain": [("id", "in", self.bill_id.ids)], "context": {}}

    def action_open_entries(self):
        """Open the entries of the statements.

        :return: window action
        """
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel_commission.partner_commission_entry_action"
        )
        return {**action, "domain": [("statement_id", "in", self.ids)], "context": {}}
