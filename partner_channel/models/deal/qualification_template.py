from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class QualificationTemplate(models.Model):
    """What both sides answer about a lead of a program or a sales team."""

    _name = "qualification.template"
    _description = "Qualification Template"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        help="Empty: for all companies.",
    )
    program_id = fields.Many2one(
        "partner.program",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Empty: for all programs that have no template of their own.",
    )
    team_id = fields.Many2one(
        "crm.team",
        "Sales Team",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Empty: for all teams that have no template of their own.",
    )
    section_ids = fields.One2many(
        "qualification.section", "template_id", "Sections", copy=True
    )
    criterion_ids = fields.One2many(
        "qualification.criterion", "template_id", "Criteria", copy=False
    )
    criterion_count = fields.Integer(compute="_compute_counts")
    sheet_count = fields.Integer("Qualifications", compute="_compute_counts")

    _active_uniq = models.UniqueIndex(
        "(COALESCE(program_id, 0), COALESCE(team_id, 0), COALESCE(company_id, 0))"
        " WHERE active",
        "There is an active template for this program and sales team already: archive "
        "it first. What was begun with it goes on with it.",
    )

    @api.depends("program_id", "team_id")
    def _compute_company_id(self):
        for template in self:
            template.company_id = (
                template.program_id.company_id
                or template.team_id.company_id
                or template.company_id
            )

    def _compute_counts(self):
        criteria, sheets = (
            dict(
                self.env[model]._read_group(
                    [("template_id", "in", self.ids)], ["template_id"], ["__count"]
                )
            )
            for model in ("qualification.criterion", "crm.lead.qualification")
        )
        for template in self:
            template.criterion_count = criteria.get(template, 0)
            template.sheet_count = sheets.get(template, 0)

    def copy_data(self, default=None):
        """A copy is prepared in the archive: one template is active at a time."""
        vals_list = super().copy_data({"active": False, **(default or {})})
        for template, vals in zip(self, vals_list, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%(name)s (copy)", name=template.name)
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: sheets of other channel managers count as well
        counts = (
            self.env["crm.lead.qualification"]
            .sudo()
            ._read_group(
                [("template_id", "in", self.ids)], ["template_id"], ["__count"]
            )
        )
        for template, count in counts:
            raise UserError(
                self.env._(
                    "“%(template)s” is used by %(count)d qualifications: archive it "
                    "instead of deleting it.",
                    template=template.name,
                    count=count,
                )
            )

    @api.model
    def _find_template(self, program, team, company):
        """Return the template for leads of a program and a sales team, or none.

        What is for both wins over what is for the program, that over what is for the
        team, and that over what is for all; then what is for the company.

        :param program: ``partner.program``, may be empty
        :param team: ``crm.team``, may be empty
        :param company: ``res.company``, may be empty
        """
        # a page that shows archived deals does not ask archived questions
        found = self.with_context(active_test=True).search(
            Domain.AND(
                Domain(name, "in", [*record.ids, False])
                for name, record in (
                    ("program_id", program),
                    ("team_id", team),
                    ("company_id", company),
                )
            )
        )
        return found.sorted(
            lambda t: (bool(t.program_id), bool(t.team_id), bool(t.company_id)),
            reverse=True,
        )[:1]

    def action_open_sheets(self):
        """Open the qualifications that use the template."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel.crm_lead_qualification_action"
        )
        return {**action, "domain": [("template_id", "=", self.id)], "context": {}}
