"""Stage, sponsor, territory, source; roles; taking over Odoo's Resellers."""

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PartnerChannelCommon


@tagged("post_install", "-at_install")
class TestMembership(PartnerChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.analyst = cls._create_user(
            "anna.analyst", "partner_channel.group_channel_analyst"
        )
        cls.coordinator = cls._create_user(
            "carl.coordinator", "partner_channel.group_channel_coordinator"
        )

    # === FACTS === #

    def test_a_membership_is_found_by_partner_and_program(self):
        """As typed into a field, also by a manager of these partners only."""
        members = self.env["partner.membership"].with_user(self.manager)
        name = self.northwind.partner_id.name
        found = [row[0] for row in members.name_search(name)]
        self.assertIn(self.northwind.id, found)
        self.assertNotIn(self.contoso.id, found)
        self.assertIn(
            self.northwind.id, [r[0] for r in members.name_search(self.program.name)]
        )

    def test_the_contact_follows_the_stage_of_its_primary_membership(self):
        stage = self.env.ref("partner_channel.partner_membership_stage_operational")
        both = self.northwind | self.contoso
        both.with_user(self.head).stage_id = stage
        self.assertEqual(both.partner_id.activation, stage.activation_id)

    def test_a_distributors_partners_stand_under_it_at_any_depth(self):
        third = self._create_membership("Initech")
        self.contoso.sponsor_id = self.northwind
        third.sponsor_id = self.contoso
        below = self.env["partner.membership"].search(
            [("id", "child_of", self.northwind.ids)]
        )
        self.assertEqual(below, self.northwind | self.contoso | third)
        self.assertEqual(self.northwind.sub_membership_count, 1)
        self.assertEqual(
            self.env["partner.membership"].search(
                self.northwind.action_open_sub_memberships()["domain"]
            ),
            self.contoso | third,
        )

    def test_somebody_active_looks_after_a_partner(self):
        both = self.northwind | self.contoso
        leader = self._create_user("lea", "partner_channel.group_channel_manager")
        both.team_id = self.env["crm.team"].create(
            {"name": "Channel", "user_id": leader.id, "company_id": self.company.id}
        )
        self.program.head_id = self.head
        both.manager_id = self.manager
        for user in (self.manager, self.head, leader, self.env["res.users"]):
            for memberships in (self.northwind, self.contoso, both):
                self.assertEqual(memberships._get_responsible_user(), user)
            user.active = False

    def test_sponsors_in_a_circle_are_refused(self):
        third = self._create_membership("Initech")
        self.contoso.sponsor_id = self.northwind
        third.sponsor_id = self.contoso
        with self.assertRefused(ValidationError, "Northwind", "sponsor"):
            self.northwind.sponsor_id = third
        with self.assertRefused(ValidationError, "Northwind"):
            self.northwind.sponsor_id = self.northwind

    def test_a_partner_does_not_sponsor_itself_in_another_program(self):
        twin = self.env["partner.membership"].create(
            {
                "partner_id": self.northwind.partner_id.id,
                "program_id": self._create_program("Integrator").id,
            }
        )
        with self.assertRefused(ValidationError, "its own sponsor"):
            twin.sponsor_id = self.northwind

    def test_a_state_outside_the_countries_is_refused(self):
        state = self.env.ref("base.state_us_5")
        with self.assertRefused(ValidationError, state.name, state.country_id.name):
            self.northwind.write(
                {
                    "territory_country_ids": [Command.set(self.env.ref("base.de").ids)],
                    "territory_state_ids": [Command.set(state.ids)],
                }
            )

    # === ROLES === #

    def test_an_analyst_reads_all_and_changes_nothing(self):
        lead = self._register(self.northwind)
        both = (self.northwind | self.contoso).with_user(self.analyst)
        self.assertEqual(len(both.mapped("display_name")), 2)
        self.assertTrue(both.tier_change_ids)
        self.assertEqual(lead.with_user(self.analyst).name, lead.name)
        for record, values in (
            (self.northwind, {"manager_id": self.analyst.id}),
            (lead, {"name": "Mine"}),
            (self.program, {"name": "Mine"}),
        ):
            with self.subTest(record._name), self.assertRaises(AccessError):
                record.with_user(self.analyst).write(values)
        for action in ("action_suspend", "action_terminate", "action_release_tier"):
            with self.subTest(action), self.assertRaises(AccessError):
                getattr(self.northwind.with_user(self.analyst), action)()
        with self.assertRaises(AccessError):
            lead.with_user(self.analyst).action_registration_approve()

    def test_a_coordinator_prepares_but_does_not_decide(self):
        partner = self.env["res.partner"].create({"name": "New", "is_company": True})
        membership = (
            self.env["partner.membership"]
            .with_user(self.coordinator)
            .create({"partner_id": partner.id, "program_id": self.program.id})
        )
        membership.manager_id = self.manager
        self.northwind.with_user(self.coordinator).write(
            {"competence_ids": [Command.create({"name": "Mills"})]}
        )
        lead = self._register(self.contoso)
        refused = (
            (self.northwind, "action_terminate"),
            (self.northwind, "action_suspend"),
            (self.northwind, "action_release_tier"),
            (lead, "action_registration_approve"),
        )
        for record, action in refused:
            with self.subTest(action), self.assertRaises(AccessError):
                getattr(record.with_user(self.coordinator), action)()

    def test_nobody_sees_another_companys_partners(self):
        program = self._create_program("Elsewhere", company=self.other_company)
        far = self._create_membership("Fabrikam", program=program)
        for user in (self.analyst, self.coordinator, self.head, self.manager):
            with self.subTest(user.login):
                found = self.env["partner.membership"].with_user(user).search([])
                self.assertNotIn(far, found)

    # === TAKING OVER === #

    def _create_graded(self, special, activation):
        """Return two companies that Odoo's Resellers have graded."""
        old, older = self.env["res.partner"].create(
            [
                {
                    "name": "Old",
                    "is_company": True,
                    "grade_id": self._grade("Silver").id,
                    "date_partnership": "2020-05-01",
                    "activation": activation.id,
                    "user_id": self.manager.id,
                },
                {"name": "Older", "is_company": True, "grade_id": special.id},
            ]
        )
        self.env["res.partner"].create(
            {"name": "Person", "parent_id": old.id, "grade_id": special.id}
        )
        return old, older

    def test_graded_companies_are_proposed_on_the_level_they_have(self):
        special = self.env["res.partner.grade"].create(
            {"name": "Strategic", "sequence": 0}
        )
        activation = self.env.ref(
            "website_crm_partner_assign.res_partner_activation_data_ramp_up"
        )
        old, older = self._create_graded(special, activation)
        wizard = (
            self.env["partner.membership.propose"]
            .with_user(self.head)
            .create({"program_id": self.program.id})
        )
        self.assertLessEqual(old | older, wizard.partner_ids)
        wizard.partner_ids = old | older
        wizard.activate = True
        wizard.action_apply()
        first, second = old.membership_ids, older.membership_ids
        self.assertEqual(first.grade_id, self._grade("Silver"))
        self.assertEqual(str(first.date_start), "2020-05-01")
        self.assertEqual(first.manager_id, self.manager)
        self.assertEqual(first.stage_id.activation_id, activation)
        self.assertEqual(second.grade_id, special)
        self.assertEqual(old.grade_id, self._grade("Silver"))
        (first | second)._review_tiers()
        self.assertEqual(second.grade_id, special, "given by hand, kept by hand")
        wizard = self.env["partner.membership.propose"].create(
            {"program_id": self.program.id}
        )
        self.assertFalse(wizard.partner_ids & (old | older), "only once")
