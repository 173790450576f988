import secrets

from odoo import api, fields, models
from odoo.tools import email_normalize

from odoo.addons.partner_channel.tools.claim_keys import clean_vat

#: nobody but the system reads what opens the applicant's own page
_SECRET = "base.group_system"


class PartnerApplication(models.Model):
    """A company that wants to become a partner, from the first step to the answer."""

    _name = "partner.application"
    _description = "Partner Application"
    _inherit = [
        "channel.state.mixin",
        "channel.job.mixin",
        "channel.login.thread.mixin",
        "application.flow.mixin",
        "application.decision.mixin",
        "application.form.mixin",
        "application.answer.mixin",
        "application.page.mixin",
        "application.notice.mixin",
        "application.screening.mixin",
        "application.acceptance.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_submitted desc, id desc"
    _check_company_auto = True
    _state_fields = (
        "state",
        "access_token",
        "confirm_token",
        "date_confirm_end",
        "date_confirmed",
        "date_submitted",
        "date_decision",
        "date_decision_due",
        "date_screened",
        "date_terms",
        "file_ids",
        "question",
        "reason_id",
        "decline_note",
        "contact_id",
        "membership_id",
    )

    name = fields.Char("Company Name", tracking=True)
    program_id = fields.Many2one(
        "partner.program", required=True, index=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="program_id.company_id", store=True, index=True
    )
    website_id = fields.Many2one(
        "website", "Applied On", readonly=True, ondelete="set null"
    )
    lang = fields.Char("Language", readonly=True)
    access_token = fields.Char(
        required=True,
        copy=False,
        readonly=True,
        groups=_SECRET,
        default=lambda self: secrets.token_urlsafe(32),
    )
    confirm_token = fields.Char(
        copy=False,
        readonly=True,
        groups=_SECRET,
        default=lambda self: secrets.token_urlsafe(32),
    )
    funnel_id = fields.Many2one(
        "partner.application.funnel",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    source_id = fields.Many2one(related="funnel_id.source_id")
    origin = fields.Char(related="funnel_id.origin")

    # the company
    vat = fields.Char("Tax ID", tracking=True)
    vat_key = fields.Char(compute="_compute_keys", store=True, index="btree_not_null")
    country_id = fields.Many2one("res.country", tracking=True)
    website = fields.Char()
    street = fields.Char()
    zip = fields.Char()
    city = fields.Char()

    # its people
    contact_name = fields.Char("Applicant", required=True)
    function = fields.Char("Job Position")
    email = fields.Char("E-Mail", required=True, readonly=True)
    email_key = fields.Char(compute="_compute_keys", store=True, index=True)
    phone = fields.Char()
    person_ids = fields.One2many(
        "partner.application.person", "application_id", "Colleagues"
    )

    # what it says of itself
    employees = fields.Selection(
        [
            ("1-9", "1 to 9"),
            ("10-49", "10 to 49"),
            ("50-249", "50 to 249"),
            ("250", "250 or more"),
        ],
    )
    profile = fields.Text("What the Company Does")
    customers = fields.Text("Typical Customers")
    answer_ids = fields.One2many(
        "partner.application.answer", "application_id", "Answers"
    )

    # what becomes of it
    manager_id = fields.Many2one(
        "res.users",
        "Channel Manager",
        domain="[('share', '=', False)]",
        index="btree_not_null",
        tracking=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        check_company=True,
        copy=False,
        domain="[('is_company', '=', True), ('parent_id', '=', False)]",
        tracking=True,
    )
    contact_id = fields.Many2one("res.partner", "Owner", readonly=True, copy=False)
    membership_id = fields.Many2one(
        "partner.membership", readonly=True, copy=False, index="btree_not_null"
    )

    _token_uniq = models.UniqueIndex("(access_token)")
    _confirm_uniq = models.UniqueIndex(
        "(confirm_token) WHERE confirm_token IS NOT NULL"
    )
    _draft_idx = models.Index(
        "(date_draft_end) WHERE state IN ('draft', 'confirmed', 'withdrawn')"
        " AND date_submitted IS NULL"
    )
    _screening_idx = models.Index(
        "(id) WHERE state IN ('submitted', 'in_review') AND date_screened IS NULL"
    )

    @api.depends("name", "contact_name")
    def _compute_display_name(self):
        for application in self:
            application.display_name = application.name or application.contact_name

    @api.depends("vat", "country_id", "email")
    def _compute_keys(self):
        for application in self:
            country = application.country_id.code
            application.vat_key = clean_vat(application.vat, country) or False
            application.email_key = email_normalize(application.email) or False
