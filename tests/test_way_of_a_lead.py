"""The way of a lead in a browser: from the vendor's rule to the won opportunity."""

import base64

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.partner_channel_portal.tests.axe import AxeMixin
from odoo.addons.partner_channel_portal.tests.common import PortalFormCase

from .pictures import PictureMixin

#: seconds a part of the walk may take on a busy machine
PATIENCE = 120
WAYS_TO_DECLINE = ("capacity", "All our people are booked until May")
FORMS = {
    "crm.lead": "action-crm.crm_lead_all_leads",
    "crm.lead.qualification": "qualifications",
}
#: below the bar of the website, which stays
TO_REMARKS = (
    "document.querySelector('fieldset .alert').closest('fieldset').scrollIntoView();"
    "window.scrollBy(0, -90)"
)
BACKEND = (
    "document.querySelector('.o_form_view') && "
    "!document.querySelector('.o_loading_indicator, .o_blockUI')"
)


@tagged("post_install", "-at_install")
class TestWayOfALead(AxeMixin, PictureMixin, PortalFormCase):
    """One lead; the vendor and two partners each do their own part.

    The partners' pages are judged by axe-core, and keep silent about the customer
    until it is theirs. With ``PARTNER_CHANNEL_PICTURES`` the pictures of
    ``docs/way-of-a-lead.md`` are taken on the way.
    """

    browser_size = "1280x800"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpPeople()
        cls.setUpMaterial()
        cls.serve_axe()
        cls.program.write(
            {
                "name": "Solution Partners",
                "qualification_required": True,
                "qualification_own_step": True,
                "qualification_threshold": 60,
            }
        )
        cls.rule = cls.env["partner.lead.rule"].create(
            {
                "name": "Austria: in turn",
                "program_id": cls.program.id,
                "mode": "robin",
                "country_ids": [Command.set(cls.env.ref("base.at").ids)],
                "idle_days": 14,
            }
        )
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Danube Mills, visitor of the fair",
                "type": "lead",
                "company_id": cls.vendor.id,
                "user_id": False,
                "partner_name": "Danube Mills GmbH",
                "contact_name": "Jana Huber",
                "email_from": "jana@danubemills.example",
                "phone": "+43 316 555 0199",
                "street": "4 Mill Lane",
                "city": "Graz",
                "country_id": cls.env.ref("base.at").id,
                "customer_industry_id": cls.env.ref("base.res_partner_industry_C").id,
                "customer_employees": 240,
                "product_family_id": cls.family.id,
                "expected_revenue": 42_000,
            }
        )

    @classmethod
    def setUpPeople(cls):
        """Give names to who is seen in the pictures; two partners are left."""
        # its chat would cover the page of a phone
        cls.manager.odoobot_state = "disabled"
        # the vendor's people work on leads before they are opportunities
        cls.env.ref("base.group_user")._apply_group(cls.env.ref("crm.group_use_lead"))
        cls.alpha.name, cls.beta.name = "Northwind Systems", "Baltic Software"
        cls.seller.partner_id.name = "Nora Lindqvist"
        cls.rival.partner_id.name = "Kaja Tamm"
        cls.family.name = "Production Planning"
        cls.gamma_membership.action_suspend()
        cls.delta_membership.action_terminate()

    @classmethod
    def setUpMaterial(cls):
        """Publish something that fits the lead, and something that does not."""
        other = cls.env["product.category"].create(
            {"name": "Point of Sale", "is_channel_family": True}
        )
        kind = cls.env.ref("partner_channel.asset_type_presentation")
        assets = cls.env["partner.asset"].create(
            [
                {
                    "name": name,
                    "type_id": kind.id,
                    "company_id": cls.vendor.id,
                    "kind": "file",
                    "file": base64.b64encode(b"%PDF-1.4 slides"),
                    "file_name": "slides.pdf",
                    "family_ids": [Command.set(family.ids)],
                }
                for name, family in (
                    ("Planning for mills", cls.family),
                    ("Tills for shops", other),
                )
            ]
        )
        assets.action_publish()

    # === PARTS === #

    def _walk(self, part, path, user):
        # a page that is left warns of scripts it has not loaded yet: no finding
        with mute_logger(f"{self._logger.name}.browser"):
            self.start_tour(
                path,
                f"partner_channel_lead_{part}",
                login=user.login,
                timeout=PATIENCE,
            )
        self.env.invalidate_all()

    def _get_form(self, record):
        """Return the address of a record in the back end."""
        return f"/odoo/{FORMS[record._name]}/{record.id}"

    def _take_vendor_picture(self, name, path, script="", ready=BACKEND):
        """Take a picture of the vendor's screen."""
        self.take_picture(name, self.manager, path, ready=ready, script=script)

    def _get_offers(self):
        """Return ``[(partner, state), …]`` of the lead, the first one first."""
        offers = self.lead.offer_ids.sorted("id")
        return [(offer.partner_id.name, offer.state) for offer in offers]

    def test_from_the_rule_to_the_won_opportunity(self):
        self._distribute()
        self._decline()
        self._accept()
        sheet = self.lead.qualification_id
        self._qualify_by_partner(sheet)
        self._return(sheet)
        self._mend(sheet)
        self._qualify_by_vendor(sheet)
        self._win(sheet)

    def _distribute(self):
        form = self._get_form(self.lead)
        self._walk("1_distribute", form, self.manager)
        self.assertEqual(self.lead.distribution_state, "offered")
        self.assertEqual(self.lead.lead_rule_id, self.rule)
        self.assertEqual(self._get_offers(), [("Northwind Systems", "offered")])
        self.assertFalse(self.lead.partner_assigned_id)
        tab = "document.querySelector('.o_notebook .nav-link[name=distribution]')"
        self._take_vendor_picture("1-distributed", form, f"{tab}.click()")

    def _decline(self):
        offer = self.lead.offer_ids
        self.take_picture("2-offer", self.seller, f"/my/offers/{offer.id}")
        self._walk("2_decline", "/my/home", self.seller)
        self.assertEqual(offer.state, "declined")
        self.assertEqual((offer.decline_reason, offer.decline_note), WAYS_TO_DECLINE)
        self.assertEqual(offer.answered_by_id, self.seller.partner_id)
        self.assertEqual(self.lead.distribution_state, "queued")
        cron = self.env.ref("partner_channel.ir_cron_distribute_leads")
        cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(
            self._get_offers(),
            [("Northwind Systems", "declined"), ("Baltic Software", "offered")],
        )

    def _accept(self):
        self._walk("3_accept", "/my/home", self.rival)
        self.assertEqual(
            self._get_offers(),
            [("Northwind Systems", "declined"), ("Baltic Software", "accepted")],
        )
        self.assertEqual(self.lead.partner_assigned_id, self.beta)
        self.assertEqual(self.lead.distribution_state, "assigned")
        self.assertRecordValues(
            self.lead.qualification_id,
            [
                {
                    "state": "draft",
                    "partner_id": self.beta.id,
                    "membership_id": self.beta_membership.id,
                }
            ],
        )
        self.take_picture("3-accepted", self.rival, f"/my/lead/{self.lead.id}")

    def _qualify_by_partner(self, sheet):
        page = f"/my/deals/{self.lead.id}/qualification"
        self.take_picture("4-questions", self.rival, page)
        self._walk("4_sign", f"/my/lead/{self.lead.id}", self.rival)
        self.assertRecordValues(
            sheet,
            [{"state": "partner_qualified", "signed_name": "Kaja Tamm"}],
        )
        self.assertEqual(self.lead.type, "lead")

    def _return(self, sheet):
        self._walk("5_return", "/odoo/qualifications", self.manager)
        self.assertEqual((sheet.state, sheet.returned_count), ("returned", 1))
        self.assertEqual(
            set(sheet._get_remarks().mapped("remark")),
            {
                "Is that for the licences alone, or with the work?",
                "Who signs? Please find out.",
            },
        )
        self._take_vendor_picture("5-returned", self._get_form(sheet))
        page = f"/my/deals/{self.lead.id}/qualification"
        self.take_picture("6-remarks", self.rival, page, script=TO_REMARKS)

    def _mend(self, sheet):
        before = sheet.partner_score
        self._walk("6_mend", "/my/home", self.rival)
        self.assertEqual(sheet.state, "partner_qualified")
        self.assertNotEqual(sheet.partner_score, before)
        self.assertFalse(sheet._get_remarks(), "signed again, they are the last time's")

    def _qualify_by_vendor(self, sheet):
        self._walk("7_qualify", self._get_form(sheet), self.manager)
        self.assertEqual(sheet.state, "confirmed")
        self.assertEqual(sheet.verified_by_id, self.manager)
        self.assertEqual(self.lead.type, "lead")
        self.assertGreater(sheet.partner_score, sheet.vendor_score)
        self._take_vendor_picture("7-confirmed", self._get_form(sheet))

    def _win(self, sheet):
        form = self._get_form(self.lead)
        self._walk("8_win", form, self.manager)
        self.assertRecordValues(
            self.lead,
            [
                {
                    "type": "opportunity",
                    "won_status": "won",
                    "probability": 100,
                    "partner_assigned_id": self.beta.id,
                    "qualification_id": sheet.id,
                    "qualification_state": "confirmed",
                }
            ],
        )
        self._walk("9_see", f"/my/opportunity/{self.lead.id}", self.rival)
        self.take_picture("8-won", self.rival, f"/my/opportunity/{self.lead.id}")
        self._take_vendor_picture(
            "9-offers",
            "/odoo/lead-offers",
            ready="document.querySelector('.o_data_row, .o_kanban_record')",
        )


@tagged("post_install", "-at_install")
class TestWayOfALeadPhone(TestWayOfALead):
    """The same on a phone."""

    browser_size = "390x844"
    touch_enabled = True
