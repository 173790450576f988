"""Programs, plans, deals and their invoices, for tests about money."""

from odoo import fields
from odoo.fields import Command

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

POSTING, PAYMENT = "posting", "payment"


class CommissionCommon(AccountTestInvoicingCommon):
    """A program, two partners of it and a customer; no taxes unless asked for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.currency = cls.company.currency_id
        cls.Entry = cls.env["partner.commission.entry"]
        cls.Statement = cls.env["partner.commission.statement"]
        cls.program = cls._create_program("Integrators", cls.company)
        cls.gold, cls.entry_tier = cls.program.grade_ids.sorted("sequence")
        cls.alpha, cls.alpha_member = cls._create_member("Alpha", cls.program)
        cls.beta, cls.beta_member = cls._create_member("Beta", cls.program)
        cls.customer = cls.env["res.partner"].create(
            {"name": "End Customer", "is_company": True}
        )
        cls.product = cls._create_service("Licence")

    # === SET UP === #

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.quick_ref(
            "partner_channel.group_channel_admin"
        )

    @classmethod
    def _create_program(cls, name, company):
        return cls.env["partner.program"].create(
            {
                "name": name,
                "company_id": company.id,
                "grade_ids": [
                    Command.create({"name": f"{name} Gold", "sequence": 1}),
                    Command.create({"name": f"{name} Entry", "sequence": 9}),
                ],
            }
        )

    @classmethod
    def _create_member(cls, name, program):
        partner = cls.env["res.partner"].create({"name": name, "is_company": True})
        return partner, cls._create_membership(partner, program)

    @classmethod
    def _create_membership(cls, partner, program):
        membership = cls.env["partner.membership"].create(
            {"partner_id": partner.id, "program_id": program.id}
        )
        membership.action_activate()
        return membership

    @classmethod
    def _create_service(cls, name, category=None):
        values = {"name": name, "type": "service", "invoice_policy": "order"}
        if category:
            values["categ_id"] = category.id
        return cls.env["product.product"].create(
            {**values, "taxes_id": [Command.clear()]}
        )

    @classmethod
    def _create_plan(cls, *rules, program=None, activate=True, **values):
        """Return a plan with rules, each a dict or ``(role, rate, trigger)``."""
        names = ("role", "rate", "trigger")
        plan = cls.env["partner.commission.plan"].create(
            {
                "name": "Test Plan",
                "program_id": (program or cls.program).id,
                "date_from": "2020-01-01",
                "rule_ids": [
                    Command.create(
                        rule
                        if isinstance(rule, dict)
                        else dict(zip(names, rule, strict=True))
                    )
                    for rule in rules
                ],
                **values,
            }
        )
        if activate:
            plan.action_activate()
        return plan

    @classmethod
    def _create_deal(cls, *roles, company=None):
        """Return a deal with attributions ``(membership, role, share)``."""
        return cls.env["crm.lead"].create(
            {
                "name": "Deal",
                "type": "opportunity",
                "partner_id": cls.customer.id,
                "company_id": (company or cls.company).id,
                "deal_role_ids": [
                    Command.create(
                        {"membership_id": member.id, "role": role, "share": share}
                    )
                    for member, role, share in roles
                ],
            }
        )

    @classmethod
    def _create_order(cls, deal, *prices, product=None, tax=None, **values):
        """Return a confirmed order of a deal, one line for each price."""
        company = deal.company_id
        order = (
            cls.env["sale.order"]
            .with_company(company)
            .create(
                {
                    "partner_id": cls.customer.id,
                    "opportunity_id": deal.id,
                    "company_id": company.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": (product or cls.product).id,
                                "product_uom_qty": 1,
                                "price_unit": price,
                                "tax_ids": [Command.set(tax.ids if tax else [])],
                            }
                        )
                        for price in prices
                    ],
                    **values,
                }
            )
        )
        order.action_confirm()
        return order

    @classmethod
    def _invoice_deal(cls, deal, *prices, date="2026-03-10", post=True, **values):
        """Return the invoice of an order of the deal."""
        order = cls._create_order(deal, *prices, **values)
        invoice = order._create_invoices()
        invoice.invoice_date = date
        if post:
            invoice.action_post()
        return invoice

    @classmethod
    def _invoice_partner(cls, partner, *prices, date="2026-03-10", post=True, **values):
        """Return an invoice to a reseller itself."""
        invoice = cls._prepare_invoices([(partner, prices)], date=date, **values)
        if post:
            invoice.action_post()
        return invoice

    @classmethod
    def _prepare_invoices(cls, sales, date="2026-03-10", company=None, **values):
        """Return draft invoices of ``[(partner, prices)]``."""
        return (
            cls.env["account.move"]
            .with_company(company or cls.company)
            .create(
                [
                    {
                        "move_type": "out_invoice",
                        "partner_id": partner.id,
                        "invoice_date": date,
                        "invoice_line_ids": [
                            Command.create(
                                {
                                    "product_id": cls.product.id,
                                    "price_unit": price,
                                    "tax_ids": [Command.clear()],
                                }
                            )
                            for price in prices
                        ],
                        **values,
                    }
                    for partner, prices in sales
                ]
            )
        )

    @classmethod
    def _create_staff(cls, partner, name, role):
        """Return a portal user of a partner; login and password are alike."""
        login = f"commission_{name}"
        contact = cls.env["res.partner"].create(
            {
                "name": f"{name.title()} of {partner.name}",
                "email": f"{login}@partner.example",
                "parent_id": partner.id,
                "portal_role_id": role
                and cls.env.ref(f"partner_channel_portal.portal_role_{role}").id,
            }
        )
        return cls._create_user(login, "base.group_portal", partner_id=contact.id)

    @classmethod
    def _create_user(cls, login, *groups, **values):
        """Return a user; login and password are alike."""
        return (
            cls.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": login,
                    "login": login,
                    "password": login,
                    "company_id": cls.company.id,
                    "company_ids": [Command.set(cls.company.ids)],
                    "group_ids": [
                        Command.set([cls.env.ref(group).id for group in groups])
                    ],
                    **values,
                }
            )
        )

    # === EVENTS === #

    @classmethod
    def _pay(cls, invoices, amount=None, date="2026-04-15", **values):
        """Pay documents, all or a part; return the payments."""
        if amount is not None:
            values["amount"] = amount
        wizard = (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoices.ids)
            .create({"payment_date": date, **values})
        )
        return wizard._create_payments()

    @classmethod
    def _credit(cls, invoice, price=None, date="2026-05-20", apply=True):
        """Return a posted credit note, over all or over one price.

        :param apply: settle it against the invoice, as far as that is open
        """
        notes = invoice._reverse_moves(
            [{"invoice_date": date, "date": date}], cancel=False
        )
        if price is not None:
            notes.invoice_line_ids[1:].unlink()
            notes.invoice_line_ids.price_unit = price
        if not apply:
            notes.reversed_entry_id = False
        notes.action_post()
        if not apply:
            return notes
        lines = (invoice + notes).line_ids.filtered(
            lambda line: line.display_type == "payment_term" and not line.reconciled
        )
        if len(lines.move_id) > 1:
            lines.reconcile()
        return notes

    # === ASSERTIONS === #

    def balance(self, book, membership=None, moves=None, field="amount_currency"):
        """Return the sum of a book, as written with two decimals."""
        domain = [("book", "=", book)]
        if membership:
            domain.append(("membership_id", "=", membership.id))
        if moves is not None:
            domain.append(("move_id", "in", moves.ids))
        return round(sum(self.Entry.search(domain).mapped(field)), 2)

    def assert_books(self, accrued, payable, membership=None, moves=None):
        """Check both books, and that syncing again appends nothing."""
        self.assertEqual(
            (
                self.balance("accrued", membership, moves),
                self.balance("payable", membership, moves),
            ),
            (accrued, payable),
        )
        documents = self.Entry.search([]).move_id
        again = documents._sync_commission()
        self.assertFalse(again, "a second run appends nothing")

    def get_entries(self, moves, book=None):
        """Return the entries of documents in the order they were written."""
        domain = [("move_id", "in", moves.ids)]
        if book:
            domain.append(("book", "=", book))
        return self.Entry.search(domain, order="id")

    def today(self):
        return fields.Date.context_today(self.env.user)
