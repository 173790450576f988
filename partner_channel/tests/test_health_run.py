from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import PartnerChannelCommon, PartnerChannelInvoicingCommon

AT_RISK = "partner_channel.mail_activity_partner_at_risk"


@tagged("post_install", "-at_install")
@freeze_time("2028-03-01 12:00:00")
class TestHealthRun(PartnerChannelInvoicingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._measure_no_enablement()
        cls.northwind.date_start = date(2026, 1, 1)

    def _get_warnings(self):
        kind = self.env.ref(AT_RISK)
        return self.northwind.activity_ids.filtered(
            lambda activity: activity.activity_type_id == kind
        )

    def _fall(self):
        self._invoice(self.northwind.partner_id, 1_000, "2027-02-01")
        # 35 × 100 of 60: no engagement
        self.northwind._review_health(date(2027, 2, 28))
        self.assertEqual(self.northwind.health_state, "watch")
        return self.northwind._review_health(date(2028, 2, 29))

    def test_a_fall_reaches_the_managers_desk_once(self):
        self.assertEqual(self._fall(), self.northwind)
        self.assertEqual(self._get_warnings().user_id, self.manager)
        self.assertEqual(self._get_warnings().date_deadline, date(2028, 3, 4))
        self.assertFalse(self.northwind._review_health(date(2028, 3, 1)))
        self.assertEqual(len(self._get_warnings()), 1)

    def test_a_second_fall_is_told_once_the_first_was_looked_after(self):
        self._fall()
        self.northwind._review_health(date(2027, 2, 28))
        self.northwind._review_health(date(2028, 2, 29))
        self.assertEqual(len(self._get_warnings()), 1, "it is still on the desk")
        self._get_warnings().action_feedback()
        self.northwind._review_health(date(2027, 2, 28))
        self.northwind._review_health(date(2028, 2, 29))
        self.assertEqual(len(self._get_warnings()), 1)

    def test_who_starts_at_risk_has_not_fallen(self):
        self.assertFalse(self.northwind._review_health())
        self.assertEqual(self.northwind.health_state, "risk")
        self.assertFalse(self._get_warnings())

    def test_the_job_measures_once_a_day(self):
        self.contoso.action_terminate()
        cron = self.env.ref("partner_channel.ir_cron_review_health")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
            self.northwind._set_protected({"health_score": 77})
            cron.method_direct_trigger()
        self.assertEqual(self.northwind.date_health, date(2028, 3, 1))
        self.assertEqual(self.northwind.health_score, 77, "the day's work was done")
        self.assertFalse(self.contoso.date_health)

    def test_the_job_goes_on_where_it_was_stopped(self):
        """Batches of one; what stopped the first run is gone in the second."""
        module = "odoo.addons.partner_channel.models.program"
        self.enterContext(patch(f"{module}.partner_membership_health_mixin._BATCH", 1))
        memberships, measured = type(self.northwind), []
        review = memberships._review_health

        def stumble(batch, date=None):
            if batch == self.contoso and len(measured) == 1:
                measured.append("stopped")
                raise ValueError("out of memory")
            measured.extend(batch.ids)
            return review(batch, date)

        self.patch(memberships, "_review_health", stumble)
        running = self.env["partner.membership"].search(
            self.northwind._get_health_domain()
        )
        cron = self.env.ref("partner_channel.ir_cron_review_health")
        with (
            self.enter_registry_test_mode(),
            mute_logger("odoo.addons.base.models.ir_cron", "odoo.addons.base"),
        ):
            cron.method_direct_trigger()
            cron.method_direct_trigger()
        self.assertIn("stopped", measured)
        done = [entry for entry in measured if entry != "stopped"]
        self.assertEqual(sorted(done), sorted(running.ids), "nobody twice, nobody not")

    def test_the_job_is_the_systems(self):
        for user in (self.seller, self.manager, self.head):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["partner.membership"].with_user(user)._cron_review_health()

    def test_nothing_is_written_that_has_not_changed(self):
        self.northwind._review_health()
        self.env.flush_all()
        statements, execute = [], self.env.cr.execute

        def spy(query, *args, **kwargs):
            statements.append(getattr(query, "code", query))
            return execute(query, *args, **kwargs)

        self.patch(self.env.cr, "execute", spy)
        self.northwind._review_health()
        self.env.flush_all()
        writes = [query for query in statements if query.startswith("UPDATE")]
        self.assertEqual(len(writes), 1)
        self.assertIn("SET date_health", writes[0])


@tagged("post_install", "-at_install")
@freeze_time("2028-03-01 12:00:00")
class TestHealthAccess(PartnerChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._measure_no_enablement()
        cls._set_silent(cls.northwind, date(2028, 1, 31))
        cls._set_silent(cls.contoso, date(2028, 2, 29))

    @classmethod
    def _set_silent(cls, membership, day):
        membership._set_protected({"last_activity_date": day})

    def _search(self, *condition):
        found = self.env["partner.membership"].search(
            [condition, ("id", "in", (self.northwind | self.contoso).ids)]
        )
        return set(found.mapped("partner_id.name"))

    def test_partners_are_found_by_the_days_they_are_silent(self):
        self.assertEqual(self.northwind.silent_days, 30)
        both = {"Northwind", "Contoso"}
        for operator, value, expected in (
            (">=", 30, {"Northwind"}),
            (">", 30, set()),
            ("<", 30, {"Contoso"}),
            ("<=", 30, both),
            ("=", 30, {"Northwind"}),
            ("!=", 30, {"Contoso"}),
            ("in", [1, 30], both),
            ("not in", [1, 30], set()),
            (">=", 10**9, set()),
        ):
            with self.subTest(operator=operator, value=value):
                self.assertEqual(self._search("silent_days", operator, value), expected)

    def test_who_was_never_measured_is_not_silent(self):
        self._set_silent(self.contoso, False)
        self.assertEqual(self.contoso.silent_days, 0)
        self.assertEqual(self._search("silent_days", ">=", 1), {"Northwind"})
        self.assertEqual(self._search("silent_days", "<", 1), {"Contoso"})
        self.assertEqual(self._search("silent_days", "=", 0), {"Contoso"})

    def test_health_is_measured_and_not_set_by_hand(self):
        for values in (
            {"health_score": 100},
            {"health_state": "good"},
            {"last_activity_date": "2028-03-01"},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self.northwind.with_user(self.manager).write(values)

    @mute_logger("odoo.models", "odoo.orm.models")
    def test_partner_staff_learn_nothing_about_their_health(self):
        memberships = self.env["partner.membership"].with_user(self.seller)
        for name in (
            "health_score",
            "health_state",
            "health_evidence",
            "health_explanation",
            "last_activity_date",
            "silent_days",
            "date_health",
        ):
            with self.subTest(field=name), self.assertRaises(AccessError):
                memberships.browse(self.northwind.id).read([name])
            self.assertNotIn(name, memberships.fields_get())
        for condition in (
            ("health_state", "=", "risk"),
            ("silent_days", ">=", 30),
            ("last_activity_date", "!=", False),
        ):
            with self.subTest(condition=condition), self.assertRaises(AccessError):
                memberships.search([condition])

    def test_the_risk_list_is_the_managers_own(self):
        (self.northwind | self.contoso)._set_protected({"health_state": "risk"})
        self.contoso.manager_id = self.manager
        salesman = self._create_user("sam.sales", "sales_team.group_sale_salesman")
        memberships = self.env["partner.membership"].with_user(salesman)
        with self.assertRaises(AccessError), mute_logger("odoo.orm.models"):
            memberships.search([("health_state", "=", "risk")])
        far = self.env["res.users"].create(
            {
                "name": "Far",
                "login": "far.head",
                "company_id": self.other_company.id,
                "company_ids": [Command.set(self.other_company.ids)],
                "group_ids": [
                    Command.set(self.env.ref("partner_channel.group_channel_head").ids)
                ],
            }
        )
        memberships = self.env["partner.membership"].with_user(far)
        self.assertFalse(memberships.search([("health_state", "=", "risk")]))
