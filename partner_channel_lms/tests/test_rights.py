"""The right to register deals of a product family, by certificates."""

from datetime import date

from odoo.exceptions import UserError
from odoo.tests import HttpCase, freeze_time, tagged

from odoo.addons.partner_channel_portal.tests.axe import AxeMixin

from .common import CertificationCommon


class RightsCommon(CertificationCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2028-03-15 12:00:00"))
        cls.family, cls.other = cls.env["product.category"].create(
            [
                {"name": name, "is_channel_family": True}
                for name in ("Robots", "Sensors")
            ]
        )
        cls.rule = cls.env["partner.program.eligibility"].create(
            {
                "program_id": cls.program.id,
                "code": "missing_certificate",
                "policy": "refuse",
            }
        )
        cls.demand = cls.env["partner.certification.demand"].create(
            {
                "program_id": cls.program.id,
                "type_id": cls.kind.id,
                "people": 2,
                "family_id": cls.family.id,
            }
        )


@tagged("post_install", "-at_install")
class TestRights(RightsCommon):
    def test_a_partner_without_certified_people_has_no_right(self):
        missing = "Robots: Sales: 0 of 2"
        self.assertEqual(
            [member.certification_gap for member in self.memberships], [missing] * 2
        )
        for person in (self.owner, self.seller):
            self._take_on(person, date(2028, 2, 1))
        self.memberships.invalidate_recordset()
        self.assertEqual(
            [member.certification_gap for member in self.memberships], ["", missing]
        )

    def test_it_registers_no_deal_of_the_family_and_those_of_others(self):
        leads = self.env["crm.lead"]._create_registrations(
            self.memberships[0],
            [
                {"partner_name": family.name, "product_family_id": family.id}
                for family in (self.family, self.other)
            ],
        )
        with self.assertRaises(UserError) as caught:
            leads[0]._submit_registration()
        self.assertIn("A certificate is missing", str(caught.exception))
        leads[1]._submit_registration()
        self.assertEqual(leads[1].registration_state, "submitted")

    def test_what_is_not_checked_takes_no_right(self):
        self.rule.policy = "off"
        self.assertFalse(any(member.certification_gap for member in self.memberships))

    def test_people_have_to_be_where_the_partner_is(self):
        germany, france = self.env.ref("base.de"), self.env.ref("base.fr")
        self.demand.write({"people": 1, "is_local": True})
        self.north.country_id = germany
        self._take_on(self.seller, date(2028, 2, 1))
        self.seller.write({"type": "other", "country_id": france.id})
        member = self.memberships[0]
        self.assertEqual(member.certification_gap, "Robots: Sales in Germany: 0 of 1")
        self.seller.country_id = germany
        member.invalidate_recordset()
        self.assertEqual(member.certification_gap, "")

    def test_many_partners_take_as_many_queries_as_two(self):
        def count(members):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            members._explain_rights()
            return self.env.cr.sql_log_count - before

        partners = self.env["res.partner"].create(
            [{"name": f"Partner {n}", "is_company": True} for n in range(10)]
        )
        members = self._create_memberships(partners)
        count(self.memberships)
        few = count(self.memberships)
        self.assertEqual(count(self.memberships | members), few)


@tagged("post_install", "-at_install")
class TestRightsPage(RightsCommon, HttpCase, AxeMixin):
    def test_the_page_is_accessible(self):
        self.kind.accepts_proof = True
        self.env["partner.certification.type"].create(
            {"name": "Sum", "component_ids": self.kind.ids}
        )
        self.assert_accessible(
            "/my/certifications",
            login="lms_seller",
            widths=("1280px", "390px"),
            narrow="360px",
        )

    def test_the_partner_reads_what_is_missing_and_what_it_is_good_for(self):
        self.authenticate("lms_seller", "lms_seller")
        page = self.url_open("/my/certifications").text
        self.assertIn("Robots: Sales: 0 of 2", page)
        self.assertIn("Deals of Robots (Training Program) ask for 2 people", page)
        for person in (self.owner, self.seller):
            self._take_on(person, date(2028, 2, 1))
        page = self.url_open("/my/certifications").text
        self.assertNotIn("your company still needs", page)
