"""Where people are counted by country, no partner writes the country."""

from odoo.exceptions import UserError
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .common import CertificationCommon


@tagged("post_install", "-at_install")
class TestCertificationCountry(CertificationCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.germany, cls.france = cls.env.ref("base.de") | cls.env.ref("base.fr")
        address = {"street": "Weg 1", "city": "Berlin", "zip": "10115"}
        cls.north.write({**address, "country_id": cls.germany.id})
        cls.seller.write({**address, "country_id": cls.germany.id, "phone": "+491"})
        cls.requirement.certification_country_id = cls.france

    def _change_by_page(self, country):
        """Save the page of the account with another country; return the answer."""
        page = self.url_open("/my/account").text
        token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
        return self.url_open(
            "/my/address/submit",
            data={
                "csrf_token": token,
                "partner_id": self.seller.id,
                "address_type": "billing",
                "name": "Sam Seller",
                "email": "seller@example.com",
                "phone": "+33 1",
                "street": "Rue 1",
                "city": "Paris",
                "zip": "75001",
                "country_id": country.id,
                "use_delivery_as_billing": "true",
                "required_fields": "",
            },
        ).json()

    def _change_by_rpc(self, country):
        user = self.seller.user_ids
        values = {"country_id": country.id}
        return self.make_jsonrpc_request(
            "/web/dataset/call_kw/res.users/write",
            {
                "model": "res.users",
                "method": "write",
                "args": [user.ids, values],
                "kwargs": {},
            },
        )

    @mute_logger("odoo.http")
    def test_a_seller_does_not_move_to_where_people_are_missing(self):
        self._take(self.seller)
        self.authenticate("lms_seller", "lms_seller")
        self.assertIn("country_id", self._change_by_page(self.france)["invalid_fields"])
        with self.assertRaisesRegex(JsonRpcException, "UserError"):
            self._change_by_rpc(self.france)
        self.env.invalidate_all()
        self.assertEqual(self.seller.country_id, self.germany)
        self.assertEqual(self.north.country_id, self.germany)
        # all else of the page can be saved
        self.assertIn("redirectUrl", self._change_by_page(self.germany))
        self.env.invalidate_all()
        self.assertEqual(self.seller.city, "Paris")

    def test_who_has_none_takes_the_companys(self):
        # an address of their own
        self.seller.write({"type": "other", "country_id": False})
        own = self.seller.with_user(self.seller.user_ids).sudo()
        with self.assertRaises(UserError):
            own.country_id = self.france
        own.country_id = self.germany
        self.assertEqual(self.seller.country_id, self.germany)

    def test_the_vendor_changes_it(self):
        self.seller.country_id = self.france
        self.assertEqual(self.seller.country_id, self.france)

    def test_where_nothing_counts_by_country_people_write_their_own(self):
        own = self.seller.with_user(self.seller.user_ids).sudo()
        self.requirement.certification_country_id = False
        own.country_id = self.france
        self.assertEqual(self.seller.country_id, self.france)
        self.env["partner.certification.demand"].create(
            {"program_id": self.program.id, "type_id": self.kind.id, "is_local": True}
        )
        with self.assertRaises(UserError):
            own.country_id = self.germany
        self.memberships[0].action_terminate()
        own.country_id = self.germany
        self.assertEqual(self.seller.country_id, self.germany)
