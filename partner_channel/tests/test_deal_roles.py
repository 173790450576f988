from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PartnerChannelCommon


@tagged("post_install", "-at_install")
class TestDealRoles(PartnerChannelCommon):
    """Who has which part in a deal: never more than the whole, never lost."""

    def _create_deal(self, *roles, **values):
        return self.env["crm.lead"].create(
            {
                "name": "Deal",
                "type": "opportunity",
                "company_id": self.company.id,
                "deal_role_ids": [
                    Command.create(
                        {"membership_id": member.id, "role": role, "share": share}
                    )
                    for member, role, share in roles
                ],
                **values,
            }
        )

    def _parts(self, deal):
        return {
            (role.membership_id, role.role, role.share) for role in deal.deal_role_ids
        }

    # === SHARES === #

    def test_a_role_is_given_away_once(self):
        with self.assertRaisesRegex(ValidationError, "“Sold” on “Deal” add up to 150"):
            self._create_deal((self.northwind, "sold", 100), (self.contoso, "sold", 50))
        deal = self._create_deal(
            (self.northwind, "sold", 60), (self.contoso, "sold", 40)
        )
        with self.assertRaises(ValidationError):
            deal.deal_role_ids[0].share = 60.01
        with self.assertRaises(ValidationError):
            deal.deal_role_ids = [
                Command.update(deal.deal_role_ids[0].id, {"share": 70})
            ]

    def test_two_roles_and_two_deals_do_not_add_up(self):
        roles = ((self.northwind, "sold", 100), (self.contoso, "sourced", 100))
        deals = self._create_deal(*roles) | self._create_deal(*roles)
        self.assertEqual(len(deals.deal_role_ids), 4)

    def test_shares_change_hands_in_one_go(self):
        deal = self._create_deal(
            (self.northwind, "sold", 30), (self.contoso, "sold", 70)
        )
        first, second = deal.deal_role_ids
        deal.deal_role_ids = [
            Command.update(first.id, {"share": 70}),
            Command.update(second.id, {"share": 30}),
        ]
        deal.deal_role_ids = [
            Command.update(first.id, {"share": 100}),
            Command.delete(second.id),
        ]
        self.assertEqual(self._parts(deal), {(self.northwind, "sold", 100)})

    def test_a_context_from_outside_does_not_lift_the_limit(self):
        deal = self._create_deal((self.northwind, "sold", 100))
        with self.assertRaises(ValidationError):
            self.env["partner.deal.role"].with_context(deal_roles_together=True).create(
                {"lead_id": deal.id, "membership_id": self.contoso.id, "role": "sold"}
            )

    # === MERGING === #

    def test_merging_deals_keeps_the_partners_of_both(self):
        head = self._create_deal((self.northwind, "sold", 40), probability=90)
        tail = self._create_deal(
            (self.northwind, "sold", 30),
            (self.contoso, "sold", 60),
            (self.contoso, "influenced", 100),
            probability=5,
        )
        self.assertEqual((head | tail).merge_opportunity(), head)
        self.assertFalse(tail.exists())
        self.assertEqual(
            self._parts(head),
            {
                (self.northwind, "sold", 40),
                (self.contoso, "sold", 60),
                (self.contoso, "influenced", 100),
            },
        )

    def test_deals_that_give_one_role_to_two_are_merged_by_a_person(self):
        head = self._create_deal((self.northwind, "sold", 100), probability=90)
        tail = self._create_deal((self.contoso, "sold", 100), probability=5)
        with self.assertRaisesRegex(ValidationError, "add up to 200"):
            (head | tail).merge_opportunity()
