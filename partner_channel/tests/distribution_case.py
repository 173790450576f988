"""Helpers of the tests of lead distribution."""

from datetime import timedelta

from odoo import fields

from .common import PartnerChannelCommon

HOUR = timedelta(hours=1)


class DistributionCase(PartnerChannelCommon):
    """Northwind is on the highest tier, so that weights tell the two apart."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = cls.northwind | cls.contoso
        cls.Offer = cls.env["partner.lead.offer"]

    @classmethod
    def _lead_rule(cls, **values):
        return cls.env["partner.lead.rule"].create(
            {"name": "Everything", "program_id": cls.program.id, "mode": "robin"}
            | values
        )

    @classmethod
    def _lead(cls, count=1, **values):
        return cls.env["crm.lead"].create(
            [
                {
                    "name": f"Secret case {number}",
                    "contact_name": "Jane Secret",
                    "email_from": "jane@secret.example",
                    "company_id": cls.company.id,
                    "user_id": False,
                    **values,
                }
                for number in range(count)
            ]
        )

    def _states(self, lead):
        """Return ``[(partner's name, state), …]`` of a lead's offers."""
        offers = self.Offer.search([("lead_id", "=", lead.id)], order="id")
        return [(offer.partner_id.name, offer.state) for offer in offers]

    def _open(self, lead):
        return self.Offer.search(
            [("lead_id", "=", lead.id), ("state", "=", "offered")], order="id"
        )

    def _let_pass(self, offers):
        offers.date_due = fields.Datetime.now() - HOUR
        self.env.flush_all()

    def _run(self, name="distribute"):
        """Run one of the jobs as the system does."""
        cron = self.env.ref(f"partner_channel.ir_cron_{name}_leads")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
