"""What the walk over models and methods finds of money, as people it is not for."""

from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.partner_channel_portal.tests import test_access_rival as walk

from .common import POSTING

JUNE = (date(2026, 6, 1), date(2026, 6, 30))
READABLE = {"partner.commission.entry", "partner.commission.statement"}
SECRET = walk.SECRET


@tagged("post_install", "-at_install")
class TestRivalLearnsNothingOfMoney(walk.TestRivalLearnsNothing):
    """A person of another partner; the walk's own tests run over these addons."""

    modules = ("partner_channel_commission",)
    readable = READABLE
    least_models = 12

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._open_books()
        cls.plan = cls.env["partner.commission.plan"].create(
            {
                "name": "Plan of all",
                "program_id": cls.program.id,
                "date_from": "2020-01-01",
                "note": SECRET,
                "rule_ids": [
                    Command.create({"role": role, "rate": 5, "trigger": POSTING})
                    for role in ("resale", "sold")
                ],
            }
        )
        cls.plan.action_activate()
        cls.invoice = cls._invoice(cls.alpha, 1000) | cls._invoice(cls.alpha, 70)
        cls._invoice(cls.beta, 400, "Licence")
        cls.statement = cls._state(cls.alpha_membership)
        entry = cls.statement.entry_ids[0]
        cls.statement.with_user(cls.finance)._portal_dispute(entry.id, SECRET)
        cls.env["partner.commission.adjustment"].create(
            {
                "membership_id": cls.alpha_membership.id,
                "amount": 5,
                "reason": SECRET,
                "entry_id": entry.id,
            }
        ).action_request()
        cls.env["partner.commission.hold"]._with_state_move().create(
            {
                "move_id": cls.invoice[0].id,
                "membership_id": cls.alpha_membership.id,
                "reason": "overdue",
                "date_held": date(2026, 6, 10),
                "release_note": SECRET,
            }
        )

    @classmethod
    def _open_books(cls):
        """Let the vendor post invoices."""
        cls.env["account.chart.template"].try_loading(
            "generic_coa", cls.vendor, install_demo=False
        )

    @classmethod
    def _invoice(cls, partner, price, name=SECRET):
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": "2026-06-10",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": name,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        invoice.action_post()
        return invoice

    @classmethod
    def _state(cls, membership):
        statement = cls.env["partner.commission.statement"]._create_statements(
            cls.vendor, *JUNE, memberships=membership
        )
        statement.action_send()
        return statement

    def _get_foreign(self, model):
        """Return ids of records of alpha."""
        return (
            model.sudo().search([("membership_id", "=", self.alpha_membership.id)]).ids
        )

    def test_a_suspended_partner_and_people_without_money_learn_nothing(self):
        """The walk of methods again, as each person the money is not for."""
        self._end_memberships()
        records = [
            self.statement,
            self.statement.entry_ids,
            self.invoice,
            self.statement.dispute_ids,
            self.plan | self.plan.copy(),
        ]
        for user in (self.seller, self.norole, self.suspended, self.terminated):
            for some in records:
                for name in self._get_public_methods(some):
                    with self.subTest(user=user.login, model=some._name, method=name):
                        answer, error = self._try(
                            some._name, name, [some.ids], user=user
                        )
                        self.assertNotIn(SECRET, answer + str(error or ""))

    def test_what_is_read_cannot_be_asked_about(self):
        """No search on one's own money tells what the vendor keeps to itself."""
        customer = self.env["res.partner"].create({"name": "Customer", "vat": "x1"})
        self.env["partner.customer.record"].create(
            {
                "partner_id": customer.id,
                "membership_id": self.beta_membership.id,
                "role": "sold",
                "date_from": "2020-01-01",
            }
        )
        invoice = self._invoice(customer, 300, "Licence")
        mine = self.env["partner.commission.entry"].with_user(self.rival)
        self.assertTrue(mine.search([("move_id", "=", invoice.id)]))
        for path in (
            "plan_id.note",
            "rule_id.plan_id.name",
            "membership_id.manager_id.login",
            "move_id.invoice_line_ids.name",
            "move_id.amount_total",
            "customer_id.vat",
            "customer_id.parent_id.vat",
            "cost",
            "adjustment_id.reason",
            "dispute_ids.comment",
            "statement_id.dispute_ids.comment",
            "statement_id.bill_id.ref",
            "create_uid.login",
            "settlement_ids.name",
            "chain_html",
        ):
            domain = [("move_id", "=", invoice.id), (path, "!=", "0")]
            with self.subTest(path=path):
                answer, error = self._try(mine._name, "search", [domain])
                self.assertTrue(error is None or isinstance(error, UserError), error)
                self.assertIn(answer, ("", "[]"))
