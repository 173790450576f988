from odoo import api, models
from odoo.tools import formatLang


class CommissionHomeMixin(models.AbstractModel):
    """What the portal's home page says of a partner's money."""

    _name = "commission.home.mixin"
    _description = "Commissions on the Portal's Home Page"

    @api.model
    def _get_portal_statement_actions(self):
        """Return the action to accept statements, none when there are none."""
        Statement = self.env["partner.commission.statement"]
        count = Statement.search_count([("state", "=", "sent")])
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
    def _get_portal_money_charts(self):
        """Return a chart for each currency: waiting, payable, paid out."""
        names = {
            "waiting": self.env._("Waiting"),
            "payable": self.env._("Payable"),
            "paid": self.env._("Paid out"),
        }
        charts = []
        for total in self.env["partner.commission.entry"]._get_portal_totals():
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
                            "texts": [
                                formatLang(self.env, value, currency_obj=currency)
                                for value in values
                            ],
                        }
                    ],
                }
            )
        return charts
