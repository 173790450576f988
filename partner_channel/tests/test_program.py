import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PartnerChannelCommon


@tagged("post_install", "-at_install")
class TestProgram(PartnerChannelCommon):
    def test_a_new_member_starts_on_the_entry_tier(self):
        self.assertEqual(self.northwind.grade_id, self._grade("Registered"))
        self.assertEqual(
            self.northwind.partner_id.grade_id,
            self._grade("Registered"),
            "Odoo's own level follows the primary membership",
        )

    def test_an_existing_partner_is_taken_over_on_its_tier(self):
        partner = self.env["res.partner"].create({"name": "Old", "is_company": True})
        membership = self.env["partner.membership"].create(
            {
                "partner_id": partner.id,
                "program_id": self.program.id,
                "grade_id": self._grade("Gold").id,
            }
        )
        membership.action_activate()
        self.assertEqual(partner.grade_id, self._grade("Gold"))

    def test_a_partner_has_one_open_membership_in_a_program(self):
        values = {
            "partner_id": self.northwind.partner_id.id,
            "program_id": self.program.id,
        }
        with self.assertRaises(psycopg2.IntegrityError), mute_logger("odoo.sql_db"):
            self.env["partner.membership"].create(values)
        self.northwind.action_terminate()
        self.assertTrue(self.env["partner.membership"].create(values))

    def test_the_first_open_membership_is_primary(self):
        second = self.env["partner.membership"].create(
            {
                "partner_id": self.northwind.partner_id.id,
                "program_id": self._create_program("Integrator").id,
            }
        )
        self.assertTrue(self.northwind.is_primary)
        self.assertFalse(second.is_primary)

    def test_a_contact_cannot_be_the_partner(self):
        with self.assertRaises(ValidationError):
            self.env["partner.membership"].create(
                {
                    "partner_id": self.seller.partner_id.id,
                    "program_id": self.program.id,
                }
            )

    def test_states_change_by_actions_only(self):
        with self.assertRaises(AccessError):
            self.northwind.state = "terminated"
        with self.assertRaises(AccessError):
            self.northwind.grade_id = self._grade("Gold")
        self.northwind.action_terminate()
        self.northwind.action_terminate()
        with self.assertRaises(UserError) as refused:
            self.northwind.action_activate()
        self.assertIn("Terminated", str(refused.exception))
        self.assertFalse(self.northwind.partner_id.grade_id)

    def test_two_memberships_move_together(self):
        both = self.northwind | self.contoso
        both.action_suspend()
        self.assertEqual(both.mapped("state"), ["suspended", "suspended"])
        both.action_activate()
        self.assertEqual(both.mapped("state"), ["active", "active"])

    def test_families_cannot_contain_each_other(self):
        parent = self.env["product.category"].create(
            {"name": "Software", "is_channel_family": True}
        )
        with self.assertRaises(ValidationError):
            self.env["product.category"].create(
                {"name": "ERP", "parent_id": parent.id, "is_channel_family": True}
            )

    def test_the_default_program_uses_odoos_levels(self):
        program = self.env.ref("partner_channel.program_reseller")
        names = program.grade_ids.sorted("sequence").mapped("name")
        self.assertEqual(
            names, ["Platinum", "Gold", "Silver", "Certified", "Registered"]
        )
        gold = self.env.ref(
            "partnership.res_partner_grade_data_gold", raise_if_not_found=False
        )
        if gold:
            self.assertEqual(gold.program_id, program)
