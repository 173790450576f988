from odoo import api, fields, models
from odoo.tools import format_date

from .deal_registration_mixin import INTERNAL
from .partner_deal_claim import UNDECIDED


class DealConflictMixin(models.AbstractModel):
    """Tells who decides what is in the way of a registration, and by what."""

    _name = "deal.conflict.mixin"
    _description = "Conflicts of a Registration in Words"

    conflict_holder = fields.Char(
        compute="_compute_conflict_words",
        compute_sudo=True,
        groups=INTERNAL,
        help="Who holds the customer, so that the registration cannot be approved.",
    )
    conflict_kinds = fields.Char(
        "In Common",
        compute="_compute_conflict_words",
        compute_sudo=True,
        groups=INTERNAL,
        help="What the registrations in conflict have in common.",
    )

    conflict_label = fields.Char(
        "Conflict", compute="_compute_conflict_label", groups=INTERNAL
    )

    @api.depends("has_conflict")
    def _compute_conflict_label(self):
        for lead in self:
            lead.conflict_label = self.env._("Conflict") if lead.has_conflict else ""

    @api.depends("conflict_lead_ids")
    def _compute_conflict_words(self):
        for lead in self:
            claims = lead._get_conflict_claims()
            held = claims.filtered(lambda claim: claim.state == "protected")
            lead.conflict_holder = lead._get_holder_words(held)
            labels = dict(claims._fields["kind"]._description_selection(self.env))
            found = set(claims.mapped("kind"))
            lead.conflict_kinds = ", ".join(
                label for kind, label in labels.items() if kind in found
            )

    def _get_conflict_claims(self):
        """Return the claims of others on what this registration asks for."""
        self.ensure_one()
        today = self.program_id._get_today() if self.program_id else None
        mine = self.claim_ids.filtered(lambda claim: claim.state == "pending")
        keys = {(claim.kind, claim.value) for claim in mine}
        family = self.product_family_id
        return self.conflict_lead_ids.claim_ids.filtered(
            lambda claim: (
                (claim.kind, claim.value) in keys
                and claim.state != "released"
                and (not claim.date_to or claim.date_to >= today)
                and (not claim.family_id or not family or claim.family_id == family)
            )
        )

    def _get_holder_words(self, held):
        """Return who holds the customer and until when, empty for nobody.

        :param held: protected claims of other registrations
        """
        last = held.sorted("date_to")[-1:]
        if not last:
            return ""
        values = {
            "partner": last.lead_id.partner_assigned_id.display_name,
            "date": format_date(self.env, last.lead_id.date_protection_end),
        }
        if last.date_to == UNDECIDED:
            return self.env._(
                "%(partner)s held this customer until %(date)s and asks for an "
                "extension: decide that first.",
                **values,
            )
        return self.env._(
            "%(partner)s holds this customer until %(date)s: it cannot be approved.",
            **values,
        )
