from decimal import Decimal

from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import PAYMENT, POSTING, CommissionCommon


@tagged("post_install", "-at_install")
class TestPlanExample(CommissionCommon):
    """A made-up sale is computed as a real one."""

    def _rows(self, plan, amount, **sale):
        rows = plan._compute_example(amount, **sale)
        return [(row["role"], row["amount"]) for row in rows]

    def test_every_part_is_shown(self):
        plan = self._create_plan(
            ("sold", 10, PAYMENT), ("sourced", 3, PAYMENT), activate=False
        )
        self.assertEqual(
            self._rows(plan, 1000),
            [("Sourced", Decimal(30)), ("Sold", Decimal(100))],
        )

    def test_an_example_pays_what_an_invoice_earns(self):
        rule = {
            "role": "sold",
            "rate": 0,
            "trigger": POSTING,
            "band_mode": "marginal",
            "band_scope": "month",
            "band_ids": [
                Command.create({"amount_from": 0, "amount_to": 1000, "rate": 10}),
                Command.create({"amount_from": 1000, "rate": 20}),
            ],
        }
        plan = self._create_plan(rule)
        deal = self._create_deal((self.alpha_member, "sold", 100))
        self._invoice_deal(deal, 800)
        invoice = self._invoice_deal(deal, 500)
        earned = self.balance("accrued", moves=invoice)
        rows = self._rows(plan, 500, sold=800)
        self.assertEqual(rows, [("Sold", Decimal(80))])
        self.assertEqual(earned, 80)

    def test_units_margin_tiers_and_steps(self):
        rule = {"role": "sold", "trigger": PAYMENT, "rate": 0}
        plan = self._create_plan(
            {**rule, "basis": "unit", "fixed_amount": 5},
            {**rule, "role": "sourced", "basis": "margin", "rate": 20},
            {
                **rule,
                "role": "influenced",
                "rate": 7,
                "grade_ids": [Command.set(self.gold.ids)],
            },
            {
                **rule,
                "role": "delivered",
                "band_mode": "month",
                "band_ids": [
                    Command.create({"amount_from": 0, "amount_to": 3, "rate": 40}),
                    Command.create({"amount_from": 3, "rate": 20}),
                ],
            },
            activate=False,
        )
        rows = dict(
            self._rows(plan, 100, quantity=3, cost=70, grade=self.gold, month=3)
        )
        self.assertEqual(
            rows,
            {
                "Sold": Decimal(15),
                "Sourced": Decimal(6),
                "Influenced": Decimal(7),
                "Delivered": Decimal(20),
            },
        )

    def test_overrides_and_the_ceiling(self):
        plan = self._create_plan(
            ("sold", 30, POSTING),
            {
                "role": "sponsor",
                "rate": 10,
                "trigger": POSTING,
                "override_base": "commission",
            },
            activate=False,
        )
        label = "Override of the sponsor or distributor"
        self.assertEqual(
            self._rows(plan, 1000), [("Sold", Decimal(300)), (label, Decimal(30))]
        )
        plan.ceiling = 11
        self.assertEqual(
            self._rows(plan, 1000), [("Sold", Decimal(100)), (label, Decimal(10))]
        )

    def test_the_form_computes_while_the_plan_is_written(self):
        plan = self._create_plan(("sold", 10, PAYMENT), activate=False)
        with Form(plan) as form:
            self.assertIn("100.00", form.example_text)
            form.example_amount = 500
            self.assertIn("50.00", form.example_text)
        empty = self._create_plan(activate=False, name="Empty")
        self.assertEqual(empty.example_text, "Nothing: no rule fits this sale.")

    def test_the_guide_shows_what_a_rule_pays_within_its_limits(self):
        """10 % of 1,000 capped at 50; no figure where it depends on another partner,
        on units, or on a larger sale."""
        rule = {"role": "sold", "trigger": POSTING}
        self._create_plan(
            {**rule, "rate": 10, "cap_line": 50},
            {**rule, "role": "sponsor", "rate": 10, "override_base": "commission"},
            {**rule, "role": "sourced", "rate": 0, "basis": "unit", "fixed_amount": 3},
            {
                **rule,
                "role": "delivered",
                "rate": 0,
                "basis": "deal",
                "fixed_amount": 70,
            },
            {**rule, "role": "influenced", "rate": 2, "line_amount_from": 5000},
        )
        finance = self._create_staff(self.alpha, "finance", "finance")
        entries = self.Entry.with_user(finance)
        [guide] = entries._get_portal_guide(1000)
        examples = [rule["example"] for rule in guide["plans"][0]["rules"]]
        # alpha has no partners below it: nothing is told of an override
        self.assertEqual(examples, [50, None, 70, None])

    def test_the_guide_tells_of_overrides_where_they_are_paid(self):
        """To the first membership of the manager's company, however its people are
        arranged; the others earn no override.
        """
        department, person = self.env["res.partner"].create(
            [{"name": "Department", "parent_id": self.beta.id}, {"name": "Manager"}]
        )
        person.parent_id = department
        user = self._create_user(
            "outside_manager",
            "partner_channel.group_channel_manager",
            partner_id=person.id,
        )
        rules = (("manager", 2, POSTING), ("sponsor", 3, POSTING))
        self._create_plan(*rules)
        other = self._create_program("Referrals", self.company)
        self._create_plan(*rules, program=other)
        self._create_membership(self.beta, other)
        owner = self._create_staff(self.beta, "owner", "owner")

        def read():
            self.env.invalidate_all()
            guides = self.Entry.with_user(owner)._get_portal_guide()
            return [
                [rule["text"] for plan in guide["plans"] for rule in plan["rules"]]
                for guide in guides
            ]

        self.assertEqual(read(), [[], []])
        self.alpha_member.manager_id = user
        [own, others] = read()
        self.assertEqual((len(own), others), (1, []))
        self.alpha_member.sponsor_id = self.beta_member
        [own, others] = read()
        self.assertEqual((len(own), others), (2, []))
        # nobody earns an override on the own sales
        self.alpha_member.write({"manager_id": False, "sponsor_id": False})
        self.beta_member.manager_id = user
        self.assertEqual(read(), [[], []])
