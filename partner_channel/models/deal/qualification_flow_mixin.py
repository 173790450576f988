from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.qualification import PARTNER_STATES

QUALIFICATION_MOVES = {
    "partner_qualified": {"draft", "returned"},
    "returned": {"partner_qualified"},
    "vendor_qualified": {"partner_qualified"},
    "confirmed": {"vendor_qualified"},
    "rejected": {"partner_qualified", "vendor_qualified"},
}
VERIFY_TYPE = "partner_channel.mail_activity_verify_qualification"


class QualificationFlowMixin(models.AbstractModel):
    """The way of a qualification: the partner answers, the vendor verifies."""

    _name = "qualification.flow.mixin"
    _description = "Steps of a Qualification"

    def _move_sheet(self, target, **values):
        """Move sheets on, with the new day they are due.

        :return: the sheets that moved
        """
        self._check_running()
        moved, now = self.browse(), fields.Datetime.now()
        for sheet in self:
            moved |= sheet._move_to(
                "state",
                target,
                QUALIFICATION_MOVES,
                date_state=now,
                date_due=sheet._plan_due(target, now),
                date_reminded=False,
                revision=sheet.revision + 1,
                **values,
            )
        moved.activity_feedback([VERIFY_TYPE])
        moved.lead_id._follow_qualification()
        return moved

    def _sign(self, name, person):
        """Let the partner sign: its answers stand from now on.

        The caller has checked that the person may work on the deal.

        :param str name: as typed
        :param person: ``res.partner``
        :raise UserError: no name, or a required answer is missing
        """
        if not (name or "").strip():
            raise UserError(self.env._("Write your name to sign."))
        asking = self.filtered(lambda sheet: sheet.state in PARTNER_STATES)
        asking._check_answered("partner", "main")
        moved = self._move_sheet(
            "partner_qualified",
            signed_name=name.strip(),
            signed_by_id=person.id,
            date_signed=fields.Datetime.now(),
        )
        for row in moved.vendor_answer_ids.filtered("remark"):
            row._set_protected({"remark_before": row.remark, "remark": False})
        moved._ask_vendor()
        return moved

    def _ask_vendor(self):
        """Put what was signed on the desk of who verifies it."""
        for sheet in self:
            user = sheet._get_verifier()
            if user:
                sheet.activity_schedule(
                    VERIFY_TYPE,
                    date_deadline=sheet._get_due_day(),
                    user_id=user.id,
                )

    def _get_verifier(self):
        """Return who verifies what the partner signed, may be nobody."""
        self.ensure_one()
        return self.membership_id.manager_id or self.lead_id.user_id

    def _return(self):
        """Give sheets back to the partner, with a remark on what to correct."""
        for sheet in self.filtered(lambda sheet: sheet.state != "returned"):
            remarks = sheet._get_remarks()
            if not remarks:
                raise UserError(
                    self.env._(
                        "“%(deal)s”: write a remark to the partner on at least one "
                        "answer.",
                        deal=sheet.display_name,
                    )
                )
            sheet._move_sheet("returned", returned_count=sheet.returned_count + 1)
            sheet._tell_partner(
                lambda lead: lead.env._("The qualification came back to be corrected.")
            )

    def _get_remarks(self):
        """Return the rows with a remark the partner may read."""
        return self.vendor_answer_ids.filtered(
            lambda answer: answer.remark and not answer.is_internal
        )

    def _qualify(self):
        """Verify what the partner signed."""
        asking = self.filtered(lambda sheet: sheet.state == "partner_qualified")
        asking._check_answered("vendor", "main")
        moved = self._move_sheet("vendor_qualified", **self._prepare_verified())
        moved._note_prediction()
        moved._tell_partner(lambda lead: lead.env._("The qualification was verified."))
        return moved

    def _prepare_verified(self):
        return {
            "date_verified": fields.Datetime.now(),
            "verified_by_id": self.env.uid,
        }

    def _note_prediction(self):
        """Keep what was predicted now: the end of the deal changes the lead's own."""
        for sheet in self:
            sheet._set_protected({"predicted_verified": sheet.predicted})

    def _confirm(self):
        """End the vendor's own step."""
        asking = self.filtered(lambda sheet: sheet.state == "vendor_qualified")
        asking._check_answered("vendor", "additional")
        return self._move_sheet("confirmed")

    def _reject(self):
        """Refuse the lead, with the reason written on the sheet."""
        for sheet in self.filtered(lambda sheet: sheet.state != "rejected"):
            reason = (sheet.reject_reason or "").strip()
            if not reason:
                raise UserError(
                    self.env._(
                        "Write the reason of rejection for “%(deal)s”: the partner "
                        "reads it.",
                        deal=sheet.display_name,
                    )
                )
            sheet._move_sheet("rejected", **self._prepare_verified())
            sheet._note_prediction()
            sheet._tell_partner(
                lambda lead, reason=reason: lead.env._(
                    "The deal was not qualified: %(reason)s", reason=reason
                )
            )

    def _ask_partner(self):
        """Tell the partner of sheets that the vendor began."""
        self._tell_partner(lambda lead: lead.env._("Please qualify this deal."))

    def _tell_partner(self, body):
        """Write to who works on the deal at the partner, in the chatter they see."""
        for sheet in self:
            lead = sheet.lead_id
            if lead.registration_state:
                lead._notify_registrant(body)
            else:
                told = lead._get_told_person() or lead.partner_assigned_id
                lead._write_to_partner(body, told)

    # === BUTTONS === #

    def _check_may_decide(self):
        """Refuse decisions to anybody who does not decide the deal.

        :raise AccessError: see ``crm.lead._check_may_decide``
        """
        self.check_access("write")
        self.lead_id._check_may_decide()

    def action_return(self):
        """Give it back to the partner, with the remarks written on the answers."""
        self._check_may_decide()
        self._return()

    def action_qualify(self):
        """Verify what the partner signed."""
        self._check_may_decide()
        self._qualify()

    def action_confirm(self):
        """End the vendor's own step."""
        self._check_may_decide()
        self._confirm()

    def action_reject(self):
        """Refuse the lead, with the reason written on the sheet."""
        self._check_may_decide()
        self._reject()

    def action_begin_again(self):
        """Let the partner answer anew, with the questions as they are now; open that.

        :raise UserError: see ``crm.lead.action_qualification``; nothing has ended then
        """
        self.ensure_one()
        self._check_may_decide()
        self._end_current()
        return self.lead_id.action_qualification()

    def _end_current(self):
        """Let another sheet take the place of these; what was answered stays."""
        ending = self.filtered("is_current")
        if ending:
            ending._set_protected({"is_current": False, "date_due": False})
            ending.activity_unlink([VERIFY_TYPE])
            # before another one begins: the database allows one at a time
            ending.flush_recordset()
            ending.lead_id._follow_qualification()
