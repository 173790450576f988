from odoo import models


class PortalPageMixin(models.AbstractModel):
    """A record with a page of its own in the portal, behind the log-in.

    There is no link that opens it without one, as Odoo's ``portal.mixin`` would make.
    """

    _name = "portal.page.mixin"
    _description = "Record with a Page in the Portal"

    def _get_portal_url(self):
        """Return the address of the record's page, empty where it has none."""
        self.ensure_one()
        return ""

    def _get_access_action(self, access_uid=None, force_website=False):
        self.ensure_one()
        user = self.env["res.users"].browse(access_uid or self.env.uid)
        # sudo: only to know which page shows the record, not what is in it
        url = (force_website or user.sudo().share) and self.sudo()._get_portal_url()
        if url and self.with_user(user).has_access("read"):
            return {"type": "ir.actions.act_url", "url": url, "target": "self"}
        return super()._get_access_action(
            access_uid=access_uid, force_website=force_website
        )
