"""Deals of the certified and of others: figures worked out by hand."""

from datetime import date, datetime

from odoo.tests import freeze_time, tagged

from .training_case import TrainingCase

SPRING = date(2028, 3, 1)


@tagged("post_install", "-at_install")
class TestCertifiedDealReport(TrainingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2028-06-15 12:00:00"))
        cls.env.company.partner_id.tz = "UTC"
        cls.reason = cls.env["crm.lost.reason"].create({"name": "Too dear"})
        cls.Report = cls.env["partner.certified.deal.report"]

    def _end(self, lead, won=True, day=date(2028, 3, 11)):
        """Win or lose a deal, at noon of a day."""
        if won:
            lead.action_set_won()
        else:
            lead.action_set_lost(lost_reason_id=self.reason.id)
        lead.date_closed = datetime(day.year, day.month, day.day, 12)
        return lead

    def _row(self, lead, kind=None):
        self._flush()
        kind = kind or self.kind
        return self.Report.search(
            [("lead_id", "=", lead.id), ("type_id", "=", kind.id)]
        )

    def _held(self, lead, kind=None):
        row = self._row(lead, kind)
        return row.partner_held, row.seller_held

    def test_the_day_of_registration_decides(self):
        self._issue(self.seller, date(2028, 2, 1), date(2028, 4, 1))
        leads = {
            day: self._end(self._register_on(day, person=self.seller))
            for day in (
                date(2028, 1, 31),
                date(2028, 2, 1),
                date(2028, 4, 1),
                date(2028, 4, 2),
            )
        }
        self.assertEqual(
            [self._held(lead) for lead in leads.values()],
            [("none", "none"), ("held", "held"), ("held", "held"), ("none", "none")],
        )

    def test_the_day_is_the_companys(self):
        self.env.company.partner_id.tz = "Pacific/Kiritimati"  # 14 hours ahead
        self._issue(self.seller, date(2028, 2, 1), date(2028, 4, 1))
        lead = self._end(self._register_on(date(2028, 4, 1), person=self.seller))
        self.assertEqual(self._held(lead), ("none", "none"), "there it is the 2nd")

    def test_a_colleagues_certificate_is_the_partners_not_the_sellers(self):
        self._issue(self.owner, date(2028, 1, 1))
        lead = self._end(self._register_on(SPRING, person=self.seller))
        rivals = self._end(
            self._register_on(SPRING, member=self.rivals, person=self.rival)
        )
        self.assertEqual(self._held(lead), ("held", "none"))
        self.assertEqual(self._held(rivals), ("none", "none"))
        vendors = self._end(self._register_on(date(2028, 3, 2)))
        self.assertEqual(self._held(vendors), ("held", "none"), "nobody registered")

    def test_the_past_does_not_change_with_the_employer(self):
        self._issue(self.seller, date(2028, 1, 1))
        lead = self._end(self._register_on(SPRING, person=self.seller))
        rivals = self._end(
            self._register_on(SPRING, member=self.rivals, person=self.rival)
        )
        self.seller.parent_id = self.south
        self.assertEqual(self._held(lead), ("held", "held"))
        self.assertEqual(self._held(rivals), ("none", "none"))

    def test_a_revoked_certificate_held_on_no_day(self):
        self._issue(self.seller, date(2028, 1, 1))._revoke("Taken by another")
        lead = self._end(self._register_on(SPRING, person=self.seller))
        self.assertEqual(self._held(lead), ("none", "none"))

    def test_only_registered_deals_that_have_ended(self):
        running = self._register_on(SPRING)
        own = self.env["crm.lead"].create({"name": "Own", "type": "opportunity"})
        own.action_set_won()
        refused = self.env["crm.lead"]._create_registrations(
            self.member, [{"partner_name": "Refused"}]
        )
        refused._submit_registration()
        refused._reject_registration("conflict")
        for lead in (running, own, refused):
            self.assertFalse(self._row(lead))

    def test_win_rate_and_cycle_by_competence(self):
        other = self._create_kind("Engineer")
        self._issue(self.seller, date(2028, 1, 1))
        plan = [
            # (day, member, won, closed)
            (date(2028, 3, 1), self.member, True, date(2028, 3, 11)),  # 10 days
            (date(2028, 3, 2), self.member, True, date(2028, 3, 22)),  # 20 days
            (date(2028, 3, 3), self.member, False, date(2028, 3, 4)),
            (date(2028, 3, 4), self.rivals, True, date(2028, 4, 3)),  # 30 days
            (date(2028, 3, 5), self.rivals, False, date(2028, 3, 6)),
        ]
        for day, member, won, closed in plan:
            self._end(self._register_on(day, member=member), won, closed)
        self._flush()
        groups = {
            (kind, held): tuple(values)
            for kind, held, *values in self.Report._read_group(
                [("program_id", "=", self.program.id)],
                ["type_id", "partner_held"],
                ["__count", "win_rate:avg", "days_to_win:avg"],
            )
            if kind in self.kind | other
        }
        self.assertEqual(
            {key: (n, round(rate, 2), days) for key, (n, rate, days) in groups.items()},
            {
                (self.kind, "held"): (3, 66.67, 15),
                (self.kind, "none"): (2, 50, 30),
                (other, "none"): (5, 60, 20),
            },
        )

    def test_two_companies_and_their_currencies(self):
        company, program = self._create_other_company()
        other = self.env["partner.membership"].create(
            {"partner_id": self.north.id, "program_id": program.id}
        )
        other.action_activate()
        first = self._end(self._register_on(SPRING, expected_revenue=100))
        second = self._end(self._register_on(SPRING, member=other, expected_revenue=70))
        lost = self._end(self._register_on(date(2028, 3, 9), expected_revenue=9), False)
        rows = [self._row(lead) for lead in (first, second, lost)]
        self.assertEqual([row.won_revenue for row in rows], [100, 70, 0])
        self.assertEqual(
            [row.currency_id for row in rows[:2]],
            [self.env.company.currency_id, company.currency_id],
        )
        self.assertNotEqual(rows[0].currency_id, rows[1].currency_id)
        self.assertEqual(rows[1].company_id, company)

    def test_archived_certifications_are_left_out(self):
        lead = self._end(self._register_on(SPRING))
        self.assertTrue(self._row(lead))
        self.requirement.unlink()
        self.kind.active = False
        self.assertFalse(self._row(lead))
