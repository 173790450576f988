from odoo import models
from odoo.fields import Domain


class ProgramTakeoverMixin(models.AbstractModel):
    """Partners of Odoo's Resellers become members of a program."""

    _name = "program.takeover.mixin"
    _description = "Taking Over Resellers"

    def _find_unclaimed_partners(self):
        """Return the graded companies that are in no program yet.

        Odoo puts the level on the company and its people alike; the company counts.
        """
        if not self:
            return self.env["res.partner"]
        graded = self.env["res.partner"].search(
            Domain("grade_id", "!=", False)
            & Domain("company_id", "in", [False, self.company_id.id])
            & Domain("parent_id", "=", False)
        )
        # sudo: a membership somebody else manages is one as well
        taken = self.env["partner.membership"].sudo()
        taken = taken.search(
            [("partner_id", "in", graded.ids), ("state", "!=", "terminated")]
        )
        return graded - taken.partner_id.with_env(self.env)

    def _propose_memberships(self, partners):
        """Create memberships that stand where the partners stand in Odoo's Resellers.

        Levels that belong to no program become tiers of this one, given by hand as
        they were.

        :param partners: ``res.partner``, companies with a level
        :return: new ``partner.membership`` in state ``draft``
        """
        self.ensure_one()
        free = partners.grade_id.filtered(lambda grade: not grade.program_id)
        # sudo: levels are configuration; the caller may add partners to the program
        free.sudo().program_id = self
        stages = self.env["partner.membership.stage"].search(
            [("activation_id", "!=", False)]
        )
        by_activation = {stage.activation_id.id: stage.id for stage in stages}
        return self.env["partner.membership"].create(
            [self._prepare_takeover(partner, by_activation) for partner in partners]
        )

    def _prepare_takeover(self, partner, stages):
        """Return the values of a membership from a graded contact.

        :param partner: the company
        :param dict stages: ``{id of Odoo's activation: id of our stage}``
        """
        grade = partner.grade_id
        values = {
            "partner_id": partner.id,
            "program_id": self.id,
            "date_start": partner.date_partnership,
            "manager_id": partner.user_id.id,
        }
        if grade.program_id == self:
            values["grade_id"] = grade.id
        if partner.activation.id in stages:
            values["stage_id"] = stages[partner.activation.id]
        return values
