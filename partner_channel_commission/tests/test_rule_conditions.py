import psycopg2

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PAYMENT, CommissionCommon


@tagged("post_install", "-at_install")
class TestRuleConditions(CommissionCommon):
    """Which sales a rule pays for: 50 % where its condition holds, else 10 %."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deal = cls._create_deal((cls.alpha_member, "sold", 100))

    def _plan(self, **condition):
        """Create a plan whose first rule has a condition."""
        return self._create_plan(
            {
                "role": "sold",
                "rate": 50,
                "trigger": PAYMENT,
                "sequence": 1,
                **condition,
            },
            {"role": "sold", "rate": 10, "trigger": PAYMENT, "sequence": 2},
        )

    def _earn(self, *prices, deal=None, **values):
        invoice = self._invoice_deal(deal or self.deal, *(prices or [100]), **values)
        return self.balance("accrued", moves=invoice)

    def _invoice(self, day, product=None, customer=None, **values):
        """Return a posted invoice of the deal on a day."""
        order = self._create_order(self.deal, 100, product=product or self.product)
        if customer:
            order.partner_id = customer
        invoice = order._create_invoices()
        invoice.write({"invoice_date": day, **values})
        invoice.action_post()
        return invoice

    # === WHAT === #

    def test_product_before_tag_before_nearest_category_before_all(self):
        parent = self.env["product.category"].create({"name": "Hardware"})
        child = parent.create({"name": "Servers", "parent_id": parent.id})
        tag = self.env["product.tag"].create({"name": "Focus"})
        in_parent = self._create_service("Cable", parent)
        in_child = self._create_service("Rack", child)
        tagged_one = self._create_service("Blade", child)
        tagged_one.product_tag_ids = tag
        named = self._create_service("Tower", child)
        named.product_tag_ids = tag
        rule = {"role": "sold", "trigger": PAYMENT}
        # the widest first: the order of the list does not decide
        self._create_plan(
            {**rule, "rate": 1},
            {**rule, "rate": 2, "product_categ_id": parent.id},
            {**rule, "rate": 3, "product_categ_id": child.id},
            {**rule, "rate": 4, "product_tag_ids": [Command.set(tag.ids)]},
            {**rule, "rate": 5, "product_ids": [Command.set(named.ids)]},
        )
        products = (self.product, in_parent, in_child, tagged_one, named)
        earned = [self._earn(product=product) for product in products]
        self.assertEqual(earned, [1, 2, 3, 4, 5])

    def test_of_equally_close_rules_the_first_pays(self):
        self._create_plan(
            {"role": "sold", "rate": 3, "trigger": PAYMENT, "sequence": 2},
            {"role": "sold", "rate": 4, "trigger": PAYMENT, "sequence": 1},
        )
        self.assertEqual(self._earn(), 4)

    # === WHOM === #

    def test_registered_deals_are_those_protected_or_won(self):
        self._plan(registered="yes")
        self.assertEqual(self._earn(), 10)
        self.deal.sudo()._set_protected(
            {"membership_id": self.alpha_member.id, "registration_state": "approved"}
        )
        self.assertEqual(self._earn(), 50)
        self.deal.sudo()._set_protected({"registration_state": "expired"})
        self.assertEqual(self._earn(), 10)
        self.env["partner.commission.plan"].search([]).action_close()
        self._plan(registered="no")
        self.assertEqual(self._earn(), 50)

    def test_a_customer_is_new_for_twelve_months(self):
        self._plan(customer_kind="new")
        days = ("2024-03-10", "2025-03-09", "2025-03-10")
        self.assertEqual([self._earn(date=day) for day in days], [50, 50, 10])

    def test_the_first_sale_is_the_first_invoice(self):
        self._plan(sale_kind="first")
        self.assertEqual([self._earn(), self._earn()], [50, 10])

    def test_of_two_posted_together_one_is_the_first(self):
        self._plan(sale_kind="first")
        invoices = self._invoice_deal(self.deal, 100, date="2026-03-12", post=False)
        invoices |= self._invoice_deal(self.deal, 100, date="2026-03-11", post=False)
        invoices.action_post()
        earned = [self.balance("accrued", moves=invoice) for invoice in invoices]
        self.assertEqual(earned, [10, 50])

    def test_a_renewal_is_a_product_the_customer_bought_before(self):
        self._plan(sale_kind="renewal")
        other = self._create_service("Support")
        earned = [
            self._earn(product=self.product),
            self._earn(product=other),
            self._earn(product=self.product),
        ]
        self.assertEqual(earned, [10, 10, 50])

    def test_months_since_the_first_invoice(self):
        self._plan(month_from=0, month_to=3)
        days = ("2026-01-31", "2026-04-29", "2026-04-30")
        self.assertEqual([self._earn(date=day) for day in days], [50, 50, 10])

    def test_the_country_of_the_customer_and_its_group(self):
        france = self.env.ref("base.fr")
        group = self.env["res.country.group"].create(
            {"name": "Here", "country_ids": [Command.set(france.ids)]}
        )
        for condition in (
            {"country_ids": [Command.set(france.ids)]},
            {"country_group_ids": [Command.set(group.ids)]},
        ):
            plan = self._plan(**condition)
            self.customer.country_id = self.env.ref("base.de")
            self.assertEqual(self._earn(), 10)
            self.customer.country_id = france
            self.assertEqual(self._earn(), 50)
            plan.action_close()

    def test_the_salesperson(self):
        seller = self._create_user("seller", "base.group_user")
        self._plan(user_ids=[Command.set(seller.ids)])
        plain = self._invoice("2026-03-10")
        sold = self._invoice("2026-03-10", invoice_user_id=seller.id)
        self.assertEqual(self.balance("accrued", moves=plain), 10)
        self.assertEqual(self.balance("accrued", moves=sold), 50)

    # === HOW MUCH === #

    def test_amount_bounds_are_from_and_below(self):
        self._plan(line_amount_from=100, line_amount_to=200)
        self.assertEqual(self._earn(99.99), 10)
        self.assertEqual(self._earn(100), 50)
        self.assertEqual(self._earn(199.99), 100)
        self.assertEqual(self._earn(200), 20)

    def test_the_amount_of_the_document_counts_all_lines(self):
        self._plan(document_amount_from=200)
        self.assertEqual(self._earn(100), 10)
        self.assertEqual(self._earn(100, 100), 100)

    def test_amounts_are_in_company_currency(self):
        other = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        self._plan(document_amount_from=100)
        for price, earned in ((198, 19.8), (200, 100)):
            invoice = self._invoice_deal(self.deal, price, post=False)
            invoice.currency_id = other
            invoice.invoice_line_ids.price_unit = price
            invoice.action_post()
            self.assertEqual(self.balance("accrued", moves=invoice), earned)

    def test_the_currency(self):
        other = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        self._plan(currency_ids=[Command.set(other.ids)])
        self.assertEqual(self._earn(), 10)
        invoice = self._invoice_deal(self.deal, 100, post=False)
        invoice.currency_id = other
        invoice.invoice_line_ids.price_unit = 100
        invoice.action_post()
        self.assertEqual(self.balance("accrued", moves=invoice), 50)

    def test_the_discount_given(self):
        self._plan(discount_from=20)
        for discount, earned in ((19.99, 8), (20, 40)):
            invoice = self._invoice_deal(self.deal, 100, post=False)
            invoice.invoice_line_ids.discount = discount
            invoice.action_post()
            self.assertEqual(self.balance("accrued", moves=invoice), earned)

    def test_all_conditions_have_to_hold(self):
        self._plan(line_amount_from=100, sale_kind="first")
        self.assertEqual(self._earn(50), 5)
        self.assertEqual(self._earn(100), 10, "not the first sale any more")

    def test_while_the_customer_pays(self):
        self._plan(arrears_to=30)
        first = self._invoice("2026-01-10", invoice_date_due="2026-01-31")
        self.assertEqual(self._earn(date="2026-03-01"), 50, "29 days late")
        self.assertEqual(self._earn(date="2026-03-02"), 10, "30 days late")
        self._pay(self.deal.order_ids.invoice_ids.filtered("amount_residual"))
        self.assertEqual(first.payment_state, "paid")
        self.assertEqual(self._earn(date="2026-03-02"), 50)

    def test_bounds_have_an_order(self):
        with (
            self.assertRaises(psycopg2.errors.CheckViolation),
            mute_logger("odoo.sql_db"),
        ):
            self._plan(month_from=3, month_to=3)

    # === TERMS STAND === #

    def test_a_condition_is_judged_at_the_first_posting(self):
        self._plan(sale_kind="first")
        invoice = self._invoice("2026-03-10")
        self._invoice("2026-01-01")
        invoice.button_draft()
        invoice.action_post()
        self.assertEqual(self.balance("accrued", moves=invoice), 50)

    def test_conditions_of_an_active_plan_stay(self):
        plan = self._plan(sale_kind="first")
        with self.assertRaises(UserError):
            plan.rule_ids[0].sale_kind = "renewal"

    def test_a_rule_reads_as_a_sentence(self):
        plan = self._plan(sale_kind="first", month_to=3)
        self.assertIn("First sale to the customer", plan.rule_ids[0].display_name)
        self.assertIn("50 %", plan.rule_ids[0].display_name)
