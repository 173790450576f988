from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = [
        "learning.home.mixin",
        "learning.people.mixin",
        "certification.home.mixin",
        "certification.country.mixin",
        "certification.coverage.mixin",
        "certification.matrix.mixin",
        "res.partner",
    ]

    certification_ids = fields.One2many(
        "partner.certification",
        "partner_id",
        "Certificates",
        groups="partner_channel.group_channel_manager",
    )
    valid_certification_count = fields.Integer(
        "Valid Certificates",
        compute="_compute_valid_certification_count",
        groups="partner_channel.group_channel_manager",
        help="Certificates that hold today: of a person their own, of a company those "
        "of its people.",
    )

    def _compute_valid_certification_count(self):
        """Count a person's certificates and, for a company, those of its people."""
        certification = self.env["partner.certification"]
        valid = certification._get_valid_domain()
        companies = self.filtered(lambda rec: rec == rec.commercial_partner_id)
        for name, partners in (
            ("commercial_partner_id", companies),
            ("partner_id", self - companies),
        ):
            domain = valid & Domain(name, "in", partners.ids)
            # a list of companies asks about companies alone
            groups = (
                certification._read_group(domain, [name], ["__count"])
                if partners
                else ()
            )
            counts = dict(groups)
            for partner in partners:
                partner.valid_certification_count = counts.get(partner, 0)

    def _get_course_people(self, people=None):
        """Return ``{company: its people who may log in as partner}``.

        :param people: ask about these contacts alone, however many others there are
        """
        domain = Domain("partner_id.commercial_partner_id", "in", self.ids)
        domain &= Domain("share", "=", True)
        if people is not None:
            domain &= Domain("partner_id", "in", people.ids)
        # sudo: logins are nobody's to read
        found = self.env["res.users"].sudo().search(domain)
        return found.partner_id.grouped("commercial_partner_id")

    def _get_certification_companies(self):
        """Return the companies whose people's certificates these persons may see.

        Record rules ask it, so it answers for the person and checks no access.
        """
        seeing = self.filtered(
            lambda person: person._has_channel_capability("can_see_training")
        )
        return seeing.commercial_partner_id

    def action_view_certifications(self):
        """Open the certificates of these people or of these companies' people."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel_lms.partner_certification_action"
        )
        companies = self.filtered(lambda rec: rec == rec.commercial_partner_id)
        action["domain"] = [
            "|",
            ("partner_id", "in", self.ids),
            ("commercial_partner_id", "in", companies.ids),
        ]
        action["context"] = {}
        return action

    # === PORTAL === #

    @api.model
    def _get_channel_home_cards(self):
        cards = super()._get_channel_home_cards()
        if cards:
            cards.append(
                {
                    "name": "certification_count",
                    "title": self.env._("Certificates"),
                    "text": self.env._(
                        "See what you have earned and what to learn next"
                    ),
                    "url": "/my/certifications",
                    "icon": "/partner_channel_lms/static/src/img/certificates.svg",
                    "sequence": 40,
                }
            )
        return cards

    @api.model
    def _get_channel_home_counters(self, names):
        counters = super()._get_channel_home_counters(names)
        if "certification_count" in names:
            certification = self.env["partner.certification"]
            counters["certification_count"] = certification.search_count(
                certification._get_valid_domain()
            )
        return counters

    @api.model
    def _get_portal_home_actions(self, memberships, states):
        actions = super()._get_portal_home_actions(memberships, states)
        return (
            actions
            + self._get_portal_training_actions()
            + self._get_portal_risk_actions(memberships)
        )
