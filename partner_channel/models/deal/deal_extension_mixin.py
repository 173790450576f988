from psycopg2.errors import ExclusionViolation

from odoo import api, fields, models
from odoo.exceptions import UserError

from .deal_registration_mixin import INTERNAL
from .partner_deal_claim import UNDECIDED

_TYPE = "partner_channel.mail_activity_decide_extension"


class DealExtensionMixin(models.AbstractModel):
    """Lets the protection of a deal be extended."""

    _name = "deal.extension.mixin"
    _description = "Extensions of a Protection"

    extension_ids = fields.One2many(
        "partner.registration.extension",
        "lead_id",
        "Extensions",
        readonly=True,
        groups=INTERNAL,
    )

    pending_extension_id = fields.Many2one(
        "partner.registration.extension",
        "Extension to Decide",
        compute="_compute_pending_extension_id",
        groups=INTERNAL,
    )

    @api.depends("extension_ids.state")
    def _compute_pending_extension_id(self):
        for lead in self:
            lead.pending_extension_id = lead._get_pending_extension()

    def action_open_extension(self):
        """Open the request that waits for a decision.

        :return: window action
        """
        self.ensure_one()
        return self.pending_extension_id._get_records_action()

    def _get_pending_extension(self):
        """Return the request that waits for a decision, or none."""
        self.ensure_one()
        return self.extension_ids.filtered(lambda ext: ext.state == "pending")

    def _get_extension_error(self):
        """Return why no extension can be asked for now, empty when it can."""
        self.ensure_one()
        program = self.program_id
        granted = self.extension_ids.filtered(lambda ext: ext.state == "granted")
        policy = program.extension_policy
        today = program._get_today() if program else None
        if self.registration_state != "approved" or self.date_protection_end < today:
            return self.env._("Only a protection that runs can be extended.")
        if policy == "never":
            return self.env._("The program extends no protection.")
        if policy == "once" and granted:
            return self.env._("The program extends a protection once; it was already.")
        if self._get_pending_extension():
            return self.env._(
                "An extension of this deal is asked for already; wait for the decision."
            )
        return ""

    def _request_extension(self, proof, person=None, attachments=None):
        """Ask the vendor for an extension. The caller has checked who asks.

        :param str proof: what was done on the deal
        :param person: ``res.partner`` who asks
        :param attachments: ``ir.attachment`` that show it
        :return: ``partner.registration.extension``
        :raise UserError: no proof, or the program does not allow it now
        """
        self.ensure_one()
        if not (proof or "").strip():
            raise UserError(
                self.env._("Say what you have done on the deal since it was approved.")
            )
        error = self._get_extension_error()
        if error:
            raise UserError(error)
        # sudo: nobody writes requests by hand
        extensions = self.env["partner.registration.extension"].sudo()
        extension = extensions._with_state_move().create(
            {
                "lead_id": self.id,
                "membership_id": self.membership_id.id,
                "proof": proof.strip(),
                "attachment_ids": attachments.ids if attachments else [],
                "days": self.program_id.extension_days,
                "date_asked": fields.Datetime.now(),
                "asked_by_id": person.id if person else False,
                "date_end_before": self.date_protection_end,
            }
        )
        extension = extensions.browse(extension.id)
        # who asks in time loses nothing while the vendor decides: no rival gets the
        # customer meanwhile
        self._get_protected_claims().date_to = UNDECIDED
        self.env["partner.registration.log"]._append(self, "extension_asked")
        if self.user_id:
            self.activity_schedule(
                _TYPE,
                date_deadline=self.date_protection_end,
                user_id=self.user_id.id,
            )
        return extension

    def _extend_protection(self, date_end):
        """Lengthen the protection and the period of the claims.

        :param date date_end: new last protected day
        :raise UserError: another protected registration is in the way
        """
        self.ensure_one()
        if self.registration_state != "approved":
            raise UserError(
                self.env._(
                    "“%(deal)s” is not protected any more: it cannot be extended.",
                    deal=self.display_name,
                )
            )
        claims = self._get_protected_claims()
        try:
            with self.env.cr.savepoint():
                claims.date_to = date_end
                claims.flush_recordset()
        except ExclusionViolation as error:
            raise UserError(
                self.env._(
                    "“%(deal)s” cannot be extended: another registration holds this "
                    "customer after %(date)s.",
                    deal=self.display_name,
                    date=self.date_protection_end,
                )
            ) from error
        self._set_protected({"date_protection_end": date_end, "reminder_level": 0})

    def _get_protected_claims(self):
        # sudo: claims belong to no one's hands
        return self.sudo().claim_ids.filtered(lambda c: c.state == "protected")

    def _end_waiting(self):
        """Let claims end with the protection again: nothing waits for a decision."""
        for lead in self.filtered("date_protection_end"):
            waiting = lead._get_protected_claims().filtered(
                lambda claim: claim.date_to == UNDECIDED
            )
            waiting.date_to = lead.date_protection_end

    def _log_extension(self, event, extension, note=None):
        """Write a decision on an extension to the log and close its activity."""
        self.env["partner.registration.log"]._append(self, event, note=note)
        label = dict(extension._fields["state"]._description_selection(self.env))
        self.activity_feedback([_TYPE], feedback=label[extension.state])

    def _move_registration(self, target, date=None, **values):
        moved = super()._move_registration(target, date, **values)
        if target != "approved":
            moved.sudo().extension_ids._cancel()  # sudo: nobody's to write
            moved.activity_unlink([_TYPE])
        return moved

    @api.model
    def _get_expiry_domain(self):
        """Leave what waits for a decision on its extension as it is."""
        domain = super()._get_expiry_domain()
        return domain & ~fields.Domain(
            "extension_ids", "any", [("state", "=", "pending")]
        )
