from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

STATES = [
    ("draft", "Draft"),
    ("submitted", "Submitted"),
    ("returned", "Returned"),
    ("approved", "Approved"),
    ("rejected", "Rejected"),
    ("expired", "Expired"),
    ("withdrawn", "Withdrawn"),
    ("won", "Won"),
    ("lost", "Lost"),
]
REASONS = [
    ("conflict", "Already registered by another partner"),
    ("customer", "Already a customer or in contact with the vendor"),
    ("incomplete", "Not enough is known about the deal"),
    ("territory", "Outside the partner's territory or products"),
    ("existing_customer", "Already a customer of the vendor"),
    ("open_quotation", "The vendor has quoted to the customer"),
    ("vendor_contact", "The vendor is in contact with the customer"),
    ("invoiced", "Invoiced by the vendor a short time ago"),
    ("public_tender", "Public tender"),
    ("product_not_allowed", "Product the partner may not sell"),
    ("no_agreement", "No valid agreement with the vendor"),
    ("missing_certificate", "A certificate is missing"),
    ("other", "Other, see the remark"),
]
INTERNAL = "sales_team.group_sale_salesman"


class DealRegistrationMixin(models.AbstractModel):
    """A lead as a partner's claim on a deal: what is said, keys, conflicts."""

    _name = "deal.registration.mixin"
    _description = "Deal Registration"

    registration_state = fields.Selection(
        STATES,
        copy=False,
        index="btree_not_null",
        tracking=True,
        group_expand="_group_registration_states",
    )
    membership_id = fields.Many2one(
        "partner.membership",
        "Registered Under",
        index="btree_not_null",
        copy=False,
        ondelete="restrict",
        check_company=True,
    )
    program_id = fields.Many2one(related="membership_id.program_id")
    registrant_id = fields.Many2one(
        "res.partner",
        "Registered By",
        copy=False,
        index="btree_not_null",
        help="The person at the partner who registered the deal.",
    )
    customer_vat = fields.Char("Customer's Tax ID", copy=False)
    product_family_id = fields.Many2one(
        "product.category",
        domain="[('is_channel_family', '=', True)]",
        ondelete="restrict",
        copy=False,
        help="What the protection covers. Empty: all products.",
    )
    date_submitted = fields.Datetime("Submitted On", copy=False, readonly=True)
    date_decision_due = fields.Datetime("Decide By", copy=False, readonly=True)
    date_decision = fields.Datetime("Decided On", copy=False, readonly=True)
    date_protection_end = fields.Date(
        "Protected Until", copy=False, readonly=True, help="Last protected day."
    )
    registration_reason = fields.Selection(
        REASONS, "Reason of Rejection", copy=False, readonly=True
    )
    registration_remark = fields.Text(
        "Remark to the Partner", copy=False, readonly=True
    )
    is_decision_late = fields.Boolean(
        compute="_compute_is_decision_late",
        search="_search_is_decision_late",
        groups=INTERNAL,
    )
    deal_role_ids = fields.One2many(
        "partner.deal.role", "lead_id", "Attribution", groups=INTERNAL
    )
    claim_ids = fields.One2many(
        "partner.deal.claim", "lead_id", "Claims", groups=INTERNAL
    )
    conflict_lead_ids = fields.Many2many(
        "crm.lead",
        string="Conflicts",
        compute="_compute_conflict_lead_ids",
        compute_sudo=True,
        groups=INTERNAL,
    )
    conflict_count = fields.Integer(
        compute="_compute_conflict_lead_ids", compute_sudo=True, groups=INTERNAL
    )
    has_conflict = fields.Boolean(
        compute="_compute_conflict_lead_ids",
        compute_sudo=True,
        search="_search_has_conflict",
        groups=INTERNAL,
    )

    _registration_idx = models.Index(
        "(membership_id, registration_state) WHERE registration_state IS NOT NULL"
    )
    _registration_due_idx = models.Index(
        "(date_protection_end) WHERE registration_state = 'approved'"
    )
    _registration_whole = models.Constraint(
        "CHECK (registration_state IS NULL OR membership_id IS NOT NULL)",
        "A registration needs the membership it was made under.",
    )

    @api.model
    def _group_registration_states(self, states, domain):
        """Put the columns of a board in the order of the states."""
        return [state for state, _label in STATES if state in states]

    @api.depends("membership_id")
    def _compute_company_id(self):
        """A registration stays with the company whose program it is made under."""
        result = super()._compute_company_id()
        for lead in self.filtered("membership_id"):
            lead.company_id = lead.membership_id.company_id
        return result

    @api.depends("date_decision_due", "registration_state")
    def _compute_is_decision_late(self):
        now = fields.Datetime.now()
        for lead in self:
            due = lead.date_decision_due
            lead.is_decision_late = bool(
                lead.registration_state == "submitted" and due and due < now
            )

    def _search_is_decision_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        self._check_internal_search()
        return [
            ("registration_state", "=", "submitted"),
            ("date_decision_due", "<", fields.Datetime.now()),
        ]

    def _check_internal_search(self):
        """Refuse a search on the vendor's fields to anybody else.

        The groups of a field that is not stored do not cover its search: a partner
        could ask yes-or-no questions about others.
        """
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only the vendor searches by this field."))

    @api.depends("claim_ids.state", "registration_state")
    def _compute_conflict_lead_ids(self):
        conflicts = self._find_conflicts()
        for lead in self:
            lead.conflict_lead_ids = conflicts.get(lead.id, [])
            lead.conflict_count = len(lead.conflict_lead_ids)
            lead.has_conflict = bool(lead.conflict_count)

    def _search_has_conflict(self, operator, value):
        if operator != "in":
            return NotImplemented
        self._check_internal_search()
        # sudo: companies of all programs, whoever looks
        programs = self.env["partner.program"].sudo().with_context(active_test=False)
        groups = programs._read_group([], ["company_id"])
        companies = self.env["res.company"].concat(*(c for (c,) in groups))
        pairs = self._get_conflict_pairs(SQL("TRUE"), companies)
        return [("id", "in", [lead_id for lead_id, _other in pairs])]

    # === CLAIMS === #

    def _get_claim_values(self):
        """Return what the claim keys are made of."""
        self.ensure_one()
        return {
            "customer_vat": self.customer_vat or self.partner_id.vat,
            "email_from": self.email_from,
            "website": self.website,
            "partner_name": self.partner_name,
            "country": self.country_id.code,
            "commercial_partner_id": self.partner_id.commercial_partner_id.id,
        }

    def _write_claims(self):
        """Replace the claims of registrations that are being submitted."""
        # sudo: claims belong to no one's hands
        Claim = self.env["partner.deal.claim"].sudo()
        Claim.search([("lead_id", "in", self.ids)]).unlink()
        vals_list = []
        for lead in self:
            keys = Claim._get_claim_keys(lead._get_claim_values())
            if not keys:
                raise UserError(
                    self.env._(
                        "“%(deal)s” names no customer: give the company's name, "
                        "tax ID, website or e-mail, so that it can be protected.",
                        deal=lead.display_name,
                    )
                )
            vals_list += [
                {
                    "lead_id": lead.id,
                    "company_id": lead.company_id.id,
                    "kind": kind,
                    "value": value,
                    "family_id": lead.product_family_id.id,
                }
                for kind, value in keys
            ]
        return Claim.create(vals_list)

    def _find_conflicts(self):
        """Return the registrations in the way of each of these.

        :return: ``{lead_id: [ids of other registrations]}``
        """
        if not self.ids:
            return {}
        result = {}
        condition = SQL("mine.lead_id IN %s", tuple(self.ids))
        # sudo: a registration's company says which day it is
        pairs = self._get_conflict_pairs(condition, self.sudo().company_id)
        for lead_id, other_id in pairs:
            result.setdefault(lead_id, []).append(other_id)
        return result

    @api.model
    def _get_conflict_pairs(self, condition, companies):
        """Return ``(lead_id, other_id)`` of registrations with a common key.

        :param SQL condition: on the claims ``mine``
        :param companies: the companies whose claims are looked at
        """
        if not companies:
            return []
        self.env["partner.deal.claim"].flush_model()
        # Raw SQL: a self-join of the claims, which the ORM has no words for.
        return self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT mine.lead_id, other.lead_id
                  FROM partner_deal_claim mine
                  JOIN %(days)s ON day.company_id = mine.company_id
                  JOIN partner_deal_claim other
                    ON other.value = mine.value
                   AND other.kind = mine.kind
                   AND other.company_id = mine.company_id
                   AND other.lead_id <> mine.lead_id
                   AND other.state <> 'released'
                   AND (other.date_to IS NULL OR other.date_to >= day.today)
                   AND (other.family_id IS NULL OR mine.family_id IS NULL
                        OR other.family_id = mine.family_id)
                 WHERE mine.state = 'pending' AND %(condition)s
                """,
                days=self._get_days_table(companies),
                condition=condition,
            )
        )

    @api.model
    def _get_days_table(self, companies):
        """Return the SQL of a table ``day`` of which day it is in each company."""
        rows = [
            SQL("(%s, %s::date)", company.id, company._get_channel_today())
            for company in companies
        ]
        return SQL("(VALUES %s) AS day (company_id, today)", SQL(", ").join(rows))

    # === CONTENT === #

    def _get_registration_content(self):
        """Return what the registration says, for the proof in the log."""
        self.ensure_one()
        return {
            **self._get_claim_values(),
            "name": self.name,
            "contact_name": self.contact_name,
            "phone": self.phone,
            "description": str(self.description or ""),
            "expected_revenue": self.expected_revenue,
            "date_deadline": self.date_deadline,
            "product_family_id": self.product_family_id.id,
            "state": self.registration_state,
            "protected_until": self.date_protection_end,
            "remark": self.registration_remark,
            "reason": self.registration_reason,
        }
