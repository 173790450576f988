from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from .agreement_flow_mixin import RENEW


class AgreementValidityMixin(models.AbstractModel):
    """On which days an agreement counts, and what follows it."""

    _name = "agreement.validity.mixin"
    _description = "Days of an Agreement"

    date_replaced = fields.Date(
        "Last Day Before Its Successor", readonly=True, copy=False
    )
    replaced_by_id = fields.Many2one(
        "partner.agreement",
        "Successor",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.model
    def _get_valid_domain(self, day):
        """Return the domain of agreements that count today.

        :param date day: today where the vendor's company is
        """
        return (
            Domain("state", "=", "signed")
            & Domain("date_from", "<=", day)
            & (Domain("date_last", "=", False) | Domain("date_last", ">=", day))
        )

    def _explain_gap(self, template):
        """Return in words why an agreement does not count today, for the vendor.

        :param template: what was to be signed, when there is no agreement
        """
        name = template.name
        if not self:
            return self.env._("%(agreement)s: not signed", agreement=name)
        if self.state in ("draft", "sent"):
            return self.env._("%(agreement)s: prepared, not signed", agreement=name)
        if self.state == "signed" and self.date_from > self.program_id._get_today():
            return self.env._(
                "%(agreement)s: valid from %(day)s only",
                agreement=name,
                day=format_date(self.env, self.date_from),
            )
        return self.env._(
            "%(agreement)s: ended on %(day)s",
            agreement=name,
            day=format_date(self.env, self.date_last),
        )

    # === SUCCESSORS === #

    def _share_days(self):
        """Give each day to the signature made last; return the state of this one.

        What was signed before ends where this one begins. A paper filed late ends
        where one signed after it begins, also if that has ended since.

        :return: ``signed``, ``superseded`` if its last day is over already
        """
        self.ensure_one()
        # sudo: also what another channel manager has filed
        others = self.sudo().search(
            [
                ("id", "!=", self.id),
                ("membership_id", "=", self.membership_id.id),
                ("template_id", "=", self.template_id.id),
                ("state", "not in", ("draft", "sent")),
            ]
        )
        later = others.filtered(lambda a: a.date_signed > self.date_signed)
        signed = others.filtered(lambda a: a.state == "signed")
        # other days: one renews the other, whichever was signed first
        before = signed.filtered(lambda a: a.date_last and a.date_last < self.date_from)
        after = signed.filtered(lambda a: self.date_to and self.date_to < a.date_from)
        earlier = before | (signed - later - after)
        earlier._give_way(self)._end("superseded")
        earlier.activity_unlink([RENEW])
        # the database looks at each row as it is written: these first
        earlier.flush_recordset()
        next_ones = after | (later - before).filtered(lambda a: a._covers_some(self))
        over = self._give_way(next_ones.sorted("date_from, date_signed desc, id")[:1])
        return "superseded" if over else "signed"

    def _covers_some(self, other):
        """Return whether it was agreed for some of the days of another one."""
        self.ensure_one()
        return (not other.date_to or self.date_from <= other.date_to) and (
            not self.date_to or self.date_to >= other.date_from
        )

    def _give_way(self, successor):
        """End before a successor begins; its first one is what follows an agreement.

        :param successor: ``partner.agreement``, nothing happens without one
        :return: those whose days the successor has taken, up to today
        """
        if not successor:
            return self.browse()
        start, today = successor.date_from, successor.program_id._get_today()
        giving = self.filtered(
            lambda a: not a.replaced_by_id or start <= a.replaced_by_id.date_from
        )
        over = giving.filtered(
            lambda a: (
                (not a.date_last or a.date_last >= start)
                and start <= max(a.date_from, today)
            )
        )
        # what ends before that keeps its end, even if its version is prolonged
        giving._set_protected(
            {"replaced_by_id": successor.id, "date_replaced": start - timedelta(1)}
        )
        return over
