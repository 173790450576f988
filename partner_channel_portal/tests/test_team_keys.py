from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PortalFormCase


@tagged("post_install", "-at_install")
class TestApiKeys(PortalFormCase):
    """Personal API keys of partner staff: only if the vendor allows."""

    def make_key(self, user):
        """Have a person make a key; return it."""
        Wizard = self.env["res.users.apikeys.description"].with_user(user)
        Wizard.check_access_make_key()
        keys = self.env["res.users.apikeys"].with_user(user).sudo()
        return keys._generate("rpc", "mine", False)

    def find_user(self, key):
        return self.env["res.users.apikeys"]._check_credentials(scope="rpc", key=key)

    def set_allowed(self, allowed):
        self.vendor.channel_api_keys = allowed

    def test_partners_make_no_keys_unless_the_vendor_allows(self):
        with self.assertRaises(AccessError):
            self.make_key(self.owner)
        # Odoo's setting is for customers and says nothing about partners
        self.env["ir.config_parameter"].set_param("portal.allow_api_keys", "True")
        with self.assertRaises(AccessError):
            self.make_key(self.owner)
        customer = self._create_user(
            "portal_test_customer",
            self.env["res.partner"].create({"name": "A Customer"}),
            "base.group_portal",
        )
        self.assertEqual(self.find_user(self.make_key(customer)), customer.id)
        self.env["ir.config_parameter"].set_param("portal.allow_api_keys", False)
        with self.assertRaises(AccessError):
            self.make_key(customer)
        self.assertEqual(self.find_user(self.make_key(self.manager)), self.manager.id)

    def test_keys_rest_when_the_vendor_does_not_allow_them_any_more(self):
        self.set_allowed(True)
        key = self.make_key(self.owner)
        self.assertEqual(self.find_user(key), self.owner.id)
        self.set_allowed(False)
        self.assertFalse(self.find_user(key))
        self.set_allowed(True)
        self.assertEqual(self.find_user(key), self.owner.id)
        self.alpha_membership.action_terminate()
        self.assertFalse(self.find_user(key), "a partner that is none any more")
        self.assertFalse(self.find_user("0" * 40))

    def test_all_vendors_of_a_partner_have_to_allow_them(self):
        other = self.env["res.company"].create({"name": "Other Vendor"})
        program = self.env["partner.program"].create(
            {"name": "Other Program", "company_id": other.id}
        )
        self.set_allowed(True)
        self.env["partner.membership"].create(
            {"partner_id": self.alpha.id, "program_id": program.id}
        ).action_activate()
        with self.assertRaises(AccessError):
            self.make_key(self.owner)
        other.channel_api_keys = True
        self.assertTrue(self.make_key(self.owner))

    def test_remote_calls_make_no_key_either(self):
        self.login(self.owner)
        model = "res.users.apikeys.description"
        with mute_logger("odoo.http"):
            [wizard], error = self.call_as_user(
                model, "create", [[{"name": "x", "duration": "1"}]]
            )
            self.assertFalse(error)
            for method, args in (
                ("check_access_make_key", [[]]),
                ("make_key", [[wizard]]),
            ):
                # the wizard asks for the password first; then it refuses
                result, error = self.call_as_user(model, method, args)
                self.assertTrue(error or "identitycheck" in str(result))
            _result, error = self.call_as_user(
                "res.users.apikeys", "_generate", ["rpc", "x", False]
            )
        self.assertTrue(error)
        keys = self.env["res.users.apikeys"].search([("user_id", "=", self.owner.id)])
        self.assertFalse(keys)

    def test_the_page_offers_keys_when_they_are_allowed(self):
        page = "/my/security?debug=1"
        self.login(self.owner)
        self.assertNotIn("o_portal_new_api_key", self.url_open(page).text)
        self.set_allowed(True)
        self.assertIn("o_portal_new_api_key", self.url_open(page).text)
        self.set_allowed(False)
        self.env["ir.config_parameter"].set_param("portal.allow_api_keys", "True")
        self.assertNotIn("o_portal_new_api_key", self.url_open(page).text)

    def test_a_key_opens_what_the_portal_shows_and_no_more(self):
        self.set_allowed(True)
        deal = self._create_deals(self.seller)
        rivals = self._create_deals(self.rival)
        key = self.make_key(self.owner)
        self.env.flush_all()
        answer = self.url_open(
            "/json/2/crm.lead/search",
            json={"domain": [["id", "in", (deal | rivals).ids]]},
            headers={"Authorization": f"bearer {key}"},
        )
        self.assertEqual(answer.json(), deal.ids)
        self.set_allowed(False)
        self.env.flush_all()
        with mute_logger("odoo.http"):
            answer = self.url_open(
                "/json/2/crm.lead/search",
                json={"domain": []},
                headers={"Authorization": f"bearer {key}"},
            )
        self.assertEqual(answer.status_code, 401)
