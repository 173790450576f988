from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_datetime

CLOSED = ("confirmed", "rejected")


class CrmLeadQualificationContact(models.Model):
    """A call, message or meeting of the vendor about a lead that it qualifies.

    The vendor's own: partners have no access. Rows are corrected, not deleted; the
    chatter of the sheet tells what was written.
    """

    _name = "crm.lead.qualification.contact"
    _description = "Contact of a Qualification"
    _order = "date desc, id desc"
    _check_company_auto = True

    sheet_id = fields.Many2one(
        "crm.lead.qualification", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="sheet_id.company_id")
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users",
        "By",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        check_company=True,
        ondelete="restrict",
    )
    channel = fields.Selection(
        [
            ("call", "Call"),
            ("email", "Email"),
            ("meeting", "Meeting"),
            ("other", "Other"),
        ],
        "Way",
        required=True,
        default="call",
    )
    contact_name = fields.Char("With Whom")
    result = fields.Text()
    next_step = fields.Char()

    @api.depends("date", "channel", "user_id.name")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for contact in self:
            contact.display_name = " · ".join(contact._get_head())

    @api.constrains("user_id")
    def _check_user(self):
        # sudo: to know whose person it is
        for contact in self.sudo():
            if contact.user_id.share:
                raise ValidationError(
                    self.env._(
                        "By: “%(name)s” is not one of your own people; choose a user "
                        "of the vendor.",
                        name=contact.user_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        contacts = super().create(vals_list)
        contacts._check_open()
        contacts._tell({contact: contact._get_text() for contact in contacts})
        return contacts

    def write(self, vals):
        self.check_access("write")
        self._check_open()
        before = {contact: contact._get_text() for contact in self}
        sheets = {contact: contact.sheet_id for contact in self}
        result = super().write(vals)
        if any(contact.sheet_id != sheets[contact] for contact in self):
            raise UserError(self.env._("A contact stays with its qualification."))
        changes = {
            contact: f"{text} → {contact._get_text()}"
            for contact, text in before.items()
            if contact._get_text() != text
        }
        self._tell(changes)
        return result

    def _check_open(self):
        """Refuse contacts of a sheet that is decided or replaced.

        :raise UserError: naming the deal
        :raise AccessError: a deal of the user's own company
        """
        self.sheet_id._check_running()
        self.sheet_id.lead_id._check_not_own()
        for sheet in self.sheet_id:
            if sheet.state in CLOSED:
                raise UserError(
                    self.env._(
                        "“%(deal)s” is decided: its contacts stay as they are.",
                        deal=sheet.display_name,
                    )
                )

    def _get_head(self):
        """Return when, how and by whom, as words."""
        self.ensure_one()
        ways = dict(self._fields["channel"]._description_selection(self.env))
        parts = (
            self.date and format_datetime(self.env, self.date, dt_format="short"),
            ways.get(self.channel),
            self.user_id.name,
        )
        return [part for part in parts if part]

    def _get_text(self):
        """Return the whole row in words."""
        self.ensure_one()
        parts = (*self._get_head(), self.contact_name, self.result, self.next_step)
        return " · ".join(part for part in parts if part)

    def _tell(self, texts):
        """Write what was written to the chatters of the sheets, for the vendor.

        :param dict texts: ``{contact: text}``
        """
        by_sheet = {}
        for contact, text in texts.items():
            line = escape(self.env._("Contact: %(text)s", text=text))
            by_sheet.setdefault(contact.sheet_id, []).append(line)
        sheets = self.env["crm.lead.qualification"].union(*by_sheet)
        sheets._message_log_batch(
            bodies={
                sheet.id: Markup("<br/>").join(lines)
                for sheet, lines in by_sheet.items()
            }
        )
