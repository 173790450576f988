from dateutil.relativedelta import relativedelta

from odoo import fields, models


class PartnerMembershipUpdateMixin(models.AbstractModel):
    """How reliably a partner reports on its protected deals."""

    _name = "partner.membership.update.mixin"
    _description = "Update Discipline of a Membership"

    def _get_update_discipline(self):
        """Return how many updates were due in the last 12 months, and how many came.

        Due is each duty that was fulfilled, in time or late, and each deal whose
        update has been overdue and has not come.

        :return: ``{membership_id: (kept, due)}``, ``(0, 0)`` without any duty
        """
        today = fields.Date.context_today(self)
        since = today - relativedelta(months=12)
        result = dict.fromkeys(self.ids, (0, 0))
        # sudo: facts of the partner, whichever of its deals the user sees
        rows = (
            self.env["partner.deal.update"]
            .sudo()
            ._read_group(
                [
                    ("membership_id", "in", self.ids),
                    ("is_counted", "=", True),
                    ("date", ">=", since),
                ],
                ["membership_id", "is_kept"],
                ["__count"],
            )
        )
        # sudo: as above
        missed = (
            self.env["crm.lead"]
            .sudo()
            .with_context(active_test=False)
            ._read_group(
                [
                    ("membership_id", "in", self.ids),
                    ("date_update_overdue", "<", today),
                    ("date_update_overdue", ">=", since),
                ],
                ["membership_id"],
                ["__count"],
            )
        )
        for membership, is_kept, count in rows:
            kept, due = result[membership.id]
            result[membership.id] = (kept + count * is_kept, due + count)
        for membership, count in missed:
            kept, due = result[membership.id]
            result[membership.id] = (kept, due + count)
        return result
