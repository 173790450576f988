"""Which expiries will cost which partner its tier, its rights and its deals."""

from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged

from .common import CertificationCommon


@tagged("post_install", "-at_install")
class TestForecast(CertificationCommon):
    """Skilled asks for two certified people; certificates hold for 12 months."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2027-01-15 12:00:00"))
        cls.member, cls.rivals = cls.memberships
        cls.Forecast = cls.env["partner.certification.forecast"]

    def _reach(self, tier=None):
        """Bring North on a tier, by certificates that end in February and June."""
        self.first = self._take_on(self.seller, date(2026, 2, 1))
        self.second = self._take_on(self.owner, date(2026, 6, 1))
        self.member._review_tiers()
        self.assertEqual(self.member.grade_id, tier or self.certified)

    def _foresee(self, members=None):
        (members or self.memberships)._refresh_forecast()
        return self.Forecast.search([])

    def _demand(self, policy="refuse", **values):
        self.env["partner.program.eligibility"].create(
            {
                "program_id": self.program.id,
                "code": "missing_certificate",
                "policy": policy,
            }
        )
        return self.env["partner.certification.demand"].create(
            {
                "program_id": self.program.id,
                "type_id": self.kind.id,
                "people": 2,
                **values,
            }
        )

    # === TIERS === #

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
        self.member._hold_tier(date(2027, 4, 1), "Agreed")
        self.assertFalse(self._foresee())
        self.member.action_release_tier()
        self.assertTrue(self._foresee())
        self.program.demotion_policy = "never"
        self.assertFalse(self._foresee())

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

    # === RIGHTS AND DEALS === #

    def test_rights_and_open_deals_are_lost(self):
        family = self.env["product.category"].create(
            {"name": "Robots", "is_channel_family": True}
        )
        self._demand(family_id=family.id)
        self._reach()
        leads = self.env["crm.lead"]._create_registrations(
            self.member,
            [
                {
                    "partner_name": name,
                    "product_family_id": family.id,
                    "expected_revenue": 5000,
                }
                for name in ("Acme", "Zen")
            ],
        )
        leads[0]._submit_registration()
        losses = self._foresee().filtered(lambda loss: loss.kind != "tier")
        self.assertEqual(
            sorted((loss.kind, loss.display_name, loss.amount) for loss in losses),
            sorted(
                [
                    ("right", "Robots", 0),
                    ("deal", leads[0].name, 5000),
                    ("deal", leads[1].name, 5000),
                ]
            ),
        )
        self.assertEqual(set(losses.mapped("date")), {date(2027, 2, 2)})
        self.assertEqual(losses.certification_ids, self.first)

    def test_without_the_check_no_right_is_lost(self):
        self._demand(policy="off")
        self._reach()
        self.assertEqual(self._foresee().mapped("kind"), ["tier"])

    def test_what_is_missing_today_is_not_lost_ahead(self):
        self._demand(people=3)
        self._reach()
        self.assertEqual(self._foresee().mapped("kind"), ["tier"])

    # === WHO SEES IT === #

    def test_the_home_page_says_what_to_renew_until_when(self):
        self._reach()
        self._foresee()
        for person, told in ((self.seller, True), (self.rival, False)):
            partner = self.env["res.partner"].with_user(person.user_ids)
            actions = partner._prepare_portal_home()["channel_actions"]
            risks = [
                (action["title"], action["date"])
                for action in actions
                if action["level"] == "danger"
            ]
            self.assertEqual(
                risks,
                [
                    (
                        "Tier Skilled is at risk: renew “Sales”, or 1 of 2 people hold "
                        "it",
                        date(2027, 2, 1),
                    )
                ]
                if told
                else [],
            )

    def test_managers_see_their_own_and_partners_nothing(self):
        self._reach()
        self._foresee()
        manager = new_test_user(
            self.env, "forecast_mine", "partner_channel.group_channel_manager"
        )
        other = new_test_user(
            self.env, "forecast_other", "partner_channel.group_channel_manager"
        )
        analyst = new_test_user(
            self.env, "forecast_analyst", "partner_channel.group_channel_analyst"
        )
        self.member.manager_id = manager
        for user, seen in ((manager, 1), (other, 0), (analyst, 1)):
            self.assertEqual(self.Forecast.with_user(user).search_count([]), seen)
        loss = self.Forecast.search([]).with_user(manager)
        with self.assertRaises(AccessError):
            loss.write({"people_left": 9})
        with self.assertRaises(AccessError):
            self.Forecast.with_user(self.seller.user_ids).search([])
        self.Forecast.with_user(manager).action_refresh()
        self.assertEqual(self.Forecast.with_user(manager).search_count([]), 1)
        with self.assertRaises(AccessError):
            self.Forecast.with_user(analyst).action_refresh()

    # === THE JOB === #

    def test_the_job_does_all_once_a_day(self):
        self._reach()
        cron = self.env.ref("partner_channel_lms.ir_cron_certification_forecast")
        for _night in range(2):
            with self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.env.invalidate_all()
            self.assertEqual(len(self.Forecast.search([])), 1)
        self.assertEqual(self.member.date_forecast, date(2027, 1, 15))
        user = new_test_user(self.env, "forecast_clerk", "base.group_user")
        with self.assertRaises(AccessError):
            self.env["partner.membership"].with_user(
                user
            )._cron_forecast_certifications()

    def test_many_partners_take_as_many_queries_as_two(self):
        def count(members):
            members.invalidate_recordset()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            losses = members.sudo()._forecast_losses()
            return self.env.cr.sql_log_count - before, len(losses)

        self._demand()
        other = self._create_person(self.south, "Sue South", "south")
        self._reach()
        for person in (self.rival, other):
            self._take_on(person, date(2026, 2, 10))
        self.memberships._review_tiers()
        few, losses = count(self.memberships)
        self.assertEqual(losses, 4)
        partners = self.env["res.partner"].create(
            [{"name": f"Partner {n}", "is_company": True} for n in range(8)]
        )
        people = self.env["res.partner"].create(
            [
                {"name": f"Person {n}", "parent_id": partner.id}
                for n in range(2)
                for partner in partners
            ]
        )
        for number, person in enumerate(people):
            self._take_on(person, date(2026, 2, 1 + number))
        members = self._create_memberships(partners)
        members._review_tiers()
        many, losses = count(self.memberships | members)
        self.assertEqual(losses, 20)
        self.assertLessEqual(many, few)
