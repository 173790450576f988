"""Pages in another language than English."""

from pathlib import Path

import polib

from odoo.fields import Command
from odoo.modules import get_module_path

#: how the names of our addons begin
_OURS = "partner_channel"
#: whose words stand on the pages of a partner beside ours
_BESIDE = ("portal", "website", "auth_signup")


class LanguageMixin:
    """Lets the website and people of a test speak another language."""

    @classmethod
    def speak(cls, code, users=None):
        """Add a language to the website, beside English, and to people.

        :param str code: such as ``ru_RU``
        :param users: ``res.users`` who read it
        """
        lang = cls.env["res.lang"]._activate_lang(code)
        # with Odoo's own parts of the pages
        modules = cls._find_addons() | cls.env.ref("base.module_portal")
        modules._update_translations([code])
        websites = cls.env["website"].search([])
        websites.language_ids = [Command.link(lang.id)]
        if users:
            users.lang = code

    @classmethod
    def _find_addons(cls):
        """Return our addons as far as they are installed."""
        return cls.env["ir.module.module"].search(
            [("name", "=like", f"{_OURS}%"), ("state", "=", "installed")]
        )

    @classmethod
    def read_terms(cls, code):
        """Return what our addons say otherwise in a language, in English.

        A word that Odoo itself leaves in English on the same pages tells nothing.

        :param str code: such as ``ru``
        :return: list of whole texts without markup or placeholders
        """
        terms, left = set(), set()
        for name in cls._find_addons().mapped("name"):
            path = Path(get_module_path(name)) / "i18n" / f"{code}.po"
            terms |= {
                entry.msgid.strip()
                for entry in polib.pofile(str(path))
                if entry.msgstr.strip() != entry.msgid.strip()
                and not set(entry.msgid) & set("<%{")
            }
        for name in _BESIDE:
            path = Path(get_module_path(name)) / "i18n" / f"{code}.po"
            left |= {
                entry.msgid.strip()
                for entry in polib.pofile(str(path))
                if entry.msgstr.strip() in ("", entry.msgid.strip())
            }
        return sorted(terms - left)
