"""Before a partner accepts, nothing tells it whose lead it is offered."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import RemoteCase
from .distribution_case import DistributionCase

SECRET = ("Secret case", "Jane", "secret.example")


@tagged("post_install", "-at_install")
class TestOfferSecret(DistributionCase, RemoteCase):
    def setUp(self):
        super().setUp()
        self._lead_rule(mode="parallel", parallel=2)
        self.lead = self._lead()
        self.lead._distribute()
        self.offers = self._open(self.lead)
        self.mine = self.offers.filtered(lambda o: o.membership_id == self.northwind)

    def _try_all(self, remote):
        """Return the answers of all the ways in, as text."""
        self.log_in(self.seller)
        lead, offer = self.lead.id, self.mine.id
        ways = [
            ("crm.lead", "read", [lead], ["name", "contact_name"]),
            ("crm.lead", "web_read", [lead], {"name": {}}),
            ("crm.lead", "search_read", [("id", "=", lead)], ["name"]),
            ("crm.lead", "name_search", "Secret"),
            ("crm.lead", "search_count", [("contact_name", "=like", "Jane%")]),
            ("crm.lead", "export_data", [lead], ["name", "email_from"]),
            ("crm.lead", "message_post", [lead]),
            ("crm.lead", "copy", [lead]),
            ("crm.lead", "partner_interested", [lead]),
            ("partner.lead.offer", "read", [offer], ["lead_id"]),
            ("partner.lead.offer", "web_read", [offer], {"display_name": {}}),
            ("partner.lead.offer", "search_read", [], ["lead_id"]),
            ("partner.lead.offer", "name_search", ""),
            ("partner.lead.offer", "action_accept", [offer]),
            ("partner.lead.rule", "search_read", [], ["name"]),
            ("partner.lead.account", "search_read", [], ["partner_id"]),
            ("mail.message", "search_read", [("model", "=", "crm.lead")], ["body"]),
        ]
        return {way[:2]: str(remote(*way)) for way in ways}

    def test_no_remote_call_tells_the_case(self):
        for way, answer in self._try_all(self.call).items():
            for word in SECRET:
                with self.subTest(way=way):
                    self.assertNotIn(word, answer)
        count = self.call("crm.lead", "search_count", [("name", "ilike", "Secret")])
        self.assertEqual(count, (0, None))
        self.assertEqual(self.mine.state, "offered", "nothing was answered")

    def test_no_page_of_odoo_shows_it(self):
        self.log_in(self.seller)
        for page in (
            "/my/leads",
            "/my/opportunities",
            f"/my/lead/{self.lead.id}",
            f"/my/opportunity/{self.lead.id}",
        ):
            with mute_logger("odoo.http"):
                text = self.url_open(page).text
            for word in SECRET:
                with self.subTest(page=page):
                    self.assertNotIn(word, text)

    def test_nobody_follows_and_no_mail_names_the_customer(self):
        """The portal's addon writes that a lead is offered, not whose it is."""
        self.assertFalse(self.lead.message_partner_ids & self.seller.partner_id)
        mails = self.env["mail.mail"].search(
            [("recipient_ids", "child_of", self.members.partner_id.ids)]
        )
        for word in SECRET:
            text = " ".join(f"{mail.subject} {mail.body_html}" for mail in mails)
            self.assertNotIn(word, text)

    def test_who_accepts_sees_it_and_the_other_does_not(self):
        as_seller = self.lead.with_user(self.seller)
        with self.assertRefused(AccessError):
            as_seller.read(["name"])
        self.mine._accept()
        self.env.invalidate_all()
        [values] = as_seller.read(["name", "contact_name", "email_from"])
        self.assertEqual(values["contact_name"], "Jane Secret")
        with self.assertRefused(AccessError):
            self.lead.with_user(self.rival).read(["name"])
        for name in ("distribution_state", "lead_rule_id", "offer_ids", "offer_count"):
            with self.subTest(field=name), self.assertRefused(AccessError):
                as_seller.read([name])

    def test_nobody_learns_who_declined(self):
        (self.offers - self.mine)._decline("capacity")
        self.mine._accept()
        self.env.invalidate_all()
        as_seller = self.lead.with_user(self.seller)
        self.assertEqual(as_seller.contact_name, "Jane Secret")
        with self.assertRefused(AccessError):
            as_seller.read(["partner_declined_ids"])
        rival = self.contoso.partner_id
        domain = [("id", "=", self.lead.id), ("partner_declined_ids", "in", rival.ids)]
        with self.assertRefused(AccessError):
            as_seller.search(domain)

    def test_the_channel_manager_answers_for_own_partners(self):
        with self.assertRefused(AccessError):
            self.mine.with_user(self.other_manager).action_accept()
        salesman = self._create_user("sam.sales", "sales_team.group_sale_salesman")
        with self.assertRefused(AccessError):
            self.mine.with_user(salesman).action_decline()
        self.mine.with_user(self.manager).action_decline()
        self.assertEqual(self.mine.state, "declined")
        theirs = self.offers - self.mine
        theirs.with_user(self.head).action_accept()
        self.assertEqual(self.lead.partner_assigned_id, self.contoso.partner_id)
        given = self._lead(partner_assigned_id=self.northwind.partner_id.id)
        with self.assertRefused(UserError, "in the portal"):
            self._open(given).with_user(self.manager).action_accept()

    def test_states_and_rules_are_no_ones_to_write(self):
        for user in (self.seller, self.manager, self.head):
            with self.subTest(user=user.login):
                with self.assertRefused(AccessError):
                    self.mine.with_user(user).write({"state": "accepted"})
                with self.assertRefused(AccessError):
                    self.lead.lead_rule_id.with_user(user).write({"max_day": 1})
                with self.assertRefused(AccessError):
                    self.lead.with_user(user).write({"distribution_state": "none"})
