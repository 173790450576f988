from odoo.fields import Command
from odoo.tests import tagged

from .case import QueryCountCase
from .team_common import TeamMixin


@tagged("post_install", "-at_install")
class TestTeamPerformance(TeamMixin, QueryCountCase):
    """The pages of a team cost the same for few people and for many."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpTeam()

    def measure_all(self):
        return {
            "list": self.measure("/my/team"),
            "list, last page": self.measure("/my/team/page/9999?sortby=role"),
            "person": self.measure(f"/my/team/{self.seller.partner_id.id}"),
            "invitation": self.measure("/my/team/invite"),
        }

    def test_pages_cost_the_same_for_8_and_308_people(self):
        # a page is full in both measurements
        self._add_people(20)
        self.login(self.owner)
        few = self.measure_all()
        self._add_people(280)
        self.assertEqual(self.measure_all(), few)
        for name, count in few.items():
            with self.subTest(page=name):
                self.assertLessEqual(count, 40)

    def _add_people(self, count):
        people = self.env["res.partner"].create(
            [
                {
                    "name": f"Person {number}",
                    "email": f"p{count}.{number}@alpha.example",
                    "parent_id": self.alpha.id,
                    "portal_role_id": self.get_role("viewer").id,
                }
                for number in range(count)
            ]
        )
        self.env["res.users"].with_context(no_reset_password=True).create(
            [
                {
                    "login": person.email,
                    "partner_id": person.id,
                    "company_id": self.vendor.id,
                    "company_ids": [Command.link(self.vendor.id)],
                    "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
                }
                for person in people
            ]
        )
