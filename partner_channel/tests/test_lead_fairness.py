"""Who is asked, again and by changed rules, and what answers are worth."""

from datetime import date, datetime, timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .distribution_case import HOUR, DistributionCase

QUARTER = (date(2028, 1, 1), date(2028, 3, 31))


@tagged("post_install", "-at_install")
class TestLeadFairness(DistributionCase):
    # === WHO IS ASKED === #

    def test_archived_partners_are_not_asked(self):
        program = self._create_program("Integrator")
        gone = self._create_membership("Gone", program=program)
        gone.partner_id.active = False
        self._lead_rule(program_id=program.id)
        lead = self._lead()
        lead._distribute()
        self.assertEqual(lead.distribution_state, "fallback")

    def _states_of(self, code):
        country = self.env.ref(f"base.{code}")
        first, second = self.env["res.country.state"].create(
            [
                {"name": f"{code} {n}", "code": f"X{n}", "country_id": country.id}
                for n in (1, 2)
            ]
        )
        return country, first, second

    def test_states_bound_their_own_country_only(self):
        germany, bavaria, berlin = self._states_of("de")
        france, alsace, _other = self._states_of("fr")
        self.contoso.action_suspend()
        self.northwind.write(
            {
                "territory_country_ids": [Command.set((germany | france).ids)],
                "territory_state_ids": [Command.set(bavaria.ids)],
            }
        )
        self._lead_rule()
        for country, state, expected in (
            (germany, bavaria, "offered"),
            (germany, berlin, "fallback"),
            (germany, self.env["res.country.state"], "offered"),
            (france, alsace, "offered"),
            (france, self.env["res.country.state"], "offered"),
        ):
            lead = self._lead(country_id=country.id, state_id=state.id)
            lead._distribute()
            with self.subTest(country=country.code, state=state.name):
                self.assertEqual(lead.distribution_state, expected)

    def test_states_of_a_rule_bound_their_own_country_only(self):
        germany, bavaria, berlin = self._states_of("de")
        france, alsace, _other = self._states_of("fr")
        rule = self._lead_rule(state_ids=[Command.set(bavaria.ids)])
        places = [(germany, bavaria), (germany, berlin), (france, alsace)]
        for countries, expected in (
            (germany | france, ["offered", "none", "offered"]),
            (germany.browse(), ["offered", "none", "none"]),
        ):
            rule.country_ids = countries
            found = []
            for country, state in places:
                lead = self._lead(country_id=country.id, state_id=state.id)
                lead._requeue()
                lead._distribute()
                found.append(lead.distribution_state)
            with self.subTest(countries=countries.mapped("code")):
                self.assertEqual(found, expected)

    # === A SECOND ROUND === #

    def test_a_named_account_is_not_shown_to_rivals_meanwhile(self):
        customer = self.env["res.partner"].create({"name": "Big", "is_company": True})
        rule = self._lead_rule(mode="parallel", parallel=2)
        account = {"partner_id": customer.id, "membership_id": self.contoso.id}
        rule.account_ids = [Command.create(account)]
        lead, other = self._lead(2, partner_id=customer.id)
        (lead | other)._distribute()
        for _turn in range(2):
            lead.assign_partner()
            other.search_geo_partner()
            self.assertEqual(self._states(lead), [("Contoso", "offered")])
        self._open(lead)._decline("other")
        lead._distribute()
        self.assertEqual(
            self._states(lead), [("Contoso", "declined"), ("Northwind", "offered")]
        )

    def test_a_rule_that_becomes_a_pool_waits_for_open_offers(self):
        rule = self._lead_rule(mode="parallel", parallel=2)
        self._create_membership("Fabrikam")
        lead = self._lead()
        lead._distribute()
        late, waiting = self._open(lead)
        rule.mode = "pool"
        self._let_pass(late)
        self._run()
        self.assertEqual(lead.distribution_state, "offered")
        self.assertEqual(self._open(lead), waiting)
        self._let_pass(waiting)
        self._run()
        self.assertEqual(lead.distribution_state, "pool")

    def test_a_second_round_leaves_what_does_not_change(self):
        rule = self._lead_rule(mode="pool", user_id=self.head.id)
        pool, taken = self._lead(2)
        (pool | taken)._distribute()
        soon = fields.Datetime.now() + HOUR
        pool._set_protected({"date_distribution_due": soon})
        self.members.action_suspend()
        rule.mode = "robin"
        taken._distribute()
        self.assertEqual(taken.distribution_state, "fallback")
        self.assertEqual(taken.user_id, self.head)
        taken.user_id = self.manager
        self.members.action_activate()
        self.members.action_suspend()
        taken._distribute()
        self.assertEqual(taken.user_id, self.manager)
        self.members.action_activate()
        rule.mode = "pool"
        pool._distribute()
        self.assertEqual(pool.date_distribution_due, soon.replace(microsecond=0))

    # === RULES THAT GO === #

    def test_a_pool_whose_rule_is_gone_is_no_pool(self):
        rule = self._lead_rule(mode="pool")
        lead = self._lead()
        lead._distribute()
        rule.unlink()
        with self.assertRefused(UserError, "no longer in the pool"):
            lead._claim_lead(self.northwind)

    def test_a_rule_keeps_the_program_of_its_accounts(self):
        customer = self.env["res.partner"].create({"name": "Big", "is_company": True})
        rule = self._lead_rule()
        account = {"partner_id": customer.id, "membership_id": self.contoso.id}
        rule.account_ids = [Command.create(account)]
        other = self._create_program("Elsewhere", company=self.other_company)
        with self.assertRefused(ValidationError, "no partner of the program"):
            rule.program_id = other

    # === WHAT ANSWERS ARE WORTH === #

    def test_who_lets_offers_lapse_has_taken_all_the_time(self):
        rule = self._lead_rule()
        late, quick = self._lead(2)
        (late | quick)._distribute()
        offer = self._open(late)
        now = fields.Datetime.now()
        offer.write(
            {"date_offered": now - timedelta(hours=30), "date_due": now - 6 * HOUR}
        )
        self._open(quick)._accept()
        self._run()
        self.assertEqual(offer.state, "missed")
        members = rule._find_members() & self.members
        first, second = rule._get_candidates(members, fields.Datetime.now())
        # 24 hours are worth a half
        self.assertAlmostEqual(first.parts["response"], 0.5, 2)
        self.assertAlmostEqual(second.parts["response"], 1, 2)

    def test_accepting_and_giving_back_is_no_quick_answer(self):
        self._lead_rule()
        lead = self._lead()
        lead._distribute()
        offer = self._open(lead)
        offer.write(
            {
                "date_offered": fields.Datetime.now() - 24 * HOUR,
                "date_due": fields.Datetime.now() + HOUR,
            }
        )
        with freeze_time(offer.date_offered):
            offer._accept()
        self.assertEqual(offer.answer_hours, 0)
        lead.with_user(self.seller).partner_desinterested()
        self.assertEqual(offer.state, "declined")
        self.assertAlmostEqual(offer.answer_hours, 24, 1)

    def _offer_in(self, member, state, day, **values):
        """An offer of a state that was answered, or was due, on a day."""
        is_missed = state == "missed"
        lead = self._lead(company_id=member.company_id.id)
        offer = self.Offer.create(
            {
                "lead_id": lead.id,
                "partner_id": member.partner_id.id,
                "membership_id": member.id,
                "company_id": member.company_id.id,
                "date_offered": day - timedelta(days=1),
                "date_due": day,
                "date_answered": False if is_missed else day,
                **values,
            }
        )
        offer._set_protected({"state": state})
        return offer

    def _measure(self, members):
        requirement = self.env["partner.tier.requirement"].new(
            {"metric": "acceptance_rate"}
        )
        values = {}
        for some in members.grouped("program_id").values():
            values |= requirement._measure_metric(some, *QUARTER)
        return [values.get(member.id) for member in members]

    def test_the_rate_of_acceptance(self):
        far = self._create_program("Elsewhere", company=self.other_company)
        fabrikam = self._create_membership("Fabrikam", program=far)
        inside, outside = datetime(2028, 3, 31, 12), datetime(2028, 4, 2)
        for state in ("accepted", "declined", "missed", "missed", "withdrawn"):
            self._offer_in(self.northwind, state, inside)
            self._offer_in(self.northwind, "declined", outside)
        self._offer_in(self.northwind, "offered", inside)
        self._offer_in(fabrikam, "accepted", inside)
        self._offer_in(fabrikam, "missed", outside)
        members = self.northwind | self.contoso | fabrikam
        for _turn in range(2):
            self.assertEqual(self._measure(members), [25, None, 100])
        # of a network: that of all leads, not of the partners
        for _number in range(4):
            self._offer_in(self.contoso, "accepted", inside)
        requirement = self.env["partner.tier.requirement"].new(
            {"metric": "acceptance_rate"}
        )
        values = requirement._measure_metric(self.members, *QUARTER)
        self.assertEqual(
            requirement._measure_network(self.members, *QUARTER, values), 62.5
        )

    def test_what_was_given_back_is_not_accepted(self):
        self._lead_rule()
        for lead in self._lead(2, company_id=self.company.id):
            lead._distribute()
        first, second = self.Offer.search([("state", "=", "offered")], order="id")
        (first | second)._accept()
        first.lead_id.with_user(self.seller).partner_desinterested()
        today = fields.Date.today()
        requirement = self.env["partner.tier.requirement"].new(
            {"metric": "acceptance_rate"}
        )
        values = requirement._measure_metric(
            self.members, today - timedelta(days=1), today + timedelta(days=1)
        )
        self.assertEqual(values, {self.northwind.id: 0, self.contoso.id: 100})

    def test_one_partners_spam_is_for_the_vendor_to_judge(self):
        self._lead_rule(user_id=self.head.id)
        lead, other = self._lead(2)
        (lead | other)._distribute()
        (self._open(lead) | self._open(other))._accept()
        lead.with_user(self.seller).partner_desinterested(spam=True)
        other.with_user(self.rival).partner_desinterested()
        self.assertEqual(lead.distribution_state, "fallback")
        self.assertEqual(lead.user_id, self.head)
        self.assertFalse(lead.partner_assigned_id)
        self.assertEqual(self._states(lead), [("Northwind", "declined")])
        self.assertEqual(other.distribution_state, "queued")
        self.assertFalse(other.user_id)
