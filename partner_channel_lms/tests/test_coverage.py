"""Certified people beside those asked for: figures worked out by hand."""

from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .training_case import TrainingCase

DAY = date(2028, 3, 15)


@tagged("post_install", "-at_install")
class TestCoverage(TrainingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2028-03-15 12:00:00"))
        cls.germany, cls.france = cls.env.ref("base.de"), cls.env.ref("base.fr")
        cls.Report = cls.env["partner.certification.coverage"]

    def _rows(self, member=None):
        """Return ``{source: (certified, required, missing, covered)}`` of a member."""
        self._flush()
        member = member or self.member
        rows = self.Report.search([("membership_id", "=", member.id)])
        return {
            row.source: (row.certified, row.required, row.missing, row.coverage)
            for row in rows
        }

    def test_the_next_tier_asks_two_partners(self):
        self._issue(self.owner, date(2028, 1, 1))
        self._issue(self.seller, date(2028, 1, 1), date(2028, 3, 14))
        self.assertEqual(self._rows(), {"next": (1, 2, 1, 50.0)})
        self.assertEqual(self._rows(self.rivals), {"next": (0, 2, 2, 0.0)})

    def test_the_last_valid_day_counts_and_nobody_counts_twice(self):
        self._issue(self.seller, date(2027, 1, 1), DAY)
        self._issue(self.seller, date(2028, 1, 1))
        self._issue(self.owner, date(2028, 1, 1), DAY)
        self.assertEqual(self._rows(), {"next": (2, 2, 0, 100.0)})
        with freeze_time("2028-03-16 12:00:00"):
            self.assertEqual(self._rows(), {"next": (1, 2, 1, 50.0)})

    def test_the_day_is_the_companys(self):
        self.env.company.partner_id.tz = "Pacific/Kiritimati"  # 14 hours ahead
        self._issue(self.owner, date(2028, 1, 1), DAY)
        self.assertEqual(self._rows()["next"][0], 0, "there it is the 16th")

    def test_revoked_archived_and_future_count_for_nothing(self):
        self._issue(self.owner, date(2028, 1, 1))._revoke("No")
        self._issue(self.seller, date(2028, 3, 16))
        person = self._create_person(self.north, "Ann Archived", "archived")
        self._issue(person, date(2028, 1, 1))
        person.user_ids.active = False
        person.active = False
        self.assertEqual(self._rows(), {"next": (0, 2, 2, 0.0)})

    def test_people_count_for_whom_they_work_now(self):
        self._issue(self.seller, date(2028, 1, 1))
        self.seller.parent_id = self.south
        self.assertEqual(self._rows(), {"next": (0, 2, 2, 0.0)})
        self.assertEqual(self._rows(self.rivals), {"next": (1, 2, 1, 50.0)})

    def test_the_tier_of_today_and_the_program(self):
        self._issue(self.owner, date(2028, 1, 1))
        self.member._set_tier(self.certified, DAY)
        self._demand(people=4)
        self.assertEqual(
            self._rows(), {"tier": (1, 2, 1, 50.0), "deal": (1, 4, 3, 25.0)}
        )

    def test_only_the_next_tier_with_requirements_is_told(self):
        empty, top = self.env["res.partner.grade"].create(
            [
                {"name": "By Hand", "sequence": 85, "program_id": self.program.id},
                {"name": "Top", "sequence": 70, "program_id": self.program.id},
            ]
        )
        self.requirement.copy({"grade_id": top.id, "threshold": 3})
        rows = self.Report.search([("membership_id", "=", self.member.id)])
        self.assertEqual(rows.asked_grade_id, self.certified)
        self.member._set_tier(self.certified, DAY)
        self.assertEqual(self._rows(), {"tier": (0, 2, 2, 0.0), "next": (0, 3, 3, 0.0)})
        self.assertFalse(empty.requirement_ids)

    def test_a_tier_that_counts_points_needs_its_minimum_only(self):
        self.requirement.write({"points": 10, "minimum": 1})
        self.certified.points_needed = 10
        self.assertEqual(self._rows(), {"next": (0, 1, 1, 0.0)})
        self.requirement.minimum = 0
        self.assertEqual(self._rows(), {})

    def test_demands_of_other_tiers_are_not_asked(self):
        self._demand(people=2, grade_ids=[Command.set(self.certified.ids)])
        self.assertEqual(list(self._rows()), ["next"])
        self.member._set_tier(self.certified, DAY)
        self.assertEqual(sorted(self._rows()), ["deal", "tier"])

    def test_what_the_program_does_not_check_is_not_asked(self):
        self._demand(people=2, policy="off")
        self.assertEqual(list(self._rows()), ["next"])
        rule = self.program.eligibility_ids
        rule.policy = "warn"
        self.assertEqual(sorted(self._rows()), ["deal", "next"])
        rule.unlink()
        self.assertEqual(list(self._rows()), ["next"])

    def test_people_of_the_country_and_the_weakest_country(self):
        for person, country in ((self.owner, self.germany), (self.seller, self.france)):
            person.write({"type": "other", "country_id": country.id})
            self._issue(person, date(2028, 1, 1))
        demand = self._demand(
            is_local=True, country_ids=[Command.set((self.germany | self.france).ids)]
        )
        self.assertEqual(self._rows()["deal"], (1, 1, 0, 100.0))
        self.seller.country_id = self.germany
        self.assertEqual(self._rows()["deal"], (0, 1, 1, 0.0), "nobody in France")
        demand.country_ids = False
        self.assertEqual(self._rows()["deal"], (0, 1, 1, 0.0), "home is unknown")
        self.north.country_id = self.germany
        self.owner.country_id = self.seller.country_id = self.germany
        self.assertEqual(self._rows()["deal"], (2, 1, 0, 100.0))
        demand.is_local = False
        self.assertEqual(self._rows()["deal"], (2, 1, 0, 100.0))

    def test_who_has_left_is_asked_nothing(self):
        self.member.action_suspend()
        self.assertEqual(list(self._rows()), ["next"])
        self.member.action_terminate()
        self.assertEqual(self._rows(), {})

    def test_each_company_has_its_own_rows(self):
        _company, program = self._create_other_company()
        other = self.env["partner.membership"].create(
            {"partner_id": self.north.id, "program_id": program.id}
        )
        other.action_activate()
        self._demand(people=3, program_id=program.id)
        self._issue(self.owner, date(2028, 1, 1))
        self.assertEqual(self._rows(other)["deal"][:3], (1, 3, 2))
        self.assertEqual(self._rows(), {"next": (1, 2, 1, 50.0)})
        ids = self.Report.search([("partner_id", "=", self.north.id)]).ids
        self.assertEqual(len(ids), 2)
        self.assertEqual(len(set(ids)), 2)

    def test_rows_can_be_read_again_by_their_ids(self):
        self._demand(people=2)
        rows = self.Report.search([("program_id", "=", self.program.id)])
        self.assertEqual(len(rows), 4)
        self.env.invalidate_all()
        again = self.Report.browse(rows.ids)
        self.assertEqual(
            sorted(row.partner_id.name for row in again),
            ["North", "North", "South", "South"],
        )
        [sums] = self.Report._read_group(
            [("program_id", "=", self.program.id)],
            [],
            ["required:sum", "certified:sum", "missing:sum"],
        )
        self.assertEqual(sums, (8, 0, 8))

    # === STAT BUTTONS === #

    def test_the_partner_the_program_and_the_button_tell_the_same(self):
        self.member._set_tier(self.certified, DAY)
        self._demand(people=1)
        for person in (self.owner, self.seller, self.rival):
            self._issue(person, date(2028, 1, 1))
        self._flush()
        partners = self.north | self.south
        # North: 2 of 2 for the tier, 1 of 1 for deals; South: 1 of 1
        self.assertEqual(partners.mapped("certification_coverage"), ["3 / 3", "1 / 1"])
        self.assertFalse(self.owner.certification_coverage, "of companies only")
        self.assertEqual(self.program.certification_short_count, 0)
        self._certificates(self.rival)._revoke("No")
        self._flush()
        self.assertEqual(self.south.certification_coverage, "0 / 1")
        self.assertEqual(self.program.certification_short_count, 1)
        for record in (self.south, self.program):
            action = record.action_view_certification_coverage()
            rows = self.env[action["res_model"]].search(action["domain"])
            self.assertIn(self.rivals, rows.membership_id)

    def test_many_partners_cost_what_one_costs(self):
        def queries(partners):
            self._flush()
            before = self.env.cr.sql_log_count
            partners.mapped("certification_coverage")
            return self.env.cr.sql_log_count - before

        queries(self.north)
        one = queries(self.north)
        self.assertEqual(queries(self.north | self.south), one)
