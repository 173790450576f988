from odoo import models
from odoo.exceptions import UserError

#: states in which a registration can be handed to another partner
TRANSFERABLE = ("submitted", "returned", "approved")


class DealTransferMixin(models.AbstractModel):
    """Hands a registration to another partner, with its claims and its protection."""

    _name = "deal.transfer.mixin"
    _description = "Registrations Handed to Another Partner"

    def _transfer_registration(self, membership, reason, registrant=None, roles=True):
        """Hand registrations to another partner; both are told.

        The caller has checked that the user may decide them: being asked for one
        approval is not enough.

        :param membership: one active ``partner.membership`` of the same company
        :param str reason: why; goes to the log
        :param registrant: ``res.partner`` of the new partner to work on the deals
        :param bool roles: whether the attribution goes along
        :raise UserError: naming the deal that cannot be handed over, and why
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the deal goes to another partner."))
        self.check_access("write")
        membership._check_may_register()
        for lead in self:
            if lead.membership_id != membership:
                lead._check_may_transfer(membership, registrant)
                # sudo: who decides was checked; the deal leaves the own partners
                lead.sudo()._transfer_one(membership, reason.strip(), registrant, roles)

    def _check_may_transfer(self, membership, registrant):
        self.ensure_one()
        if membership.company_id != self.company_id:
            raise UserError(
                self.env._(
                    "“%(deal)s” belongs to %(company)s: choose a partner of its "
                    "programs.",
                    deal=self.display_name,
                    company=self.company_id.name,
                )
            )
        # sudo: whether the deal was won decides, whatever of it the person sees
        if (
            self.registration_state not in TRANSFERABLE
            or self.sudo().date_attribution_frozen
        ):
            raise UserError(
                self.env._(
                    "“%(deal)s” has ended or was won: it stays with its partner. The "
                    "head of channel can correct the attribution.",
                    deal=self.display_name,
                )
            )
        if registrant and registrant.commercial_partner_id != membership.partner_id:
            raise UserError(
                self.env._(
                    "%(person)s does not work for %(partner)s: choose its own people.",
                    person=registrant.name,
                    partner=membership.partner_id.name,
                )
            )

    def _transfer_one(self, membership, reason, registrant, roles):
        self.ensure_one()
        old, person = self.membership_id, self.registrant_id
        asked = old.manager_id | self.current_step_id.acting_id
        self._tell_former_partner(old, person)
        self._hide_past_from_partners(old)
        self.extension_ids._cancel()
        # the membership first: it says who the deal may be assigned to
        self._set_protected(
            {
                "membership_id": membership.id,
                "runner_up_lead_id": False,
                "reminder_level": 0,
            }
        )
        self.write(
            {
                "partner_assigned_id": membership.partner_id.id,
                "registrant_id": registrant.id if registrant else False,
                "user_id": membership.manager_id.id,
                "team_id": membership.team_id.id,
                **self._prepare_distributor(membership),
            }
        )
        self._drop_partner_followers(old.partner_id)
        if roles:
            self._hand_over_roles(old, membership)
        self._move_decision(asked)
        self.env["partner.registration.log"]._append(
            self,
            "transferred",
            note=self.env._(
                "%(old)s → %(new)s: %(reason)s",
                old=old.display_name,
                new=membership.display_name,
                reason=reason,
            ),
        )
        self._notify_registrant(
            lambda lead: lead.env._("This deal was handed to your company.")
        )

    def _tell_former_partner(self, membership, person):
        """Tell who loses the deal, in a message of its own: the deal is out of sight.

        Not who gets it: partners learn nothing about each other.
        """
        company = membership.partner_id
        is_own = person and person.commercial_partner_id == company
        told = person if is_own else company
        self.env["mail.thread"].message_notify(
            partner_ids=told.ids,
            subject=self.env._("A deal was handed on"),
            body=self.env._(
                "We have taken “%(deal)s” out of your deals and handed it on. Ask your "
                "channel manager if you have a question.",
                deal=self.name,
            ),
        )

    def _hide_past_from_partners(self, old):
        """Keep what was written so far to the vendor, files with the former partner.

        :param old: the former ``partner.membership``, whose files they are
        """
        messages = self.message_ids
        files = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "crm.lead"),
                ("res_id", "=", self.id),
                ("create_uid.share", "=", True),
            ]
        )
        # who may read a record may read its files: they go where the new partner
        # does not read
        (files | messages.attachment_ids).write(
            {"res_model": "partner.membership", "res_id": old.id}
        )
        messages.filtered(lambda message: not message.is_internal).is_internal = True

    def _drop_partner_followers(self, company):
        """The former partner's people follow the deal no more."""
        gone = self.message_partner_ids.filtered(
            lambda person: person.commercial_partner_id == company
        )
        self.message_unsubscribe(gone.ids)

    def _hand_over_roles(self, old, new):
        """Give the former partner's part in the deal to the new one."""
        roles = self.deal_role_ids
        held = set(roles.filtered(lambda r: r.membership_id == new).mapped("role"))
        mine = roles.filtered(lambda role: role.membership_id == old)
        double = mine.filtered(lambda role: role.role in held)
        double.unlink()
        (mine - double).membership_id = new

    def _move_decision(self, asked):
        """Give what is to be decided to whom the new partner's rules ask.

        :param asked: ``res.users`` who were to decide for the former partner
        """
        kind = self.env.ref("partner_channel.mail_activity_decide_registration")
        self.activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id == kind and activity.user_id in asked
            )
        ).unlink()
        if self.registration_state == "submitted":
            # the rules and checks name partners: those of the new one decide
            self._stop_approval_steps()
            self._set_protected({"date_evaluated": False})
            self._open_approval_steps()
            self._schedule_decision()
