from odoo import models
from odoo.fields import Domain


class PartnerMembershipHoldMixin(models.AbstractModel):
    """Tells for which reasons commissions of a membership are held."""

    _name = "partner.membership.commission.hold.mixin"
    _description = "Reasons to Hold Commissions"

    def _get_hold_reasons(self, codes):
        """Return which reasons to hold there are now; addons add theirs.

        :param codes: the reasons some rule asks for
        :return: ``{membership_id: {code}}``
        """
        result = {member.id: set() for member in self}
        if "suspended" in codes:
            for member in self.filtered(lambda m: m.state == "suspended"):
                result[member.id].add("suspended")
        if "overdue" in codes:
            for member in self._filter_overdue():
                result[member.id].add("overdue")
        return result

    def _filter_overdue(self):
        """Return those whose own invoices are unpaid after their due date."""
        unpaid = Domain(
            [
                ("commercial_partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("move_type", "in", ("out_invoice", "out_receipt")),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
            ]
        )
        past = self.env["partner.program"]._get_past_domain("invoice_date_due")
        groups = self.env["account.move"]._read_group(
            unpaid & past, ["commercial_partner_id", "company_id"]
        )
        late = {(partner.id, company.id) for partner, company in groups}
        return self.filtered(lambda m: (m.partner_id.id, m.company_id.id) in late)
