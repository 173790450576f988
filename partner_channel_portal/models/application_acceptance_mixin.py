from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import email_normalize

from .application_flow_mixin import APPLICATION_MOVES

_OWNER = "partner_channel_portal.portal_role_owner"


class ApplicationAcceptanceMixin(models.AbstractModel):
    """What an accepted application becomes: partner, membership, people, a login."""

    _name = "application.acceptance.mixin"
    _description = "Acceptance of an Application"

    def _accept(self, partner=None):
        """Make the company a partner of the program and invite the applicant.

        Done once: of two people at once the database lets one begin again, and that one
        finds it done.

        :param partner: ``res.partner`` of the company, none for a new one
        :return: ``partner.membership``
        :raise UserError: when the program or the login is taken otherwise
        """
        self.ensure_one()
        self._check_may_decide()
        now = fields.Datetime.now()
        moved = self._move_to(
            "state",
            "accepted",
            APPLICATION_MOVES,
            date_decision=now,
            date_decision_due=False,
            question=False,
        )
        # what follows is for the one whose move the database took
        moved.flush_recordset()
        if moved:
            # sudo: whoever may accept need not edit contacts, add members or users;
            # the right was checked
            moved.sudo()._become_partner(partner)
            moved.sudo().funnel_id._stamp(outcome="accepted", date_decided=now)
            moved._close_activities()
        return self.membership_id

    def _become_partner(self, partner):
        """Make the records of an accepted application; in sudo."""
        company = partner.sudo() if partner else self._create_company()
        contact = self._prepare_owner(company)
        self._add_colleagues(company)
        membership = self._join_program(company)
        self.partner_id = company
        self._set_protected({"contact_id": contact.id, "membership_id": membership.id})
        # a conflict has to show before anybody is told
        self.env.flush_all()
        self._send("accepted")
        self._invite(contact)

    def _create_company(self):
        """Return a new contact of the company, as it described itself."""
        return self.env["res.partner"].create(
            {
                "name": self.name,
                "is_company": True,
                "lang": self._get_known_lang(),
                "email": self.email,
                **{
                    name: self[name]
                    for name in ("vat", "website", "street", "zip", "city", "phone")
                },
                "country_id": self.country_id.id,
            }
        )

    def _get_known_lang(self):
        """Return the applicant's language, if it is still installed."""
        installed = dict(self.env["res.lang"].get_installed())
        return self.lang if self.lang in installed else self.env.lang

    def _prepare_owner(self, company):
        """Return the applicant as a contact of the company, with the owner's role.

        :raise UserError: when the e-mail is the login of somebody elsewhere
        """
        contact = self._find_login(company) or self._find_contact(company)
        values = {"portal_role_id": self.env.ref(_OWNER).id}
        if contact:
            contact.write(values)
            return contact
        return self.env["res.partner"].create(
            {
                **values,
                "name": self.contact_name,
                "parent_id": company.id,
                "function": self.function,
                "email": self.email,
                "phone": self.phone,
                "lang": self._get_known_lang(),
            }
        )

    def _find_login(self, company):
        """Return the contact who logs in with the applicant's e-mail already.

        :raise UserError: when that is not one of the company's people
        """
        users = self.env["res.users"].with_context(active_test=False)
        user = users.search([("login", "=", email_normalize(self.email))], limit=1)
        if user and user.partner_id.commercial_partner_id != company:
            raise UserError(
                self.env._(
                    "%(email)s is already the login of %(person)s, %(company)s. Accept "
                    "the application for that company, or ask the applicant for "
                    "another address.",
                    email=self.email,
                    person=user.name,
                    company=user.partner_id.commercial_partner_id.display_name,
                )
            )
        return user.partner_id

    def _find_contact(self, company):
        """Return a person of the company with the applicant's e-mail."""
        return self.env["res.partner"].search(
            [
                ("parent_id", "child_of", company.id),
                ("is_company", "=", False),
                ("email_normalized", "=", email_normalize(self.email)),
            ],
            limit=1,
        )

    def _add_colleagues(self, company):
        """Add the people the applicant named, unless the company has them."""
        people = self.env["res.partner"].search([("parent_id", "=", company.id)])
        known = {(p.name or "").casefold() for p in people}
        known |= {p.email_normalized for p in people if p.email_normalized}
        self.env["res.partner"].create(
            [
                {
                    "name": person.name,
                    "parent_id": company.id,
                    "function": person.function,
                    "email": person.email,
                    "lang": self._get_known_lang(),
                }
                for person in self.person_ids
                if not {person.name.casefold(), email_normalize(person.email)} & known
            ]
        )

    def _join_program(self, company):
        """Return the company's active membership in the program.

        :raise UserError: when the membership is suspended
        """
        membership = self.env["partner.membership"].search(
            [
                ("partner_id", "=", company.id),
                ("program_id", "=", self.program_id.id),
                ("state", "!=", "terminated"),
            ]
        )
        if membership.state == "suspended":
            raise UserError(
                self.env._(
                    "“%(membership)s” is suspended: activate it there instead of "
                    "accepting a new application.",
                    membership=membership.display_name,
                )
            )
        if not membership:
            membership = membership.create(
                {
                    "partner_id": company.id,
                    "program_id": self.program_id.id,
                    "manager_id": self.manager_id.id,
                    "source_id": self.funnel_id.source_id.id,
                    "medium_id": self.funnel_id.medium_id.id,
                    "campaign_id": self.funnel_id.campaign_id.id,
                }
            )
        if membership.state == "draft":
            membership.action_activate()
        return membership

    def _invite(self, contact):
        """Give the applicant access to the portal as Odoo does, if there is none."""
        wizards = self.env["portal.wizard"].with_company(self.company_id)
        wizard = wizards.create({"partner_ids": [Command.set(contact.ids)]})
        row = wizard.user_ids
        if not contact.with_context(active_test=False).user_ids:
            row._create_user()
            # the row has to see the new user: the invitation goes to that one
            row.invalidate_recordset()
            if row.is_portal:
                row.action_invite_again()
                return
        if not (row.is_portal or row.is_internal):
            row.action_grant_access()
