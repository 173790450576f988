from werkzeug.exceptions import NotFound

from odoo.fields import Domain
from odoo.http import Controller, request, route

from odoo.addons.partner_channel_portal.controllers.portal_list import (
    ListSpec,
    check_partner_staff,
)


class LearningPortal(Controller):
    """The pages of a person's learning paths, and of the team's with the role."""

    @route("/my/learning", type="http", auth="user", website=True, readonly=True)
    def portal_my_learning(self, **_query):
        check_partner_staff(request.env)
        values = request.env["learning.enrolment"]._prepare_portal_learning()
        return request.render(
            "partner_channel_lms.learning_own", {**values, "page_name": "learning"}
        )

    @route(
        ["/my/learning/team", "/my/learning/team/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_learning_team(self, page=1, **query):
        check_partner_staff(request.env)
        if not request.env.user.partner_id._get_certification_companies():
            raise NotFound()
        enrolments = request.env["learning.enrolment"]
        domain = enrolments._get_portal_team_domain()
        values = self._get_list_spec().prepare(request.env, domain, page, **query)
        rows = values["records"]._prepare_portal_rows()
        by_id = {row["id"]: row for row in rows}
        for group in values["groups"]:
            group["rows"] = [by_id[record.id] for record in group["records"]]
        return request.render("partner_channel_lms.learning_team", values)

    def _get_list_spec(self):
        """Return the list of who is where, in the reader's language."""
        open_ = Domain("state", "in", request.env["learning.enrolment"]._get_open())
        return ListSpec(
            model="learning.enrolment",
            url="/my/learning/team",
            page_name="learning_team",
            # what is overdue has the earliest due day
            sortings={
                "due": {"label": self.env._("Next due"), "order": "date_next, id"},
                "progress": {
                    "label": self.env._("Progress"),
                    "order": "progress, date_next, id",
                },
                "new": {"label": self.env._("Newest"), "order": "id desc"},
            },
            filters={
                "open": {"label": self.env._("On a path"), "domain": open_},
                "overdue": {
                    "label": self.env._("Overdue"),
                    "domain": Domain("state", "=", "overdue"),
                },
                "done": {
                    "label": self.env._("Done"),
                    "domain": Domain("state", "=", "done"),
                },
                "all": {"label": self.env._("All"), "domain": Domain.TRUE},
            },
            inputs={
                "person": {
                    "label": self.env._("Search in person"),
                    "fields": ["partner_id.name"],
                }
            },
            groupings={
                "none": {"label": self.env._("None")},
                "state": {"label": self.env._("State"), "field": "state"},
                "person": {"label": self.env._("Person"), "field": "partner_id"},
            },
        )
