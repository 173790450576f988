from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user
from odoo.tools import mute_logger

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.base.tests.common import BaseCommon


class PartnerChannelMixin:
    """A program with five tiers, two partners, the channel's people."""

    @classmethod
    def _set_up_channel(cls, company, other_company):
        cls.company = company
        cls.other_company = other_company
        cls.program = cls._create_program("Reseller")
        cls.manager = cls._create_user(
            "kate.manager", "partner_channel.group_channel_manager"
        )
        cls.other_manager = cls._create_user(
            "otto.manager", "partner_channel.group_channel_manager"
        )
        cls.head = cls._create_user("hanna.head", "partner_channel.group_channel_head")
        cls.northwind = cls._create_membership("Northwind", manager=cls.manager)
        cls.contoso = cls._create_membership("Contoso", manager=cls.other_manager)
        cls.seller = cls._create_portal_user("seller.northwind", cls.northwind)
        cls.rival = cls._create_portal_user("seller.contoso", cls.contoso)

    @classmethod
    def _create_user(cls, login, groups, **values):
        return new_test_user(
            cls.env,
            login,
            groups=groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            **values,
        )

    @classmethod
    def _create_portal_user(cls, login, membership):
        user = cls._create_user(login, "base.group_portal")
        user.partner_id.parent_id = membership.partner_id
        cls._give_full_role(user.partner_id)
        return user

    @classmethod
    def _give_full_role(cls, person):
        """Let a person do all a partner may, where an addon narrows it by roles.

        What is tested here has to hold for the mightiest of the partner's people.
        """
        field = person._fields.get("portal_role_id")
        if field:
            person[field.name] = cls.env[field.comodel_name].search([], limit=1)

    @classmethod
    def _create_program(cls, name, company=None, **values):
        grades = [
            ("Platinum", 1, 150_000),
            ("Gold", 2, 50_000),
            ("Silver", 3, 10_000),
            ("Certified", 4, 0.01),
            ("Registered", 5, 0),
        ]
        return cls.env["partner.program"].create(
            {
                "name": name,
                "company_id": (company or cls.company).id,
                "grade_ids": [
                    Command.create(
                        {
                            "name": grade,
                            "sequence": sequence,
                            "requirement_ids": [
                                Command.create(
                                    {"metric": "channel_revenue", "threshold": limit}
                                )
                            ]
                            if limit
                            else [],
                        }
                    )
                    for grade, sequence, limit in grades
                ],
                **values,
            }
        )

    @classmethod
    def _create_membership(cls, name, program=None, manager=None, active=True):
        partner = cls.env["res.partner"].create({"name": name, "is_company": True})
        membership = cls.env["partner.membership"].create(
            {
                "partner_id": partner.id,
                "program_id": (program or cls.program).id,
                "manager_id": manager.id if manager else False,
            }
        )
        if active:
            membership.action_activate()
        return membership

    @classmethod
    def _measure_no_enablement(cls):
        """Let health be what this addon alone measures, whatever is installed."""
        members = type(cls.env["partner.membership"])
        patcher = patch.object(members, "_measure_enablement", lambda self, day: {})
        cls.startClassPatcher(patcher)

    @contextmanager
    def assertRefused(self, error, *words):
        """Expect an error that says certain words, and nothing left behind."""
        with self.assertRaises(error) as refused:
            yield
        for word in words:
            self.assertIn(word, str(refused.exception))

    @classmethod
    def _grade(cls, name, program=None):
        return (program or cls.program).grade_ids.filtered(lambda g: g.name == name)

    @classmethod
    def _register(cls, membership, submit=True, **values):
        values = {
            "partner_name": "Acme GmbH",
            "customer_vat": "DE123456788",
            "website": "https://www.acme.example",
            "expected_revenue": 25_000,
            **values,
        }
        lead = cls.env["crm.lead"]._create_registrations(membership, [values])
        if submit:
            lead._submit_registration()
        return lead

    @classmethod
    def _lose(cls, leads):
        """Set deals lost with a reason, as registered ones need."""
        reason = cls.env["crm.lost.reason"].create({"name": "Too expensive"})
        return leads.action_set_lost(lost_reason_id=reason.id)

    @classmethod
    def _create_goal(cls, membership=None, **values):
        return cls.env["partner.goal"].create(
            {
                "membership_id": membership.id if membership else False,
                "metric": "resale_revenue",
                "period": "quarter",
                "date_start": date(2028, 2, 10),
                "plan": 1_000,
                **values,
            }
        )

    @classmethod
    def _offer_lead(cls, membership, day):
        """Offer a lead on a day; return the offer."""
        vals = {"name": "Lead", "company_id": membership.company_id.id}
        vals["partner_assigned_id"] = membership.partner_id.id
        lead = cls.env["crm.lead"].create(vals)
        offers = cls.env["partner.lead.offer"].search([("lead_id", "=", lead.id)])
        offers.date_offered = day
        return offers


class PartnerChannelCommon(PartnerChannelMixin, BaseCommon):
    """The channel without accounting: quick to set up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        other = cls.env["res.company"].create({"name": "Other Vendor"})
        cls._set_up_channel(cls.env.company, other)


class PartnerChannelInvoicingCommon(PartnerChannelMixin, AccountTestInvoicingCommon):
    """The channel with a chart of accounts, to post and pay invoices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the accounting set-up works as an accountant; the channel does not
        company = cls.company_data["company"]
        cls.env = cls.env(
            user=cls.env.ref("base.user_root"),
            context={**cls.env.context, "allowed_company_ids": company.ids},
        )
        cls._set_up_channel(company, cls._create_company(name="Other Vendor"))

    @classmethod
    def _invoice(cls, partner, amount, date, company=None, lead=None, **values):
        """Post an untaxed invoice; a negative amount makes a credit note.

        :param values: ``currency`` and ``product``, records
        """
        company = company or cls.company
        currency, product = values.get("currency"), values.get("product")
        order_lines = cls._order_line(partner, lead, company) if lead else []
        move = (
            cls.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "out_invoice" if amount >= 0 else "out_refund",
                    "company_id": company.id,
                    "partner_id": partner.id,
                    "invoice_date": date,
                    "date": date,
                    "currency_id": (currency or company.currency_id).id,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Licences",
                                "product_id": product.id if product else False,
                                "quantity": 1,
                                "price_unit": abs(amount),
                                "tax_ids": [Command.clear()],
                                "sale_line_ids": [Command.set(order_lines)],
                            }
                        )
                    ],
                }
            )
        )
        move.action_post()
        return move

    @classmethod
    def _pay(cls, move, date, amount=None):
        """Register a payment of a document, of all or of a part."""
        values = {"payment_date": date}
        if amount is not None:
            values["amount"] = amount
        cls.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).with_company(move.company_id).create(values)._create_payments()

    @classmethod
    def _order_line(cls, partner, lead, company):
        order = (
            cls.env["sale.order"]
            .with_company(company)
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "opportunity_id": lead.id,
                    "order_line": [
                        Command.create(
                            {"product_id": cls.product_a.id, "price_unit": 1}
                        )
                    ],
                }
            )
        )
        return order.order_line.ids


class RemoteCase(HttpCase):
    """Speaks for a logged-in person; what is refused comes back as an error."""

    def log_in(self, user):
        self.authenticate(user.login, user.login)

    def send(self, url, **params):
        """Return ``(result, error)`` of a JSON route, one of them ``None``."""
        with mute_logger("odoo.http", "odoo.models", "odoo.addons.base.models.ir_rule"):
            answer = self.url_open(url, json={"jsonrpc": "2.0", "params": params})
        answer = answer.json()
        self.env.invalidate_all()
        return answer.get("result"), answer.get("error")

    def call(self, model, method, *args, **kwargs):
        """Return ``(result, error)`` of a model's method."""
        return self.send(
            f"/web/dataset/call_kw/{model}/{method}",
            model=model,
            method=method,
            args=args,
            kwargs=kwargs,
        )

    def assert_refused(self, answer, kind=""):
        """The answer is an error of a kind that names a person's mistake."""
        _result, error = answer
        self.assertTrue(error, "was let through")
        self.assertIn(kind, error["data"]["name"])

    def assert_let(self, answer):
        """The answer is no error; return the result."""
        result, error = answer
        self.assertFalse(error, error and error["data"]["debug"])
        return result
