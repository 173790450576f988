"""A change of a role is told in the chatter; nothing else reads the role."""

from odoo.tests import TransactionCase, tagged

from .common import ChannelPortalMixin


@tagged("post_install", "-at_install")
class TestRoleTracking(TransactionCase, ChannelPortalMixin):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpChannel()
        cls.person = cls.env["res.partner"].create(
            {"name": "Colleague", "parent_id": cls.alpha.id}
        )
        cls.selling = cls.env.ref("partner_channel_portal.portal_role_seller")
        cls.viewing = cls.env.ref("partner_channel_portal.portal_role_viewer")
        cls.tracked = cls.person.with_context(tracking_disable=False)
        cls.env.flush_all()
        cls.cr.flush()

    def _get_changes(self):
        self.env.flush_all()
        self.cr.flush()
        return [
            (value.old_value_char, value.new_value_char)
            for value in self.person.message_ids.sudo().tracking_value_ids
            if value.field_id.name == "portal_role_id"
        ]

    def test_the_chatter_tells_both_roles(self):
        self.tracked.portal_role_id = self.selling
        self.tracked.portal_role_id = self.viewing
        self.assertEqual(self._get_changes(), [("", self.viewing.name)])
        self.tracked.write({"portal_role_id": self.selling.id, "function": "Sales"})
        self.assertIn((self.viewing.name, self.selling.name), self._get_changes())

    def test_nothing_is_told_where_nothing_is_tracked(self):
        self.person.with_context(mail_notrack=True).portal_role_id = self.selling
        self.person.with_context(tracking_disable=True).portal_role_id = self.viewing
        self.assertFalse(self._get_changes())

    def test_other_writes_do_not_read_the_role(self):
        self.tracked.write({"customer_rank": 3})
        read = self.cr.precommit.data["mail.tracking.res.partner"][self.person.id]
        self.assertIn("email", read)
        self.assertNotIn("portal_role_id", read)
