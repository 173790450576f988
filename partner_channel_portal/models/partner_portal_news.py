from odoo import api, fields, models, tools
from odoo.fields import Domain

from ..tools.kept import KEPT

#: news on the home page
_SHOWN = 3


class PartnerPortalNews(models.Model):
    """What the vendor tells its partners on the home page of the portal."""

    _name = "partner.portal.news"
    _description = "News for Partners"
    _order = "date_from desc, id desc"

    name = fields.Char("Headline", required=True, translate=True)
    body = fields.Html("Text", translate=True)
    date_from = fields.Date(
        "From",
        required=True,
        default=lambda self: fields.Date.context_today(self),
        help="First day on which partners see it.",
    )
    date_to = fields.Date("To", help="Last day on which partners see it.")
    program_ids = fields.Many2many(
        "partner.program",
        string="Programs",
        help="Whose partners see it. Empty: those of all programs.",
        **KEPT,
    )
    grade_ids = fields.Many2many(
        "res.partner.grade",
        string="Tiers",
        domain="[('program_id', '!=', False)]",
        help="Partners of which tiers see it. Empty: of all tiers.",
        **KEPT,
    )
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, index=True
    )
    active = fields.Boolean(default=True)

    _date_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_from <= date_to)",
        "News end on or after the day they begin: mend one of the two dates.",
    )

    @api.model
    def _get_portal_news(self, memberships):
        """Return the latest news the people of these memberships see today.

        :param memberships: ``partner.membership`` in sudo, of the current user
        :return: ``partner.portal.news`` in sudo
        """
        # sudo: partners have no access to the news of others; limited to theirs
        return self.sudo().browse(
            self._get_portal_news_ids(
                tuple(memberships.program_id.ids),
                tuple(memberships.grade_id.ids),
                tuple(memberships.company_id.ids),
                fields.Date.context_today(self),
            )
        )

    @api.model
    @tools.ormcache("program_ids", "grade_ids", "company_ids", "today")
    def _get_portal_news_ids(self, program_ids, grade_ids, company_ids, today):
        """Return the ids of the latest news; asked for with every home page."""
        domain = Domain("date_from", "<=", today)
        domain &= Domain("date_to", "=", False) | Domain("date_to", ">=", today)
        for name, allowed in (
            ("program_ids", program_ids),
            ("grade_ids", grade_ids),
            ("company_id", company_ids),
        ):
            domain &= Domain(name, "=", False) | Domain(name, "in", allowed)
        # sudo: whoever's page comes first, the answer is the same for all
        return tuple(self.sudo().search(domain, limit=_SHOWN).ids)

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
