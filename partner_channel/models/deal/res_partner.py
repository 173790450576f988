from odoo import models
from odoo.modules.db import FunctionStatus

from ...tools.key_indexes import get_email, get_vat, get_website


def _get_trigram_index(registry):
    # as Odoo does for its own trigram indexes, so that "ilike" finds them
    has_unaccent = registry.has_unaccent == FunctionStatus.INDEXABLE
    name = registry.unaccent("name") if has_unaccent else "name"
    return f"USING gin ({name} gin_trgm_ops) WHERE is_company IS TRUE"


class ResPartner(models.Model):
    """Indexes by which the customers of registrations are found."""

    _inherit = "res.partner"

    _channel_vat_idx = models.Index(f"({get_vat('vat')}) WHERE vat IS NOT NULL")
    _channel_email_idx = models.Index(
        f"({get_email('email_normalized')}) WHERE email_normalized IS NOT NULL"
    )
    _channel_website_idx = models.Index(
        f"({get_website('website')}) WHERE website IS NOT NULL"
    )
    _channel_name_idx = models.Index(_get_trigram_index)
