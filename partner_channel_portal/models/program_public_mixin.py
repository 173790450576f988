import re

from odoo import api, fields, models
from odoo.fields import Domain

_SLUG = re.compile(r"(?:.*-)?([0-9]{1,9})")


class ProgramPublicMixin(models.AbstractModel):
    """The page of a program that anybody may read.

    What it shows is put together here as plain values, so that nothing else of the
    program can reach the page.
    """

    _name = "program.public.mixin"
    _inherit = ["website.published.multi.mixin"]
    _description = "Public Page of a Program"

    public_intro = fields.Html(
        "Introduction",
        translate=True,
        help="Opens the public page: who the program is for and what a partner gains.",
    )
    public_terms = fields.Html(
        "Terms",
        translate=True,
        help="What a company agrees to when it applies; shown on the public page.",
    )
    publish_requirements = fields.Boolean(
        "Show Requirements of Tiers",
        default=True,
        groups="base.group_user",
        help="The public page says what each tier asks for.",
    )

    @api.depends_context("lang")
    @api.depends("name")
    def _compute_website_url(self):
        result = super()._compute_website_url()
        slug = self.env["ir.http"]._slug
        for program in self.filtered("id"):
            program.website_url = f"/partner-programs/{slug(program)}"
        return result

    @api.model
    def _get_public_domain(self):
        """Return the domain of programs that are on the current website."""
        website = self.env["website"].get_current_website()
        return website.website_domain() & Domain("is_published", "=", True)

    @api.model
    def _find_public_programs(self):
        """Return the programs on the current website.

        :return: ``partner.program`` in sudo
        """
        # sudo: the vendor has published them; pages show named fields only
        return self.sudo().search(self._get_public_domain())

    @api.model
    def _find_public_program(self, slug):
        """Return the program of a page, none if it is not published.

        :param str slug: as found in the address
        :return: ``partner.program`` in sudo
        """
        found = _SLUG.fullmatch(slug or "")
        if not found:
            return self.sudo().browse()
        # sudo: see above
        domain = self._get_public_domain() & Domain("id", "=", int(found[1]))
        return self.sudo().search(domain)

    def _get_public_tiers(self):
        """Return the tiers of the program as the vendor publishes them.

        :return: ``(tiers, benefits)``: tiers from the lowest one up, each a dict of
            ``name`` and ``requirements`` (texts); benefits as dicts of ``name``,
            ``text`` and ``values`` (one text a tier, empty where it has none)
        """
        self.ensure_one()
        # sudo: read for the page, which shows nothing but what is named here
        program = self.sudo()
        grades = program.grade_ids.sorted("sequence", reverse=True)
        shows = program.publish_requirements
        tiers = [
            {
                "name": grade.name,
                "requirements": grade.requirement_ids.mapped("display_name")
                if shows
                else [],
            }
            for grade in grades
        ]
        values = program.env["partner.benefit.value"].search(
            [
                ("grade_id", "in", grades.ids),
                ("benefit_id.active", "=", True),
                ("benefit_id.is_public", "=", True),
            ]
        )
        return tiers, [
            {
                "name": benefit.name,
                "text": benefit.description or "",
                "values": [own._get_public_text(grade) for grade in grades],
            }
            for benefit, own in values.sorted(
                lambda value: (value.benefit_id.sequence, value.benefit_id.id)
            )
            .grouped("benefit_id")
            .items()
        ]
