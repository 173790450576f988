from odoo import fields, models
from odoo.exceptions import AccessError


class PartnerRegistrationVerify(models.TransientModel):
    """Check that the registration log of a company is whole."""

    _name = "partner.registration.verify"
    _description = "Check of the Registration Log"
    _rec_name = "company_id"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
    )
    state = fields.Selection(
        [
            ("new", "Not Checked"),
            ("whole", "Whole"),
            ("broken", "Broken"),
        ],
        readonly=True,
        default="new",
    )
    entries = fields.Integer("Entries Checked", readonly=True)
    broken_count = fields.Integer("Entries That Do Not Fit", readonly=True)
    first_broken_id = fields.Many2one(
        "partner.registration.log", "First of Them", readonly=True
    )
    first_broken_number = fields.Integer("Entry No.", readonly=True)
    first_broken_hash = fields.Char("Hash", readonly=True)
    is_end_missing = fields.Boolean(
        readonly=True, help="The last entry is not the one the chain ends with."
    )
    head_sequence = fields.Integer("Last Entry No.", readonly=True)
    head_hash = fields.Char("Hash of the Last Entry", readonly=True)

    def action_check(self):
        """Check the chain and show what was found."""
        self.ensure_one()
        log = self.env["partner.registration.log"]
        log.check_access("read")
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("Choose one of the companies you work in."))
        check = log._check_chain(self.company_id)
        first = log.sudo().browse(check.broken_ids[:1])  # sudo: shown by number only
        self.write(
            {
                "state": "whole" if check.is_whole else "broken",
                "entries": check.entries,
                "broken_count": len(check.broken_ids),
                "first_broken_id": first.id,
                "first_broken_number": first.sequence,
                "first_broken_hash": first.hash,
                "is_end_missing": not check.is_end_whole,
                "head_sequence": check.head_sequence,
                "head_hash": check.head_hash,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Check of the Registration Log"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "current",
        }
