import psycopg2

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import POSTING, CommissionCommon


@tagged("post_install", "-at_install")
class TestOverrides(CommissionCommon):
    """What a distributor or a channel manager earns on the sales of others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sponsor, cls.sponsor_member = cls._create_member("Wholesale", cls.program)
        cls.alpha_member.sponsor_id = cls.sponsor_member
        cls.deal = cls._create_deal((cls.alpha_member, "sold", 100))

    def _plan(self, rate=30, role="sponsor", override=10, **values):
        return self._create_plan(
            ("sold", rate, POSTING),
            {"role": role, "rate": override, "trigger": POSTING, **values},
        )

    def test_on_top_of_the_commission_costs_33_percent(self):
        # Track360: 30 % and 10 % of that are 33 %
        self._plan(override_base="commission")
        invoice = self._invoice_deal(self.deal, 1000)
        self.assert_books(300, 300, self.alpha_member)
        self.assert_books(30, 30, self.sponsor_member)
        entry = self.get_entries(invoice, "accrued").filtered("via_id")
        self.assertEqual((entry.via_id, entry.role), (self.alpha_member, "sponsor"))

    def test_inside_the_vendor_pays_no_more(self):
        self._plan(override_base="commission", override_mode="inside")
        self._invoice_deal(self.deal, 1000)
        self.assert_books(270, 270, self.alpha_member)
        self.assert_books(30, 30, self.sponsor_member)

    def test_of_the_sale(self):
        # Euler: 5 % of a deal over 1,000 are 50
        self._plan(override=5)
        self._invoice_deal(self.deal, 1000)
        self.assert_books(300, 300, self.alpha_member)
        self.assert_books(50, 50, self.sponsor_member)

    def test_of_the_sale_by_the_share_of_the_partner(self):
        self._plan(override=5)
        deal = self._create_deal(
            (self.alpha_member, "sold", 60), (self.beta_member, "sold", 40)
        )
        self._invoice_deal(deal, 1000)
        self.assert_books(30, 30, self.sponsor_member)

    def test_an_override_follows_payments_and_credit_notes(self):
        self._plan(override_base="commission")
        invoice = self._invoice_deal(self.deal, 1000)
        self._credit(invoice, 200)
        self.assert_books(240, 240, self.alpha_member)
        self.assert_books(24, 24, self.sponsor_member)
        self._credit(invoice)
        self.assert_books(0, 0)

    def test_an_override_is_remembered_when_posted_again(self):
        self._plan(override_base="commission")
        invoice = self._invoice_deal(self.deal, 1000)
        self.alpha_member.sponsor_id = False
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 2000
        invoice.action_post()
        self.assert_books(600, 600, self.alpha_member)
        self.assert_books(60, 60, self.sponsor_member)

    def test_a_role_handed_on_takes_its_override_along(self):
        self._plan(override_base="commission")
        invoice = self._invoice_deal(self.deal, 1000)
        invoice.button_draft()
        self.deal.deal_role_ids.membership_id = self.beta_member
        invoice.action_post()
        self.assert_books(300, 300, self.beta_member)
        self.assert_books(0, 0, self.sponsor_member)

    def test_the_distributor_of_the_deal_goes_before_the_sponsor(self):
        _other, member = self._create_member("Distributor", self.program)
        self.deal.distributor_id = member
        self._plan(override_base="commission")
        self._invoice_deal(self.deal, 1000)
        self.assert_books(30, 30, member)
        self.assert_books(0, 0, self.sponsor_member)

    def test_two_partners_under_one_sponsor_pay_it_once_a_line(self):
        self.beta_member.sponsor_id = self.sponsor_member
        self._plan(override=5)
        deal = self._create_deal(
            (self.alpha_member, "sold", 50), (self.beta_member, "sold", 50)
        )
        self._invoice_deal(deal, 1000)
        entries = self.Entry.search(
            [("role", "=", "sponsor"), ("book", "=", "accrued")]
        )
        self.assertEqual(len(entries), 1)

    # === SELF-DEALING === #

    def test_nobody_earns_an_override_on_own_purchases(self):
        self._plan(override=5)
        invoice = self._invoice_deal(self.deal, 1000, post=False)
        invoice.partner_id = self.sponsor
        invoice.action_post()
        self.assert_books(0, 0, self.sponsor_member)
        self.assert_books(300, 300, self.alpha_member)

    def test_nobody_earns_an_override_on_own_sales(self):
        other = self._create_program("Distribution", self.company)
        twin = self._create_membership(self.alpha, other)
        self.alpha_member.sponsor_id = False
        self.deal.distributor_id = twin
        self._create_plan(
            {"role": "sponsor", "rate": 5, "trigger": POSTING}, program=other
        )
        self._plan(override=5)
        self._invoice_deal(self.deal, 1000)
        self.assert_books(0, 0, twin)

    def test_a_terminated_sponsor_earns_nothing_new(self):
        self._plan(override=5)
        self.sponsor_member.action_terminate()
        self._invoice_deal(self.deal, 1000)
        self.assert_books(0, 0, self.sponsor_member)

    # === CHANNEL MANAGERS === #

    def test_a_manager_earns_by_the_membership_of_the_own_company(self):
        firm, firm_member = self._create_member("Freelance", self.program)
        contact = self.env["res.partner"].create(
            {"name": "Freelancer", "parent_id": firm.id}
        )
        user = self._create_user(
            "freelancer",
            "partner_channel.group_channel_manager",
            partner_id=contact.id,
        )
        self.alpha_member.manager_id = user
        self._plan(role="manager", override=2)
        self._invoice_deal(self.deal, 1000)
        self.assert_books(20, 20, firm_member)

    def test_a_manager_without_a_membership_earns_by_payroll(self):
        user = self._create_user("staff", "partner_channel.group_channel_manager")
        self.alpha_member.manager_id = user
        self._plan(role="manager", override=2)
        self._invoice_deal(self.deal, 1000)
        self.assertEqual(self.Entry.search([]).partner_id, self.alpha)

    # === TERMS === #

    def test_the_ceiling_counts_overrides(self):
        plan = self._plan(override_base="commission")
        plan.action_close()
        self._create_plan(
            ("sold", 30, POSTING),
            {
                "role": "sponsor",
                "rate": 10,
                "trigger": POSTING,
                "override_base": "commission",
            },
            ceiling=16.5,
            name="With a ceiling",
        )
        self._invoice_deal(self.deal, 1000)
        self.assert_books(150, 150, self.alpha_member)
        self.assert_books(15, 15, self.sponsor_member)

    def test_an_override_is_a_percentage(self):
        with (
            self.assertRaises(psycopg2.errors.CheckViolation),
            mute_logger("odoo.sql_db"),
        ):
            self._plan(basis="unit", fixed_amount=5)

    def test_the_tier_of_the_sponsor_decides_not_that_of_the_partner(self):
        self.sponsor_member._set_protected({"grade_id": self.gold.id})
        self._plan(override=5, grade_ids=[Command.set(self.gold.ids)])
        self._invoice_deal(self.deal, 1000)
        self.assert_books(50, 50, self.sponsor_member)
