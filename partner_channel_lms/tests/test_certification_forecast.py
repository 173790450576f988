"""Which expiries will cost which partner its tier."""

from datetime import date

from odoo.tests import freeze_time, tagged

from .forecast_case import ForecastCommon


@tagged("post_install", "-at_install")
class TestForecastOfTiers(ForecastCommon):
    def test_a_tier_is_lost_on_the_day_after_the_last(self):
        self._reach()
        [loss] = self._foresee()
        self.assertRecordValues(
            loss,
            [
                {
                    "membership_id": self.member.id,
                    "kind": "tier",
                    "date": date(2027, 2, 2),
                    "date_renew": date(2027, 2, 1),
                    "date_effective": date(2027, 5, 3),
                    "grade_id": self.certified.id,
                    "grade_to_id": self.entry.id,
                    "type_id": self.kind.id,
                    "people_needed": 2,
                    "people_left": 1,
                    "certification_ids": self.first.ids,
                }
            ],
        )

    def test_the_review_of_that_day_decides_the_same(self):
        self._reach()
        [loss] = self._foresee()
        with freeze_time("2027-02-01 12:00:00"):
            self.assertFalse(self.member._review_tiers())
        with freeze_time("2027-02-02 12:00:00"):
            review = self.member._review_tiers()
        self.assertEqual(review.decision, "demote")
        self.assertEqual(review.grade_to_id, loss.grade_to_id)
        self.assertEqual(review.date_effective, loss.date_effective)

    def test_who_renews_loses_nothing(self):
        self._reach()
        self._foresee()
        self._take_on(self.seller, date(2027, 1, 15))
        self.assertFalse(self.Forecast.search([]), "at once")
        self.assertFalse(self._foresee(), "and by night")

    def test_a_third_person_keeps_the_tier(self):
        third = self._create_person(self.north, "Tom Third", "third")
        self._take_on(third, date(2026, 12, 1))
        self._reach()
        self.assertFalse(self._foresee())

    def test_what_ends_after_ninety_days_is_not_told(self):
        self._take_on(self.seller, date(2026, 4, 14))
        self._take_on(self.owner, date(2026, 6, 1))
        self.member._review_tiers()
        [loss] = self._foresee()
        self.assertEqual(loss.date, date(2027, 4, 15), "90 days from 15 January")
        with freeze_time("2027-01-14 12:00:00"):
            self.assertFalse(self._foresee())

    def test_tiers_are_lost_one_after_the_other(self):
        top = self.env["res.partner.grade"].create(
            {"name": "Top", "sequence": 70, "program_id": self.program.id}
        )
        self.requirement.copy({"grade_id": top.id, "threshold": 3})
        third = self._create_person(self.north, "Tom Third", "third")
        self._take_on(third, date(2026, 3, 1))
        self._reach(top)
        self.assertEqual(
            [
                (loss.date, loss.grade_id, loss.grade_to_id, loss.people_left)
                for loss in self._foresee()
            ],
            [
                (date(2027, 2, 2), top, self.certified, 2),
                (date(2027, 3, 2), self.certified, self.entry, 1),
            ],
        )

    def test_a_tier_that_is_held_or_never_lost_is_not_at_risk(self):
        self._reach()
        # 90 days from 15 January is 15 April
        for last, losses in ((date(2027, 4, 15), 0), (date(2027, 4, 14), 1)):
            self.member._hold_tier(last, "Agreed")
            self.assertEqual(len(self._foresee()), losses)
        self.member.action_release_tier()
        self.assertTrue(self._foresee())
        self.program.demotion_policy = "never"
        self.assertFalse(self._foresee())

    def test_a_hold_that_ends_puts_off_what_is_lost_in_it(self):
        self._reach()
        for hold in ("hold", "freeze"):
            with self.subTest(hold):
                if hold == "hold":
                    self.member._hold_tier(date(2027, 4, 1), "Agreed")
                else:
                    self.member.action_release_tier()
                    self.program.freeze_until = date(2027, 4, 1)
                self.assertRecordValues(
                    self._foresee(),
                    [
                        {
                            "date": date(2027, 2, 2),
                            "date_renew": date(2027, 2, 1),
                            "date_effective": date(2027, 7, 1),
                            "grade_id": self.certified.id,
                            "grade_to_id": self.entry.id,
                            "certification_ids": self.first.ids,
                        }
                    ],
                )
        with freeze_time("2027-04-01 12:00:00"):
            self.assertFalse(self.member._review_tiers())
        with freeze_time("2027-04-02 12:00:00"):
            review = self.member._review_tiers()
        self.assertRecordValues(
            review,
            [
                {
                    "decision": "demote",
                    "grade_from_id": self.certified.id,
                    "grade_to_id": self.entry.id,
                    "date_effective": date(2027, 7, 1),
                }
            ],
        )

    def test_a_hold_that_ends_before_changes_nothing(self):
        self._reach()
        self.member._hold_tier(date(2027, 2, 1), "Agreed")
        self.assertEqual(self._foresee().date_effective, date(2027, 5, 3))

    def test_two_programs_of_two_companies_in_one_run(self):
        company, program = self._create_other_company()
        program.grace_days = 30
        entry = program.grade_ids
        skilled = entry.copy({"name": "Other Skilled", "sequence": 5})
        self.requirement.copy({"grade_id": skilled.id, "threshold": 1})
        other = self.env["partner.membership"].create(
            {"partner_id": self.south.id, "program_id": program.id}
        )
        other.action_activate()
        self._take_on(self.rival, date(2026, 2, 10))
        self._reach()
        other._review_tiers()
        self.assertEqual(other.grade_id, skilled)
        names = ("company_id", "membership_id", "date", "date_effective") + (
            "grade_id",
            "grade_to_id",
            "people_needed",
            "people_left",
        )
        own = (self.env.company, self.member, date(2027, 2, 2), date(2027, 5, 3))
        theirs = (company, other, date(2027, 2, 11), date(2027, 3, 13))
        for _run in range(2):
            losses = self._foresee(self.memberships | other)
            self.assertEqual(
                [tuple(loss[name] for name in names) for loss in losses],
                [
                    (*own, self.certified, self.entry, 2, 1),
                    (*theirs, skilled, entry, 1, 0),
                ],
            )

    def test_each_partner_and_program_has_its_own(self):
        self._reach()
        other = self._create_person(self.south, "Sue South", "south")
        for person in (self.rival, other):
            self._take_on(person, date(2026, 2, 10))
        self.rivals._review_tiers()
        losses = self._foresee()
        self.assertEqual(
            [(loss.partner_id, loss.date) for loss in losses],
            [(self.north, date(2027, 2, 2)), (self.south, date(2027, 2, 11))],
        )
        self.assertEqual(losses[1].people_left, 0)
        self.assertEqual(len(losses[1].certification_ids), 2)
        self.assertEqual(len(self._foresee()), 2, "twice in a row")

    def test_a_tier_may_ask_for_people_of_a_country(self):
        germany, france = self.env.ref("base.de"), self.env.ref("base.fr")
        self.requirement.write({"certification_country_id": germany.id, "threshold": 1})
        self.assertIn("Germany", self.requirement.display_name)
        self._take_on(self.seller, date(2026, 2, 1))
        self._take_on(self.owner, date(2026, 6, 1))
        for person, country in ((self.seller, germany), (self.owner, france)):
            person.write({"type": "other", "country_id": country.id})
        self.member._review_tiers()
        self.assertEqual(self.member.grade_id, self.certified)
        [loss] = self._foresee()
        self.assertEqual((loss.people_left, loss.people_needed), (0, 1))
        self.seller.country_id = france
        self.assertEqual(self.member._measure_tiers()[self.member.id][0].reached, False)
