from collections import namedtuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

#: how many people of a partner a demand asks for, and how many it has
Measure = namedtuple("Measure", "demand held")


class PartnerCertificationDemand(models.Model):
    """How many certified people a program asks for, and for what.

    Conditions that are empty hold for all. What is asked for is measured for a
    membership and, where a deal is registered, its product family and country.
    """

    _name = "partner.certification.demand"
    _description = "Certificates Needed"
    _inherit = [
        "demand.forecast.mixin",
    ]
    _order = "program_id, family_id, type_id, id"
    _rec_name = "type_id"

    program_id = fields.Many2one(
        "partner.program", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="program_id.company_id", store=True, index=True
    )
    type_id = fields.Many2one(
        "partner.certification.type",
        "Certification",
        required=True,
        index=True,
        ondelete="restrict",
    )
    people = fields.Integer(
        "People at Least",
        required=True,
        default=1,
        help="People of the partner who hold it on the day.",
    )
    family_id = fields.Many2one(
        "product.category",
        "Product Family",
        domain="[('is_channel_family', '=', True)]",
        index="btree_not_null",
        ondelete="restrict",
        help="Asked for deals of this family, and for deals that name none: they are "
        "about all products. Empty: for all deals.",
    )
    country_ids = fields.Many2many(
        "res.country",
        string="Countries",
        help="Asked for deals in these countries, and for deals that name none. Empty: "
        "in all.",
    )
    is_local = fields.Boolean(
        "People of the Deal's Country",
        help="Only people whose address is in the deal's country count. Contacts share "
        "their company's address unless their type is “Other”.",
    )
    grade_ids = fields.Many2many(
        "res.partner.grade",
        string="Tiers",
        domain="[('program_id', '=', program_id)]",
        help="Asked of partners on these tiers. Empty: of all.",
    )

    _people_positive = models.Constraint(
        "CHECK (people > 0)", "Ask for at least one person, or remove the line."
    )

    @api.depends("type_id.name", "people")
    def _compute_display_name(self):
        for demand in self:
            demand.display_name = self.env._(
                "%(people)d × %(certification)s",
                people=demand.people,
                certification=demand.type_id.name or "",
            )

    @api.constrains("type_id")
    def _check_type_active(self):
        for demand in self.filtered(lambda demand: not demand.type_id.active):
            raise ValidationError(
                self.env._(
                    'The certification "%(certification)s" is archived and can no '
                    "longer be earned: choose another one.",
                    certification=demand.type_id.name,
                )
            )

    @api.constrains("grade_ids", "program_id")
    def _check_grades(self):
        for demand in self:
            if demand.grade_ids.program_id - demand.program_id:
                raise ValidationError(
                    self.env._(
                        'The tiers of "%(demand)s" must be tiers of the program '
                        '"%(program)s".',
                        demand=demand.display_name,
                        program=demand.program_id.name,
                    )
                )

    def _is_asked(self, membership, family, country):
        """Return whether it is asked of a membership for a family and a country.

        :param family: ``product.category``; empty: all products
        :param country: ``res.country``, may be empty
        """
        self.ensure_one()
        return (
            (not self.grade_ids or membership.grade_id in self.grade_ids)
            and (not self.country_ids or not country or country in self.country_ids)
            and (not self.family_id or not family or family == self.family_id)
        )

    def _measure_demands(self, leads):
        """Return what falls short for each of some registrations, in one query for all.

        The demands are those of one program; certificates count as they hold today,
        where the vendor is.

        :param leads: ``crm.lead``
        :return: ``{lead: [Measure, …]}``, only where something is missing
        """
        held = self._count_certified(leads.membership_id)
        missing = {
            lead: self._find_missing(
                held, lead.membership_id, lead.country_id, lead.product_family_id
            )
            for lead in leads
        }
        return {lead: measures for lead, measures in missing.items() if measures}

    def _measure_rights(self, memberships):
        """Return what falls short for some partners, in one query for all.

        As if they registered a deal of each family at home; the demands are those of
        one program.

        :param memberships: ``partner.membership``
        :return: ``{membership: [Measure, …]}``, only where something is missing
        """
        held = self._count_certified(memberships)
        missing = {
            member: self._find_missing(held, member, member.partner_id.country_id)
            for member in memberships
        }
        return {member: measures for member, measures in missing.items() if measures}

    def _find_missing(self, held, member, country, family=None):
        """Return the :data:`Measure` of each demand that is asked and not met.

        :param dict held: see :meth:`_count_certified`
        :param country: ``res.country`` of the deal, may be empty
        :param family: ``product.category`` of the deal, may be empty; ``None``: a deal
            of each demand's own
        """
        found = []
        for demand in self:
            by_country = held.get((member.partner_id, demand.type_id), {})
            people = demand._count_held(by_country, country)
            asked = demand.family_id if family is None else family
            if people < demand.people and demand._is_asked(member, asked, country):
                found.append(Measure(demand, people))
        return found

    def _count_held(self, by_country, country):
        """Return how many of a partner's certified people count for a deal.

        :param dict by_country: ``{country: people}``
        :param country: the deal's ``res.country``, may be empty
        """
        self.ensure_one()
        if not self.is_local:
            return sum(by_country.values())
        # nobody is at home in a country that is not known
        return by_country.get(country, 0) if country else 0

    def _count_certified(self, memberships):
        """Count the certified people of some partners by country, each once.

        People count for the partner they work for now, while their contact is active.

        :param memberships: ``partner.membership`` records
        :return: ``{(partner, type): {country: people}}``
        """
        if not self:
            return {}
        # sudo: what a program asks for is measured whoever looks; only counts leave
        certifications = self.env["partner.certification"].sudo()
        day = self.program_id._get_today()
        groups = certifications._read_group(
            certifications._get_valid_domain(day)
            & Domain("type_id", "in", self.type_id.ids)
            & Domain("commercial_partner_id", "in", memberships.partner_id.ids)
            & Domain("partner_id.active", "=", True),
            ["commercial_partner_id", "type_id", "partner_id.country_id"],
            ["partner_id:count_distinct"],
        )
        found = {}
        for partner, kind, country, people in groups:
            found.setdefault((partner, kind), {})[country] = people
        return found

    @api.model
    def _explain(self, measures, country):
        """Return in words what is missing, of a company, to whoever asks about it.

        :param measures: list of :data:`Measure`
        :param country: the deal's country, for people who have to be there
        """
        texts = []
        for demand, held in measures:
            values = {
                "certification": demand.type_id.name,
                "held": held,
                "people": demand.people,
                "country": country.name or self.env._("no country"),
            }
            texts.append(
                self.env._(
                    "%(certification)s in %(country)s: %(held)d of %(people)d", **values
                )
                if demand.is_local
                else self.env._("%(certification)s: %(held)d of %(people)d", **values)
            )
        return "; ".join(texts)
