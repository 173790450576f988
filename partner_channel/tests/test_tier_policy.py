"""When tiers change: policies, holds, points, history; and what is refused."""

from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import PartnerChannelInvoicingCommon

DAY = date(2028, 3, 1)


@tagged("post_install", "-at_install")
@freeze_time("2028-03-01")
class TestTierPolicy(PartnerChannelInvoicingCommon):
    def _reach(self, membership, amount, day="2028-02-29"):
        self._invoice(membership.partner_id, amount, day)

    # === POLICIES === #

    def test_a_yearly_program_demotes_on_its_day_only(self):
        self.program.write({"demotion_policy": "yearly", "review_month": "7"})
        self._reach(self.northwind, 60_000, "2026-06-01")
        self.northwind._review_tiers(date(2027, 1, 1))
        notice = self.northwind._review_tiers(date(2028, 1, 1))
        self.assertEqual(notice.date_effective, date(2028, 7, 1))
        self.assertFalse(self.northwind._review_tiers(date(2028, 6, 30)))
        self.assertEqual(self.northwind.grade_id, self._grade("Gold"))
        self.northwind._review_tiers(date(2028, 7, 1))
        self.assertEqual(self.northwind.grade_id, self._grade("Registered"))

    def test_a_program_may_never_demote(self):
        self.program.demotion_policy = "never"
        self._reach(self.northwind, 60_000, "2026-06-01")
        self.northwind._review_tiers(date(2027, 1, 1))
        self.assertFalse(self.northwind._review_tiers(date(2030, 1, 1)))
        self.assertEqual(self.northwind.grade_id, self._grade("Gold"))

    def test_a_frozen_program_changes_nothing_by_itself(self):
        self.program.freeze_until = DAY
        self._reach(self.northwind, 60_000)
        self._reach(self.contoso, 60_000)
        both = self.northwind | self.contoso
        self.assertFalse(both._review_tiers(DAY))
        self.assertEqual(len(both._review_tiers(date(2028, 3, 2))), 2)

    def test_who_climbs_back_in_part_falls_less_far_on_the_same_day(self):
        self._reach(self.northwind, 60_000, "2026-06-01")
        self.northwind._review_tiers(date(2027, 1, 1))
        first = self.northwind._review_tiers(date(2028, 1, 1))
        self.assertEqual(first.grade_to_id, self._grade("Registered"))
        self._reach(self.northwind, 20_000, "2028-02-01")
        changed = self.northwind._review_tiers(DAY)
        second = changed - first
        self.assertEqual(first.state, "cancelled")
        self.assertEqual(second.grade_to_id, self._grade("Silver"))
        self.assertEqual(second.date_effective, date(2028, 3, 31))
        self.northwind._review_tiers(date(2028, 3, 31))
        self.assertEqual(self.northwind.grade_id, self._grade("Silver"))

    # === HOLDS === #

    def test_a_tier_given_by_hand_holds_to_its_day_and_says_why(self):
        gold = self._grade("Gold")
        both = self.northwind | self.contoso
        both._hold_tier(date(2028, 6, 30), "Taken over from Initech", gold)
        self.assertEqual(both.grade_id, gold)
        review = self.northwind.review_ids
        self.assertEqual((review.decision, review.state), ("override", "applied"))
        self.assertEqual(review.reason, "Taken over from Initech")
        self.assertTrue(review.evidence, "what the rules would have said is kept")
        self.assertFalse(both._review_tiers(date(2028, 6, 30)))
        notices = both._review_tiers(date(2028, 7, 1))
        self.assertEqual(set(notices.mapped("state")), {"notice"})
        self.assertEqual(both.grade_id, gold, "with notice, as always")

    def test_a_frozen_tier_drops_the_open_decision(self):
        self.program.promotion_policy = "confirm"
        self._reach(self.northwind, 60_000)
        review = self.northwind._review_tiers(DAY)
        self.northwind.with_user(self.manager)._hold_tier(DAY, "Audit")
        self.assertEqual(review.state, "cancelled")
        self.northwind.with_user(self.manager).action_release_tier()
        self.assertTrue(self.northwind._review_tiers(DAY))

    def test_a_hold_wants_a_reason_a_day_to_come_and_a_tier_of_the_program(self):
        other = self._create_program("Other").grade_ids[0]
        for arguments, words in (
            ((date(2028, 6, 30), " "), "why"),
            ((date(2028, 2, 29), "Audit"), "past"),
            ((False, "Audit"), "past"),
            ((date(2028, 6, 30), "Audit", other), "Platinum"),
        ):
            with self.assertRefused(UserError, words):
                self.northwind._hold_tier(*arguments)
        self.assertFalse(self.northwind.tier_hold_until)

    def test_the_wizard_is_for_the_partners_own_manager(self):
        values = {
            "membership_ids": [Command.set(self.northwind.ids)],
            "kind": "override",
            "grade_id": self._grade("Silver").id,
            "date_until": date(2028, 6, 30),
            "reason": "Audit",
        }
        Hold = self.env["partner.membership.hold"]
        with self.assertRaises(AccessError):
            Hold.with_user(self.other_manager).create(values).action_apply()
        with self.assertRaises(AccessError):
            Hold.with_user(self.seller).create(values)
        Hold.with_user(self.manager).create(values).action_apply()
        self.assertEqual(self.northwind.grade_id, self._grade("Silver"))
        with self.assertRaises(AccessError):
            self.northwind.with_user(self.manager).tier_hold_until = False

    # === POINTS AND COMPARISONS === #

    def _create_points_program(self):
        program = self._create_program("Points")
        program.grade_ids.requirement_ids.unlink()
        self._grade("Gold", program).write(
            {
                "points_needed": 70,
                "requirement_ids": [
                    Command.create(
                        {"metric": "resale_revenue", "threshold": 1_000, "points": 80}
                    ),
                    Command.create(
                        {
                            "metric": "approved_registrations",
                            "threshold": 2,
                            "points": 20,
                            "minimum": 1,
                        }
                    ),
                ],
            }
        )
        self._grade("Platinum", program).active = False
        (program.grade_ids - self._grade("Gold", program))[:2].unlink()
        return program

    def test_points_add_up_but_a_minimum_cannot_be_made_good(self):
        program = self._create_points_program()
        member = self._create_membership("Initech", program=program)
        self._reach(member, 1_000)
        self.assertFalse(member._review_tiers(DAY), "80 points, but no registration")
        self.assertIn("minimum", member.tier_gap)
        self._register(member)._approve_registration()
        member._review_tiers(DAY)
        self.assertEqual(member.grade_id, self._grade("Gold", program))
        self.assertIn("points", str(member.tier_explanation))

    def test_at_most_is_met_only_by_what_was_measured(self):
        program = self._create_program("Fast")
        program.grade_ids.requirement_ids.unlink()
        gold = self._grade("Gold", program)
        gold.requirement_ids = [
            Command.create(
                {"metric": "response_time", "comparison": "le", "threshold": 24}
            )
        ]
        member = self._create_membership("Initech", program=program)
        tiers = {tier.grade_id: tier for tier in member._measure_tiers(DAY)[member.id]}
        self.assertIsNone(tiers[gold.id].requirements[0].value)
        self.assertFalse(tiers[gold.id].reached)
        lead = self.env["crm.lead"].create(
            {"name": "Lead", "partner_assigned_id": member.partner_id.id}
        )
        self.env["partner.lead.offer"]._answer(lead, "declined")
        tiers = {tier.grade_id: tier for tier in member._measure_tiers(DAY)[member.id]}
        self.assertTrue(tiers[gold.id].reached)

    def test_a_quarter_counts_the_last_full_one_or_the_running_one(self):
        program = self._create_program("Quarterly")
        program.grade_ids.requirement_ids.period = "quarter"
        member = self._create_membership("Initech", program=program)
        self._reach(member, 60_000, "2027-12-31")
        member._review_tiers(DAY)
        self.assertEqual(member.grade_id, self._grade("Gold", program))
        notice = member._review_tiers(date(2028, 4, 1))
        self.assertEqual(notice.decision, "demote")

    def test_the_next_tier_is_expected_at_the_present_pace(self):
        # 61 of 366 days gone, 6,100 sold: 100 a day, so 10,000 on day 100
        self._reach(self.northwind, 6_100)
        self._reach(self.contoso, 61)
        self.assertEqual(self.northwind.next_grade_id, self._grade("Certified"))
        (self.northwind | self.contoso)._review_tiers(DAY)
        self.assertEqual(self.northwind.next_grade_id, self._grade("Silver"))
        self.assertEqual(self.northwind.tier_projected_date, date(2028, 4, 9))
        self.assertFalse(self.contoso.tier_projected_date, "not within this year")

    # === HISTORY === #

    def test_the_history_tells_how_long_a_partner_was_on_each_tier(self):
        self._reach(self.northwind, 12_000, "2028-01-10")
        self.northwind._review_tiers(date(2028, 3, 1))
        self._reach(self.northwind, 50_000, "2028-03-05")
        self.northwind._review_tiers(date(2028, 3, 11))
        rows = self.northwind.tier_change_ids.sorted("id")
        self.assertEqual(
            [(row.grade_id.name, row.direction, row.date_from) for row in rows],
            [
                ("Registered", "start", date(2028, 3, 1)),
                ("Silver", "up", date(2028, 3, 1)),
                ("Gold", "up", date(2028, 3, 11)),
            ],
        )
        self.assertEqual(rows[1].days, 10)
        self.assertEqual(rows[1].date_to, date(2028, 3, 10))
        self.assertEqual(rows[2].days_to_reach, 10)
        self.assertEqual(rows[2].review_id, self.northwind.review_ids[:1])
        self.northwind.action_terminate()
        self.assertEqual(rows[2].date_to, date(2028, 3, 11))

    def test_nobody_writes_history(self):
        row = self.northwind.tier_change_ids
        for user in (self.head, self.manager, self.seller):
            with self.subTest(user.login), self.assertRaises(AccessError):
                row.with_user(user).date_from = "2020-01-01"
        self.assertFalse(
            self.env["partner.tier.change"]
            .with_user(self.other_manager)
            .search([("membership_id", "=", self.northwind.id)])
        )

    # === SIMULATION === #

    def test_the_simulation_shows_the_tier_the_assumed_figures_bring(self):
        self._reach(self.northwind, 8_000)
        self.northwind._review_tiers(DAY)
        action = self.northwind.with_user(self.manager).action_open_simulation()
        simulation = (
            self.env["partner.tier.simulation"]
            .with_user(self.manager)
            .browse(action["res_id"])
        )
        self.assertEqual(simulation.target_grade_id, self._grade("Silver"))
        self.assertEqual(simulation.line_ids.measured, 8_000)
        self.assertEqual(simulation.result_grade_id, self._grade("Certified"))
        simulation.action_fill()
        self.assertEqual(simulation.line_ids.extra, 2_000)
        self.assertEqual(simulation.result_grade_id, self._grade("Silver"))
        simulation.line_ids.value = 50_000
        self.assertEqual(simulation.result_grade_id, self._grade("Gold"))
        self.assertEqual(self.northwind.grade_id, self._grade("Certified"))

    # === REFUSED === #

    def test_a_higher_tier_must_ask_for_more(self):
        gold = self._grade("Gold").requirement_ids
        for limit in (10_000, 9_999):
            with self.assertRefused(ValidationError, "Gold", "Silver"):
                gold.threshold = limit
        with self.assertRefused(ValidationError, "twice"):
            gold.copy({"threshold": 60_000})
        gold.threshold = 20_000
        with self.assertRefused(ValidationError, "does not ask for more"):
            self._grade("Silver").sequence = 0

    def test_points_want_a_worth(self):
        with self.assertRefused(ValidationError, "points"):
            self._grade("Gold").points_needed = 70

    def test_thresholds_keep_their_currency(self):
        franc = self.setup_other_currency("CHF", rates=[("2000-01-01", 2.0)])
        with self.assertRefused(ValidationError, "Gold"):
            self.program.currency_id = franc
        self.program.grade_ids.requirement_ids.unlink()
        self.program.currency_id = franc
        self.assertEqual(self.northwind.currency_id, franc)

    def test_a_tier_in_use_cannot_be_archived_moved_or_deleted(self):
        entry = self._grade("Registered")
        with self.assertRefused(ValidationError, "2 partners"):
            entry.active = False
        with self.assertRefused(ValidationError, "in use"):
            entry.program_id = self._create_program("Other")
        with self.assertRefused(UserError, "history"):
            entry.unlink()
        self._grade("Platinum").active = False

    def test_a_program_with_history_is_archived_instead_of_deleted(self):
        self.northwind.action_terminate()
        with self.assertRefused(UserError, "2 memberships"):
            self.program.unlink()
        empty = self._create_program("Empty")
        self.assertTrue(empty.unlink())
