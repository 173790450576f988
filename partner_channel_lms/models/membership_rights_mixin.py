from odoo import fields, models

from .partner_program_eligibility import MISSING


class MembershipRightsMixin(models.AbstractModel):
    """For what a partner has too few certified people today."""

    _name = "membership.rights.mixin"
    _description = "Membership: Rights by Certificates"

    certification_gap = fields.Char(
        "Not Certified For",
        compute="_compute_certification_gap",
        groups="partner_channel.group_channel_manager,"
        "partner_channel.group_channel_analyst",
        help="Product families whose deals the partner has no right to register: too "
        "few of its people hold the certificates the program asks for.",
    )

    def _compute_certification_gap(self):
        gaps = self._explain_rights()
        for member in self:
            member.certification_gap = gaps.get(member, "")

    def _get_checked_demands(self):
        """Return the certificates the programs ask for, as far as they check them."""
        # sudo: rules of the program hold for whoever looks
        rules = self.program_id.sudo().eligibility_ids.filtered(
            lambda rule: rule.code == MISSING and rule.policy != "off"
        )
        return rules.program_id.certification_demand_ids

    def _explain_rights(self):
        """Return in words which families' deals the partners may not register.

        In a fixed number of queries a program. People have to be where the partner is,
        where a demand asks for people of the deal's country.

        :return: ``{membership: text}``, only where something is missing
        """
        texts = {}
        for members in self.grouped("program_id").values():
            demands = members._get_checked_demands()
            for member, measures in demands._measure_rights(members).items():
                families = {}
                for measure in measures:
                    family = measure.demand.family_id
                    families.setdefault(family, []).append(measure)
                country = member.partner_id.country_id
                texts[member] = ". ".join(
                    self.env._(
                        "%(family)s: %(missing)s",
                        family=family.name or self.env._("All products"),
                        missing=demands._explain(lines, country),
                    )
                    for family, lines in families.items()
                )
        return texts
