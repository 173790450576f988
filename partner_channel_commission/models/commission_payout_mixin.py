from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command

# what a statement may become, and from where
STATES = {
    "sent": {"draft"},
    "accepted": {"sent", "billed"},
    "billed": {"accepted", "paid"},
    "paid": {"billed"},
}


class CommissionPayoutMixin(models.AbstractModel):
    """The way of a statement from draft to paid."""

    _name = "commission.payout.mixin"
    _description = "Payout of a Commission Statement"

    # === PARTNER === #

    def action_send(self):
        """Show the statement to the partner and tell those who see money."""
        self.check_access("write")
        today = fields.Date.context_today(self)
        moved = self._move_to("state", "sent", STATES, date_sent=today)
        recipients = moved._get_money_contacts()
        for statement in moved:
            statement.message_post(
                body=self.env._(
                    "Statement %(name)s is ready. Please check and accept it.",
                    name=statement.name,
                ),
                partner_ids=recipients.get(statement.partner_id.id, []),
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
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

    def _accept(self):
        """Move sent statements to accepted, by the current user."""
        return self.filtered(lambda statement: statement.state != "accepted")._move_to(
            "state",
            "accepted",
            STATES,
            date_accepted=fields.Date.context_today(self),
            accepted_by_id=self.env.uid,
        )

    def _can_portal_accept(self):
        """Return whether the current person may accept this statement now."""
        self.ensure_one()
        may = self.env.user.partner_id._has_channel_capability("can_see_money")
        # sudo: the state of a membership the person belongs to
        return (
            may and self.state == "sent" and self.sudo().membership_id.state == "active"
        )

    def _get_portal_bill(self):
        """Return the vendor bill if the current person may open it in the portal."""
        self.ensure_one()
        # sudo: the number of one's own bill, once the vendor has posted it
        bill = self.sudo().bill_id.filtered(lambda move: move.state == "posted")
        return bill if bill.sudo(False)._filtered_access("read") else bill.browse()

    def _portal_accept(self):
        """Accept statements as the partner: the one way in from the portal.

        :return: the statements that were accepted now
        :raise AccessError: not one's own, no right to money, membership not active
        """
        self.check_access("read")
        may = self.env.user.partner_id._has_channel_capability("can_see_money")
        # sudo: the state of the membership decides; the record was checked above
        active = all(m.state == "active" for m in self.sudo().membership_id)
        if not (may and active):
            raise AccessError(
                self.env._("Statements are accepted by those who handle the money.")
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

    # === BILL === #

    def action_create_bill(self):
        """Create a draft vendor bill for each accepted statement.

        :return: window action on the bills
        """
        self.check_access("write")
        moved = self._move_to("state", "billed", STATES)
        lines = moved._prepare_bill_lines()
        for company, statements in moved.grouped("company_id").items():
            bills = (
                self.env["account.move"]
                .with_company(company)
                .create([each._prepare_bill(lines[each]) for each in statements])
            )
            for statement, bill in zip(statements, bills, strict=True):
                statement._set_protected({"bill_id": bill.id})
        return self.action_open_bill()

    def _prepare_bill(self, lines):
        """Return the values of the vendor bill of one statement.

        :param lines: list of invoice line values
        """
        self.ensure_one()
        return {
            "move_type": "in_invoice",
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "invoice_date": fields.Date.context_today(self),
            "ref": self.name,
            "invoice_origin": self.name,
            "invoice_line_ids": [Command.create(values) for values in lines],
        }

    def _prepare_bill_lines(self):
        """Return the bill lines, one for each plan and rule.

        :return: ``{statement: [values]}``
        """
        groups = self.env["partner.commission.entry"]._read_group(
            [("statement_id", "in", self.ids)],
            ["statement_id", "plan_id", "rule_id"],
            ["amount_currency:sum"],
        )
        result = {statement: [] for statement in self}
        for statement, plan, rule, amount in groups:
            if not statement.currency_id.is_zero(amount):
                values = statement._prepare_bill_line(plan, rule, amount)
                result[statement].append(values)
        return result

    def _prepare_bill_line(self, plan, rule, amount):
        """Return the values of one line of the bill.

        :param plan: plan the line pays by, may be empty
        :param rule: rule of the plan
        :param amount: untaxed, in the statement's currency, may be negative
        """
        self.ensure_one()
        product = self.company_id._get_channel_commission_product()
        name = self.env._("Commission")
        if rule:
            name = f"{plan.display_name} – {rule.display_name}"
        return {
            "product_id": product.id,
            "name": f"{name} ({self._get_period_label()})",
            "quantity": 1,
            "price_unit": amount,
        }

    def _sync_payment_state(self):
        """Follow the bills: paid while they are, else billed."""
        for statement in self:
            bill = statement.bill_id
            paid = bill.state == "posted" and bill.payment_state in (
                "in_payment",
                "paid",
            )
            if statement.state in ("billed", "paid"):
                statement._move_to("state", "paid" if paid else "billed", STATES)

    def _release_bill(self):
        """Go back to accepted: the bill is cancelled or deleted."""
        for statement in self:
            if statement.state == "paid":
                statement._move_to("state", "billed", STATES)
            statement._message_log(
                body=self.env._("The vendor bill was taken back."),
            )
        self._move_to("state", "accepted", STATES, bill_id=False)

    # === OPENING === #

    def action_open_bill(self):
        """Open the vendor bills.

        :return: window action
        """
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
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel_commission.partner_commission_entry_action"
        )
        return {**action, "domain": [("statement_id", "in", self.ids)], "context": {}}
