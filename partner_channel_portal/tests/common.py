"""Partners, their people and roles, and how to fill in the form."""

import uuid
from datetime import timedelta

from odoo import fields, http
from odoo.fields import Command
from odoo.tests import HttpCase

from .trace_mixin import TraceMixin

ROLES = ("owner", "seller", "finance", "viewer")


class ChannelPortalMixin(TraceMixin):
    """Test data: four partners of one program and their people.

    ``alpha`` has a person of every role, a second seller and one without a
    role; ``beta`` is its rival; ``gamma`` is suspended, ``delta`` terminated.
    """

    @classmethod
    def setUpChannel(cls):
        cls.vendor = cls.env.company
        cls.manager = cls._create_user(
            "portal_test_manager",
            cls.env["res.partner"].create(
                {"name": "Mara Manager", "email": "mara@vendor.example"}
            ),
            "partner_channel.group_channel_head",
        )
        cls.program = cls.env["partner.program"].create(
            {
                "name": "Portal Test Program",
                "company_id": cls.vendor.id,
                "grade_ids": [Command.create({"name": "Entry", "sequence": 9})],
            }
        )
        cls.family = cls.env["product.category"].create(
            {"name": "Portal Test Family", "is_channel_family": True}
        )
        cls.alpha, cls.alpha_membership = cls._create_partner("Alpha")
        cls.beta, cls.beta_membership = cls._create_partner("Beta")
        cls.gamma, cls.gamma_membership = cls._create_partner("Gamma")
        cls.delta, cls.delta_membership = cls._create_partner("Delta")
        for role in ROLES:
            setattr(cls, role, cls._create_staff(cls.alpha, role, role))
        cls.seller2 = cls._create_staff(cls.alpha, "seller2", "seller")
        cls.norole = cls._create_staff(cls.alpha, "norole", None)
        cls.rival = cls._create_staff(cls.beta, "rival", "owner")
        cls.suspended = cls._create_staff(cls.gamma, "suspended", "owner")
        cls.terminated = cls._create_staff(cls.delta, "terminated", "owner")

    @classmethod
    def _create_partner(cls, name):
        """Return a partner company and its active membership."""
        partner = cls.env["res.partner"].create(
            {"name": f"{name} Partner", "is_company": True}
        )
        membership = cls.env["partner.membership"].create(
            {
                "partner_id": partner.id,
                "program_id": cls.program.id,
                "manager_id": cls.manager.id,
            }
        )
        membership.action_activate()
        return partner, membership

    @classmethod
    def _create_staff(cls, company, name, role):
        """Return a portal user of a partner; login and password are alike."""
        role = role and cls.env.ref(f"partner_channel_portal.portal_role_{role}")
        person = cls.env["res.partner"].create(
            {
                "name": f"{name.title()} of {company.name}",
                "email": f"{name}@{company.id}.example",
                "parent_id": company.id,
                "portal_role_id": role and role.id,
            }
        )
        return cls._create_user(f"portal_test_{name}", person, "base.group_portal")

    @classmethod
    def _create_user(cls, login, partner, group):
        return (
            cls.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "login": login,
                    "password": login,
                    "partner_id": partner.id,
                    "company_id": cls.vendor.id,
                    "company_ids": [Command.link(cls.vendor.id)],
                    "group_ids": [Command.set(cls.env.ref(group).ids)],
                }
            )
        )

    @classmethod
    def _create_deals(cls, user, count=1, submit=False, **values):
        """Return registrations made by a person, as superuser."""
        person = user.partner_id
        membership = cls.env["partner.membership"].search(
            [("partner_id", "=", person.commercial_partner_id.id)]
        )
        values = {
            "partner_name": "Customer",
            "expected_revenue": 1000.0,
            "registrant_id": person.id,
            **values,
        }
        Lead = cls.env["crm.lead"]
        if count > 1:
            # messages are no part of what is measured on many deals
            Lead = Lead.with_context(
                tracking_disable=True, mail_create_nosubscribe=True
            )
        deals = Lead._create_registrations(
            membership,
            [
                {
                    **values,
                    "partner_name": f"{values['partner_name']} {uuid.uuid4().hex[:8]}"
                    if count > 1
                    else values["partner_name"],
                }
                for _number in range(count)
            ],
        )
        deals = cls.env["crm.lead"].browse(deals.ids)
        if submit:
            deals._submit_registration()
        return deals

    @classmethod
    def _end_memberships(cls):
        """Suspend ``gamma`` and terminate ``delta``, each with a deal."""
        cls.suspended_deal = cls._create_deals(cls.suspended, partner_name="Gold Ltd")
        cls.terminated_deal = cls._create_deals(cls.terminated, partner_name="Dust Ltd")
        cls.gamma_membership.action_suspend()
        cls.delta_membership.action_terminate()

    def as_user(self, records, user):
        """Return the records as a person sees them, nothing cached."""
        records.invalidate_recordset()
        return records.with_user(user).sudo(False)


class PortalFormCase(HttpCase, ChannelPortalMixin):
    """Fills in the form over HTTP, as a browser does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpChannel()

    def login(self, user):
        self.authenticate(user.login, user.login)

    def form_values(self, **values):
        """Return a complete, valid form; an argument replaces a field."""
        return {
            "partner_name": "Acme GmbH",
            "customer_vat": "DE136695976",
            "website": "www.acme-portal-test.example",
            "email_from": "jane@acme-portal-test.example",
            "contact_name": "Jane Doe",
            "phone": "+49 30 123456",
            "country_id": str(self.env.ref("base.de").id),
            "description": "Forty licences for the new office.",
            "expected_revenue": "12,500.00",
            "date_deadline": fields.Date.to_string(
                fields.Date.today() + timedelta(days=60)
            ),
            "product_family_id": str(self.family.id),
            "token": uuid.uuid4().hex,
            "action": "submit",
            **values,
        }

    def send_form(self, url="/my/deals/new", files=None, **values):
        """Send the form and return the answer, redirects not followed."""
        data = {
            **self.form_values(**values),
            "csrf_token": http.Request.csrf_token(self),
        }
        return self.url_open(
            url,
            data=data,
            files=[("files", file) for file in files or []] or None,
            allow_redirects=False,
        )

    def call_as_user(self, model, method, args=(), **kwargs):
        """Call a model method the way the web client does; return the answer.

        :return: ``(result, error)``, one of them ``None``
        """
        answer = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            json={
                "jsonrpc": "2.0",
                "method": "call",
                "id": 0,
                "params": {
                    "model": model,
                    "method": method,
                    "args": list(args),
                    "kwargs": kwargs,
                },
            },
        ).json()
        return answer.get("result"), answer.get("error")

    def get_deals(self):
        """Return all registrations there are."""
        return self.env["crm.lead"].search([("registration_state", "!=", False)])
