"""Which expiries will cost which partner its rights and deals, and who is told."""

from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .forecast_case import ForecastCommon


@tagged("post_install", "-at_install")
class TestForecastOfRights(ForecastCommon):
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
                if "at risk" in action["title"]
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
