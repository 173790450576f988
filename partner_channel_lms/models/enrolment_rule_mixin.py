from odoo import api, fields, models, tools
from odoo.fields import Domain

from ..tools.learning import Past, get_need

_BATCH = 50


class LearningRuleMixin(models.AbstractModel):
    """Whom a learning path is for, and enrolling them."""

    _name = "enrolment.rule.mixin"
    _description = "Learning Path: Rule"

    @api.model
    def _enrol_by_rule(
        self, memberships, reason="join", people=None, paths=None, beyond=None
    ):
        """Enrol those the automatic paths are for who need them and are on none.

        Runs in as many queries for many people as for few. Run twice it does
        nothing: who is on a path, holds what it leads to or was taken off by hand
        is passed over.

        :param memberships: ``partner.membership``; only active ones count
        :param str reason: why people are enrolled who never were; renewals say so
        :param people: only these contacts; default everybody of the partners
        :param paths: only these paths, also such that enrol nobody by rule;
            default all automatic ones of the programs
        :param date beyond: certificates that end by this day are renewed already
        :return: ``learning.enrolment`` made now, in sudo
        """
        # sudo: who is enrolled follows from the rule, whoever gave the occasion
        paths = self._get_rule_paths(memberships) if paths is None else paths.sudo()
        running = memberships.sudo().filtered(lambda m: m.state == "active")
        enrolments = self.env["learning.enrolment"].sudo()
        if not paths or not running:
            return enrolments
        fitting = paths._get_fitting(running, people)
        return enrolments._enrol(self._get_needs(fitting, beyond), reason, beyond)

    @api.model
    def _get_rule_paths(self, memberships):
        """Return the automatic paths of the programs, in sudo; none without steps."""
        if not self._is_used():
            return self.sudo().browse()
        # sudo: whom a path is for does not depend on who gave the occasion
        return self.sudo().search(
            [
                ("program_id", "in", memberships.sudo().program_id.ids),
                ("is_automatic", "=", True),
                ("step_ids", "!=", False),
            ]
        )

    @api.model
    @tools.ormcache()
    def _is_used(self):
        """Return whether there is any path: else changes of a team cost nothing."""
        # sudo: only to know whether there is something to follow
        paths = self.sudo().with_context(active_test=False)
        return bool(paths.search_count([], limit=1))

    def _get_fitting(self, memberships, people=None):
        """Return whom the paths are for: ``[(path, membership, person)]``.

        :param memberships: in sudo
        :param people: only these contacts
        """
        staff = memberships.partner_id._get_course_people(people)
        result = []
        for membership in memberships:
            persons = staff.get(membership.partner_id)
            if not persons:
                continue
            for path in self:
                if path._is_for_membership(membership):
                    result += [
                        (path, membership, person)
                        for person in persons
                        if path._is_for_role(person)
                    ]
        return result

    def _is_for_membership(self, membership):
        self.ensure_one()
        is_own = self.program_id == membership.program_id
        return is_own and (not self.grade_ids or membership.grade_id in self.grade_ids)

    def _is_for_role(self, person):
        self.ensure_one()
        role = person.portal_role_id
        return not self.role_ids or (role.active and role in self.role_ids)

    @api.model
    def _get_needs(self, fitting, beyond=None):
        """Return who of them needs the path: ``[(path, membership, person, why)]``.

        :param fitting: see :meth:`_get_fitting`
        :param date beyond: see :meth:`_enrol_by_rule`
        """
        people = self.env["res.partner"].browse({person.id for *_, person in fitting})
        paths = self.browse({path.id for path, *_ in fitting})
        taken, done, dropped = self._get_past(paths, people)
        proofs, revoked = self.env["partner.certification"]._get_proofs(
            people, paths.type_ids
        )
        today = {company: company._get_channel_today() for company in paths.company_id}
        needs = []
        for path, membership, person in fitting:
            pair = (path.id, person.id)
            if pair in taken:
                continue
            keys = {kind: (person.id, kind) for kind in path.type_ids.ids}
            lost = {kind: revoked[key] for kind, key in keys.items() if key in revoked}
            why = get_need(
                {kind: proofs.get(key, []) for kind, key in keys.items()},
                Past(done.get(pair), dropped.get(pair), lost),
                path.renews,
                today[path.company_id],
                beyond,
            )
            if why:
                taken.add(pair)
                needs.append((path, membership, person, why))
        return needs

    @api.model
    def _get_past(self, paths, people):
        """Return who is on a path, and when they finished it or were taken off by hand.

        :return: set of ``(path id, person id)``, and two ``{pair: last date}``
        """
        # sudo: as above, everybody's past counts
        enrolments = self.env["learning.enrolment"].sudo()
        groups = enrolments._read_group(
            Domain("path_id", "in", paths.ids) & Domain("partner_id", "in", people.ids),
            ["path_id", "partner_id", "state", "ended_by"],
            ["date_end:max"],
        )
        taken, done, dropped = set(), {}, {}
        for path, person, state, ended_by, day in groups:
            pair = (path.id, person.id)
            if state in enrolments._get_open():
                taken.add(pair)
            elif state == "done":
                done[pair] = day
            elif ended_by == "hand":
                dropped[pair] = day
        return taken, done, dropped

    def _follow_changes(self, members=None):
        """Let courses, dates and states of the enrolments follow the paths.

        :param members: memberships that gave courses of the paths before
        """
        # sudo: everybody on the paths is concerned, whoever changes them
        enrolments = self.env["learning.enrolment"].sudo()
        enrolments = enrolments.search(
            [("path_id", "in", self.ids), ("state", "in", enrolments._get_open())]
        )
        concerned = enrolments.membership_id
        concerned |= members or concerned
        concerned._sync_course_access()
        enrolments._review()
        enrolments._order_outside()

    # === JOB === #

    @api.model
    def _cron_enrol(self):
        """Enrol by rule whom no event has told of: newcomers, renewals."""
        members = self.env["partner.membership"]
        today = fields.Date.today()
        paths = self.sudo().search([("is_automatic", "=", True)])
        domain = Domain("state", "=", "active")
        domain &= Domain("program_id", "in", paths.program_id.ids)
        domain &= Domain("date_learning", "=", False) | Domain(
            "date_learning", "<", today
        )
        members._run_batches(domain, _BATCH, lambda batch: batch._learn_by_rule(today))
