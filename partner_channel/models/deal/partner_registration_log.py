from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...tools.chain import digest, link

_APPEND = object()


class PartnerRegistrationLog(models.Model):
    """What happened to registrations, append-only and hash-chained.

    Every row binds the row before it in the same company: a later change of
    any row breaks the chain and is found by :meth:`_check_chain`.
    """

    _name = "partner.registration.log"
    _inherit = ["registration.log.check.mixin"]
    _description = "Registration Log"
    _order = "company_id, sequence desc"
    _rec_name = "event"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict", index=True
    )
    sequence = fields.Integer(required=True, readonly=True)
    lead_id = fields.Many2one(
        "crm.lead", "Registration", readonly=True, index=True, ondelete="restrict"
    )
    membership_id = fields.Many2one(
        "partner.membership", readonly=True, index=True, ondelete="restrict"
    )
    event = fields.Selection(
        [
            ("submitted", "Submitted"),
            ("returned", "Returned"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
            ("withdrawn", "Withdrawn"),
            ("expired", "Expired"),
            ("won", "Won"),
            ("lost", "Lost"),
            ("escalated", "Escalated"),
            ("extension_asked", "Extension Asked For"),
            ("extended", "Extended"),
            ("extension_refused", "Extension Refused"),
            ("transferred", "Handed to Another Partner"),
            ("reverted", "Decision Reverted"),
            ("attributed", "Attribution Corrected"),
            ("offered", "Next in Line, Decided Again"),
            ("qualification_waived", "Let Through Without Qualification"),
        ],
        required=True,
        readonly=True,
    )
    note = fields.Char(readonly=True, help="Why, in the words of who did it.")
    user_id = fields.Many2one("res.users", "By", readonly=True, ondelete="restrict")
    date = fields.Datetime(required=True, readonly=True)
    content_digest = fields.Char(
        required=True, readonly=True, help="SHA-256 of what the registration said."
    )
    previous_hash = fields.Char(readonly=True)
    hash = fields.Char(required=True, readonly=True)

    _sequence_uniq = models.UniqueIndex("(company_id, sequence)")
    _hash_idx = models.Index("(hash)")

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.context.get("channel_log_append") is not _APPEND:
            raise AccessError(self.env._("The registration log writes itself."))
        return super().create(vals_list)

    def write(self, vals):
        if self.env.context.get("channel_log_append") is not _APPEND:
            raise AccessError(self.env._("The registration log cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("The registration log cannot be deleted."))

    @api.model
    def _append(self, leads, event, date=None, note=None):
        """Add one row per registration to the chain of its company.

        :param leads: registrations, just moved
        :param str event: one of the values of ``event``
        :param datetime date: when it happened, default now
        :param str note: why, for the vendor's eyes
        :return: the rows
        """
        # sudo: nobody has rights to write the log but this method
        rows = self.sudo().with_context(channel_log_append=_APPEND)
        now, vals_list = date or fields.Datetime.now(), []
        for company, company_leads in leads.grouped("company_id").items():
            head = self.env["partner.registration.chain"]._get_head(company)
            for lead in company_leads:
                vals = self._prepare_row(lead, event, now, head, note)
                head.sequence, head.last_hash = vals["sequence"], vals["hash"]
                vals_list.append(vals)
            # before the rows are inserted: a second writer waits here and fails
            # with a serialization error, so that its request runs again on the
            # new end of the chain instead of colliding on the sequence
            try:
                head.flush_recordset()
            except SerializationFailure:
                self.env["ir.http"]._note_log_taken()
                raise
        return self.browse(rows.create(vals_list).ids)

    @api.model
    def _prepare_row(self, lead, event, now, head, note=None):
        """Return the values of the next row of a chain."""
        vals = {
            "company_id": lead.company_id.id,
            "sequence": head.sequence + 1,
            "lead_id": lead.id,
            "membership_id": lead.membership_id.id,
            "event": event,
            "user_id": self.env.uid,
            "date": now,
            "content_digest": digest(lead._get_registration_content()),
            "previous_hash": head.last_hash or "",
            "note": note or False,
        }
        return {**vals, "hash": link(vals["previous_hash"], self._get_linked(vals))}

    @api.model
    def _get_linked(self, vals):
        """Return what a row's hash covers, as plain values."""
        names = (
            "company_id",
            "sequence",
            "lead_id",
            "membership_id",
            "event",
            "user_id",
        )
        linked = {
            # a row read by SQL has None where the ORM has False
            **{name: vals[name] or False for name in names},
            "date": fields.Datetime.to_string(vals["date"]),
            "content": vals["content_digest"],
        }
        if vals.get("note"):  # rows of earlier versions have none
            linked["note"] = vals["note"]
        return linked
