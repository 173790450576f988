from odoo import api, fields, models

#: what of the program says how long a state may last, in working hours
_HOURS = {
    "draft": "qualification_partner_hours",
    "returned": "qualification_partner_hours",
    "partner_qualified": "qualification_vendor_hours",
    "vendor_qualified": "qualification_own_hours",
}


class QualificationBeginMixin(models.AbstractModel):
    """How a qualification begins, and how long each step of it may take."""

    _name = "qualification.begin.mixin"
    _description = "Beginning of a Qualification"

    @api.model
    def _begin(self, lead, membership, template):
        """Begin the qualification of a lead: the partner is to answer.

        :param lead: ``crm.lead`` without one that runs
        :param membership: ``partner.membership``, may be empty
        :param template: ``qualification.template``
        :return: the sheet, with a row for every answer
        """
        partner = membership.partner_id or lead.partner_assigned_id
        company = membership.company_id or lead.company_id or template.company_id
        now = fields.Datetime.now()
        # the person who submits is no follower: what is said there is the vendor's
        sheets = self.with_context(mail_create_nosubscribe=True)
        sheet = sheets._with_state_move().create(
            {
                "lead_id": lead.id,
                "membership_id": membership.id,
                "partner_id": partner.commercial_partner_id.id,
                "company_id": company.id,
                "template_id": template.id,
                "snapshot_id": self.env["qualification.snapshot"]._take(template).id,
                "date_state": now,
            }
        )
        sheet.date_due = sheet._plan_due("draft", now)
        Answer = self.env["crm.lead.qualification.answer"]._with_state_move()
        Answer.create(sheet._prepare_answers())
        # without the context that lets protected fields be set
        return self.browse(sheet.ids)

    def _prepare_answers(self):
        """Return the values of a sheet's rows: the vendor's, and the partner's own."""
        self.ensure_one()
        return [
            {
                "sheet_id": self.id,
                "criterion_id": criterion["id"],
                "side": side,
                "sequence": number,
                "kind": criterion["kind"],
                "step": criterion["step"],
                "is_internal": criterion["internal"],
                "is_required": criterion["required"],
                "is_asked": criterion["fill_by"] in ("both", side),
                "currency_id": criterion["currency_id"],
            }
            for number, criterion in enumerate(self.snapshot_id.facts, 1)
            for side in ("partner", "vendor")
            if side == "vendor" or criterion["fill_by"] != "vendor"
        ]

    def _plan_due(self, state, now):
        """Return by when a sheet is to leave a state, ``False`` for no limit.

        :param str state: the state it is in from now on
        :param datetime now: UTC
        """
        self.ensure_one()
        # sudo: rules of the program hold for whoever moves the sheet
        program = self.sudo().program_id
        if not program or state not in _HOURS or not self._is_waited_for():
            return False
        if state == "vendor_qualified" and not self._has_own_step():
            return False
        hours = program[_HOURS[state]]
        return bool(hours) and program._plan_hours(hours, now)

    def _has_own_step(self):
        """Return whether the vendor's own step follows the common one."""
        self.ensure_one()
        # sudo: rules of the program hold for whoever looks
        return self.sudo().program_id.qualification_own_step and self.has_additional

    def _is_vendors_turn(self):
        """Return whether the vendor has to go on, not the partner."""
        self.ensure_one()
        return self.state == "partner_qualified" or (
            self.state == "vendor_qualified" and self._has_own_step()
        )

    def _get_today(self):
        """Return which day it is where the vendor is."""
        self.ensure_one()
        # sudo: where the vendor is, whoever answers
        company = self.sudo().company_id or self.env.company.sudo()
        return company._get_channel_today()
