from odoo import api, fields, models
from odoo.fields import Domain

from .partner_health_explain_mixin import CHANNEL


class PartnerMembershipAgreementMixin(models.AbstractModel):
    """What a partner has signed, and what it still has to sign."""

    _name = "partner.membership.agreement.mixin"
    _description = "Agreements of a Membership"

    agreement_ids = fields.One2many(
        "partner.agreement", "membership_id", "Agreements", groups=CHANNEL
    )
    agreement_count = fields.Integer(
        "Signed Agreements", compute="_compute_agreement_count", groups=CHANNEL
    )
    missing_agreement_ids = fields.Many2many(
        "partner.agreement.template",
        string="Agreements to Sign",
        compute="_compute_missing_agreement_ids",
        groups=CHANNEL,
    )
    is_agreement_missing = fields.Boolean(
        "Agreement Missing",
        compute="_compute_missing_agreement_ids",
        search="_search_is_agreement_missing",
        groups=CHANNEL,
        help="The program requires an agreement that is not signed, or not any more.",
    )

    def _compute_agreement_count(self):
        counts = dict(
            self.env["partner.agreement"]._read_group(
                [("membership_id", "in", self.ids), ("state", "=", "signed")],
                ["membership_id"],
                ["__count"],
            )
        )
        for membership in self:
            membership.agreement_count = counts.get(membership, 0)

    @api.depends("agreement_ids.state", "grade_id", "country_id", "state")
    def _compute_missing_agreement_ids(self):
        missing = self._find_missing_agreements()
        for membership in self:
            templates = missing[membership.id].sudo(False)
            membership.missing_agreement_ids = templates
            membership.is_agreement_missing = bool(templates)

    @api.model
    def _search_is_agreement_missing(self, operator, value):
        if operator != "in":
            return NotImplemented
        # the groups of a field that is not stored do not cover its search
        self._check_field_access(self._fields["is_agreement_missing"], "read")
        # of all companies; the memberships found obey the rules
        templates = self.env["partner.agreement.template"]._search_required()
        missing = Domain.OR(
            self._get_missing_domain(template) for template in templates
        )
        return missing if value == {True} else ~missing

    @api.model
    def _get_missing_domain(self, template):
        """Return the domain of memberships that lack an agreement today.

        :param template: one of ``_search_required``
        """
        day = template.program_id._get_today()
        if not template._is_due(day):
            return Domain.FALSE
        valid = self.env["partner.agreement"]._get_valid_domain(day)
        domain = Domain("program_id", "=", template.program_id.id) & Domain(
            "state", "!=", "terminated"
        )
        if template.grade_ids:
            domain &= Domain("grade_id", "in", template.grade_ids.ids)
        if template.country_ids:
            domain &= Domain("country_id", "in", template.country_ids.ids)
        # also what another channel manager has filed
        signed = Domain("template_id", "=", template.id) & valid
        return domain & Domain("agreement_ids", "not any!", signed)

    def _find_missing_agreements(self):
        """Return what each membership has to sign today and has not.

        The number of queries does not grow with the memberships.

        :return: ``{membership_id: partner.agreement.template in sudo}``
        """
        # sudo: what is signed counts whoever asks
        members = self.sudo()
        none = members.env["partner.agreement.template"]
        templates = none._search_required(members.program_id)
        signed = members._read_signed_agreements(templates)
        return {
            member.id: none.union(
                *(
                    template
                    for template in templates
                    if template.program_id == member.program_id
                    and template._is_due(member.program_id._get_today())
                    and template._is_asked_of(member)
                    and (member.id, template.id) not in signed
                )
            )
            for member in members
        }

    def _read_signed_agreements(self, templates):
        """Return the ``(membership_id, template_id)`` with a valid agreement today."""
        agreements = self.env["partner.agreement"]
        if not templates:
            return set()
        valid = Domain.OR(
            Domain("company_id", "=", company.id)
            & agreements._get_valid_domain(company._get_channel_today())
            for company in self.company_id
        )
        groups = agreements._read_group(
            valid
            & Domain("membership_id", "in", self.ids)
            & Domain("template_id", "in", templates.ids),
            ["membership_id", "template_id"],
        )
        return {(member.id, template.id) for member, template in groups}

    def _explain_missing_agreements(self):
        """Return in words what is missing, and how far it is, for the vendor.

        :return: ``{membership_id: text}``, only of those that lack something
        """
        missing = self._find_missing_agreements()
        templates = self.env["partner.agreement.template"].union(*missing.values())
        # sudo: agreements of all channel managers
        found = self.env["partner.agreement"].sudo()
        found = found.search(
            [
                ("membership_id", "in", self.ids),
                ("template_id", "in", templates.ids),
            ],
            # the last signature speaks, also if an older paper was filed after it
            order="date_signed, id",
        )
        latest = {(a.membership_id.id, a.template_id.id): a for a in found}
        return {
            member_id: "; ".join(
                latest.get((member_id, template.id), found[:0])._explain_gap(template)
                for template in lacking
            )
            for member_id, lacking in missing.items()
            if lacking
        }

    # === ACTIONS === #

    def action_prepare_agreements(self):
        """Draft what the partners have to sign, and show the drafts."""
        self.check_access("read")
        missing = self._find_missing_agreements()
        pairs = [
            (member, template.sudo(False))
            for member in self
            for template in missing[member.id]
        ]
        self.env["partner.agreement"]._prepare_for(pairs)
        return self.action_open_agreements()

    def action_open_agreements(self):
        """Open the agreements of the memberships."""
        self.check_access("read")
        context = {"default_membership_id": self.id} if len(self) == 1 else {}
        domain = [("membership_id", "in", self.ids)]
        return self.env["partner.agreement"]._open(domain, **context)
