from odoo import api, models


class CommissionHomeMixin(models.AbstractModel):
    """What the portal's home page says of a partner's money."""

    _name = "commission.home.mixin"
    _description = "Commissions on the Portal's Home Page"

    @api.model
    def _get_portal_statement_actions(self, totals):
        """Return the action to accept statements, none when there are none.

        :param totals: see ``partner.commission.entry._get_portal_totals``
        """
        count = sum(total["to_accept"] for total in totals)
        if not count:
            return []
        return [
            {
                "title": self.env._("Accept statements (%(n)s)", n=count),
                "url": "/my/statements?filterby=todo",
                "level": "warning",
            }
        ]

    @api.model
    def _get_portal_money_charts(self, totals):
        """Return a chart for each currency: waiting, payable, paid out.

        :param totals: see ``partner.commission.entry._get_portal_totals``
        """
        names = {
            "waiting": self.env._("Waiting"),
            "payable": self.env._("Payable"),
            "paid": self.env._("Paid out"),
        }
        charts = []
        for total in totals:
            currency = total["currency"]
            values = [currency.round(total[name]) for name in names]
            charts.append(
                {
                    "key": f"commission_{currency.name}",
                    "title": self.env._("Commissions, %(name)s", name=currency.name),
                    "labels": list(names.values()),
                    "series": [
                        {
                            "label": self.env._("Amount"),
                            "values": values,
                            "texts": [currency.format(value) for value in values],
                        }
                    ],
                }
            )
        return charts
