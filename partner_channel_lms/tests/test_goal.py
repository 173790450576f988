from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, tagged

from ..hooks import uninstall_hook
from .common import CertificationCommon


@tagged("post_install", "-at_install")
@freeze_time("2027-01-15")
class TestGoal(CertificationCommon):
    def _create_goal(self, **values):
        return self.env["partner.goal"].create(
            {
                "metric": "certified_people",
                "certification_type_id": self.kind.id,
                "plan": 2,
                "period": "year",
                "date_start": date(2027, 1, 1),
                **values,
            }
        )

    def test_a_goal_counts_the_people_of_one_certification(self):
        goals = self._create_goal(program_id=self.program.id)
        for membership in self.memberships:
            goals |= self._create_goal(membership_id=membership.id)
        self._take_on(self.seller, date(2026, 6, 1))
        self._take_on(self.rival, date(2026, 6, 1))
        self._take_on(self.owner, date(2025, 6, 1))
        self.assertEqual(goals.mapped("fact"), [2, 1, 1], "today's, of the network too")
        self.assertEqual(goals.mapped("forecast"), [2, 1, 1])
        self.assertIn("Certified people (Sales)", goals[0].display_name)

    def test_a_goal_names_its_certification_and_keeps_it(self):
        with self.assertRaises(ValidationError):
            self._create_goal(program_id=self.program.id, certification_type_id=False)
        goal = self._create_goal(program_id=self.program.id)
        goal.action_agree()
        with self.assertRaises(UserError):
            goal.certification_type_id = False

    def test_uninstalling_takes_the_goals_along(self):
        goal = self._create_goal(
            program_id=self.program.id, date_start=date(2026, 1, 1)
        )
        goal.action_agree()
        goal.action_close()
        uninstall_hook(self.env)
        self.assertFalse(goal.exists())
