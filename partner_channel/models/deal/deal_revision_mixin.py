from markupsafe import Markup

from odoo import fields, models
from odoo.tools import html2plaintext

#: what partners fill in; rules of programs may name these
REGISTRATION_FIELDS = (
    "partner_name",
    "customer_vat",
    "website",
    "contact_name",
    "email_from",
    "phone",
    "country_id",
    "product_family_id",
    "expected_revenue",
    "date_deadline",
    "description",
    "is_public_tender",
)


class DealRevisionMixin(models.AbstractModel):
    """Shows the vendor what changed in a registration that comes back."""

    _name = "deal.revision.mixin"
    _description = "Revisions of a Registration"

    returned_content = fields.Json(
        copy=False,
        readonly=True,
        groups="base.group_system",
        help="What the registration said when it was returned.",
    )

    def _get_revision_content(self):
        """Return what the partner wrote, as texts by field."""
        self.ensure_one()
        content = {}
        for name in REGISTRATION_FIELDS:
            field, value = self._fields[name], self[name]
            if field.type == "html":
                content[name] = html2plaintext(value or "").strip()
            elif field.type == "monetary":
                content[name] = self.company_currency.format(value) if value else ""
            else:
                content[name] = str(field.convert_to_export(value, self) or "")
        return content

    def _keep_returned_content(self):
        """Keep what registrations say while the partner corrects them."""
        for lead in self.sudo():  # sudo: a field of the system's own
            lead._set_protected({"returned_content": lead._get_revision_content()})

    def _log_revision(self):
        """Tell the vendor, in an internal note, what the partner changed."""
        for lead in self.sudo():  # sudo: a field of the system's own
            before = lead.returned_content
            if not before:
                continue
            now = lead._get_revision_content()
            changes = [
                (lead._fields[name]._description_string(self.env), old, now[name])
                for name, old in before.items()
                if name in now and old != now[name]
            ]
            lead._message_log(body=lead._get_revision_note(changes))
            lead._set_protected({"returned_content": False})

    def _get_revision_note(self, changes):
        """Return the note on what changed.

        :param changes: list of ``(label, before, now)``
        """
        if not changes:
            return self.env._("Submitted again without changes.")
        empty = self.env._("empty")
        lines = Markup().join(
            Markup("<li>%s: %s → <b>%s</b></li>") % (label, old or empty, new or empty)
            for label, old, new in changes
        )
        title = self.env._("Changed since it was returned:")
        return Markup("<p>%s</p><ul>%s</ul>") % (title, lines)
