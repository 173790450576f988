"""Leads offered to partners, whose customer nobody may learn before they accept."""

from datetime import timedelta

from lxml import html

from odoo import fields, http
from odoo.tools import mute_logger

from .common import ChannelPortalMixin, PortalFormCase

LIST = "/my/offers"
#: what none of the pages, calls and e-mails says before the lead is theirs
SECRET = ("Qzx", "Jane", "secret.example", "555 0199", "Elm Street", "Mustermann")
HOUR = timedelta(hours=1)


class OfferMixin(ChannelPortalMixin):
    """``offer`` waits for ``alpha``; ``gamma`` and ``delta`` have offers as well.

    ``gamma`` is suspended and ``delta`` terminated afterwards; their offers, which that
    takes back, are open again, as if something had gone wrong.
    """

    @classmethod
    def setUpOffers(cls):
        """Add to what :meth:`setUpChannel` has set up."""
        cls.rule = cls.env["partner.lead.rule"].create(
            {"name": "All", "program_id": cls.program.id, "mode": "robin"}
        )
        cls.pool_rule = cls.rule.copy({"name": "Pool", "mode": "pool", "sequence": 20})
        cls.offer = cls._offer(cls.alpha_membership)
        cls.lead = cls.offer.lead_id
        cls.gamma_offer = cls._offer(cls.gamma_membership)
        cls.delta_offer = cls._offer(cls.delta_membership)
        cls.gamma_membership.action_suspend()
        cls.delta_membership.action_terminate()
        for offer in cls.gamma_offer | cls.delta_offer:
            offer._set_protected({"state": "offered"})
            offer.lead_id._set_protected({"distribution_state": "offered"})

    @classmethod
    def _make_lead(cls, **values):
        return cls.env["crm.lead"].create(
            {
                "name": "Qzx wants to buy",
                "type": "lead",
                "company_id": cls.vendor.id,
                "user_id": False,
                "contact_name": "Jane Mustermann",
                "partner_name": "Qzx GmbH",
                "email_from": "jane@secret.example",
                "phone": "+49 555 0199",
                "street": "1 Elm Street",
                "website": "https://www.secret.example",
                "city": "Graz",
                "country_id": cls.env.ref("base.at").id,
                "product_family_id": cls.family.id,
                "expected_revenue": 12345,
                "description": "Call Jane at +49 555 0199",
                **values,
            }
        )

    @classmethod
    def _offer(cls, membership, hours=8, **values):
        """Return an open offer of a new lead to a partner."""
        lead = cls._make_lead(**values)
        lead._set_protected(
            {"distribution_state": "offered", "lead_rule_id": cls.rule.id}
        )
        now = fields.Datetime.now()
        return cls.env["partner.lead.offer"].create(
            {
                "lead_id": lead.id,
                "partner_id": membership.partner_id.id,
                "membership_id": membership.id,
                "company_id": cls.vendor.id,
                "rule_id": cls.rule.id,
                "date_offered": now,
                "date_due": now + hours * HOUR,
            }
        )

    @classmethod
    def _pool(cls, **values):
        """Return a lead in the pool."""
        lead = cls._make_lead(**values)
        lead._set_protected(
            {
                "distribution_state": "pool",
                "lead_rule_id": cls.pool_rule.id,
                "date_distributed": fields.Datetime.now(),
                "date_distribution_due": fields.Datetime.now() + 8 * HOUR,
            }
        )
        return lead

    def run_reminder(self):
        """Run the job as the server does."""
        cron = self.env.ref("partner_channel_portal.ir_cron_remind_of_offers")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def get_mails(self, *users):
        """Return the e-mails to people, as written."""
        people = self.env["res.partner"].union(*(user.partner_id for user in users))
        return self.env["mail.mail"].search(
            [("recipient_ids", "in", people.ids)], order="id"
        )

    def assert_silent(self, text):
        for word in SECRET:
            self.assertNotIn(word, text)


class OfferPageCase(PortalFormCase, OfferMixin):
    """Opens pages and sends forms over HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpOffers()
        cls.url = f"{LIST}/{cls.offer.id}"

    def get_page(self, url, status=200):
        with mute_logger("odoo.http", "odoo.models"):
            answer = self.url_open(url, allow_redirects=False)
        self.assertEqual(answer.status_code, status, url)
        self.env.invalidate_all()
        return html.fromstring(answer.content) if answer.content else None

    def post(self, url, status=303, **data):
        data["csrf_token"] = http.Request.csrf_token(self)
        with mute_logger("odoo.http", "odoo.models"):
            answer = self.url_open(url, data=data, allow_redirects=False)
        self.assertEqual(answer.status_code, status, url)
        self.env.invalidate_all()
        return answer

    def get_lead_text(self, lead):
        """Return what Odoo's page of a lead says."""
        answer = self.url_open(f"/my/lead/{lead.id}")
        self.assertEqual(answer.status_code, 200)
        return self.get_text(html.fromstring(answer.content))

    def get_text(self, page):
        return " ".join(page.xpath("string(//*[@id='wrap'])").split())

    def get_links(self, url=LIST):
        return self.get_page(url).xpath("//table//a/@href")
