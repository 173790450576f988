from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tools import plaintext2html

from ..tools.deal_form import About, is_token, read_form
from ..tools.form_values import FieldProblem, read_id


class DealPortalFormMixin(models.AbstractModel):
    """The one way from the portal's form into a registration."""

    _name = "deal.portal.form.mixin"
    _description = "Registration: Portal Form"

    @api.model
    def _portal_save_registration(self, values, lead=None, submit=False):
        """Keep what a partner's person typed, as a draft or submitted.

        Mistakes in the form are answers, not exceptions. The same form sent
        twice is one registration.

        :param dict values: texts by field, ``token`` of the form, ``files``
            (list of ``Upload``), ``remove_files`` (ids as text)
        :param lead: registration to change, none for a new one
        :param bool submit: whether to submit it as well
        :return: ``(lead, errors)``, ``errors`` maps field (or ``form``) →
            message and is empty when all was stored
        :raise AccessError: when the person may not do this
        """
        token = values.get("token") or ""
        lead, old = self._find_portal_draft(values, lead)
        # sudo: the token of an earlier sending, compared only
        if lead and not lead._can_portal_edit() and lead.sudo().portal_token == token:
            return lead, {}
        membership, errors = self._check_portal_save(values, lead)
        vals, problems = self._prepare_portal_vals(values, membership, submit, lead)
        uploads = self._prepare_portal_files(values, lead, problems)
        errors |= {name: self._get_portal_message(p) for name, p in problems.items()}
        if not is_token(token):
            errors["form"] = self._get_portal_message(FieldProblem("stale"))
        if errors:
            return lead, errors
        vals["portal_token"] = token
        return self._store_portal_deal(membership, vals, uploads, lead, submit, old)

    @api.model
    def _check_portal_save(self, values, lead):
        """Return the membership to register for, once access is checked.

        :param dict values: the form; ``membership_id`` as text
        :param lead: registration to change, or none
        :return: ``(membership in sudo, errors)``
        :raise AccessError: role, membership or state does not allow it
        """
        if lead:
            lead.check_access("read")
            if not lead._can_portal_edit():
                raise AccessError(self.env._("This deal cannot be changed now."))
            # sudo: the registration's own membership; the right was checked
            return lead.sudo().membership_id, {}
        memberships = self._get_portal_register_memberships()
        chosen = memberships.filtered(
            lambda m: str(m.id) == values.get("membership_id")
        )
        if not chosen and len(memberships) > 1:
            message = self._get_portal_message(FieldProblem("choice"))
            return memberships[:1], {"membership_id": message}
        return chosen or memberships, {}

    @api.model
    def _check_portal_form(self, lead):
        """Return the memberships the form offers, once access is checked.

        :param lead: registration to change, or none
        :return: ``partner.membership`` in sudo
        :raise AccessError: when the person may not use the form
        """
        if lead:
            return self._check_portal_save({}, lead)[0]
        return self._get_portal_register_memberships()

    @api.model
    def _may_portal_register(self):
        """Return whether the current user may register deals at all."""
        person = self.env.user.partner_id
        memberships = self.env["res.partner"]._get_portal_memberships(("active",))
        return bool(
            memberships and person._has_channel_capability("can_register", memberships)
        )

    @api.model
    def _get_portal_register_memberships(self):
        """Return the memberships the current user may register deals for.

        :return: ``partner.membership`` in sudo, at least one
        :raise AccessError: when there is none
        """
        person = self.env.user.partner_id
        if not person._has_channel_capability("can_register"):
            raise AccessError(
                self.env._("Your role does not allow you to register deals.")
            )
        memberships = self.env["res.partner"]._get_portal_memberships(("active",))
        memberships = memberships.filtered(
            lambda each: person._has_channel_capability("can_register", each)
        )
        if not memberships:
            raise AccessError(
                self.env._("Your company has no active membership to register for.")
            )
        return memberships

    # === READING THE FORM === #

    @api.model
    def _prepare_portal_vals(self, values, membership, submit, lead=None, choices=None):
        """Return ``(vals, problems)`` of the fields typed into the form.

        :param lead: registration to change, or none
        :param dict choices: see :meth:`_get_portal_choices`, for whoever reads many
        """
        problems = {}
        country, family = (
            self._read_portal_choice(values, name, records, problems)
            for name, records in (choices or self._get_portal_choices()).items()
        )
        vals, wrong = read_form(values, self._get_portal_about(country), submit)
        vals = {name: value or False for name, value in vals.items()}
        currency = membership.company_id.currency_id
        vals["expected_revenue"] = currency.round(
            float(vals.get("expected_revenue") or 0)
        )
        vals["description"] = vals.get("description") and plaintext2html(
            vals["description"]
        )
        vals["country_id"] = country.id
        vals["product_family_id"] = family.id
        vals["name"] = vals.get("partner_name")
        vals["is_public_tender"] = values.get("is_public_tender") == "1"
        return vals, problems | wrong

    @api.model
    def _read_portal_choice(self, values, name, records, problems):
        """Return the record chosen in a list, noting a choice that is none."""
        text = values.get(name) or ""
        if not text:
            return records.browse()
        chosen = records.browse(read_id(text))
        if chosen in records:
            return chosen
        problems[name] = FieldProblem("choice")
        return records.browse()

    @api.model
    def _get_portal_choices(self):
        """Return the records the form lets choose from, by field."""
        return {
            "country_id": self._get_portal_countries(),
            "product_family_id": self._get_portal_families(),
        }

    @api.model
    def _get_portal_countries(self):
        """Return the countries a customer may be in."""
        return self.env["res.country"].search([("code", "!=", False)])

    @api.model
    def _get_portal_families(self):
        """Return the product families partners may choose."""
        # sudo: partners see the names of flagged families, nothing else of them
        return (
            self.env["product.category"]
            .sudo()
            .search([("is_channel_family", "=", True)])
        )

    @api.model
    def _get_portal_about(self, country):
        """Return what reading the form depends on."""
        lang = self.env["res.lang"]._get_data(
            code=self.env.lang or self.env.user.lang or "en_US"
        )
        return About(
            fields.Date.context_today(self),
            lang.decimal_point or ".",
            lang.thousands_sep or "",
            country.code,
        )

    @api.model
    def _get_portal_message(self, problem):
        """Return a problem in the reader's language."""
        text = self._get_portal_messages()[problem.code]
        return text % problem.params

    @api.model
    def _get_portal_messages(self):
        """Return the messages by code, with placeholders for their figures."""
        return {
            "required": self.env._("Please fill in this field."),
            "identify": self.env._(
                "Give the tax ID, the website or an e-mail of the customer."
            ),
            "characters": self.env._("This contains characters that cannot be stored."),
            "markup": self.env._("Please use plain text, without HTML or scripts."),
            "too_long": self.env._("This is too long: at most %(limit)s characters."),
            "email": self.env._("This is not an e-mail address."),
            "phone": self.env._("This is not a phone number."),
            "website": self.env._(
                "This is not a web address, such as www.example.com."
            ),
            "date": self.env._("This is not a date: write it as YYYY-MM-DD."),
            "date_past": self.env._("This date is in the past."),
            "date_far": self.env._("This date is more than %(years)s years ahead."),
            "amount": self.env._("This is not an amount: write digits, such as 12500."),
            "amount_positive": self.env._("The amount must be more than zero."),
            "amount_large": self.env._("This amount is too large."),
            "tax_id": self.env._(
                "This is not a tax ID, such as DE136695976 or 12-3456789."
            ),
            "tax_id_characters": self.env._(
                "Write the tax ID with Latin letters, digits, spaces and . , / - only."
            ),
            "tax_id_prefix": self.env._(
                "Choose the customer's country, or begin the tax ID with its code, "
                "such as DE."
            ),
            "tax_id_country": self.env._(
                "This tax ID is not valid in the chosen country (%(country)s)."
            ),
            "choice": self.env._("Please choose from the list."),
            "stale": self.env._("Please check the form and send it again."),
        }

    # === STORING === #

    @api.model
    def _store_portal_deal(self, membership, vals, uploads, lead, submit, old=None):
        """Store a checked form; see :meth:`_portal_save_registration`.

        :param old: draft the new registration takes the place of; it goes with the
            new one being stored, or stays
        """
        try:
            with self.env.cr.savepoint():
                if old:
                    old._portal_withdraw()
                saved = self._write_portal_deal(membership, vals, lead)
                saved._attach_portal_files(uploads)
                if submit:
                    # sudo: the right to submit was checked with that to save
                    saved.sudo()._submit_registration()
        except UniqueViolation as error:
            # the same form is being stored by another request at this moment: begin
            # again, and find what it made
            if error.diag.constraint_name != "crm_lead_portal_token_uniq":
                raise
            raise ConcurrencyError(str(error)) from error
        except AccessError:
            raise
        except UserError as error:
            return lead, {"form": str(error)}
        return saved, {}

    @api.model
    def _write_portal_deal(self, membership, vals, lead):
        """Create or change the registration.

        :param membership: the membership it is for, in sudo
        :param dict vals: values that passed the allow-list
        :param lead: registration to change, or none
        :return: the registration, as the user
        """
        # sudo: portal users have no write access to leads; what they may do was
        # checked, and the values come from the form's allow-list only
        if lead:
            person = lead.sudo().registrant_id
            if self._find_portal_token(vals.get("portal_token"), person) - lead:
                # the form of another registration: each goes by its own token
                vals = {k: v for k, v in vals.items() if k != "portal_token"}
            lead.sudo().write(vals)
            return lead
        vals["registrant_id"] = self.env.user.partner_id.id
        # the manager hears of a deal when it is submitted, not of each draft
        Lead = self.sudo().with_context(mail_auto_subscribe_no_notify=True)
        deal = Lead._create_registrations(membership, [vals])
        return self.browse(deal.ids)
