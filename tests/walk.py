"""The people and the steps of a deal, for tests that walk all of it."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from odoo.addons.partner_channel_portal.tests.common import PortalFormCase

JOBS = (
    "partner_channel.ir_cron_expire_registrations",
    "partner_channel.ir_cron_review_tiers",
    "partner_channel_commission.ir_cron_sync_commission",
    "partner_channel_commission.ir_cron_create_statements",
)
RATE = 10.0


class DealWalk(PortalFormCase):
    """A program that pays 10 % to who sourced a deal, as the customer pays.

    Partners act over HTTP with a session of their own; the vendor's people act over
    RPC as the web client does, or through the ORM with their own rights.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = fields.Date.today()
        cls.accountant = cls._create_user(
            "walk_accountant",
            cls.env["res.partner"].create(
                {"name": "Ada Accountant", "email": "ada@vendor.example"}
            ),
            "account.group_account_manager",
        )
        cls.product = cls.env["product.product"].create(
            {
                "name": "Licence",
                "type": "service",
                "invoice_policy": "order",
                "taxes_id": [Command.clear()],
            }
        )
        cls.plan = cls.env["partner.commission.plan"].create(
            {
                "name": "Sourcing",
                "program_id": cls.program.id,
                "date_from": cls.today - timedelta(days=30),
                "rule_ids": [
                    Command.create(
                        {"role": "sourced", "rate": RATE, "trigger": "payment"}
                    )
                ],
            }
        )
        cls.plan.action_activate()

    # === STEPS OF THE PARTNER === #

    def register(self, user, **values):
        """Fill in and submit the form; return the registration."""
        self.login(user)
        before = self.get_deals()
        answer = self.send_form(**values)
        self.assertEqual(answer.status_code, 303, answer.text[:500])
        deal = self.get_deals() - before
        self.assertEqual(len(deal), 1)
        return deal

    def read_page(self, user, url):
        """Return status and text of a page as a person sees it."""
        self.login(user)
        answer = self.url_open(url)
        return answer.status_code, " ".join(answer.text.split())

    def ask_hint(self, user, **values):
        """Return whether the form warns the person of a conflict."""
        self.login(user)
        hint = self.make_jsonrpc_request("/my/deals/hint", self.form_values(**values))
        return hint["conflict"]

    # === STEPS OF THE VENDOR === #

    def decide(self, user, action, deals):
        """Press a button as a vendor's user; return the error's text, if any."""
        self.login(user)
        _result, error = self.call_as_user("crm.lead", action, [deals.ids])
        deals.invalidate_recordset()
        return error and error["data"]["message"]

    def sell(self, deal, *prices):
        """Return the posted invoice of an order that came from the deal."""
        product = {"product_id": self.product.id}
        order = (
            self.env["sale.order"]
            .with_user(self.manager)
            .create(
                {
                    "partner_id": deal.partner_id.id,
                    "opportunity_id": deal.id,
                    "order_line": [
                        Command.create({**product, "price_unit": price})
                        for price in prices
                    ],
                }
            )
        )
        order.action_confirm()
        invoice = order.sudo()._create_invoices().with_user(self.accountant)
        invoice.invoice_date = self.today
        self.login(self.accountant)
        _result, error = self.call_as_user("account.move", "action_post", [invoice.ids])
        self.assertFalse(error)
        invoice.invalidate_recordset()
        self.assertEqual(invoice.state, "posted")
        return invoice

    def pay(self, documents, amount=None):
        """Register a payment, of all or of a part."""
        values = {"payment_date": self.today}
        if amount is not None:
            values["amount"] = amount
        self.env["account.payment.register"].with_user(self.accountant).with_context(
            active_model="account.move", active_ids=documents.ids
        ).create(values)._create_payments()
        documents.invalidate_recordset()

    def credit(self, invoice, keep=None):
        """Post a credit note against an invoice.

        :param int keep: index of the only line to credit; all by default
        """
        dates = {"invoice_date": self.today, "date": self.today}
        note = invoice._reverse_moves([dates])
        if keep is not None:
            (note.invoice_line_ids - note.invoice_line_ids[keep]).unlink()
        note.action_post()
        lines = (invoice + note).line_ids.filtered(
            lambda line: line.display_type == "payment_term" and not line.reconciled
        )
        if len(lines.move_id) > 1:
            lines.reconcile()
        return note

    def state_commissions(self):
        """Create the statements up to today; return those of the plan's partners."""
        self.env["partner.commission.statement.create"].with_user(
            self.accountant
        ).create(
            {"date_from": self.today.replace(day=1), "date_to": self.today}
        ).action_create()
        return self.env["partner.commission.statement"].search(
            [
                ("membership_id.program_id", "=", self.program.id),
                ("state", "=", "draft"),
            ]
        )

    def run_nightly_jobs(self):
        """Run every scheduled job of ours the way the scheduler does."""
        for xmlid in JOBS:
            self.env.ref(xmlid).method_direct_trigger()
        self.env.invalidate_all()

    # === WHAT THE BOOKS SAY === #

    def read_books(self, membership, **conditions):
        """Return what the partner earned and what is due to it."""
        self.env.flush_all()
        domain = [("membership_id", "=", membership.id)]
        domain += [(name, "=", value) for name, value in conditions.items()]
        sums = dict(
            self.env["partner.commission.entry"]._read_group(
                domain, ["book"], ["amount_currency:sum"]
            )
        )
        return tuple(round(sums.get(book, 0.0), 2) for book in ("accrued", "payable"))
