import re
from datetime import date

from odoo import models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.partner_channel_portal.tools.amount import parse_amount
from odoo.addons.partner_channel_portal.tools.form_values import (
    FieldProblem,
    clean_line,
    parse_required,
)
from odoo.addons.partner_channel_portal.tools.upload import check_upload, clean_name

MAX_NUMBER = 64


class CommissionInvoicePortalMixin(models.AbstractModel):
    """Takes the partner's own invoice over an accepted statement."""

    _name = "commission.invoice.portal.mixin"
    _description = "Statement: Own Invoice of the Partner"

    def _can_portal_invoice(self):
        """Return whether the current person may send the invoice now."""
        self.ensure_one()
        may = self.env.user.partner_id._has_channel_capability("can_see_money")
        # sudo: facts of one's own membership
        membership = self.sudo().membership_id
        return bool(
            may
            and self.state == "accepted"
            and membership.state == "active"
            and not membership.self_billing_date
        )

    def _portal_upload_invoice(self, values):
        """Take the partner's invoice as the bill of the statement.

        :param dict values: ``number``, ``date`` (ISO), ``amount`` (without taxes), as
            typed, and ``file`` (an ``Upload`` or None)
        :return: ``{field: message}`` of what is wrong; empty when it was taken
        :raise AccessError: not one's own, no right to money, not open for it
        """
        self.ensure_one()
        self.check_access("read")
        if not self._can_portal_invoice():
            raise AccessError(
                self.env._("An invoice over this statement cannot be sent now.")
            )
        parsed, problems = self._parse_invoice(values)
        errors = {
            name: self._get_invoice_message(problem)
            for name, problem in problems.items()
        }
        if not errors:
            errors = self._check_invoice(parsed)
        if not errors:
            # sudo: partners have no access to bills in draft; all was checked above
            self.sudo()._store_invoice(parsed)
        return errors

    # === CHECKS === #

    def _parse_invoice(self, values):
        """Return what was typed as values, and the problems by field."""
        parsers = {
            "number": lambda text: clean_line(text, MAX_NUMBER),
            "date": self._parse_invoice_date,
            "amount": self._parse_invoice_amount,
            "file": self._parse_invoice_file,
        }
        return parse_required(values, parsers)

    def _parse_invoice_date(self, text):
        value = clean_line(text, 40)
        if value and not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise FieldProblem("date")
        try:
            return date.fromisoformat(value) if value else None
        except ValueError as error:
            raise FieldProblem("date") from error

    def _parse_invoice_amount(self, text):
        lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        return parse_amount(text or "", lang.thousands_sep or "")

    def _parse_invoice_file(self, upload):
        if not upload:
            return None
        name = clean_name(upload.name)
        if check_upload(upload) != "application/pdf":
            raise FieldProblem("file_type", name=name, types="pdf")
        return {"name": name, "raw": upload.content, "mimetype": "application/pdf"}

    def _get_invoice_message(self, problem):
        """Return a problem in the reader's language."""
        return self.env["crm.lead"]._get_portal_message(problem)

    def _check_invoice(self, parsed):
        """Return what is wrong with an invoice that could be read.

        :param dict parsed: see :meth:`_parse_invoice`
        :return: ``{field: message}``
        """
        errors = {}
        # sudo: disputes are not the partner's to read, the sum is
        due = self.sudo()._get_next_payout()
        if self.currency_id.compare_amounts(float(parsed["amount"]), due):
            errors["amount"] = self.env._(
                "The invoice has to come to %(amount)s without taxes, as the statement "
                "does. If that is wrong, write to us first.",
                amount=self.currency_id.format(due),
            )
        if parsed["date"] > self.company_id._get_channel_today():
            errors["date"] = self.env._("The invoice cannot be dated in the future.")
        if self._find_same_number(parsed["number"]):
            errors["number"] = self.env._(
                "We have an invoice of yours with this number already."
            )
        return errors

    def _find_same_number(self, number):
        """Return another bill of the partner with this number.

        :param str number: of the partner's invoice
        """
        # sudo: all bills of the partner count, whoever may see them
        domain = Domain(
            [
                ("commercial_partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("move_type", "in", ("in_invoice", "in_refund")),
                ("state", "!=", "cancel"),
            ]
        )
        typed = number.lower()
        # what is typed is no pattern
        pattern = re.sub(r"([\\%_])", r"\\\1", number)
        # sudo: as above
        bills = (
            self.env["account.move"]
            .sudo()
            .search(domain & Domain("ref", "=ilike", pattern))
        )
        return bills.filtered(lambda bill: (bill.ref or "").lower() == typed)[:1]

    # === STORING === #

    def _store_invoice(self, parsed):
        """Make the bill of the statement out of the partner's invoice.

        :param dict parsed: checked values
        """
        self._make_bills(
            ref=parsed["number"],
            commission_invoice_number=parsed["number"],
            invoice_date=parsed["date"],
        )
        bill = self.bill_id
        attachment = self.env["ir.attachment"].create(
            {**parsed["file"], "res_model": bill._name, "res_id": bill.id}
        )
        bill.message_main_attachment_id = attachment
        self.message_post(
            body=self.env._(
                "Invoice %(number)s was sent in the portal.", number=parsed["number"]
            ),
            author_id=self.env.user.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
