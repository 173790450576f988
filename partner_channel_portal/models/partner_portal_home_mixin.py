import json
from datetime import date, timedelta

from odoo import api, fields, models

from .deal_portal_todo_mixin import ENDING_DAYS, UPDATE_DAYS

_LEVELS = ("danger", "warning", "info")


class PartnerPortalHomeMixin(models.AbstractModel):
    """What the portal's home page says besides its cards."""

    _name = "partner.portal.home.mixin"
    _description = "Portal: Home Page"

    @api.model
    def _prepare_portal_home(self):
        """Return the values of the home page for the current user.

        :return: dict of ``channel_tiers``, ``channel_actions``, ``channel_charts`` and
            ``channel_news``; empty lists for people of no partner
        """
        memberships = self._get_portal_memberships()
        if not memberships:
            return {}
        # one look at the deals, for what is to do and for the chart
        states = self.env["crm.lead"]._read_portal_states()
        return {
            "channel_tiers": self._get_portal_tiers(memberships),
            "channel_actions": self._sort_portal_actions(
                self._get_portal_home_actions(memberships, states)
            ),
            "channel_charts": [
                {**chart, "json": json.dumps(self._get_chart_data(chart))}
                for chart in self._get_portal_home_charts(memberships, states)
            ],
            "channel_news": self.env["partner.portal.news"]._get_portal_news(
                memberships
            ),
        }

    @api.model
    def _sort_portal_actions(self, actions):
        """Return what to do, the most urgent first."""
        return sorted(
            actions,
            key=lambda action: (
                _LEVELS.index(action["level"]),
                action.get("date") or date.max,
            ),
        )

    # === ACTIONS === #

    @api.model
    def _get_portal_home_actions(self, memberships, states):
        """Return what the current user should do next.

        Hook: an addon appends its own. An action is a dict of

        - ``title``: what to do, with the number of records (translated);
        - ``url``: where it is done;
        - ``level``: ``danger`` (late), ``warning`` (soon) or ``info``;
        - ``date``: by when, optional.

        :param memberships: ``partner.membership`` in sudo, of the current user
        :param dict states: of deals, see ``crm.lead._read_portal_states``
        :return: list of dicts, in no order
        """
        # ordinary leads are qualified by people who register nothing, too
        actions = self.env["crm.lead"]._get_portal_qualification_actions()
        if not self.env["crm.lead"]._may_portal_register():
            return actions
        env = self.env
        returned = states.get("returned", {}).get("count", 0)
        if returned:
            actions.append(
                {
                    "title": env._("Correct returned deals (%(n)s)", n=returned),
                    "url": "/my/deals?filterby=returned",
                    "level": "warning",
                }
            )
        actions += self._get_portal_protected_actions(states.get("approved", {}))
        drafts = states.get("draft", {}).get("count", 0)
        if drafts:
            actions.append(
                {
                    "title": env._("Finish drafts (%(n)s)", n=drafts),
                    "url": "/my/deals?filterby=draft",
                    "level": "info",
                }
            )
        return actions

    @api.model
    def _get_portal_protected_actions(self, approved):
        """Return what protected deals ask for: updates, and to be won in time.

        :param dict approved: figures of the protected deals
        """
        Lead, today = self.env["crm.lead"], fields.Date.context_today(self)
        actions = []
        for name, filterby, days, domain, title in (
            (
                "date_update_due",
                "updates",
                UPDATE_DAYS,
                Lead._get_portal_update_domain(),
                self.env._("Report on protected deals (%(n)s)"),
            ),
            (
                "date_protection_end",
                "ending",
                ENDING_DAYS,
                Lead._get_portal_ending_domain(),
                self.env._("Protection ends soon (%(n)s)"),
            ),
        ):
            first = approved.get(name)
            # the first one is far away: nothing to count
            if not first or first > today + timedelta(days=days):
                continue
            count = Lead._count_portal_deals(domain)
            if count:
                actions.append(
                    {
                        "title": title % {"n": count},
                        "url": f"/my/deals?filterby={filterby}",
                        "level": "danger" if first < today else "warning",
                        "date": first,
                    }
                )
        return actions

    # === CHARTS === #

    @api.model
    def _get_portal_home_charts(self, memberships, states):
        """Return the charts of the home page.

        Hook: an addon appends its own. A chart is a dict of ``key``, ``title``,
        ``labels`` and ``series``: list of dicts of ``label``, ``values`` (numbers) and
        ``texts`` (the same as people read them), each as long as ``labels``.

        :param memberships: see :meth:`_get_portal_home_actions`
        :param dict states: see there
        :return: list of dicts
        """
        options = self.env["crm.lead"]._fields["registration_state"]
        labels = [
            (key, label)
            for key, label in options._description_selection(self.env)
            if key in states
        ]
        if not labels:
            return []
        counts = [states[key]["count"] for key, _label in labels]
        return [
            {
                "key": "deals",
                "title": self.env._("Deals by status"),
                "labels": [label for _key, label in labels],
                "series": [
                    {
                        "label": self.env._("Deals"),
                        "values": counts,
                        "texts": [str(count) for count in counts],
                    }
                ],
            }
        ]

    @api.model
    def _get_chart_data(self, chart):
        """Return what the browser draws of a chart."""
        return {
            "labels": chart["labels"],
            "series": [
                {"label": series["label"], "values": series["values"]}
                for series in chart["series"]
            ],
        }
