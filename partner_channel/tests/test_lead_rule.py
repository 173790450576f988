from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .distribution_case import DistributionCase


@tagged("post_install", "-at_install")
class TestLeadRule(DistributionCase):
    def test_what_makes_no_sense_is_refused(self):
        for values in (
            {"zips": "14..10"},
            {"zips": "1..10"},
            {"zips": "- , -"},
        ):
            with (
                self.subTest(values=values),
                self.assertRefused(ValidationError, "ZIP"),
            ):
                self._lead_rule(**values)
        for values in (
            {"window_hours": 0},
            {"weight_tier": -1},
            {"max_day": -1},
            {"parallel": 0},
            {"employees_from": 10, "employees_to": 9},
        ):
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self.assertRefused(CheckViolation),
            ):
                self._lead_rule(**values)

    def test_tier_answers_and_deals_weigh(self):
        rule = self._lead_rule(mode="one")
        self.northwind._with_state_move().grade_id = self._grade("Platinum")
        won, lost = self._lead(2, partner_assigned_id=self.northwind.partner_id.id)
        self.Offer._answer(won, "accepted")
        won.action_set_won()
        lost.action_set_lost()
        now = fields.Datetime.now()
        members = rule._find_members()
        first, second = rule._get_candidates(self.members & members, now)
        self.assertEqual(first.id, self.northwind.id)
        self.assertEqual(first.parts["tier"], 1)
        self.assertEqual(second.parts["tier"], 0.2)
        self.assertEqual((first.parts["win"], second.parts["win"]), (0.5, None))
        self.assertAlmostEqual(first.parts["response"], 1, 3)
        self.assertIsNone(second.parts["response"])

    def _make_fitting(self):
        """Return a rule that limits everything, and values of a lead it is for."""
        bavaria = self.env["res.country.state"].search(
            [("country_id", "=", self.env.ref("base.de").id)], limit=1
        )
        industry = self.env["res.partner.industry"].create({"name": "Machines"})
        family = self.env["product.category"].create(
            {"name": "Suite", "is_channel_family": True}
        )
        lang = self.env.ref("base.lang_en")
        source = self.env["utm.source"].create({"name": "Fair"})
        rule = self._lead_rule(
            country_ids=bavaria.country_id.ids,
            state_ids=bavaria.ids,
            zips="80..81",
            industry_ids=industry.ids,
            family_ids=family.ids,
            lang_ids=lang.ids,
            source_ids=source.ids,
            employees_from=50,
            employees_to=99,
        )
        return rule, {
            "country_id": bavaria.country_id.id,
            "state_id": bavaria.id,
            "zip": "80331",
            "customer_industry_id": industry.id,
            "product_family_id": family.id,
            "lang_id": lang.id,
            "source_id": source.id,
            "customer_employees": 50,
        }

    def test_what_was_won_long_ago_weighs_no_longer(self):
        rule, now = self._lead_rule(), fields.Datetime.now()
        won, lost = self._lead(2, partner_assigned_id=self.northwind.partner_id.id)
        won.action_set_won()
        lost.action_set_lost()
        for days, rate in ((0, 0.5), (364, 0.5), (366, 0.0)):
            won.date_closed = now - timedelta(days=days)
            [candidate] = rule._get_candidates(self.northwind, now)
            self.assertEqual(candidate.parts["win"], rate, days)

    def test_who_claims_from_a_pool_was_not_asked(self):
        rule = self._lead_rule(mode="pool")
        lead, now = self._lead(), fields.Datetime.now()
        lead._distribute()
        day = timedelta(days=1)
        lead._set_protected({"date_distributed": now - day})
        lead._claim_lead(self.northwind)
        [candidate] = rule._get_candidates(self.northwind, now)
        self.assertIsNone(candidate.parts["response"])
        metrics = self.env["partner.metric.deal.mixin"]
        period = (now - day, now + day)
        self.assertFalse(metrics._measure_response_time(self.northwind, *period))
        accepted = metrics._measure_acceptance_rate(self.northwind, *period)
        self.assertEqual(accepted, {self.northwind.id: 100.0})

    def test_every_condition_counts(self):
        rule, right = self._make_fitting()
        lead = self._lead(**right)
        self.assertEqual(lead._distribute(), lead)
        wrong = {
            "country_id": self.env.ref("base.fr").id,
            "state_id": False,
            "zip": "82001",
            "customer_industry_id": False,
            "product_family_id": False,
            "lang_id": False,
            "source_id": False,
            "customer_employees": 100,
        }
        for name, value in wrong.items():
            with self.subTest(name=name):
                other = self._lead(**{**right, name: value})
                self.assertFalse(other._distribute())
        anywhere = self._lead(**{**right, "company_id": False})
        self.assertEqual(anywhere._distribute(), anywhere)
        customer = self.env["res.partner"].create(
            {"name": "Buyer", "industry_id": right.pop("customer_industry_id")}
        )
        known = self._lead(**right)
        known.write({"partner_id": customer.id, **right})
        self.assertEqual(known._distribute(), known)
        rule.active = False
        self.assertFalse(self._lead(**right)._distribute())

    def test_a_named_account_goes_to_its_partner_first(self):
        customer = self.env["res.partner"].create(
            {"name": "Big Account", "is_company": True}
        )
        contact = self.env["res.partner"].create(
            {"name": "Person", "parent_id": customer.id}
        )
        rule = self._lead_rule(
            mode="parallel",
            zips="99",
            account_ids=[
                Command.create(
                    {"partner_id": customer.id, "membership_id": self.contoso.id}
                )
            ],
        )
        self._lead_rule(sequence=1)
        lead = self._lead(partner_id=contact.id)
        lead._distribute()
        self.assertEqual(self._states(lead), [("Contoso", "offered")])
        self.assertEqual(lead.lead_rule_id, rule)
        self.assertIn("named account", self._open(lead).why)
        # once declined it is a lead like others
        self._open(lead)._decline("other")
        self._run()
        self.assertEqual(
            self._states(lead), [("Contoso", "declined"), ("Northwind", "offered")]
        )
        elsewhere = self._create_program("Other")
        with self.assertRefused(ValidationError, "no partner of the program"):
            rule.account_ids.membership_id = self._create_membership(
                "Fabrikam", program=elsewhere
            )
