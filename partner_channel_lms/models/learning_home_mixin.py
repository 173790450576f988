from odoo import api, models


class LearningHomeMixin(models.AbstractModel):
    """What the portal's home page says of learning paths."""

    _name = "learning.home.mixin"
    _description = "Learning on the Portal's Home Page"

    @api.model
    def _get_channel_home_cards(self):
        cards = super()._get_channel_home_cards()
        if cards and self.env["learning.path"]._is_used():
            cards.append(
                {
                    "name": "learning_count",
                    "title": self.env._("Learning"),
                    "text": self.env._("Go on with your courses, step by step"),
                    "url": "/my/learning",
                    "icon": "/partner_channel_lms/static/src/img/learning.svg",
                    "sequence": 39,
                }
            )
        return cards

    @api.model
    def _get_channel_home_counters(self, names):
        counters = super()._get_channel_home_counters(names)
        if "learning_count" in names:
            enrolments = self.env["learning.enrolment"]
            counters["learning_count"] = enrolments.search_count(
                enrolments._get_portal_own_domain()
            )
        return counters

    @api.model
    def _get_portal_course_actions(self):
        """Put the next step of the person's paths before the tier's courses."""
        actions = super()._get_portal_course_actions()
        if not self.env["learning.path"]._is_used():
            return actions
        enrolments = self.env["learning.enrolment"]
        groups = enrolments._read_group(
            enrolments._get_portal_own_domain(),
            ["state"],
            ["__count", "date_next:min"],
        )
        count = sum(number for _state, number, _first in groups)
        if not count:
            return actions
        late = any(state == "overdue" for state, *_rest in groups)
        first = min(filter(None, (day for *_rest, day in groups)), default=False)
        return [
            {
                "title": self.env._("Continue your course (%(n)s)", n=count),
                "url": "/my/learning",
                "level": "danger" if late else "info",
                "date": first,
            },
            *actions,
        ]

    @api.model
    def _get_portal_course_domain(self):
        """Leave out the courses of the person's paths: they have their own page."""
        domain = super()._get_portal_course_domain()
        if not self.env["learning.path"]._is_used():
            return domain
        enrolments = self.env["learning.enrolment"]
        # sudo: which courses the person's own paths have
        paths = enrolments.search(enrolments._get_portal_own_domain()).sudo().path_id
        return [*domain, ("channel_id", "not in", paths.step_ids.channel_id.ids)]
