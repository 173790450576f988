from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.sql import column_exists, create_column

from .deal_distribution_mixin import DISTRIBUTION_FIELDS
from .deal_escalation_mixin import DESK_FIELDS
from .deal_registration_mixin import INTERNAL
from .joint_qualification_mixin import QUALIFICATION_FIELDS

#: written by named moves only, after the approval
LIFE_FIELDS = (
    "reminder_level",
    "date_last_update",
    "date_update_due",
    "date_update_overdue",
    "date_update_reminded",
    "runner_up_lead_id",
    "date_attribution_frozen",
)

#: what the claims are made of
_CUSTOMER_FIELDS = {
    "country_id",
    "customer_vat",
    "email_from",
    "partner_id",
    "partner_name",
    "product_family_id",
    "website",
}


class CrmLead(models.Model):
    """Glue: a lead that may be a partner's registration."""

    _name = "crm.lead"
    # the mixins stand before the model they extend: their methods call super()
    # into Odoo's own, which do not call further
    _inherit = [
        "deal.offer.merge.mixin",
        "qualification.opportunity.mixin",
        "qualification.gate.mixin",
        "joint.qualification.mixin",
        "deal.prediction.mixin",
        "deal.portal.guard.mixin",
        "deal.assign.mixin",
        "deal.past.mixin",
        "deal.idle.mixin",
        "deal.offer.end.mixin",
        "deal.distribution.job.mixin",
        "deal.taking.mixin",
        "deal.distribution.mixin",
        "lead.facts.mixin",
        "lead.holder.mixin",
        "deal.attribution.mixin",
        "deal.extension.mixin",
        "deal.reminder.mixin",
        "deal.update.mixin",
        "deal.revert.mixin",
        "deal.runner.up.mixin",
        "deal.transfer.mixin",
        "deal.outcome.mixin",
        "deal.record.mixin",
        "deal.distributor.mixin",
        "deal.own.mixin",
        "deal.receipt.mixin",
        "deal.desk.mixin",
        "deal.notice.mixin",
        "deal.decision.mixin",
        "deal.approval.mixin",
        "deal.automatic.mixin",
        "deal.eligibility.mixin",
        "deal.eligibility.check.mixin",
        "deal.submission.mixin",
        "deal.escalation.mixin",
        "deal.revision.mixin",
        "deal.conflict.mixin",
        "deal.sales.mixin",
        "deal.similar.mixin",
        "deal.customer.mixin",
        "deal.vendor.lead.mixin",
        "deal.review.mixin",
        "deal.asset.mixin",
        "deal.registration.mixin",
        "channel.state.mixin",
        "channel.job.mixin",
        "channel.thread.mixin",
        "crm.lead",
    ]
    _state_fields = (
        "registration_state",
        "membership_id",
        "date_submitted",
        "date_decision_due",
        "date_decision",
        "date_protection_end",
        "registration_reason",
        "registration_remark",
        "returned_content",
        *DESK_FIELDS,
        *LIFE_FIELDS,
        *QUALIFICATION_FIELDS,
        *DISTRIBUTION_FIELDS,
    )

    # Odoo shows it to whoever the lead is assigned to: who else was asked is none of
    # a partner's business
    partner_declined_ids = fields.Many2many(groups=INTERNAL)

    def _auto_init(self):
        # leads there are already got no tier written down when they were given away:
        # computing it at the installation would rewrite every one of them
        if not column_exists(self.env.cr, self._table, "channel_grade_id"):
            create_column(self.env.cr, self._table, "channel_grade_id", "int4")
        return super()._auto_init()

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        self.env["partner.lead.offer"]._offer(
            leads.filtered(
                lambda lead: lead.partner_assigned_id and not lead.registration_state
            )
        )
        return leads

    def write(self, vals):
        reassigned = self.browse()
        if "partner_assigned_id" in vals:
            self._check_assigned_partner(vals["partner_assigned_id"])
            reassigned = self.filtered(
                lambda lead: not lead.registration_state
            )._filter_reassigned(vals["partner_assigned_id"])
            # before the next one follows
            reassigned._unfollow_partners(vals["partner_assigned_id"])
        result = super().write(vals)
        if reassigned:
            self.env["partner.lead.offer"]._offer(reassigned)
        if _CUSTOMER_FIELDS & vals.keys():
            self._renew_claims()
        return result

    def _get_guarded_threads(self):
        # sudo: read to tell registrations from ordinary leads, which stay Odoo's
        registered = self.sudo().filtered("registration_state")
        return self.browse(registered.ids)

    def _check_assigned_partner(self, partner_id):
        """Refuse to hand a registration to somebody else's partner.

        Whoever it is assigned to sees the deal and its files.

        :param partner_id: id of the partner to be assigned
        :raise UserError: naming the deal and its partner
        """
        # sudo: the membership says whose the deal is, whoever assigns it
        for lead in self.sudo().filtered("registration_state"):
            owner = lead.membership_id.partner_id
            if partner_id != owner.id:
                raise UserError(
                    self.env._(
                        "“%(deal)s” was registered by %(partner)s and stays with them.",
                        deal=lead.display_name,
                        partner=owner.display_name,
                    )
                )

    def _renew_claims(self):
        """Let claims in force follow what the vendor corrects on the customer.

        :raise UserError: another protected registration holds the new customer
        """
        # sudo: claims belong to no one's hands
        for lead in self.sudo().filtered(lambda lead: lead.registration_state):
            claims = lead.claim_ids.filtered(lambda claim: claim.state != "released")
            held = {(claim.kind, claim.value, claim.family_id) for claim in claims}
            keys = claims._get_claim_keys(lead._get_claim_values())
            family = lead.product_family_id
            period = claims.filtered("date_to")[:1]
            date_from, date_to = period.date_from, period.date_to
            is_over = date_to and date_to < lead.program_id._get_today()
            if not claims or is_over or held == {(*key, family) for key in keys}:
                continue
            renewed = lead._write_claims()
            if date_to:
                renewed._protect(date_from, date_to)

    def _handle_won_lost(self, old_status_by_lead, new_status_by_lead):
        result = super()._handle_won_lost(old_status_by_lead, new_status_by_lead)
        registered = self.filtered("registration_state")
        for target in ("won", "lost"):
            key = f"is_{target}"
            reached = registered.filtered(
                lambda lead, key=key: (
                    new_status_by_lead.get(lead.id, {}).get(key)
                    and not old_status_by_lead.get(lead.id, {}).get(key)
                )
            )
            left = registered.filtered(
                lambda lead, key=key: (
                    old_status_by_lead.get(lead.id, {}).get(key)
                    and not new_status_by_lead.get(lead.id, {}).get(key)
                )
            )
            reached._close_registrations(target)
            (left - reached)._reopen_registrations()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_registered(self):
        """A submitted registration is evidence, also for a merge."""
        for lead in self:
            if lead.registration_state not in (False, "draft"):
                raise UserError(
                    self.env._(
                        "“%(deal)s” is a registration and stays as proof: reject or "
                        "withdraw it, and archive the lead. To merge, keep this one as "
                        "the result.",
                        deal=lead.display_name,
                    )
                )
