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

from ..tools.team_matrix import FILTERS

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
        spec = self._get_list_spec(chosen or kinds, query, chosen)
        domain = request.env["res.partner"]._get_team_training_domain()
        values = spec.prepare(request.env, domain, page, **query)
        values |= {
            "kinds": kinds,
            "chosen": chosen,
            "columns": (chosen or kinds)._prepare_team_columns(),
            "rows": values["records"]._prepare_training_rows(chosen or kinds),
            "has_paths": "learning.enrolment" in request.env,
        }
        return request.render("partner_channel_lms.training_team", values)

    @route("/my/training/team/export", type="http", auth="user", readonly=True)
    def portal_training_team_export(self, **query):
        kinds, chosen = self._get_kinds(query)
        kinds = chosen or kinds
        spec = self._get_list_spec(kinds, query, chosen)
        Partner = request.env["res.partner"]
        choice = spec.narrow(Partner._get_team_training_domain(), query)
        text = export_records(
            Partner,
            choice.domain,
            self._get_header(kinds),
            lambda people: map(self._get_line, people._prepare_training_rows(kinds)),
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

    # === LIST === #

    def _get_list_spec(self, kinds, query, chosen):
        """Return the list of people, in the reader's language."""
        env = request.env
        return TeamSpec(
            model="res.partner",
            url="/my/training/team",
            page_name="training_team",
            sortings={
                "name": {"label": env._("Name"), "order": "name, id"},
                "newest": {"label": env._("Newest"), "order": "create_date desc, id"},
            },
            filters=self._get_list_filters(kinds, query.get("filterby")),
            inputs={"person": {"label": env._("Person"), "fields": ["name"]}},
            step=_PEOPLE,
            competence=str(chosen.id or ""),
        )

    def _get_list_filters(self, kinds, asked):
        """Return which people can be shown; only the one asked for costs a look."""
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
                domain = env["res.partner"]._find_team_training(kinds, key)
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
