from odoo import api, models
from odoo.fields import Domain


class CommissionPortalMixin(models.AbstractModel):
    """What the portal shows of the ledger."""

    _name = "commission.portal.mixin"
    _description = "Commission Entry: Portal Page"

    def _get_portal_rows(self):
        """Return the entries as the partner reads them, with their sources.

        :return: list of dicts; ``deal_url`` and ``statement_url`` are empty where
            the person may not open the target
        """
        self.check_access("read")
        # sudo: names of the vendor's own documents that partners have no access
        # to; the entries themselves were checked above
        entries = self.sudo()
        leads = entries.lead_id.sudo(False)._filtered_access("read")
        statements = entries.statement_id.sudo(False)._filtered_access("read")
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in ("book", "cause", "role")
        }
        return [entry._get_portal_row(labels, leads, statements) for entry in entries]

    def _get_portal_row(self, labels, leads, statements):
        """Return one entry as a dict, see :meth:`_get_portal_rows`."""
        self.ensure_one()
        lead = self.lead_id
        statement = self.statement_id
        return {
            "id": self.id,
            "date": self.date,
            "document": self.move_id.name,
            "customer": self.customer_id.name,
            "label": self.label,
            "order": self.order_ref,
            "deal": lead.name,
            "deal_url": f"/my/deals/{lead.id}" if lead in leads else "",
            "statement": statement.name if statement in statements else "",
            "statement_url": statement._get_portal_url()
            if statement in statements
            else "",
            **self._get_portal_entry_status(labels, statement in statements),
            "cause": labels["cause"][self.cause],
            "role": labels["role"].get(self.role, ""),
            "plan": self.plan_id.name,
            "explanation": self.explanation,
            "limit": self.limit_text,
            "wait": self.wait_text,
            "payment_state": self._get_portal_payment(),
            "amount": self.amount_currency,
            "currency": self.currency_id,
        }

    def _get_portal_entry_status(self, labels, is_stated):
        """Return how far the money of this entry has come.

        :param dict labels: labels of the books
        :param bool is_stated: whether it stands in a statement the person may see
        :return: dict of ``status`` and ``badge`` (a Bootstrap text colour)
        """
        if self.hold_reason:
            return {"status": self.env._("On hold"), "badge": "warning"}
        if self.book != "payable":
            return {"status": labels["book"][self.book], "badge": "muted"}
        if self._is_held_back():
            return {
                "status": self.env._("From %(day)s", day=self._format_date(self.date)),
                "badge": "muted",
            }
        if not is_stated:
            return {"status": self.env._("Payable"), "badge": "body"}
        held = self.dispute_ids.filtered("is_held")
        if held and held.bill_id.payment_state not in ("paid", "in_payment"):
            return {"status": self.env._("In dispute"), "badge": "warning"}
        if held or self.statement_id.state == "paid":
            return {"status": self.env._("Paid out"), "badge": "success"}
        return {"status": self.env._("On statement"), "badge": "body"}

    def _get_portal_payment(self):
        """Return how far the customer has paid the document, in words."""
        self.ensure_one()
        move = self.move_id
        if not move or move.state != "posted":
            return ""
        if move.currency_id.is_zero(move.amount_residual):
            total = move.currency_id.format(move.amount_total)
            return self.env._("%(total)s settled", total=total)
        return self.env._(
            "%(open)s of %(total)s open",
            open=move.currency_id.format(move.amount_residual),
            total=move.currency_id.format(move.amount_total),
        )

    @api.model
    def _get_portal_totals(self):
        """Return what the partner has earned so far, for each currency.

        :return: list of dicts ``currency``, ``earned`` (invoiced), ``waiting`` (not
            due yet), ``payable`` (due, not paid out yet), ``paid`` (paid out) and
            ``to_accept`` (number of sent statements the person may accept)
        """
        groups = self._read_group(
            [],
            ["currency_id", "book", "statement_id.state", "membership_id"],
            ["amount_currency:sum", "statement_id:count_distinct"],
        )
        signable = self._get_signable_memberships()
        totals = {}
        names = ("earned", "payable", "paid", "to_accept")
        for currency, book, state, membership, amount, statements in groups:
            total = totals.setdefault(
                currency, {"currency": currency, **dict.fromkeys(names, 0)}
            )
            if state == "sent" and membership in signable:
                total["to_accept"] += statements
            name = "earned" if book == "accrued" else "payable"
            total["paid" if state == "paid" else name] += amount
        kinds = {(book, state) for _currency, book, state, *_figures in groups}
        # asked for only where there can be some: it is on the home page
        if ("payable", "paid") in kinds:
            for currency, amount in self._get_unpaid_held():
                # in dispute when the rest was paid out
                totals[currency]["paid"] -= amount
                totals[currency]["payable"] += amount
        if ("payable", False) in kinds:
            for currency, amount in self._get_held_back():
                totals[currency]["payable"] -= amount
        for currency, total in totals.items():
            total["waiting"] = currency.round(
                total["earned"] - total["payable"] - total["paid"]
            )
        return list(totals.values())

    @api.model
    def _get_signable_memberships(self):
        """Return the memberships whose statements the person may accept."""
        person = self.env.user.partner_id
        return (
            self.env["res.partner"]
            ._get_portal_memberships(("active",))
            .filtered(lambda own: person._has_channel_capability("can_sign", own))
        )

    @api.model
    def _get_held_back(self):
        """Return what is payable from a later day on: ``[(currency, amount)]``."""
        return self._read_group(
            self._get_ahead_domain(), ["currency_id"], ["amount_currency:sum"]
        )

    @api.model
    def _get_ahead_domain(self):
        """Return the domain of what is payable from a day on that lies ahead.

        The day it is where the vendor is counts, not where the reader is. Companies
        are those of the memberships a page has read anyway, former ones included:
        ``partner.program._get_past_domain`` would ask for all once more.
        """
        states = ("active", "suspended", "terminated")
        companies = self.env["res.partner"]._get_portal_memberships(states).company_id
        ahead = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("date", ">", company._get_channel_today())
            for company in companies
        )
        unstated = Domain("statement_id", "=", False)
        return Domain("book", "=", "payable") & unstated & ahead

    @api.model
    def _get_unpaid_held(self):
        """Return what of paid statements is still due: lines left out of their bill.

        :return: list of ``(currency, amount)``
        """
        # sudo: partners read no disputes; limited to lines they may read
        disputes = (
            self.env["partner.commission.dispute"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", self.env.user.commercial_partner_id.id),
                    ("is_held", "=", True),
                    ("statement_id.state", "=", "paid"),
                ]
            )
        )
        unpaid = disputes.filtered(
            lambda each: each.bill_id.payment_state not in ("paid", "in_payment")
        )
        readable = unpaid.entry_id.sudo(False)._filtered_access("read")
        return [
            (each.currency_id, each.amount)
            for each in unpaid
            if each.entry_id in readable
        ]
