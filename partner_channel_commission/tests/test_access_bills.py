from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import POSTING
from .dispute_common import DisputeCommon


@tagged("post_install", "-at_install")
class TestAccessBills(DisputeCommon):
    """Bills are for the same people as the statements they pay."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        other = cls._create_program("Resellers", cls.company)
        cls._create_plan(("sold", 5, POSTING), program=other)
        cls.other_member = cls._create_membership(cls.alpha, other)
        cls.seller = cls._create_staff(cls.alpha, "seller", "seller")
        cls.role = cls.env.ref("partner_channel_portal.portal_role_finance")

    def _create_other_bill(self):
        """Return the posted bill of a statement of Alpha in the second program."""
        deal = self._create_deal((self.other_member, "sold", 100))
        self._invoice_deal(deal, 400, date="2026-06-10")
        statement = self.Statement._create_statements(
            self.company, "2026-06-01", "2026-06-30", memberships=self.other_member
        )
        statement.action_send()
        statement.action_accept()
        statement.action_create_bill()
        statement.bill_id.action_post()
        return statement.bill_id

    def _find(self, user, bills):
        """Return which of the bills a person finds: as documents, and by lines."""
        self.env.flush_all()
        self.env.invalidate_all()
        documents = self.env["account.move"].with_user(user)
        lines = self.env["account.move.line"].with_user(user)
        found = documents.search([("id", "in", bills.ids)])
        by_lines = lines.search([("move_id", "in", bills.ids)]).move_id
        self.assertEqual(found, by_lines)
        readable = bills.with_user(user)._filtered_access("read")
        self.assertEqual(found, readable)
        return found

    def test_who_sees_the_money_of_one_program_sees_its_bills_only(self):
        first, second = self._bill(), self._create_other_bill()
        bills = first | second
        statements = bills.commission_payout_id
        self.assertEqual(self._find(self.finance, bills), bills)
        self.assertFalse(self._find(self.seller, bills))
        for member, bill in ((self.other_member, second), (self.alpha_member, first)):
            self.role.program_ids = member.program_id
            with self.subTest(program=member.program_id.name):
                self.assertEqual(self._find(self.finance, bills), bill)
                self.assertFalse(self._find(self.seller, bills))
                seen = self.Statement.with_user(self.finance).search([])
                self.assertEqual(seen & statements, bill.commission_payout_id)
                with self.assertRaises(AccessError):
                    (bills - bill).with_user(self.finance).read(["amount_total"])
        # a limited role counts while the membership runs
        self.alpha_member.action_terminate()
        self.assertFalse(self._find(self.finance, bills))
        self.role.program_ids = False
        self.assertEqual(self._find(self.finance, bills), bills)

    def test_who_sells_in_one_program_sees_no_bill_until_the_role_says_so(self):
        first, second = self._bill(), self._create_other_bill()
        role = self.seller.partner_id.portal_role_id
        role.program_ids = self.other_member.program_id
        self.assertFalse(self._find(self.seller, first | second))
        role.can_see_money = True
        self.assertEqual(self._find(self.seller, first | second), second)

    def test_the_bill_of_settled_lines_follows_as_well(self):
        dispute = self._dispute()
        bill = self._bill()
        self._decide(dispute, "action_refuse")
        self.statement.action_bill_settled()
        rest = dispute.bill_id
        rest.action_post()
        self.assertEqual(rest.commission_rest_id, self.statement)
        bills = bill | rest
        invoice = self.env["account.move"].search(
            [("partner_id", "=", self.alpha.id), ("move_type", "=", "out_invoice")],
            limit=1,
        )
        self.role.program_ids = self.other_member.program_id
        self.assertFalse(self._find(self.finance, bills))
        self.assertTrue(self._find(self.finance, invoice), "the partner buys as well")
        self.role.program_ids |= self.program
        self.assertEqual(self._find(self.finance, bills), bills)

    def test_a_bill_that_was_taken_back_follows_the_statement_it_was_made_for(self):
        bill = self._create_other_bill()
        bill._reverse_moves([{"invoice_date": "2026-07-20"}], cancel=True)
        self.assertFalse(bill.commission_statement_ids)
        self.assertEqual(bill.state, "posted")
        self.role.program_ids = self.program
        self.assertFalse(self._find(self.finance, bill))
        self.role.program_ids |= self.other_member.program_id
        self.assertEqual(self._find(self.finance, bill), bill)
