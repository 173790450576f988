import re

from odoo import api, models

_HASH = re.compile(r"[0-9a-f]{64}")


class PartnerRegistrationLog(models.Model):
    _inherit = "partner.registration.log"

    @api.model
    def _holds_hash(self, text):
        """Return whether an entry has this hash: yes or no, for anybody.

        :param text: as it was sent
        """
        text = str(text or "").strip().lower()
        if not _HASH.fullmatch(text):
            return False
        # sudo: anybody may ask; a hash cannot be guessed and says nothing else
        return bool(self.sudo().search_count([("hash", "=", text)], limit=1))
