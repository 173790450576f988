from odoo import fields, models
from odoo.exceptions import UserError

from .deal_registration_mixin import INTERNAL

_ENDS = ("withdrawn", "expired", "lost")


class DealRunnerUpMixin(models.AbstractModel):
    """Keeps who came second, until the holder's protection ends.

    A registration refused for a conflict stays rejected: it holds nothing and shows
    as such in every figure. ``runner_up_lead_id`` says for whose deal it waits; the
    line is that of the days they were submitted.
    """

    _name = "deal.runner.up.mixin"
    _description = "Runner-Up of a Protected Deal"

    runner_up_lead_id = fields.Many2one(
        "crm.lead",
        "Next in Line After",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=INTERNAL,
        help="The protected registration this one was refused for. When that ends, "
        "the first in line is decided again.",
    )

    def _reject_registration(self, reason, remark="", date=None):
        holders = self._find_holders() if reason == "conflict" else {}
        moved = super()._reject_registration(reason, remark, date)
        for lead in moved.filtered(lambda lead: lead.id in holders):
            lead._set_protected({"runner_up_lead_id": holders[lead.id]})
            lead._notify_registrant(
                lambda deal: deal.env._(
                    "We keep your registration: should the customer become free, we "
                    "decide it again, and you hear from us."
                )
            )
        moved._pass_line_on(holders)
        return moved

    def _pass_line_on(self, holders):
        """Let who waits for what was refused have its turn, or wait for the holder.

        :param dict holders: see :meth:`_find_holders`
        """
        waiting = self._find_waiting()
        for lead in waiting:
            holder = holders.get(lead.runner_up_lead_id.id)
            if holder:
                lead._set_protected({"runner_up_lead_id": holder})
        kept = self.browse([lead.id for lead in self if lead.id in holders])
        (self - kept)._offer_to_runner_up()

    def _find_waiting(self):
        """Return who waits for these deals, the first submitted first.

        :return: registrations in sudo
        """
        # sudo: registrations of rivals, which whoever ends this one may not see
        waiting = (
            self.sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("runner_up_lead_id", "in", self.ids),
                    ("registration_state", "=", "rejected"),
                ],
                order="date_submitted, id",
            )
        )
        # done activities are archived: they are none to keep
        return waiting.with_context(active_test=True)

    def _find_holders(self):
        """Return which protected deal keeps each of these from being approved.

        :return: ``{lead_id: id of the holder}``, for programs with a next in line
        """
        leads = self.filtered(
            lambda lead: (
                lead.registration_state == "submitted"
                and lead.program_id.runner_up_policy == "next"
            )
        )
        conflicts = leads._find_conflicts()
        # sudo: rivals' deals; who holds the customer stays with the vendor
        others = self.sudo().browse({i for ids in conflicts.values() for i in ids})
        held = set(
            others.filtered(lambda lead: lead.registration_state == "approved").ids
        )
        holders = {}
        for lead in leads:
            rival_ids = held.intersection(conflicts.get(lead.id, ()))
            rivals = self.sudo().browse(sorted(rival_ids))
            rivals -= rivals.filtered(lambda x, own=lead: self._is_own(x, own))
            if rivals:
                holders[lead.id] = rivals[0].id
        return holders

    def _is_own(self, other, lead):
        return other.membership_id.partner_id == lead.sudo().membership_id.partner_id

    def _move_registration(self, target, date=None, **values):
        moved = super()._move_registration(target, date, **values)
        if target == "withdrawn":
            moved._set_protected({"runner_up_lead_id": False})
        return moved

    def _withdraw_registration(self, date=None):
        moved = super()._withdraw_registration(date)
        moved._offer_to_runner_up()
        return moved

    def _expire_registrations(self, date=None):
        moved = super()._expire_registrations(date)
        moved._offer_to_runner_up()
        return moved

    def _close_registrations(self, target, date=None):
        moved = super()._close_registrations(target, date)
        if target in _ENDS:
            moved._offer_to_runner_up()
        return moved

    def _offer_to_runner_up(self):
        """Have the first in line decided again for each deal that has ended.

        The others wait for the one that is decided now. The partner learns that the
        customer is free, never who held it.
        """
        for leads in self._find_waiting().grouped("runner_up_lead_id").values():
            first = leads._ask_first_again()
            (leads - first)._set_protected({"runner_up_lead_id": first.id})

    def _ask_first_again(self):
        """Have the first one decided again that can be; return it, or none.

        One that cannot be asked, as its customer was emptied since, does not keep a
        deal from ending.
        """
        for lead in self.filtered(lambda x: x.membership_id.state == "active"):
            try:
                with self.env.cr.savepoint():
                    lead._ask_again("offered")
            except UserError:
                continue
            lead._notify_registrant(
                lambda deal: deal.env._(
                    "The customer has become free: we decide your registration again."
                )
            )
            return lead
        return self.browse()
