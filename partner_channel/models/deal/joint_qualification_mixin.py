from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.qualification import get_band
from .crm_lead_qualification import STATES
from .deal_registration_mixin import INTERNAL

#: follow the current sheet, and the head's leave to go on without it
QUALIFICATION_FIELDS = (
    "qualification_id",
    "qualification_state",
    "qualification_band",
    "qualification_waiver",
    "qualification_waived_by_id",
    "date_qualification_waived",
)
#: states in which the band of a score counts
_VERIFIED = ("vendor_qualified", "confirmed")


class JointQualificationMixin(models.AbstractModel):
    """A lead both sides qualify before the vendor spends effort on it."""

    _name = "joint.qualification.mixin"
    _description = "Joint Qualification of a Lead"

    qualification_ids = fields.One2many(
        "crm.lead.qualification", "lead_id", "Qualifications", groups=INTERNAL
    )
    qualification_id = fields.Many2one(
        "crm.lead.qualification",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=INTERNAL,
    )
    # stored: predictive lead scoring reads columns only
    qualification_state = fields.Selection(
        STATES, "Qualification Status", readonly=True, copy=False, groups=INTERNAL
    )
    qualification_band = fields.Selection(
        [("high", "75–100"), ("good", "50–74"), ("low", "25–49"), ("poor", "0–24")],
        "Qualification Score",
        readonly=True,
        copy=False,
        groups=INTERNAL,
        help="The vendor's, once it has verified the lead.",
    )
    qualification_waiver = fields.Text(
        "Let Through Because", readonly=True, copy=False, groups=INTERNAL
    )
    qualification_waived_by_id = fields.Many2one(
        "res.users", "Let Through By", readonly=True, copy=False, groups=INTERNAL
    )
    date_qualification_waived = fields.Datetime(
        "Let Through On", readonly=True, copy=False, groups=INTERNAL
    )
    qualification_comparison = fields.Html(
        related="qualification_id.comparison",
        string="Qualification Comparison",
        sanitize=False,
        groups=INTERNAL,
    )

    # === BEGINNING === #

    def _get_qualification_memberships(self):
        """Return under which membership each lead is qualified.

        A registration's own; of an ordinary lead one of the partner it is assigned to,
        in the lead's company: of the program whose rule gave it the lead, else the
        primary one.

        :return: ``{lead_id: partner.membership}``, in sudo
        """
        # sudo: whose partner it is, whoever looks
        leads = self.sudo()
        ordinary = leads.filtered(lambda x: not x.membership_id)
        partners = ordinary.partner_assigned_id
        found = partners._get_channel_memberships() if partners else leads.membership_id
        result = {}
        for lead in leads:
            own = lead.membership_id or found.filtered(
                lambda m, lead=lead: (
                    m.partner_id == lead.partner_assigned_id.commercial_partner_id
                    and lead.company_id in (m.company_id, lead.env["res.company"])
                )
            )
            by_rule = own.browse()
            if lead.distribution_state == "assigned" and len(own) > 1:
                program = lead.lead_rule_id.program_id
                by_rule = own.filtered(
                    lambda m, program=program: m.program_id == program
                )
            result[lead.id] = (by_rule or own)[:1]
        return result

    def _open_qualifications(self):
        """Begin the qualification of leads that have none that runs.

        Who asks was checked; leads without a partner or a template are passed over.

        :return: the sheets begun
        """
        # sudo: templates and sheets are the vendor's, a submission begins them too
        leads = self.sudo().filtered(lambda lead: not lead.qualification_id)
        memberships = leads._get_qualification_memberships()
        sheets, templates = self.env["crm.lead.qualification"].sudo(), {}
        for lead in leads:
            membership = memberships[lead.id]
            company = membership.company_id or lead.company_id
            key = membership.program_id, lead.team_id, company
            if key not in templates:
                templates[key] = self.env["qualification.template"].sudo()
                templates[key] = templates[key]._find_template(*key)
            if templates[key] and (membership or lead.partner_assigned_id):
                sheets |= sheets._begin(lead, membership, templates[key])
        sheets.lead_id._follow_qualification()
        return sheets

    def _follow_qualification(self):
        """Let the leads' own fields follow their current sheet."""
        # sudo: sheets of other channel managers, and no field to be set by hand
        for lead in self.sudo():
            sheet = lead.qualification_ids.filtered("is_current")
            is_verified = sheet.state in _VERIFIED
            vals = {
                "qualification_id": sheet.id,
                "qualification_state": sheet.state,
                "qualification_band": is_verified and get_band(sheet.vendor_score),
            }
            if any(
                vals[name] != lead._fields[name].convert_to_write(lead[name], lead)
                for name in vals
            ):
                lead._set_protected(vals)

    def action_qualification(self):
        """Open the qualification of the lead; begin it where there is none.

        :raise UserError: no partner works on the lead, or there is no template
        """
        self.ensure_one()
        if not self.qualification_id:
            self._check_may_decide()
            begun = self._open_qualifications()
            if not begun:
                raise UserError(
                    self.env._(
                        "“%(deal)s” cannot be qualified: assign it to a partner, and "
                        "see that there is a qualification template for its program "
                        "or sales team.",
                        deal=self.display_name,
                    )
                )
            begun._ask_partner()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead.qualification",
            "res_id": self.qualification_id.id,
            "view_mode": "form",
        }

    def _end_qualifications(self):
        """End what runs: the lead goes to another partner."""
        # sudo: sheets of other channel managers; who moves the lead was checked
        leads = self.sudo()
        leads.qualification_id._end_current()
        waived = leads.filtered("qualification_waived_by_id")
        waived._set_protected(
            {
                "qualification_waiver": False,
                "qualification_waived_by_id": False,
                "date_qualification_waived": False,
            }
        )
