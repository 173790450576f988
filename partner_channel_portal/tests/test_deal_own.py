"""Record rules look the own memberships up: today's, and without a join."""

from odoo.exceptions import AccessError
from odoo.modules.migration import load_script
from odoo.tests import tagged
from odoo.tools.misc import file_path

from .common import PortalFormCase


@tagged("post_install", "-at_install")
class TestDealOwn(PortalFormCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.alpha_membership.sponsor_id = cls.beta_membership
        cls.deals = cls._create_deals(cls.seller, 2, submit=True)
        cls.deals._approve_registration()

    def find(self, user):
        """Return which of the deals a person finds, and may read."""
        deals = self.env["crm.lead"].with_user(user)
        found = deals.search([("id", "in", self.deals.ids)])
        readable = deals.browse(self.deals.ids)._filtered_access("read")
        self.assertEqual(found.sorted("id"), readable.sorted("id"))
        return found.sudo(False)

    def test_whose_deals_they_are_is_asked_on_the_day(self):
        """The rule is cached, what it says is not."""
        self.assertEqual(len(self.find(self.seller)), 2)
        self.assertEqual(len(self.find(self.rival)), 2)
        self.alpha_membership.action_suspend()
        self.assertEqual(len(self.find(self.seller)), 2)
        self.assertEqual(len(self.find(self.rival)), 2)
        self.alpha_membership.action_terminate()
        self.assertFalse(self.find(self.seller))
        self.assertFalse(self.find(self.rival))

    def test_a_distributor_whose_membership_ended_finds_nothing(self):
        self.assertEqual(len(self.find(self.rival)), 2)
        self.beta_membership.action_terminate()
        self.assertFalse(self.find(self.rival))
        self.assertEqual(len(self.find(self.seller)), 2)

    def test_a_mother_company_reads_the_deals_of_its_daughter(self):
        company, membership = self._create_partner("Daughter")
        company.parent_id = self.alpha
        seller = self._create_staff(company, "daughter", "seller")
        self.deals = self._create_deals(seller, 2)
        self.assertEqual(len(self.find(self.owner)), 2)
        membership.action_terminate()
        self.assertFalse(self.find(self.owner))

    def test_no_query_joins_the_memberships(self):
        """PostgreSQL plans such a join longer than it reads a page of deals."""
        for user in (self.seller, self.rival):
            query = self.env["crm.lead"].with_user(user)._search([])
            self.assertNotIn("JOIN", query.select().code)

    def test_nobody_reads_the_fields_of_the_rules(self):
        for name in ("is_running", "is_own_distributor", "is_in_own_program"):
            with self.assertRaises(AccessError):
                self.deals.with_user(self.seller).read([name])

    def test_an_upgrade_brings_the_rules(self):
        rules = (
            "partner_channel.crm_lead_distributor_portal_rule",
            "partner_channel_portal.crm_lead_portal_role_rule",
        )
        rules = self.env["ir.rule"].concat(*map(self.env.ref, rules))
        new = rules.mapped("domain_force")
        rules.domain_force = "[('membership_id.state', '=', 'active')]"
        for path in (
            "partner_channel/migrations/19.0.1.5.0/post-rules.py",
            "partner_channel_portal/migrations/19.0.1.4.0/post-rules.py",
        ):
            script = load_script(file_path(path), "post-rules")
            for _time in range(2):
                script.migrate(self.cr, "19.0.1.3.0")
        self.assertEqual(rules.mapped("domain_force"), new)
        self.assertEqual(len(self.find(self.seller)), 2)
