"""Who hears of a deal, in which language, and who no longer does."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PartnerChannelCommon


@tagged("post_install", "-at_install")
class TestNotice(PartnerChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls.seller.partner_id
        cls.lead = cls._register(cls.northwind, registrant_id=cls.person.id)
        cls.lead.message_subscribe(cls.person.ids)

    def _get_told(self, lead=None):
        """Return who was notified of a deal so far."""
        messages = (lead or self.lead).message_ids
        return (
            self.env["mail.notification"]
            .search([("mail_message_id", "in", messages.ids)])
            .res_partner_id
        )

    def _post(self, **values):
        return self.lead.with_user(self.head).message_post(
            body="Between us",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            **values,
        )

    def test_the_partners_people_hear_of_their_deal(self):
        self._post()
        self.assertIn(self.person, self._get_told())

    def test_who_went_to_a_rival_hears_nothing_more(self):
        # a company is not left without an owner
        self._create_portal_user("second.northwind", self.northwind)
        self.person.parent_id = self.contoso.partner_id
        self._post()
        self.lead._approve_registration()
        self.lead._remind_of_end(1)
        self.assertNotIn(self.person, self._get_told())

    def test_a_partner_whose_membership_ended_hears_nothing_more(self):
        self.lead._approve_registration()
        before = self._get_told()
        self.assertIn(self.person, before)
        self.env["mail.notification"].search([]).unlink()
        self.northwind.action_terminate()
        self._post()
        self.lead._expire_registrations()
        self.assertNotIn(self.person, self._get_told())

    def test_a_suspended_partner_still_hears(self):
        self.northwind.action_suspend()
        self._post()
        self.assertIn(self.person, self._get_told())

    def test_a_contact_of_a_rival_without_a_login_hears_nothing(self):
        contact = self.env["res.partner"].create(
            {
                "name": "Rita",
                "email": "rita@contoso.example",
                "parent_id": self.contoso.partner_id.id,
            }
        )
        customer = self.env["res.partner"].create(
            {"name": "Customer", "email": "c@customer.example"}
        )
        self.lead.message_subscribe((contact | customer).ids)
        self._post()
        self.assertNotIn(contact, self._get_told())
        self.assertIn(customer, self._get_told(), "no partner of the channel")

    def test_whom_the_vendor_addresses_hears(self):
        other = self.rival.partner_id
        self._post(partner_ids=other.ids)
        self.assertIn(other, self._get_told())

    def test_an_ordinary_lead_stays_as_it_is(self):
        lead = self.env["crm.lead"].create({"name": "Given"})
        lead.message_subscribe(self.rival.partner_id.ids)
        lead.message_post(
            body="x", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.assertIn(self.rival.partner_id, self._get_told(lead))

    # === LANGUAGE === #

    def test_the_partner_reads_its_own_language(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        self.person.lang = "ru_RU"
        other = self._register(
            self.contoso,
            partner_name="Zen",
            customer_vat="",
            website="",
            registrant_id=self.rival.partner_id.id,
        )
        both = (self.lead | other).with_context(lang="en_US")
        both._approve_registration()
        self.assertIn("Одобрено", str(self.lead.message_ids[0].body))
        self.assertIn("Approved", str(other.message_ids[0].body))
        self.lead._remind_of_end(1)
        self.assertRegex(str(self.lead.message_ids[0].body), r"\d\d\.\d\d\.\d{4}")

    def test_a_rejection_is_told_in_the_partners_language(self):
        self.env["res.lang"]._activate_lang("ru_RU")
        self.person.lang = "ru_RU"
        self.lead.with_context(lang="en_US")._reject_registration("territory")
        self.assertIn("Отклонено", str(self.lead.message_ids[0].body))

    # === WHAT ONLY THE CHANNEL TEAM CHANGES === #

    def test_who_reads_a_deal_is_the_channel_teams_to_say(self):
        """The distributor sees the deal: a salesperson does not choose one."""
        salesman = self._create_user("sam.sales", "sales_team.group_sale_salesman")
        self.lead.user_id = salesman
        mine = self.lead.with_user(salesman)
        mine.phone = "+49 30 1"
        for values in (
            {"distributor_id": self.contoso.id},
            {"is_hidden_from_distributor": True},
        ):
            with self.assertRefused(AccessError):
                mine.write(values)
        as_manager = self.lead.with_user(self.manager)
        as_manager.distributor_id = self.contoso
        self.assertEqual(self.lead.distributor_id, self.contoso)
