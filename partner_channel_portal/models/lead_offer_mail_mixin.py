from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_datetime

#: reminded so long before the end, or a quarter of the time before it
_REMINDED = timedelta(hours=4)
_BATCH = 200


class LeadOfferMailMixin(models.AbstractModel):
    """What people of the partner are written about offers, each in their language.

    One e-mail for all that one round offers a person, without name and contacts.
    """

    _name = "lead.offer.mail.mixin"
    _description = "Lead Offer: E-Mails"

    @api.model_create_multi
    def create(self, vals_list):
        offers = super().create(
            [{**vals, "date_remind": self._plan_reminder(vals)} for vals in vals_list]
        )
        # what is taken from a pool has no end, and is accepted at once
        offers.filtered(
            lambda offer: offer.date_due and offer.state == "offered"
        )._write_to_people("offered")
        return offers

    @api.model
    def _plan_reminder(self, vals):
        """Return when to remind of an offer with these values."""
        due, offered = map(
            fields.Datetime.to_datetime,
            (vals.get("date_due"), vals.get("date_offered")),
        )
        if not (vals.get("membership_id") and due and offered):
            return False
        return due - min(_REMINDED, (due - offered) / 4)

    def _withdraw(self):
        # nobody is told what one's own people did
        own = self.env.user.partner_id.commercial_partner_id
        told = self.filtered(lambda offer: offer.partner_id != own)
        accepted = told.filtered(lambda offer: offer.state == "accepted")
        offered = told.filtered(lambda offer: offer.state == "offered")
        result = super()._withdraw()
        accepted._write_to_people("taken")
        offered._write_to_people("withdrawn")
        return result

    def _note_idle(self):
        result = super()._note_idle()
        self._write_to_people("taken")
        return result

    def _miss(self):
        missed = self.filtered(lambda offer: offer.state == "offered")
        result = super()._miss()
        missed._write_to_people("missed")
        return result

    # === REMINDER === #

    @api.model
    def _cron_remind_of_offers(self):
        """Remind once of each offer that lapses soon."""
        now = fields.Datetime.now()
        self._run_batches(
            [("date_remind", "<=", now)], _BATCH, lambda offers: offers._remind(now)
        )

    def _remind(self, now):
        """Write about what is still open; each offer is done once.

        :param datetime now: UTC
        """
        self.filtered(
            lambda offer: offer.state == "offered" and offer.date_due > now
        )._write_to_people("remind")
        self.date_remind = False

    # === E-MAILS === #

    def _write_to_people(self, kind):
        """Write to the people of the partners, in few queries for any number.

        :param str kind: ``offered``, ``remind``, ``withdrawn``, ``taken``, ``missed``
        """
        # sudo: jobs and people of other partners are what offers follow from
        offers = self.sudo().filtered("membership_id")
        people = offers._find_people() if offers else {}
        by_person = {}
        for offer in offers:
            for person in people.get(offer.membership_id, ()):
                by_person.setdefault(person, []).append(offer.id)
        installed = dict(self.env["res.lang"].get_installed())
        self.env["mail.mail"].sudo().create(
            [
                offers._prepare_person_mail(kind, person, ids, installed)
                for person, ids in by_person.items()
            ]
        )

    def _find_people(self):
        """Return ``{membership: people}``: those with a login whose role works leads.

        In sudo; not for memberships that have ended.
        """
        memberships = self.membership_id
        roles = self.env["partner.portal.role"].search([("can_register", "=", True)])
        users = self.env["res.users"].search(
            [
                ("share", "=", True),
                ("partner_id.commercial_partner_id", "in", memberships.partner_id.ids),
                ("partner_id.portal_role_id", "in", roles.ids),
                ("partner_id.email", "!=", False),
            ],
            order="id",
        )
        people = users.partner_id
        allowed = {role: set(role._filter_memberships(memberships)) for role in roles}
        staff = people.grouped("commercial_partner_id")
        return {
            membership: staff.get(membership.partner_id, people.browse()).filtered(
                lambda person, own=membership: own in allowed[person.portal_role_id]
            )
            for membership in memberships
        }

    def _prepare_person_mail(self, kind, person, offer_ids, installed):
        """Return the values of one e-mail.

        :param person: ``res.partner`` who reads it
        :param list offer_ids: of these offers
        :param dict installed: languages
        """
        company = self.company_id[:1] or self.env.company
        lang = person.lang if person.lang in installed else self.env.lang
        zone = person.tz or company.partner_id.tz or "UTC"
        own = self.with_context(lang=lang, tz=zone)
        wanted = set(offer_ids)
        rows = [offer._prepare_mail_row(zone) for offer in own if offer.id in wanted]
        base = company.get_base_url()
        return {
            "subject": own._get_mail_subject(kind, len(rows)),
            "body_html": own.env["ir.qweb"]._render(
                "partner_channel_portal.lead_offer_mail",
                {
                    "kind": kind,
                    "person": person,
                    "rows": rows,
                    "base": base,
                    "company": company,
                },
                minimal_qcontext=True,
            ),
            "email_from": company.email_formatted or self.env.user.email_formatted,
            "reply_to": company.email_formatted or self.env.user.email_formatted,
            "author_id": company.partner_id.id,
            "recipient_ids": [fields.Command.set(person.ids)],
            "auto_delete": True,
        }

    def _prepare_mail_row(self, zone):
        """Return the case of an offer, with the time to answer where one reads it."""
        self.ensure_one()
        due = self.date_due and format_datetime(
            self.env, self.date_due, tz=zone, dt_format="short"
        )
        return {
            **self.lead_id._prepare_portal_case(),
            "url": self._get_portal_url(),
            "due": f"{due} ({zone})" if due else "",
        }

    @api.model
    def _get_mail_subject(self, kind, count):
        return {
            "offered": self.env._("Leads offered to you: %(n)s", n=count),
            "remind": self.env._("Leads to be answered soon: %(n)s", n=count),
            "withdrawn": self.env._("Leads no longer offered to you: %(n)s", n=count),
            "taken": self.env._("Leads taken back: %(n)s", n=count),
            "missed": self.env._("Leads not answered in time: %(n)s", n=count),
        }[kind]
