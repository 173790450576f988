from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import portal_values as judge

#: what Odoo's page sends of a lead, all of it at once, and how each is judged
_LEAD_VALUES = {
    "expected_revenue": judge.is_amount,
    "probability": judge.is_probability,
    "priority": judge.is_text,
    "date_deadline": judge.is_day,
    "activity_type_id": judge.is_choice,
    "activity_summary": judge.is_text,
    "activity_date_deadline": judge.is_day,
}
#: how far ahead a partner may expect to win
_MAX_YEARS = 10
_CONTACT_VALUES = {
    "partner_name": judge.is_text,
    "phone": judge.is_text,
    "email_from": judge.is_text,
    "street": judge.is_text,
    "street2": judge.is_text,
    "city": judge.is_text,
    "zip": judge.is_text,
    "state_id": judge.is_choice,
    "country_id": judge.is_choice,
}


class DealPortalGuardMixin(models.AbstractModel):
    """Odoo's Resellers methods, which portal users may call by RPC.

    They write as superuser; what they let through would decide registrations
    past the vendor. Each keeps its work for ordinary leads.
    """

    _name = "deal.portal.guard.mixin"
    _description = "Guards on the Resellers Portal"

    def _is_portal_call(self):
        """Return whether a portal user calls, in own right."""
        return self.env.user._is_portal() and not self.env.su

    def _check_portal_registration(self):
        """Refuse portal work on registrations that are not approved.

        :raise UserError: naming the registration
        """
        self._assert_portal_write_access()
        if not self._is_portal_call():
            return
        for lead in self:
            if lead.registration_state not in (False, "approved"):
                raise UserError(
                    self.env._(
                        "“%(deal)s” is a registration that is not approved: it can be "
                        "changed only on its own page.",
                        deal=lead.display_name,
                    )
                )

    def _note_partner_answer(self, state):
        """Stop the clock that runs since the lead was given to the partner.

        :param str state: ``accepted`` or ``declined``
        """
        if self.env.user._is_portal():
            self.env["partner.lead.offer"]._answer(self, state)

    def partner_interested(self, comment=False):
        self._check_portal_registration()
        self._note_partner_answer("accepted")
        return super().partner_interested(comment=comment)

    def partner_desinterested(self, comment=False, contacted=False, spam=False):
        self._check_portal_registration()
        if self.env.user._is_portal() and any(self.mapped("registration_state")):
            raise UserError(
                self.env._("Withdraw the registration instead of declining the lead.")
            )
        self._note_partner_answer("declined")
        return super().partner_desinterested(
            comment=comment, contacted=contacted, spam=spam
        )

    def update_lead_portal(self, values):
        self._check_portal_registration()
        if self._is_portal_call():
            self._check_portal_values(values, _LEAD_VALUES)
            self._check_portal_lead(values)
        self._note_partner_answer("accepted")
        return super().update_lead_portal(values)

    def update_contact_details_from_portal(self, values):
        self._check_portal_registration()
        if self._is_portal_call():
            self._check_portal_values(values, _CONTACT_VALUES)
            self._check_portal_customer(values)
        self._note_partner_answer("accepted")
        return super().update_contact_details_from_portal(values)

    def update_stage_from_portal(self, stage_id):
        self._check_portal_registration()
        if self._is_portal_call():
            self._check_portal_stage(stage_id)
        self._note_partner_answer("accepted")
        return super().update_stage_from_portal(stage_id)

    # === WHAT IS SENT === #

    def _check_portal_values(self, values, known):
        """Refuse what no page sends.

        :param values: as it came by remote call
        :param dict known: name of each value allowed → how it is judged
        :raise UserError: naming the value
        """
        if not isinstance(values, dict):
            raise UserError(self.env._("This is not the content of a form."))
        for name, value in values.items():
            is_good = name in known and known[name](value)
            if not is_good or not self._is_portal_choice(name, value):
                self._refuse_portal_value(name)

    def _is_portal_choice(self, name, value):
        """Return whether a record is there that was chosen, if one has to be."""
        field = self._fields.get(name)
        if not (value and field and field.type == "many2one"):
            return True
        # sudo: countries and states are no secret, only their existence counts
        return bool(self.sudo().env[field.comodel_name].browse(value).exists())

    def _refuse_portal_value(self, name):
        field = self._fields.get(name)
        label = field._description_string(self.env) if field else name
        raise UserError(
            self.env._("“%(field)s” cannot be changed to this value.", field=label)
        )

    def _check_portal_lead(self, values):
        """Refuse figures of a lead that cannot be; see :meth:`update_lead_portal`."""
        for name in _LEAD_VALUES:
            if name not in values:
                self._refuse_portal_value(name)
        if values["priority"] not in self._fields["priority"].get_values(self.env):
            self._refuse_portal_value("priority")
        day = fields.Date.to_date(values["date_deadline"])
        today = fields.Date.context_today(self)
        # the page sends a date that has passed again as it stands there
        moved = self.filtered(lambda lead: lead.date_deadline != day)
        is_far = day and day.year > today.year + _MAX_YEARS
        if day and moved and (day < today or is_far):
            self._refuse_portal_value("date_deadline")
        self._check_portal_activity_type(values["activity_type_id"])

    def _check_portal_activity_type(self, type_id):
        """Refuse what is no kind of activity for leads."""
        if type_id:
            # sudo: what kinds of activities there are is the vendor's
            kind = self.env["mail.activity.type"].sudo().browse(type_id).exists()
            if not kind or kind.res_model not in (False, "crm.lead"):
                self._refuse_portal_value("activity_type_id")

    def _check_portal_customer(self, values):
        """Refuse another customer: it is what the vendor decided on."""
        for lead in self.filtered("registration_state"):
            customer = {
                "partner_name": lead.partner_name,
                "email_from": lead.email_from,
                "country_id": lead.country_id.id,
            }
            if any(
                (values[name] or False) != (customer[name] or False)
                for name in customer.keys() & values.keys()
            ):
                raise UserError(
                    self.env._(
                        "The customer of a protected deal cannot be changed; "
                        "ask your channel manager."
                    )
                )

    def _check_portal_stage(self, stage_id):
        """Refuse what is no stage of the leads' teams, and to win."""
        # sudo: teams are the vendor's
        stage = self.env["crm.stage"].sudo()
        stage = stage.browse(stage_id if judge.is_id(stage_id) else []).exists()
        teams = stage.team_ids
        if not stage or any(
            teams and lead.team_id not in teams for lead in self.sudo()
        ):
            raise UserError(self.env._("This is no stage the deal can be moved to."))
        if stage.is_won:
            raise AccessError(
                self.env._(
                    "Only the vendor closes a deal as won: ask for it in the chat."
                )
            )

    @api.model
    def create_opp_portal(self, values):
        # a member partner registers deals, where conflicts are found; Odoo's
        # short form would make an opportunity past every check
        partner = self.env.user.commercial_partner_id
        # sudo: a portal user may not see a suspended or ended membership
        memberships = partner.sudo()._get_channel_memberships(
            ("active", "suspended", "terminated")
        )
        if self.env.user._is_portal() and memberships:
            return {
                "errors": self.env._(
                    "Register it under “Deals”, where it is checked and protected."
                )
            }
        return super().create_opp_portal(values)
