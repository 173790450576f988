from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_OPEN = ("submitted", "returned", "approved")


class PartnerMembershipBenefitMixin(models.AbstractModel):
    """What the tier gives a partner, where it applies."""

    _name = "partner.membership.benefit.mixin"
    _description = "Benefits of a Membership"

    benefit_value_ids = fields.One2many(
        "partner.benefit.value", compute="_compute_benefit_value_ids"
    )
    open_registration_count = fields.Integer(compute="_compute_open_registration_count")
    # changed by each submission under a limit: of two at once the database lets one
    # wait and begin again with the other's result
    claim_counter = fields.Integer(
        readonly=True, copy=False, export_string_translation=False
    )

    def _compute_benefit_value_ids(self):
        values = self._get_benefit_values()
        for membership in self:
            membership.benefit_value_ids = values.get(membership.grade_id.id)

    def _compute_open_registration_count(self):
        counts = self._count_open_registrations()
        for membership in self:
            membership.open_registration_count = counts.get(membership.id, 0)

    def _get_benefit_values(self):
        """Return ``{grade_id: partner.benefit.value}`` of the memberships' tiers."""
        # sudo: what a tier gives is enforced whoever acts
        values = (
            self.env["partner.benefit.value"]
            .sudo()
            .search(
                [
                    ("grade_id", "in", self.grade_id.ids),
                    ("benefit_id.active", "=", True),
                ]
            )
        )
        return {grade.id: own for grade, own in values.grouped("grade_id").items()}

    def _get_benefit(self, kind):
        """Return the tier's value of a benefit, empty when it has none.

        :param str kind: one of the kinds of ``partner.benefit``
        """
        self.ensure_one()
        values = self._get_benefit_values().get(self.grade_id.id)
        values = values or self.env["partner.benefit.value"].sudo()
        return values.filtered(lambda value: value.kind == kind)[:1]

    def _get_protection_days(self):
        """Return for how many days an approved registration is protected."""
        benefit = self._get_benefit("protection_days")
        return benefit.number or self.program_id.protection_days

    def _get_allowed_families(self):
        """Return the product families the partner may register deals for.

        What is set on the partner itself counts before the tier's benefit; empty:
        all of them.
        """
        self.ensure_one()
        return self._read_allowed_families()[self.id]

    def _read_allowed_families(self):
        """Return ``{membership_id: families}``, see :meth:`_get_allowed_families`."""
        values = self._get_benefit_values()
        by_tier = {
            grade_id: own.filtered(lambda value: value.kind == "families").family_ids
            for grade_id, own in values.items()
        }
        none = self.env["product.category"]
        return {
            member.id: member.family_ids or by_tier.get(member.grade_id.id, none)
            for member in self
        }

    def _count_open_registrations(self, exclude=None):
        """Return ``{membership_id: registrations not ended}``."""
        # sudo: a limit counts what the person asking may not see
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        groups = leads._read_group(
            [
                ("membership_id", "in", self.ids),
                ("registration_state", "in", _OPEN),
                ("id", "not in", exclude.ids if exclude else []),
            ],
            ["membership_id"],
            ["__count"],
        )
        return {membership.id: count for membership, count in groups}

    def _check_registration_benefits(self, leads):
        """Refuse registrations the tier does not allow.

        :param leads: ``crm.lead`` of this membership about to be submitted
        :raise UserError: naming deal, limit or family, and what to do
        """
        self.ensure_one()
        # a program that has the check decides itself what follows from it
        # sudo: rules of the program hold for whoever submits
        checks = self.program_id.sudo().eligibility_ids.mapped("code")
        is_checked = "product_not_allowed" in checks
        allowed = self._get_allowed_families()
        for lead in leads if allowed and not is_checked else ():
            if lead.product_family_id not in allowed:
                raise UserError(
                    self.env._(
                        "“%(deal)s”: %(partner)s may register deals for %(families)s. "
                        "Choose one of them as the product family.",
                        deal=lead.display_name,
                        partner=self.partner_id.display_name,
                        families=", ".join(allowed.mapped("name")),
                    )
                )
        self._check_open_registrations(leads)

    def _check_open_registrations(self, leads):
        limit = self._get_benefit("open_registrations").number
        # sudo: rules of the program hold for whoever submits
        is_earned = self.program_id.sudo().open_limit_earned
        if not (limit or is_earned):
            return
        self._count_claim()
        count = self._count_open_registrations(exclude=leads).get(self.id, 0)
        if is_earned:
            refusal = self._check_earned_limit(count + len(leads))
            if refusal:
                raise UserError(refusal)
            return
        if count + len(leads) > limit:
            raise UserError(
                self.env._(
                    "%(partner)s has %(count)d open registrations; the tier %(tier)s "
                    "allows %(limit)d at a time. Withdraw one, or wait until one is "
                    "decided.",
                    partner=self.partner_id.display_name,
                    count=count,
                    tier=self.grade_id.display_name,
                    limit=limit,
                )
            )

    def _count_claim(self):
        """Change the membership's row, so that two submissions cannot pass at once."""
        # Raw SQL: the ORM would write a value it has read, and two of the same pass.
        self.env.cr.execute(
            SQL(
                """UPDATE partner_membership
                      SET claim_counter = COALESCE(claim_counter, 0) + 1
                    WHERE id = %s""",
                self.id,
            )
        )
