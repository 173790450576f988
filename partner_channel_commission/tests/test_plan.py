import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PAYMENT, POSTING, CommissionCommon


@tagged("post_install", "-at_install")
class TestPlan(CommissionCommon):
    """Terms are dated, versioned and fixed once somebody may have earned by them."""

    def test_two_active_plans_of_a_program_cannot_share_a_day(self):
        self._create_plan(
            ("sold", 10, PAYMENT), date_from="2026-01-01", date_to="2026-06-30"
        )
        self._create_plan(("sold", 10, PAYMENT), date_from="2026-07-01")
        clash = self._create_plan(
            ("sold", 5, PAYMENT),
            date_from="2026-06-30",
            date_to="2026-06-30",
            activate=False,
        )
        with (
            self.assertRaises(psycopg2.errors.ExclusionViolation),
            mute_logger("odoo.sql_db"),
        ):
            clash.action_activate()
            self.env.flush_all()

    def test_the_exclusion_is_in_the_database(self):
        self.env.cr.execute(
            "SELECT 1 FROM pg_constraint WHERE conname = %s AND contype = 'x'",
            ["partner_commission_plan_active_overlap"],
        )
        self.assertTrue(self.env.cr.fetchone())

    def test_plans_of_two_programs_may_share_days(self):
        other = self._create_program("Resellers", self.company)
        self._create_plan(("sold", 10, PAYMENT))
        plan = self._create_plan(("sold", 5, PAYMENT), program=other)
        self.assertEqual(plan.state, "active")

    def test_rules_of_an_active_plan_cannot_be_edited(self):
        plan = self._create_plan(("sold", 10, PAYMENT))
        attempts = [
            lambda: plan.rule_ids.write({"rate": 50}),
            lambda: plan.rule_ids.unlink(),
            lambda: plan.write({"rule_ids": [Command.clear()]}),
            lambda: plan.write({"date_from": "2019-01-01"}),
            lambda: self.env["partner.commission.rule"].create(
                {"plan_id": plan.id, "role": "sold", "rate": 1}
            ),
            lambda: (
                self.env["partner.commission.rule"]
                .with_context(default_plan_id=plan.id)
                .create({"role": "sold", "rate": 1})
            ),
            lambda: plan.unlink(),
        ]
        for attempt in attempts:
            with self.assertRaises(UserError) as caught:
                attempt()
            self.assertIn("Create a new version", str(caught.exception))
        self.assertEqual(plan.rule_ids.rate, 10)

    def test_a_state_is_not_written_by_hand(self):
        plan = self._create_plan(("sold", 10, PAYMENT))
        with self.assertRaises(AccessError):
            plan.state = "draft"

    def test_a_closed_plan_stays_closed(self):
        plan = self._create_plan(("sold", 10, PAYMENT))
        plan.action_close()
        with self.assertRaisesRegex(UserError, "Closed"):
            plan.action_activate()

    def test_a_plan_without_rules_cannot_be_activated(self):
        plan = self._create_plan(activate=False)
        with self.assertRaisesRegex(UserError, "no rule"):
            plan.action_activate()

    def test_a_new_version_ends_the_one_before_it(self):
        plan = self._create_plan(("sold", 10, PAYMENT), ("resale", 5, POSTING))
        action = plan.action_new_version()
        version = self.env["partner.commission.plan"].browse(action["res_id"])
        self.assertEqual(
            (version.version, version.previous_id, version.name, version.state),
            (2, plan, plan.name, "draft"),
        )
        self.assertEqual(version.rule_ids.mapped("rate"), [10, 5])
        version.date_from = "2026-07-01"
        version.rule_ids[0].rate = 20
        version.action_activate()
        self.assertEqual(str(plan.date_to), "2026-06-30")
        deal = self._create_deal((self.alpha_member, "sold", 100))
        self._invoice_deal(deal, 100, date="2026-06-30")
        self.assert_books(10, 0)
        self._invoice_deal(deal, 100, date="2026-07-01")
        self.assert_books(30, 0)

    def test_the_first_rule_that_fits_wins(self):
        parent = self.env["product.category"].create({"name": "Hardware"})
        child = self.env["product.category"].create(
            {"name": "Servers", "parent_id": parent.id}
        )
        server = self._create_service("Server", child)
        self._create_plan(
            {
                "role": "sold",
                "rate": 2,
                "trigger": PAYMENT,
                "product_categ_id": parent.id,
                "sequence": 1,
            },
            {
                "role": "sold",
                "rate": 15,
                "trigger": PAYMENT,
                "grade_ids": [Command.set(self.gold.ids)],
                "sequence": 2,
            },
            {"role": "sold", "rate": 10, "trigger": PAYMENT, "sequence": 3},
        )
        golden, membership = self._create_member("Golden", self.program)
        membership._set_protected({"grade_id": self.gold.id})
        for member, product, earned in (
            (self.alpha_member, server, 2),
            (self.alpha_member, self.product, 10),
            (membership, self.product, 15),
            (membership, server, 2),
        ):
            deal = self._create_deal((member, "sold", 100))
            invoice = self._invoice_deal(deal, 100, product=product)
            self.assertEqual(self.balance("accrued", moves=invoice), earned)

    def test_a_rate_of_zero_stops_the_rules_below(self):
        self._create_plan(("sold", 0, PAYMENT), ("sold", 10, PAYMENT))
        self._invoice_deal(self._create_deal((self.alpha_member, "sold", 100)), 100)
        self.assertFalse(self.Entry.search([]))

    def test_an_invoice_before_the_plan_earns_nothing(self):
        self._create_plan(("sold", 10, PAYMENT), date_from="2026-04-01")
        deal = self._create_deal((self.alpha_member, "sold", 100))
        self._invoice_deal(deal, 100, date="2026-03-31")
        self.assertFalse(self.Entry.search([]))
        self._invoice_deal(deal, 100, date="2026-04-01")
        self.assert_books(10, 0)

    def test_closing_a_plan_changes_nothing_earned(self):
        plan = self._create_plan(("sold", 10, PAYMENT))
        deal = self._create_deal((self.alpha_member, "sold", 100))
        invoice = self._invoice_deal(deal, 100)
        plan.action_close()
        self._invoice_deal(deal, 100)
        self._pay(invoice)
        self.assert_books(10, 10)
