import json
from datetime import date

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..tools.payout_sql import PAYOUT_BILL, PAYOUT_JOINS

#: what became of what was earned, in the order of the chart's colours
PARTS = ("paid", "payable", "waiting")


class CommissionYearMixin(models.AbstractModel):
    """What a partner earned in the months of a year, and what became of it."""

    _name = "commission.year.mixin"
    _description = "Year of Commissions for Partners"

    @api.model
    def _get_portal_year(self):
        """Return what was earned this year by month, for each currency.

        A month holds the documents dated in it, with all that was paid out of them
        since: ``earned = paid + payable + waiting``.

        :return: list of dicts ``currency``, ``year``, ``months`` (dicts ``label``,
            ``earned``, ``paid``, ``payable``, ``waiting``), ``total`` (the same
            without ``label``) and ``chart`` (JSON for the page's chart); only
            currencies something was earned in
        """
        companies = self.env["res.partner"]._get_portal_memberships().company_id
        days = [company._get_channel_today() for company in companies]
        today = max(days, default=fields.Date.context_today(self))
        found = {}
        for currency_id, month, *amounts in self._read_portal_year(today):
            found.setdefault(currency_id, {})[month] = amounts
        currencies = self.env["res.currency"].browse(sorted(found))
        return [
            self._get_portal_currency_year(currency, today, found[currency.id])
            for currency in currencies
        ]

    @api.model
    def _read_portal_year(self, today):
        """Return rows of currency id, first of month, earned, payable and paid."""
        self.env.flush_all()
        # Raw SQL: months of invoices and states of bills, of which partners read
        # neither; limited to the entries the person may read.
        own = self._search(Domain("date", ">=", date(today.year, 1, 1)))
        ahead = self._search(self._get_ahead_domain())
        return self.env.execute_query(
            SQL(
                """
                SELECT currency_id, date_trunc('month', day)::date AS month,
                       SUM(amount) FILTER (WHERE book = 'accrued'),
                       SUM(amount) FILTER (WHERE book = 'payable' AND NOT is_paid
                                             AND NOT is_ahead),
                       SUM(amount) FILTER (WHERE book = 'payable' AND is_paid)
                  FROM (
                    SELECT entry.currency_id, entry.book,
                           entry.amount_currency AS amount,
                           COALESCE(move.invoice_date, entry.date) AS day,
                           entry.id IN %(ahead)s AS is_ahead,
                           COALESCE(bill.state = 'posted'
                               AND bill.payment_state IN ('paid', 'in_payment'),
                               FALSE) AS is_paid
                      FROM partner_commission_entry entry
                           %(joins)s
                 LEFT JOIN account_move move ON move.id = entry.move_id
                 LEFT JOIN account_move bill ON bill.id = %(bill)s
                     WHERE entry.id IN %(own)s
                  ) found
                 WHERE day BETWEEN %(first)s AND %(last)s
              GROUP BY currency_id, month
              ORDER BY currency_id, month
                """,
                ahead=ahead.subselect(),
                joins=PAYOUT_JOINS,
                bill=PAYOUT_BILL,
                own=own.subselect(),
                first=date(today.year, 1, 1),
                last=date(today.year, 12, 31),
            )
        )

    @api.model
    def _get_portal_currency_year(self, currency, today, found):
        """Return the year in one currency, see :meth:`_get_portal_year`.

        :param dict found: ``{month: [earned, payable, paid]}``
        """
        last = max(today.month, *(month.month for month in found))
        months = []
        for number in range(1, last + 1):
            month = date(today.year, number, 1)
            figures = found.get(month, (0, 0, 0))
            months.append(self._get_portal_month(currency, month, figures))
        total = {
            name: currency.round(sum(month[name] for month in months))
            for name in ("earned", *PARTS)
        }
        labels = {
            "paid": self.env._("Paid out"),
            "payable": self.env._("Payable"),
            "waiting": self.env._("Waiting"),
        }
        return {
            "currency": currency,
            "year": str(today.year),
            "months": months,
            "total": total,
            "chart": json.dumps(
                {
                    "labels": [month["label"] for month in months],
                    "series": [
                        {
                            "label": labels[name],
                            "values": [month[name] for month in months],
                        }
                        for name in PARTS
                    ],
                }
            ),
        }

    @api.model
    def _get_portal_month(self, currency, month, figures):
        """Return the figures of one month as a dict."""
        earned, payable, paid = (currency.round(float(each or 0)) for each in figures)
        return {
            "label": format_date(self.env, month, date_format="LLL"),
            "earned": earned,
            "paid": paid,
            "payable": payable,
            "waiting": currency.round(earned - paid - payable),
        }
