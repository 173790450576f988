from odoo import fields, models

from .partner_health_explain_mixin import CHANNEL


class PartnerMembershipLeaveMixin(models.AbstractModel):
    """Why a membership ended."""

    _name = "partner.membership.leave.mixin"
    _description = "End of a Membership"

    leave_reason_id = fields.Many2one(
        "partner.leave.reason",
        "Reason of Leaving",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        groups=CHANNEL,
    )
    leave_note = fields.Text("Note on Leaving", copy=False, groups=CHANNEL)

    def _terminate(self, reason, note=""):
        """End the memberships and remember why.

        :param reason: ``partner.leave.reason``
        :param str note: what else is to be known
        """
        self.write({"leave_reason_id": reason.id, "leave_note": note or False})
        self.action_terminate()
