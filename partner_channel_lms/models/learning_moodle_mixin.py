from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.lms_api import LmsError, LmsRefused, LmsUnavailable, PeoplePage
from ..tools.lms_api_moodle import MoodleApi

#: lines of a run that name what could not be read
_MOST_DETAILS = 50


class LmsProviderMoodleMixin(models.AbstractModel):
    """Asking a Moodle, person by person, round after round.

    The cursor is the last person of a batch whose answers are stored. A round that
    was stopped, by whatever, goes on there; every round asks about everybody.
    """

    _name = "lms.provider.moodle.mixin"
    _description = "Learning System: Moodle"

    account_home = fields.Char(
        "Home Page of Accounts",
        compute="_compute_account_home",
        store=True,
        readonly=False,
        help="Tells this system's accounts from those of others: people are known as "
        "account:home page|account.",
    )
    poll_minutes = fields.Integer(
        "A Round Every (minutes)",
        default=60,
        help="How often everybody is asked about. A thousand people take two minutes.",
    )
    with_badges = fields.Boolean(
        "Badges Too",
        help="Ask for the badges of each person as well; they count as completed.",
    )
    learner_role = fields.Integer(
        "Role of Learners",
        default=5,
        help="Number of the role people are enrolled with; 5 is Moodle's student.",
    )
    date_round = fields.Datetime("Round Started", readonly=True, copy=False)
    date_due = fields.Datetime("Next Round", readonly=True, copy=False)

    _poll_minutes_positive = models.Constraint(
        "CHECK (poll_minutes BETWEEN 5 AND 10080)",
        "A round is made every 5 minutes to every week (10080 minutes).",
    )

    @api.depends("kind", "endpoint")
    def _compute_account_home(self):
        for provider in self:
            # what people are known by stays when the address is taken away
            if provider.kind == "moodle" and not provider.account_home:
                # sudo: the address of the site is no secret, it names accounts
                provider.account_home = (provider.sudo().endpoint or "").rstrip("/")
            else:
                provider.account_home = provider.account_home

    def _get_account_home(self):
        """Return the address that goes before the accounts of this system."""
        self.ensure_one()
        return (self.account_home or "").rstrip("/") or f"urn:lms:{self.id}"

    # === BY HAND === #

    def action_pull(self):
        self.check_access("write")
        self.filtered(lambda provider: provider.kind == "moodle").date_due = False
        return super().action_pull()

    def action_read_again(self):
        self.check_access("write")
        moodles = self.filtered(lambda provider: provider.kind == "moodle")
        # sudo: nobody writes what was done before; who may is checked above
        accounts_sudo = self.env["lms.account"].sudo()
        accounts_sudo.search([("provider_id", "in", moodles.ids)]).unlink()
        return super().action_read_again()

    def action_test(self):
        """Ask the Moodle who it is, and whether it lets us do what is needed.

        :raise UserError: with what is wrong
        :return: client action that says it works
        """
        self.ensure_one()
        self.check_access("write")
        try:
            name, release, missing = self._get_moodle().check()
        except LmsError as error:
            raise self._explain(error) from error
        if missing:
            raise UserError(
                self.env._(
                    "Moodle answers, but its service lacks functions. Add them under "
                    "Site administration > Server > Web services > External services: "
                    "%(functions)s",
                    functions=", ".join(missing),
                )
            )
        return self._tell(
            self.env._(
                "“%(name)s” answers: Moodle %(release)s.", name=name, release=release
            )
        )

    def action_fetch_courses(self):
        """List the Moodle's courses here; those already listed stay as they are.

        :return: client action that says how many are new
        """
        self.ensure_one()
        self.check_access("write")
        try:
            courses = dict(self._get_moodle().list_courses())
        except LmsError as error:
            raise self._explain(error) from error
        fresh = courses.keys() - set(self.course_ids.mapped("activity"))
        self.env["lms.course"].create(
            [
                {
                    "provider_id": self.id,
                    "activity": activity,
                    "name": courses[activity] or activity,
                }
                for activity in courses
                if activity in fresh
            ]
        )
        return self._tell(
            self.env._("New courses: %(count)d. Say what they prove.", count=len(fresh))
        )

    def _get_moodle(self):
        if self.kind != "moodle" or not self.endpoint:
            raise UserError(
                self.env._("Only a Moodle with an address can be asked this way.")
            )
        return self._get_api()

    def _explain(self, error):
        return UserError(
            self.env._("The learning system says: %(reason)s", reason=str(error))
        )

    def _tell(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === ENROLLING === #

    def _enrol(self, person, course):
        """Enrol a person in a course there; again does no harm.

        Asks over the network: not to be called while rows are locked.

        :param person: ``res.partner``
        :param course: ``lms.course`` of this learning system
        :return: whether the system knows the person and has enrolled them; it does not
            where it takes no enrolments, is switched off or refuses us
        :raise LmsError: if it cannot be reached or does not understand
        """
        self.ensure_one()
        if self.kind != "moodle" or self.state != "on" or course.provider_id != self:
            return False
        # sudo: whoever enrols need not know the credentials
        provider_sudo = self.sudo()
        learners = provider_sudo._prepare_learners(person)
        try:
            return bool(
                learners and provider_sudo._get_api().enrol(course.activity, learners)
            )
        except LmsRefused as error:
            provider_sudo._stop(str(error))
            return False

    # === ROUNDS === #

    def _get_api(self):
        if self.kind != "moodle":
            return super()._get_api()
        api_ = MoodleApi(
            self.endpoint,
            self.password,
            get_learners=self._get_learners,
            get_known=self._get_known_accounts,
            get_tied=self._get_tied_accounts,
            home=self._get_account_home(),
            badges=self.with_badges,
            namespace=str(self.id),
            role=self.learner_role,
        )
        api_.version = self.version
        return api_

    def _get_known_accounts(self, accounts):
        """Return what is known of accounts; see ``lms.account._get_known``."""
        known = self.env["lms.account"]._get_known(self, accounts)
        # what is stored afterwards has to see what others stored in the meantime
        self.env["ir.cron"]._commit_progress()
        return known

    def _get_tied_accounts(self, accounts):
        """Return which accounts are tied to somebody by hand."""
        return self.env["lms.account"]._get_known(self, accounts)[1]

    def _pull(self, kind):
        if self.kind == "xapi":
            return super()._pull(kind)
        # each round asks about everything: there is nothing more to check at night
        now = fields.Datetime.now()
        is_due = self.resume or not self.date_due or self.date_due <= now
        if self.kind != "moodle" or kind != "pull" or not is_due:
            return True
        return super()._pull(kind)

    def _read_stretch(self, kind):
        # only whoever has the system for itself begins a round
        if self.kind == "moodle" and not self.resume:
            self.date_round = fields.Datetime.now()
        return super()._read_stretch(kind)

    def _store_page(self, page, log):
        ids = super()._store_page(page, log)
        if isinstance(page, PeoplePage):
            self._store_people(page, log)
        return ids

    def _store_people(self, page, log):
        """Keep what was found out about people beside their statements."""
        self.env["lms.account"]._keep(self, page.accounts)
        self._note_courses(page)
        lines = [*(log.details or "").splitlines(), *page.objections]
        log.write(
            {
                "people": log.people + page.people,
                "unread": log.unread + len(page.objections),
                "details": "\n".join(lines[:_MOST_DETAILS]) or False,
            }
        )

    def _note_courses(self, page):
        """Write on the courses which of them cannot tell who is done."""
        courses = self.env["lms.course"].search(
            [
                ("provider_id", "=", self.id),
                ("activity", "in", [*page.mute, *page.telling]),
            ]
        )
        mute = courses.filtered(lambda course: course.activity in page.mute)
        note = self.env._("Moodle has no criteria for the completion of this course.")
        mute.filtered(lambda course: course.note != note).note = note
        (courses - mute).filtered("note").note = False

    def _leave_off(self, kind, error):
        # who is busy is asked again about the same people
        if self.kind == "moodle" and isinstance(error, LmsUnavailable):
            return None
        return super()._leave_off(kind, error)

    def _advance(self, newest, through):
        if self.kind != "moodle":
            return super()._advance(newest, through)
        started = self.date_round or fields.Datetime.now()
        self.date_due = started + timedelta(minutes=self.poll_minutes)
        return self._set_protected({"date_cursor": started})
