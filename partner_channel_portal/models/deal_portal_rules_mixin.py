from odoo import api, models

from ..tools.deal_form import IDENTIFIERS
from ..tools.form_values import FieldProblem

#: the check of a program that puts its question on the form
_TENDER = "public_tender"


class DealPortalRulesMixin(models.AbstractModel):
    """What a program's rules make of the portal's form: needed, open, asked."""

    _name = "deal.portal.rules.mixin"
    _description = "Registration: Portal Form by the Program's Rules"

    @api.model
    def _get_portal_needed(self, memberships):
        """Return the fields all of these memberships' programs ask for.

        :param memberships: ``partner.membership`` in sudo
        :return: set of names
        """
        # sudo: the form says what is needed; the rules stay the vendor's
        needed = [
            set(program.required_field_ids.mapped("technical_name"))
            for program in memberships.sudo().program_id
        ]
        return set.intersection(*needed) if needed else set()

    @api.model
    def _asks_portal_tender(self, memberships):
        """Return whether one of the programs looks for public tenders.

        :param memberships: ``partner.membership`` in sudo
        """
        # sudo: the form asks the question; what follows from it stays the vendor's
        checks = memberships.sudo().program_id.eligibility_ids
        return any(c.code == _TENDER and c.policy != "off" for c in checks)

    def _get_portal_closed(self):
        """Return the texts of the form's fields that stay as they are.

        :return: dict of texts by field, empty when all of the form is open
        """
        open_fields = self._get_open_fields() if self else None
        if open_fields is None:
            return {}
        return {
            name: text
            for name, text in self._get_portal_form_values().items()
            if name not in open_fields
        }

    def _get_portal_corrections(self):
        """Return the remarks to show at the fields to correct, by name."""
        if self.registration_state != "returned":
            return {}
        # sudo: the partner reads what it is to correct
        return {
            correction.field_id.technical_name: correction.remark
            for correction in self.sudo().correction_ids
            if correction.remark
        }

    @api.model
    def _prepare_portal_vals(self, values, membership, submit, lead=None, choices=None):
        """Return the values of the fields that are open, and what is wrong there."""
        closed = lead._get_portal_closed() if lead else {}
        # what is closed is judged together with the rest as it stands, not as sent
        values = {**values, **closed}
        vals, problems = super()._prepare_portal_vals(
            values, membership, submit, lead, choices
        )
        if submit:
            for name in self._get_portal_needed(membership):
                if name not in problems and not vals.get(name):
                    problems[name] = FieldProblem("required")
        if not self._asks_portal_tender(membership):
            vals.pop("is_public_tender", None)
        return self._drop_portal_closed(vals, problems, closed)

    @api.model
    def _drop_portal_closed(self, vals, problems, closed):
        """Return values and problems without those of closed fields.

        :param dict closed: texts by field, see :meth:`_get_portal_closed`
        """
        if not closed:
            return vals, problems
        open_ids = [name for name in IDENTIFIERS if name not in closed]
        lacking = problems.get(IDENTIFIERS[0])
        if lacking and lacking.code == "identify" and open_ids:
            problems.setdefault(open_ids[0], lacking)
        if "partner_name" in closed:
            vals.pop("name", None)
        return (
            {name: value for name, value in vals.items() if name not in closed},
            {name: found for name, found in problems.items() if name not in closed},
        )
