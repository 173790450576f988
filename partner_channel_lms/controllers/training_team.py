from dataclasses import dataclass

from werkzeug.exceptions import NotFound

from odoo.fields import Domain
from odoo.http import Controller, request, route

from odoo.addons.partner_channel_portal.controllers.portal_list import (
    ListSpec,
    check_partner_staff,
)
from odoo.addons.partner_channel_portal.tools.download import make_download
from odoo.addons.partner_channel_portal.tools.table_export import export_records

from ..tools.team_matrix import FILTERS, is_shown

_PEOPLE = 50


@dataclass(frozen=True)
class TeamSpec(ListSpec):
    """The list of people, of whom one competence may be looked at.

    :param str competence: id of the competence as in the address, empty for all
    """

    competence: str = ""

    def get_args(self, choice):
        args = super().get_args(choice)
        return {**args, "competence": self.competence} if self.competence else args


class TrainingTeamPortal(Controller):
    """The team's matrix: people, competences, dates, and what each gives."""

    @route(
        ["/my/training/team", "/my/training/team/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_training_team(self, page=1, **query):
        kinds, chosen = self._get_kinds(query)
        people, cells = self._get_people(chosen or kinds, query)
        spec = self._get_list_spec(chosen, cells, query)
        domain = Domain("id", "in", people.ids)
        values = spec.prepare(request.env, domain, page, **query)
        values |= {
            "kinds": kinds,
            "chosen": chosen,
            "columns": (chosen or kinds)._prepare_team_columns(),
            "rows": values["records"]._prepare_training_rows(chosen or kinds, cells),
        }
        return request.render("partner_channel_lms.training_team", values)

    @route("/my/training/team/export", type="http", auth="user", readonly=True)
    def portal_training_team_export(self, **query):
        kinds, chosen = self._get_kinds(query)
        kinds = chosen or kinds
        people, cells = self._get_people(kinds, query)
        spec = self._get_list_spec(chosen, cells, query)
        choice = spec.narrow(Domain("id", "in", people.ids), query)
        text = export_records(
            request.env["res.partner"],
            choice.domain,
            self._get_header(kinds),
            lambda some: map(self._get_line, some._prepare_training_rows(kinds, cells)),
            request.env._("There is more: narrow the list by a filter or the search."),
            spec.sortings[choice.sortby]["order"],
        )
        return make_download(request, text, f"{request.env._('Training')}.csv")

    # === ACCESS === #

    def _get_kinds(self, query):
        """Return the competences of the team and the one chosen, or answer 404.

        :param dict query: as it came
        """
        check_partner_staff(request.env)
        if not request.env["res.partner"]._has_team_training_right():
            raise NotFound()
        kinds = request.env["partner.certification.type"]._get_team_kinds()
        asked = str(query.get("competence"))
        return kinds, kinds.filtered(lambda kind: str(kind.id) == asked)

    def _get_people(self, kinds, query):
        """Return the colleagues, and their cells where a filter looks at all of them.

        :param kinds: competences that are looked at
        :param dict query: as it came
        :return: ``res.partner``, and cells or ``None``
        """
        people = request.env["res.partner"]._get_team_training_people()
        is_filtered = query.get("filterby") in FILTERS
        return people, people._get_training_cells(kinds) if is_filtered else None

    # === LIST === #

    def _get_list_spec(self, chosen, cells, query):
        """Return the list of people, in the reader's language.

        :param chosen: the competence looked at, none for all
        :param cells: see :meth:`_get_people`
        :param dict query: as it came
        """
        env = request.env
        return TeamSpec(
            model="res.partner",
            url="/my/training/team",
            page_name="training_team",
            sortings={
                "name": {"label": env._("Name"), "order": "name, id"},
                "newest": {"label": env._("Newest"), "order": "create_date desc, id"},
            },
            filters=self._get_list_filters(cells, query.get("filterby")),
            inputs={"person": {"label": env._("Person"), "fields": ["name"]}},
            step=_PEOPLE,
            competence=str(chosen.id or ""),
        )

    def _get_list_filters(self, cells, asked):
        """Return which people can be shown; only the filter asked for looks."""
        env = request.env
        labels = {
            "expiring": env._("Expiring"),
            "expired": env._("Expired"),
            "training": env._("In training"),
        }
        filters = {"all": {"label": env._("All"), "domain": Domain.TRUE}}
        for key in FILTERS:
            domain = Domain.TRUE
            if key == asked:
                found = {pair[0] for pair, cell in cells.items() if is_shown(cell, key)}
                domain = Domain("id", "in", sorted(found))
            filters[key] = {"label": labels[key], "domain": domain}
        return filters

    # === FILE === #

    def _get_header(self, kinds):
        """Return the headings of the file: two columns for each competence."""
        env = request.env
        header = [env._("Person"), env._("Role")]
        for kind in kinds:
            header += [kind.name, env._("%(name)s: valid until", name=kind.name)]
        return header

    def _get_line(self, row):
        line = [row["name"], row["role"]]
        for cell in row["cells"]:
            line += [cell["label"] if cell["icon"] else "", cell["date"]]
        return line
