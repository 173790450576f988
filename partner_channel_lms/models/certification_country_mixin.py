from odoo import models
from odoo.exceptions import UserError


class CertificationCountryMixin(models.AbstractModel):
    """Where people are counted by country, their country is the vendor's to say.

    Certified people count for the country of their address. What a partner writes
    about itself is no evidence: portal users could change it on the page of their
    account, and over RPC.
    """

    _name = "certification.country.mixin"
    _description = "Certification: Country of People"

    def write(self, vals):
        # also in sudo: pages write for their user
        if "country_id" in vals and self.env.user.share:
            self._check_country_change(vals["country_id"])
        return super().write(vals)

    def _can_edit_country(self):
        return super()._can_edit_country() and not self._filter_counted_by_country()

    def _check_country_change(self, country_id):
        """Refuse another country for people who count for one.

        Who has none may take the company's: the page of the account asks for one.

        :param country_id: id or ``False``
        """
        # sudo: read only
        changing = self.sudo().filtered(
            lambda one: one.country_id.id != (country_id or False)
        )
        wrong = changing._filter_counted_by_country().filtered(
            lambda one: (
                one.country_id
                or one.commercial_partner_id.country_id.id != (country_id or False)
            )
        )
        if wrong:
            raise UserError(
                self.env._(
                    "Your certificates count for your country, so we keep it. If it "
                    "is wrong, ask your channel manager to correct it."
                )
            )

    def _filter_counted_by_country(self):
        """Return those of partners in programs that count people by country, in sudo.

        :return: ``res.partner``
        """
        # sudo: what programs ask for is not for partners to read
        own = self.sudo()
        members = own.env["partner.membership"].search(
            [
                ("partner_id", "in", own.commercial_partner_id.ids),
                ("state", "!=", "terminated"),
            ]
        )
        programs = [("program_id", "in", members.program_id.ids)]
        counting = (
            own.env["partner.certification.demand"]
            .search([*programs, ("is_local", "=", True)])
            .program_id
        )
        by_country = [*programs, ("certification_country_id", "!=", False)]
        counting |= own.env["partner.tier.requirement"].search(by_country).program_id
        counting |= own.env["partner.goal"].search(by_country).program_id
        companies = members.filtered(lambda one: one.program_id in counting).partner_id
        return own.filtered(lambda one: one.commercial_partner_id in companies)
