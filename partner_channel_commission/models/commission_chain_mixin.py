from odoo import fields, models


class CommissionChainMixin(models.AbstractModel):
    """Follows an entry from the payout back to the registration, on one page."""

    _name = "commission.chain.mixin"
    _description = "Chain of a Commission Entry"

    chain_html = fields.Html(
        "From Payout to Registration",
        compute="_compute_chain_html",
        compute_sudo=True,
        sanitize=False,
        groups="base.group_user",
    )

    def _compute_chain_html(self):
        Qweb = self.env["ir.qweb"]
        for entry in self:
            entry.chain_html = Qweb._render(
                "partner_channel_commission.commission_chain",
                {"steps": entry._get_chain()},
            )

    def _get_portal_chain(self):
        """Return the steps as the partner reads them, with links of the portal.

        :return: see :meth:`_get_chain`
        """
        self.check_access("read")
        # sudo: names and amounts of the vendor's own documents; the entry itself was
        # checked above, links are given where the person may follow them
        steps = self.sudo()._get_chain()
        bill = self.sudo().statement_id.sudo(False)._filtered_access("read")
        links = {
            "payout": self._get_portal_bill_url(),
            "statement": bill and bill._get_portal_url(),
            "deal": self._get_portal_deal_url(),
        }
        return [{**step, "url": links.get(step["name"]) or ""} for step in steps]

    def _get_portal_bill_url(self):
        """Return the address of the bill, where the person may open it."""
        # sudo: which bill pays the line; it is read by the person's own rights
        bill = self.sudo()._get_bill().filtered(lambda move: move.state == "posted")
        may = bill and bill.sudo(False)._filtered_access("read")
        return f"/my/invoices/{bill.id}" if may else ""

    def _get_portal_deal_url(self):
        """Return the address of the deal, where the person may open it."""
        # sudo: only to find the deal, which then opens by the person's own rights
        deal = self.sudo().lead_id.sudo(False)._filtered_access("read")
        # an ordinary lead has no page here
        is_registered = deal and deal.registration_state
        return f"/my/deals/{deal.id}" if is_registered else ""

    # === THE STEPS === #

    def _get_chain(self):
        """Return where the amount comes from, from the payout backwards.

        :return: list of dicts ``name``, ``title``, ``text``, ``lines`` (further texts)
            and ``url`` (of the vendor's page)
        """
        self.ensure_one()
        steps = [
            self._chain_payout(),
            self._chain_statement(),
            self._chain_entry(),
            self._chain_adjustment(),
            self._chain_plan(),
            self._chain_invoice(),
            self._chain_payments(),
            self._chain_deal(),
        ]
        return [step for step in steps if step]

    def _step(self, name, title, text, lines=(), record=None):
        """Return one step.

        :param record: what the vendor opens
        """
        url = f"/odoo/{record._name}/{record.id}" if record else ""
        return {
            "name": name,
            "title": title,
            "text": text,
            "lines": [line for line in lines if line],
            "url": url,
        }

    def _get_bill(self):
        """Return the bill that pays the line: its own after a dispute."""
        self.ensure_one()
        held = self.dispute_ids.filtered("is_held")
        return held.bill_id if held else self.statement_id.bill_id

    def _chain_payout(self):
        bill = self._get_bill()
        if not bill:
            return None
        states = dict(bill._fields["payment_state"]._description_selection(self.env))
        return self._step(
            "payout",
            self.env._("Payout"),
            bill.name or self.env._("Draft bill"),
            [
                states.get(bill.payment_state) if bill.state == "posted" else "",
                self._format_date(bill.invoice_date),
            ],
            bill,
        )

    def _chain_statement(self):
        statement = self.statement_id
        if not statement:
            return None
        states = dict(statement._fields["state"]._description_selection(self.env))
        total = statement.currency_id.format(statement.amount_total)
        return self._step(
            "statement",
            self.env._("Statement"),
            statement.name,
            [
                states[statement.state],
                self.env._("total %(total)s", total=total),
            ],
            statement,
        )

    def _chain_entry(self):
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in ("book", "cause")
        }
        return self._step(
            "entry",
            self.env._("Entry"),
            self.currency_id.format(self.amount_currency),
            [
                self.explanation,
                self.limit_text,
                self.wait_text,
                f"{labels['book'][self.book]} · {labels['cause'][self.cause]}",
                self._format_date(self.date),
            ],
            self,
        )

    def _chain_adjustment(self):
        adjustment = self.adjustment_id
        if not adjustment:
            return None
        kinds = dict(adjustment._fields["kind"]._description_selection(self.env))
        return self._step(
            "adjustment",
            self.env._("Adjustment"),
            adjustment.reason,
            [kinds[adjustment.kind], self._format_date(adjustment.date_decided)],
            adjustment,
        )

    def _chain_plan(self):
        plan = self.plan_id
        if not plan:
            return None
        return self._step(
            "plan",
            self.env._("Plan and rule"),
            plan.display_name,
            [
                self.rule_id.display_name,
                self.env._(
                    "valid from %(date)s", date=self._format_date(plan.date_from)
                ),
            ],
            plan,
        )

    def _chain_invoice(self):
        move = self.move_id
        if not move:
            return None
        base = self.currency_id.format(self.base)
        return self._step(
            "invoice",
            self.env._("Invoice line"),
            move.name,
            [
                self.label,
                self.env._("base %(base)s", base=base) if self.base else "",
                move.commercial_partner_id.name,
                self.order_ref,
                self._format_date(move.invoice_date),
            ],
            move,
        )

    def _chain_payments(self):
        move = self.move_id
        if not move:
            return None
        return self._step(
            "payments",
            self.env._("Payments of the customer"),
            self._get_portal_payment(),
            [
                f"{self._format_date(day)}: {move.currency_id.format(amount)}"
                for day, amount in self._get_settling_amounts()
            ],
        )

    def _get_settling_amounts(self):
        """Return what has settled the document, for people to read.

        :return: list of ``(day, amount)`` in its currency, oldest first
        """
        rows = self.move_id._read_partials()
        return sorted((day, amount) for _id, _other, _type, amount, day in rows)

    def _chain_deal(self):
        lead = self.lead_id
        if not lead:
            return None
        roles = dict(self._fields["role"]._description_selection(self.env))
        return self._step(
            "deal",
            self.env._("Registration"),
            lead.name,
            [
                self.env._(
                    "%(role)s, share %(share)g %%",
                    role=roles.get(self.role, ""),
                    share=self.share,
                ),
                self._format_date(lead.date_submitted),
            ],
            lead,
        )

    def _format_date(self, day):
        """Return a day as the reader writes it, empty for none."""
        return self.env["ir.qweb.field.date"].value_to_html(day, {}) if day else ""
