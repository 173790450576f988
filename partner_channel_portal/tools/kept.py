"""Fields that limit: without what they name, they would limit nothing."""

from odoo.addons.partner_channel.tools.kept import KEPT

__all__ = ["KEPT"]
