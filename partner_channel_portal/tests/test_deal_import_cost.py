from odoo.tests import tagged

from .case import QueryCountCase
from .import_case import ImportCase


@tagged("post_install", "-at_install")
class TestDealImportCost(ImportCase, QueryCountCase):
    """What a table of deals asks the database."""

    def make_table(self, name, number):
        """Return a good table: the first row is a rival's customer as well."""
        rows = [self.get_row(f"{name} {n} Ltd") for n in range(number)]
        self._create_deals(
            self.rival, partner_name=name, email_from=f"a@{name.lower()}0ltd.example"
        )._submit_registration()
        return self.make_csv(*rows)

    def count_preview(self, content):
        """Return the table, and what reading it asked."""
        self.env.flush_all()
        self.env.invalidate_all()
        tables = self.env["partner.registration.import"].with_user(self.seller)
        with self.count_queries() as counted:
            table, errors = tables._portal_read(content, "", True)
            table.flush_recordset()
        self.assertFalse(errors)
        self.assertFalse([row for row in table.rows if row["errors"]])
        self.assertTrue(table.rows[0]["note"], "a rival has the first one")
        self.assertFalse(table.rows[1]["note"])
        return table, len(counted)

    def count_confirmation(self, table):
        self.env.flush_all()
        self.env.invalidate_all()
        with self.count_queries() as counted:
            table._portal_confirm()
            self.env.flush_all()
        self.assertTrue(all(row["deal_id"] for row in table.rows))
        return len(counted)

    def test_rows_cost_no_queries_of_their_own(self):
        self.count_preview(self.make_table("Warm", 2))
        _table, few = self.count_preview(self.make_table("Few", 2))
        _table, many = self.count_preview(self.make_table("Many", 50))
        self.assertEqual(few, many)

    def test_what_is_registered_has_its_price(self):
        table, _count = self.count_preview(self.make_table("Warm", 2))
        self.count_confirmation(table)
        few, _count = self.count_preview(self.make_table("Few", 2))
        many, _count = self.count_preview(self.make_table("Many", 12))
        few, many = self.count_confirmation(few), self.count_confirmation(many)
        # a registration with its claims, log and messages, as sent by the form
        self.assertLessEqual((many - few) / 10, 60)
