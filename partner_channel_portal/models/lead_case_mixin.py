import re

from odoo import models

_WORD = re.compile(r"\w{3,}")
#: a telephone number, an e-mail address
_CONTACT = re.compile(r"[\d@]")
_LONGEST_CITY = 60


class LeadCaseMixin(models.AbstractModel):
    """What a partner reads of a lead it does not have yet: this, and nothing else.

    Whatever people type, as the title and the description, may name the customer, and
    stays out. What is listed here is chosen from the vendor's own lists, or a figure.
    """

    _name = "lead.case.mixin"
    _description = "Lead as Partners See It Before They Have It"

    def _prepare_portal_case(self):
        """Return the case without name and contacts; in sudo, for who is offered it.

        :return: dict of ``place``, ``industry``, ``family``, ``employees``,
            ``language``, ``amount``, ``currency`` and ``title``, empty what is unknown
        """
        self.ensure_one()
        place = (self._get_portal_city(), self.state_id.name, self.country_id.name)
        customer = self.partner_id
        industry = self.customer_industry_id or customer.industry_id
        case = {
            "place": ", ".join(filter(None, place)),
            "industry": industry.name or "",
            "family": self.product_family_id.name or "",
            "employees": self.customer_employees or 0,
            "language": self.lang_id.name or "",
            "amount": self.expected_revenue,
            "currency": self.company_currency,
        }
        title = (case[name] for name in ("place", "industry", "family"))
        return {**case, "title": next(filter(None, title), self.env._("Lead"))}

    def _get_portal_city(self):
        """Return the city, empty where something else was typed into the field."""
        self.ensure_one()
        city = (self.city or "").strip()
        named = f"{self.contact_name or ''} {self.partner_name or ''}".casefold()
        is_told = _CONTACT.search(city) or len(city) > _LONGEST_CITY
        if is_told or {*_WORD.findall(city.casefold())} & {*_WORD.findall(named)}:
            return ""
        return city
