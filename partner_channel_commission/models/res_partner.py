from odoo import api, models

_IMAGES = "/partner_channel_commission/static/src/img"
#: fields of a document that lead to the statement it pays, or once paid
_STATEMENTS = ("commission_statement_ids", "commission_payout_id", "commission_rest_id")


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["commission.home.mixin", "res.partner"]

    def _get_commission_bill_domain(self, path=""):
        """Return the domain of documents that pay no statement hidden from the person.

        For record rules: what it holds on is left to the database, as for statements.

        :param str path: how the searched model leads to the document, ends with a
            dot; empty for documents themselves
        :return: list of conditions
        """
        self.ensure_one()
        domain = []
        for name in _STATEMENTS:
            membership = f"{path}{name}.membership_id"
            seen = self._get_capability_domain("can_see_money", membership)
            domain += ["|", (f"{path}{name}", "=", False), *seen]
        return domain

    @api.model
    def _get_channel_home_cards(self):
        cards = super()._get_channel_home_cards()
        if cards and self.env.user.partner_id._has_channel_capability("can_see_money"):
            cards += [
                {
                    "name": "commission_count",
                    "title": self.env._("Commissions"),
                    "text": self.env._("What you earned, and by which invoice"),
                    "url": "/my/commissions",
                    "icon": f"{_IMAGES}/commissions.svg",
                    "sequence": 30,
                },
                {
                    "name": "statement_count",
                    "title": self.env._("Statements"),
                    "text": self.env._("Check, accept and follow what is paid out"),
                    "url": "/my/statements",
                    "icon": f"{_IMAGES}/statements.svg",
                    "sequence": 40,
                },
            ]
        return cards

    @api.model
    def _get_channel_home_counters(self, names):
        counters = super()._get_channel_home_counters(names)
        for name, model in (
            ("commission_count", "partner.commission.entry"),
            ("statement_count", "partner.commission.statement"),
        ):
            if name in names:
                counters[name] = self.env[model].search_count([], limit=1000)
        return counters

    @api.model
    def _get_portal_home_actions(self, memberships, states):
        actions = super()._get_portal_home_actions(memberships, states)
        active = "active" in memberships.mapped("state")
        person = self.env.user.partner_id
        if active and person._has_channel_capability("can_see_money"):
            # read once for what is to do and for the chart
            totals = self.env["partner.commission.entry"]._get_portal_totals()
            states["commissions"] = totals
            if person._has_channel_capability("can_sign"):
                actions += self._get_portal_statement_actions(totals)
        return actions

    @api.model
    def _get_portal_home_charts(self, memberships, states):
        charts = super()._get_portal_home_charts(memberships, states)
        if self.env.user.partner_id._has_channel_capability("can_see_money"):
            totals = states.get("commissions")
            if totals is None:
                totals = self.env["partner.commission.entry"]._get_portal_totals()
            charts += self._get_portal_money_charts(totals)
        return charts
