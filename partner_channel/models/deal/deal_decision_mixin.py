from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

REGISTRATION_MOVES = {
    "submitted": {"draft", "returned"},
    "returned": {"submitted"},
    # won and lost are left again when the opportunity is reopened
    "approved": {"submitted", "won", "lost"},
    "rejected": {"submitted"},
    "expired": {"approved"},
    "withdrawn": {"draft", "submitted", "returned", "approved"},
    "won": {"approved"},
    "lost": {"approved"},
}
_BATCH = 200


class DealDecisionMixin(models.AbstractModel):
    """The way of a registration from draft to its end."""

    _name = "deal.decision.mixin"
    _description = "Decisions on Deal Registrations"

    @api.model
    def _create_registrations(self, membership, vals_list):
        """Create draft registrations of a partner.

        The caller has checked who asks and which values are theirs to set.

        :param membership: one active ``partner.membership``
        :param vals_list: values of ``crm.lead``
        :return: ``crm.lead`` in state ``draft``
        :raise UserError: when the membership is not active
        """
        membership._check_may_register()
        common = {
            "type": "lead",
            "registration_state": "draft",
            "membership_id": membership.id,
            "partner_assigned_id": membership.partner_id.id,
            "company_id": membership.company_id.id,
            "team_id": membership.team_id.id,
            "user_id": membership.manager_id.id,
        }
        leads = self._with_state_move().create(
            [
                {**vals, "name": vals.get("name") or vals["partner_name"], **common}
                for vals in vals_list
            ]
        )
        contact = membership._get_benefit("support").contact_id
        if contact:
            leads.message_subscribe(contact.partner_id.ids)
        # without the context that lets protected fields be set
        return self.browse(leads.ids)

    def _move_registration(self, target, date=None, **values):
        """Move registrations and write the log.

        :param datetime date: when it happened, for a history that is taken over
            from elsewhere; default now
        :return: the registrations that moved
        """
        moved = self._move_to(
            "registration_state", target, REGISTRATION_MOVES, **values
        )
        if moved:
            self.env["partner.registration.log"]._append(moved, target, date)
        return moved

    def _submit_registration(self, date=None):
        """Ask the vendor for a decision; the partner can no longer edit."""
        moved, now = self.browse(), date or fields.Datetime.now()
        for membership, leads in self.grouped("membership_id").items():
            membership._check_may_register()
            asking = leads.filtered(lambda lead: lead.registration_state != "submitted")
            asking._check_submission()
            membership._check_registration_benefits(asking)
        for lead in self:
            moved |= lead._move_to(
                "registration_state",
                "submitted",
                REGISTRATION_MOVES,
                date_submitted=now,
                **lead._prepare_deadlines(now),
                date_decision=False,
                registration_reason=False,
            )
        moved._write_claims()
        moved._log_revision()
        if moved:
            self.env["partner.registration.log"]._append(moved, "submitted", date)
        moved._open_approval_steps()
        moved._schedule_decision()
        return moved

    def _close_decision(self, feedback):
        self._stop_approval_steps()
        self.activity_feedback(
            ["partner_channel.mail_activity_decide_registration"], feedback=feedback
        )

    def _approve_registration(self, date=None):
        """Protect the deals and make them opportunities.

        :raise UserError: when another protected registration holds a customer
        """
        self._check_approval_steps_done()
        moved = self.browse()
        # a refusal leaves nothing behind, also for a caller that goes on
        with self.env.cr.savepoint():
            for lead in self:
                moved |= lead._approve_one(date or fields.Datetime.now())
        if moved:
            moved._attribute_to_registrant()
            self.env["partner.registration.log"]._append(moved, "approved", date)
            moved._make_opportunities()
            moved._close_decision(self.env._("Approved"))
            moved._notify_registrant(
                lambda lead: lead.env._("Approved: the deal is protected.")
            )
        return moved

    def _approve_one(self, now):
        """Move one registration and make its claims exclusive."""
        self.membership_id._check_may_register()
        today = self.program_id._get_today(now)
        end = today + timedelta(days=self.membership_id._get_protection_days())
        approved = self._move_to(
            "registration_state",
            "approved",
            REGISTRATION_MOVES,
            date_decision=now,
            date_protection_end=end,
            registration_remark=False,
        )
        # sudo: claims belong to no one's hands
        approved.sudo().claim_ids._protect(today, end)
        return approved

    def _release_claims(self):
        """Free the customers of registrations for others."""
        # sudo: claims belong to no one's hands
        self.sudo().claim_ids._release()

    def _attribute_to_registrant(self):
        """The registering partner sourced the deal, unless someone did."""
        # sudo: who has which part follows from the decision, whoever makes it
        attributed = self.sudo().filtered("deal_role_ids")
        self.env["partner.deal.role"].sudo().create(
            [
                {"lead_id": lead.id, "membership_id": lead.membership_id.id}
                for lead in self - attributed
            ]
        )

    def _make_opportunities(self):
        new = self.filtered(lambda lead: lead.type == "lead")
        for customer, leads in new.grouped("partner_id").items():
            leads.convert_opportunity(customer)

    def _return_registration(self, remark, date=None):
        """Give registrations back to the partner to be corrected.

        :param str remark: what to correct; the partner reads it
        """
        if not (remark or "").strip():
            raise UserError(
                self.env._("Say in the remark what the partner should correct.")
            )
        moved = self._move_registration(
            "returned",
            date,
            registration_remark=remark.strip(),
            date_decision=date or fields.Datetime.now(),
        )
        moved._keep_returned_content()
        moved._release_claims()
        moved._close_decision(self.env._("Returned: %(remark)s", remark=remark))
        moved._notify_registrant(
            lambda lead: lead.env._("Returned: %(remark)s", remark=remark)
        )
        return moved

    def _reject_registration(self, reason, remark="", date=None):
        """Refuse registrations.

        :param str reason: one of the values of ``registration_reason``
        :param str remark: note to the partner
        """
        if not reason:
            raise UserError(self.env._("Choose the reason of the rejection."))
        moved = self._move_registration(
            "rejected",
            date,
            registration_reason=reason,
            registration_remark=(remark or "").strip(),
            date_decision=date or fields.Datetime.now(),
        )
        moved._release_claims()
        moved._close_decision(self._get_reason_label(reason))
        moved._notify_registrant(
            lambda lead: lead.env._(
                "Rejected: %(reason)s", reason=lead._get_reason_label(reason)
            )
        )
        return moved

    def _get_reason_label(self, reason):
        """Return a reason of rejection in words, in the language of the records."""
        reasons = self._fields["registration_reason"]._description_selection(self.env)
        return dict(reasons)[reason]

    def _withdraw_registration(self, date=None):
        """Take registrations back at the partner's wish."""
        moved = self._move_registration("withdrawn", date)
        moved._release_claims()
        moved._close_decision(self.env._("Withdrawn by the partner"))
        return moved

    def _expire_registrations(self, date=None):
        """Lift protections that ended."""
        moved = self._move_registration("expired", date)
        moved._release_claims()
        moved._notify_registrant(
            lambda lead: lead.env._("The protection of this deal has ended.")
        )
        return moved

    def _close_registrations(self, target, date=None):
        """Let won and lost opportunities end their registrations.

        :param str target: ``won`` or ``lost``
        """
        running = self.filtered(lambda lead: lead.registration_state == "approved")
        moved = running._move_registration(target, date)
        if target == "lost":
            moved._release_claims()
        return moved

    def _reopen_registrations(self):
        """Protect deals again whose opportunity is no longer won or lost."""
        for lead in self.filtered(lambda x: x.registration_state in ("won", "lost")):
            lead._move_registration("approved")
            today = lead.program_id._get_today()
            if lead.date_protection_end >= today:
                # sudo: claims belong to no one's hands; those of before are of the
                # customer the deal named when it was lost
                claims = lead.sudo()._write_claims()
                claims._protect(today, lead.date_protection_end)

    # === JOB === #

    @api.model
    def _queue_up_for_batch(self):
        """People register and decide all the time: a batch must come to its turn."""
        self.env["partner.registration.chain"]._queue_up()

    @api.model
    def _get_expiry_domain(self):
        """Return the domain of protections that have ended."""
        return fields.Domain("registration_state", "=", "approved") & self.env[
            "partner.program"
        ]._get_past_domain("date_protection_end")

    @api.model
    def _cron_expire_registrations(self):
        """Lift the protections that ended, in restartable batches."""
        leads = self.with_context(active_test=False)
        leads._run_batches(
            leads._get_expiry_domain(),
            _BATCH,
            lambda batch: batch._expire_registrations(),
        )
