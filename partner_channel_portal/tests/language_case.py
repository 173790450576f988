"""Pages in another language than English."""

from pathlib import Path

import polib

from odoo.fields import Command
from odoo.modules import get_module_path

#: our addons, as far as they are installed, and Odoo's own parts of the pages
_MODULES = (
    "portal",
    "partner_channel",
    "partner_channel_portal",
    "partner_channel_commission",
    "partner_channel_lms",
)


class LanguageMixin:
    """Lets the website and people of a test speak another language."""

    @classmethod
    def speak(cls, code, users=None):
        """Add a language to the website, beside English, and to people.

        :param str code: such as ``ru_RU``
        :param users: ``res.users`` who read it
        """
        lang = cls.env["res.lang"]._activate_lang(code)
        modules = cls.env["ir.module.module"].search(
            [("name", "in", _MODULES), ("state", "=", "installed")]
        )
        modules._update_translations([code])
        websites = cls.env["website"].search([])
        websites.language_ids = [Command.link(lang.id)]
        if users:
            users.lang = code

    @classmethod
    def read_terms(cls, code):
        """Return what our addons say otherwise in a language, in English.

        :param str code: such as ``ru``
        :return: list of whole texts without markup or placeholders
        """
        terms = set()
        for name in _MODULES[1:]:
            path = Path(get_module_path(name)) / "i18n" / f"{code}.po"
            terms |= {
                entry.msgid.strip()
                for entry in polib.pofile(str(path))
                if entry.msgstr.strip() != entry.msgid.strip()
                and not set(entry.msgid) & set("<%{")
            }
        return sorted(terms)
