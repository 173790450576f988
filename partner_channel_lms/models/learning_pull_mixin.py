import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..tools import xapi_evidence, xapi_statement
from ..tools.lms_api import LmsBroken, LmsError, LmsRefused
from ..tools.lms_api_xapi import MOST_PAGES, XapiApi
from ..tools.xapi_format import read_moment

_logger = logging.getLogger(__name__)


class LmsProviderPullMixin(models.AbstractModel):
    """Asking a learning system for what has happened since the last time.

    Questions are asked between transactions: a page is stored and committed before the
    next one is asked for, and the cursor moves only after the last page, never past
    what was stored (``lms.provider.window.mixin``). A run that was stopped goes on at
    the page it had reached.
    """

    _name = "lms.provider.pull.mixin"
    _description = "Learning System: Pull"

    endpoint = fields.Char(
        groups="base.group_system",
        copy=False,
        help="Address of the learning record store, up to and without /statements. "
        "Empty: the system only pushes.",
    )
    username = fields.Char("User", groups="base.group_system", copy=False)
    password = fields.Char(groups="base.group_system", copy=False)
    version = fields.Selection(
        [("1.0.3", "1.0.3"), ("2.0.0", "2.0.0")],
        "xAPI Version",
        required=True,
        default="1.0.3",
    )
    page_size = fields.Integer(default=500, help="Statements asked for at once.")
    filter_server_side = fields.Boolean(
        "Filter There",
        help="Let the record store filter by verb. Switch it on for large stores only "
        "after checking that it can: some answer nothing at all.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        help="Told when the learning system refuses our credentials.",
    )

    _page_size_positive = models.Constraint(
        "CHECK (page_size BETWEEN 1 AND 5000)", "A page has 1 to 5000 statements."
    )

    def action_pull(self):
        """Ask the learning systems as soon as the job runs, in a moment."""
        self._start_soon("pull")

    def _start_soon(self, kind):
        """Start a job, ``pull`` or ``scan``, for whoever may write these systems."""
        self.check_access("write")
        # sudo: starting the job is all; who may is checked above
        job_sudo = self.env.ref(f"partner_channel_lms.ir_cron_{kind}_statements").sudo()
        job_sudo._trigger()

    # === JOBS === #

    @api.model
    def _cron_pull(self, kind="pull"):
        """Ask every learning system that is on.

        :param str kind: ``pull`` since the cursor, ``scan`` the last 35 days
        """
        if not (self.env.su or self.env.user._is_system()):
            raise AccessError(self.env._("Only the system runs this job."))
        providers = self.search([("state", "=", "on"), ("endpoint", "!=", False)])
        cron = self.env["ir.cron"]
        remaining = len(providers)
        for provider in providers:
            if not cron._commit_progress(remaining=remaining):
                break
            # one that has more to tell keeps the job going
            remaining -= provider._pull(kind)
            cron._commit_progress(1, remaining=remaining)

    def _pull(self, kind):
        """Read all one learning system has to tell, unless somebody is doing so.

        :return: whether nothing more is to be done now
        """
        with self._reserved() as is_ours:
            if not is_ours:
                _logger.info("learning system %s is being asked already", self.id)
                return True
            follows = self._read_stretch(kind)
            while follows and self.env["ir.cron"]._commit_progress():
                follows = self._read_stretch(kind)
            return follows is None

    def _read_stretch(self, kind):
        """Read a stretch of time, and write down how it went.

        :return: whether another one follows; ``False`` when this one goes on next
            time, ``None`` when nothing is left to do now
        """
        log = self.env["lms.sync.log"].create({"provider_id": self.id, "kind": kind})
        api_, follows = self._get_api(), None
        try:
            place = self._find_place(kind, api_)
            log.write({"date_from": place["since"], "date_until": place["until"]})
            follows = self._read_pages(api_, kind, place, log)
            if follows:
                follows = self._end_stretch(kind, place, log) or None
        except LmsRefused as error:
            log.write({"state": "failed", "message": str(error)})
            self._stop(str(error))
        except LmsError as error:
            self._leave_off(kind, error)
            log.write({"state": "failed", "message": str(error)})
        log.date_end = fields.Datetime.now()
        if api_.version != self.version:
            self.version = api_.version
        return follows

    def _leave_off(self, kind, error):
        """Hook: decide where to go on the next time, after a run that failed."""
        self._lose_page(kind)

    def _get_api(self):
        """Return the client of this learning system's kind."""
        return XapiApi(
            self.endpoint,
            self.username,
            self.password,
            version=self.version,
            page_size=self.page_size,
            by_verb=self.filter_server_side,
        )

    def _read_pages(self, api_, kind, place, log):
        """Store page after page and keep the place of each.

        :return: whether the last one was reached
        """
        # a run that was stopped after its last page has none left
        is_whole = True
        since, until = map(
            fields.Datetime.to_datetime, (place["since"], place["until"])
        )
        # not every kind of system can be asked for a month
        options = {"until": until} if until else {}
        for page in api_.completions(since, place["more"], place["step"], **options):
            if place["pages"] >= MOST_PAGES:
                raise LmsBroken("The learning system has no end of pages.")
            stored = [text for text in map(_get_stored, page.statements) if text]
            through = filter(None, [place["through"], _read(page.through)])
            place.update(
                more=page.more,
                step=page.step if page.more else page.step + 1,
                pages=place["pages"] + 1,
                newest=max([*stored, place["newest"] or ""]),
                through=min(through, default=None),
            )
            ids = self._store_page(page, log)
            if kind == "scan":
                place["heard"] += self._count_heard(place, ids)
            self._keep_place(kind, place)
            # stored for good before the next question
            in_time = self.env["ir.cron"]._commit_progress(1)
            # else a long history is kept in memory
            self.env.invalidate_all()
            is_whole = bool(in_time) or page.is_last
            if not is_whole:
                break
        message = False if is_whole else self.env._("Goes on next time.")
        log.write({"state": "done", "message": message})
        return is_whole

    def _store_page(self, page, log):
        """Keep what could prove something; judge it as if nobody had before.

        :return: ids of the valid statements among them, as a set
        """
        kept = []
        for statement in page.statements:
            if not _is_wanted(statement):
                continue
            version = _get_version(statement, self.version)
            errors = xapi_statement.validate(statement, version)
            if not errors and "id" not in statement:
                errors = ['statement: the property "id" is required.']
            kept.append((statement, errors))
        stored, clashes = self.env["lms.statement"]._take_in(self, kept)
        log.write(
            {
                "pages": log.pages + 1,
                "received": log.received + len(page.statements),
                "stored": log.stored + stored,
                "invalid": log.invalid + sum(bool(errors) for _st, errors in kept),
                "clashes": log.clashes + len(clashes),
            }
        )
        return {one["id"].lower() for one, errors in kept if not errors}

    def _stop(self, reason):
        """Ask no more until an administrator has been here; tell them once."""
        self._move_to("state", "stopped", {"stopped": {"on"}})
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("The learning system refuses our credentials"),
            note=reason,
            user_id=self.user_id.id or self.env.uid,
        )


def _read(text):
    """Return a moment as text that sorts, ``None`` if it is none."""
    try:
        return str(read_moment(text))
    except ValueError:
        return None


def _get_stored(statement):
    return _read(statement.get("stored")) if isinstance(statement, dict) else None


def _is_wanted(statement):
    """Return whether a statement may prove something; also what nobody can read."""
    verb = statement.get("verb") if isinstance(statement, dict) else None
    verb_id = verb.get("id") if isinstance(verb, dict) else None
    return not isinstance(verb_id, str) or verb_id in xapi_evidence.KINDS


def _get_version(statement, default):
    """Return the version a statement says it keeps to, else that of the connection."""
    version = statement.get("version") if isinstance(statement, dict) else None
    is_known = isinstance(version, str) and xapi_statement.get_edition(version)
    return version if is_known else default
