"""What lies undecided, with whom and for how long: figures worked out by hand."""

from datetime import datetime

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import PartnerChannelCommon

NOW = "2028-03-15 12:00:00"


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestAgeing(PartnerChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Ageing = cls.env["partner.registration.ageing"]
        cls.analyst = cls._create_user(
            "anna.analyst", "partner_channel.group_channel_analyst"
        )

    def _lie(self, name, day, hour=12, membership=None):
        lead = self._register(
            membership or self.northwind,
            partner_name=name,
            customer_vat="",
            website="",
        )
        lead._set_protected({"date_submitted": datetime(2028, 3, day, hour)})
        return lead

    def _rows(self, user=None):
        rows = self.Ageing.with_user(user or self.head)
        return rows.search([("program_id", "=", self.program.id)])

    def test_days_are_full_days_in_their_bucket(self):
        expected = {
            "now": (15, 12, 0, "1"),
            "almost one": (14, 13, 0, "1"),
            "one": (14, 12, 1, "2"),
            "almost three": (12, 13, 2, "2"),
            "three": (12, 12, 3, "3"),
            "almost seven": (8, 13, 6, "3"),
            "seven": (8, 12, 7, "4"),
            "thirteen": (1, 13, 13, "4"),
            "fourteen": (1, 12, 14, "5"),
        }
        for name, (day, hour, _days, _bucket) in expected.items():
            self._lie(name, day, hour)
        found = {r.lead_id.partner_name: (r.days, r.bucket) for r in self._rows()}
        self.assertEqual(found, {name: v[2:] for name, v in expected.items()})

    def test_only_what_waits_for_the_vendor_counts(self):
        decided = self._lie("Decided", 1)
        returned = self._lie("Returned", 1)
        waiting = self._lie("Waiting", 1)
        decided._approve_registration()
        returned._return_registration("Who?")
        self.assertEqual(self._rows().lead_id, waiting)

    def test_it_lies_with_who_is_asked_else_with_the_channel_manager(self):
        plain = self._lie("Plain", 14)
        self.env["partner.approval.rule"].create(
            {
                "name": "All",
                "program_id": self.program.id,
                "approver_id": self.other_manager.id,
            }
        )
        asked = self._lie("Asked", 1)
        owners = {row.lead_id: row.owner_id for row in self._rows()}
        self.assertEqual(owners, {plain: self.manager, asked: self.other_manager})
        groups = self.Ageing.with_user(self.head)._read_group(
            [("program_id", "=", self.program.id)],
            ["owner_id", "bucket"],
            ["__count", "late:sum"],
        )
        found = {(owner, bucket): count for owner, bucket, count, _late in groups}
        self.assertEqual(found, {(self.manager, "2"): 1, (self.other_manager, "5"): 1})
        asked.with_user(self.other_manager).action_registration_approve()
        self.assertEqual(self._rows().lead_id, plain)

    def test_late_is_what_is_past_its_deadline(self):
        late, soon = self._lie("Late", 1), self._lie("Soon", 14)
        late._set_protected({"date_decision_due": datetime(2028, 3, 15, 11)})
        soon._set_protected({"date_decision_due": datetime(2028, 3, 15, 13)})
        self.assertEqual({r.lead_id: r.late for r in self._rows()}, {late: 1, soon: 0})

    def test_people_see_what_is_theirs_to_see(self):
        own = self._lie("Own", 1)
        foreign = self._lie("Foreign", 1, membership=self.contoso)
        self.assertEqual(self._rows(self.manager).lead_id, own)
        for user in (self.head, self.analyst):
            self.assertEqual(self._rows(user).lead_id, own | foreign)
        self.env["partner.approval.rule"].create(
            {
                "name": "All",
                "program_id": self.program.id,
                "approver_id": self.manager.id,
            }
        )
        asked = self._lie("Asked", 1, membership=self.contoso)
        self.assertEqual(self._rows(self.manager).lead_id, own | asked)
        self.assertEqual(
            self._rows(self.manager)[0].action_open_registration()["res_id"], own.id
        )
        with self.assertRefused(AccessError):
            self._rows(self.seller)
