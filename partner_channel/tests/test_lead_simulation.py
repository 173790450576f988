from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .distribution_case import DistributionCase


@tagged("post_install", "-at_install")
class TestLeadSimulation(DistributionCase):
    def _simulate(self, rules, user=None, **values):
        wizard = self.env["partner.lead.simulation"].with_user(user or self.head)
        wizard = wizard.create({"rule_ids": rules.ids, **values})
        wizard.action_simulate()
        return wizard

    def test_it_shows_who_would_be_offered_and_offers_nothing(self):
        old = self._lead_rule()
        new = self._lead_rule(name="Trial", active=False, mode="parallel", parallel=2)
        leads = self._lead(3)
        given = self._lead(partner_assigned_id=self.contoso.partner_id.id)
        leads[0]._distribute()
        offers = self.Offer.search([])
        wizard = self._simulate(new, lead_count=4)
        self.assertEqual(
            wizard.line_ids.lead_id, (given | leads[::-1]).with_user(self.head)
        )
        self.assertEqual(len(wizard.line_ids), 8)
        self.assertEqual(wizard.line_ids.rule_id, new)
        self.assertIn("Drawn from 2", wizard.line_ids[0].why)
        wizard = self._simulate(old, lead_count=4)
        wizard.action_simulate()
        # Northwind has had a lead: the oldest of the four is Contoso's turn
        self.assertEqual(
            [line.membership_id.partner_id.name for line in wizard.line_ids],
            ["Northwind", "Contoso", "Northwind", "Contoso"],
        )
        self.assertEqual(self.Offer.search([]), offers)
        self.assertFalse(leads[1].distribution_state)

    def test_leads_without_a_partner_are_shown_as_such(self):
        rule = self._lead_rule(zips="99", mode="pool")
        self._lead(zip="99123")
        self._lead(zip="1")
        lines = self._simulate(rule, lead_count=2).line_ids
        self.assertEqual(lines.mapped("outcome"), ["none", "pool"])

    def test_limits_and_rights(self):
        rule = self._lead_rule()
        for count in (0, -1, 1001):
            with self.subTest(count), self.assertRefused(ValidationError, "1 and"):
                self._simulate(rule, lead_count=count)
        # analysts read no leads
        analyst = self._create_user("ada.a", "partner_channel.group_channel_analyst")
        clerk = self._create_user("sam.s", "base.group_user")
        for user in (self.seller, analyst, clerk):
            with self.subTest(user.login), self.assertRefused(AccessError):
                self._simulate(rule, user=user)

    def test_what_the_leads_themselves_used_is_free_again(self):
        rule = self._lead_rule(max_day=1, max_work=2)
        leads = self._lead(4)
        leads[:2]._distribute()
        self._open(leads[0])._accept()
        for number, lead in enumerate(leads):
            self.env.cr.execute(
                "UPDATE crm_lead SET create_date = %s WHERE id = %s",
                [f"2028-03-0{1 + number // 2} 10:00:00", lead.id],
            )
        self.env.invalidate_all()
        lines = self._simulate(rule, lead_count=4).line_ids
        self.assertEqual(lines.mapped("outcome"), ["offer"] * 4)
        rule.max_work = 1
        lines = self._simulate(rule, lead_count=4).line_ids
        outcomes = [line.outcome for line in lines]
        self.assertEqual(outcomes, ["fallback", "fallback", "offer", "offer"])
        # closed ones are no work
        leads[:2].action_set_lost()
        lines = self._simulate(rule, lead_count=4).line_ids
        self.assertEqual([line.outcome for line in lines], ["offer"] * 4)

    def test_who_had_no_room_has_it_the_next_day(self):
        rule = self._lead_rule(max_day=1)
        for number, lead in enumerate(self._lead(6)):
            self.env.cr.execute(
                "UPDATE crm_lead SET create_date = %s WHERE id = %s",
                [f"2028-03-0{1 + number // 3} 10:00:00", lead.id],
            )
        self.env.invalidate_all()
        lines = self._simulate(rule, lead_count=6).line_ids
        outcomes = [line.outcome for line in lines]
        self.assertEqual(outcomes, ["fallback", "offer", "offer"] * 2)

    def test_it_is_shown_to_who_asked(self):
        self._lead()
        wizard = self._simulate(self._lead_rule(), lead_count=1)
        for record in (wizard, wizard.line_ids):
            with self.subTest(record._name), self.assertRefused(AccessError):
                record.with_user(self.manager).read(["display_name"])
