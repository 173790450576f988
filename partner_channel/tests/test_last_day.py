"""The last protected day ends at midnight where the company is, nowhere else."""

from datetime import date

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import PartnerChannelCommon


@tagged("post_install", "-at_install")
class TestLastDay(PartnerChannelCommon):
    """Two companies, at UTC-7 and at UTC+12, with a deal each until 30 May 2028."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "America/Los_Angeles"
        cls.other_company.partner_id.tz = "Pacific/Auckland"
        cls.program.update_days = 90
        far = cls._create_program("Far", cls.other_company, update_days=90)
        cls.far_member = cls._create_membership("Fabrikam", far)
        with freeze_time("2028-03-01 20:00:00"):
            cls.deal = cls._register(cls.northwind)
            cls.deal._approve_registration()
        with freeze_time("2028-02-29 20:00:00"):
            cls.far_deal = cls._register(cls.far_member)
            cls.far_deal._approve_registration()

    def _run(self, name, moment):
        cron = self.env.ref(f"partner_channel.{name}")
        with (
            freeze_time(moment),
            self.enter_registry_test_mode(),
            mute_logger("odoo.addons.base.models.ir_cron", "odoo.addons.base"),
        ):
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _expire_at(self, moment):
        self._run("ir_cron_expire_registrations", moment)
        return (self.deal | self.far_deal).mapped("registration_state")

    def test_both_end_at_midnight_of_their_company(self):
        both = self.deal | self.far_deal
        self.assertEqual(set(both.mapped("date_protection_end")), {date(2028, 5, 30)})
        # 30 May, 12:30 at both ends of the day
        self.assertEqual(self._expire_at("2028-05-30 11:30"), ["approved", "approved"])
        self.assertEqual(self._expire_at("2028-05-30 12:30"), ["approved", "expired"])
        # the job's own time: 00:30 UTC is the afternoon before in Los Angeles
        self.assertEqual(self._expire_at("2028-05-31 00:30"), ["approved", "expired"])
        self.assertEqual(self._expire_at("2028-05-31 07:30"), ["expired", "expired"])

    def test_an_update_is_due_until_midnight_of_the_company(self):
        def remind_at(moment):
            self._run("ir_cron_remind_of_updates", moment)
            both = self.deal | self.far_deal
            return [bool(lead.date_update_reminded) for lead in both]

        self.assertEqual(remind_at("2028-05-31 00:30"), [False, True])
        self.assertEqual(remind_at("2028-05-31 07:30"), [True, True])

    def test_a_rival_is_in_conflict_until_midnight_of_the_company(self):
        with freeze_time("2028-05-31 06:30:00"):  # 30 May, 23:30
            rival = self._register(self.contoso)
            self.assertEqual(rival._find_conflicts(), {rival.id: self.deal.ids})
            keys = [("vat", "DE123456788")]
            found = self.env["partner.deal.claim"]._search_conflicts(
                self.company, keys, exclude_leads=rival
            )
            self.assertEqual(found, self.deal)
        with freeze_time("2028-05-31 07:30:00"):
            self.assertEqual(rival._find_conflicts(), {})
            found = self.env["partner.deal.claim"]._search_conflicts(
                self.company, keys, exclude_leads=rival
            )
            self.assertFalse(found)
