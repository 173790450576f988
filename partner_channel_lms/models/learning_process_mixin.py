import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

_logger = logging.getLogger(__name__)
_BATCH = 1000
#: a clock may be wrong, not by more than this
MOST_FUTURE = timedelta(days=1)
ATTEMPTS = 5
#: kinds that can prove something; what else is said changes no certificate
EVIDENCE = ("passed", "completed", "satisfied")
#: what is looked at: not what was said word for word, which is long
_READ = (
    "provider_id",
    "statement_id",
    "kind",
    "activity",
    "actor_key",
    "timestamp",
    "target_id",
    "partner_id",
    "course_id",
)


class LmsStatementProcessMixin(models.AbstractModel):
    """From statements to certificates: who, which course, what follows.

    What a person has proved is worked out from all there is about them and the course,
    never from the one statement: the order of arrival does not matter.
    """

    _name = "lms.statement.process.mixin"
    _description = "Learning Statement: Processing"

    @api.model
    def _cron_process(self):
        """Process what has arrived, a batch a transaction."""
        self._run_batches(
            [("state", "=", "new")], _BATCH, lambda batch: batch._process()
        )

    @api.model
    def _cron_retry(self):
        """Take up again what failed, and people who can be told by now."""
        if not (self.env.su or self.env.user._is_system()):
            raise AccessError(self.env._("Only the system runs this job."))
        self.search(
            [
                ("state", "=", "error"),
                ("reason", "=", "failure"),
                ("attempts", "<", ATTEMPTS),
            ]
        ).write({"state": "new"})
        # the day has come
        latest = fields.Datetime.now() + MOST_FUTURE
        early = [("reason", "=", "future"), ("timestamp", "<=", latest)]
        self.search([("state", "=", "error"), *early]).write({"state": "new"})
        lost = [("state", "=", "unmatched"), ("reason", "in", ("no_person", "doubt"))]
        groups = self._read_group(lost, ["provider_id", "actor_key"])
        pairs = {(provider.id, key) for provider, key in groups}
        people, _doubtful = self.env["lms.identity"]._resolve(pairs)
        waiting = self.search([*lost, ("actor_key", "in", [k for _p, k in people])])
        waiting.filtered(
            lambda record: (record.provider_id.id, record.actor_key) in people
        ).write({"state": "new"})

    def _process(self):
        """Process together and, when one spoils it for the others, one by one."""
        try:
            with self.env.cr.savepoint():
                self._process_together()
        except OperationalError:
            # another transaction was quicker: the whole batch is run again
            raise
        except Exception as error:
            if len(self) == 1:
                self._set_failed(error)
                return
            for record in self:
                record._process()

    def _set_failed(self, error):
        _logger.info("statement %s: %s", self.statement_id, error, exc_info=True)
        self.write(
            {
                "state": "error",
                "reason": "failure",
                "error": str(error) or type(error).__name__,
                "attempts": self.attempts + 1,
            }
        )

    def _process_together(self):
        self.fetch(_READ)
        proofs = self.filtered(lambda record: record.kind in EVIDENCE)
        pairs = proofs._get_pairs() | self._void_targets()
        pairs |= self.filtered(lambda record: record.kind != "voided")._match()
        self.env["partner.certification"]._issue_from_statements(pairs)

    def _get_pairs(self):
        """Return the person and course ids of those that have both, as a set."""
        return {
            (record.partner_id.id, record.course_id.id)
            for record in self
            if record.partner_id and record.course_id
        }

    # === VOIDING === #

    def _void_targets(self):
        """Take back what these statements void; what comes later is void on arrival.

        :return: set of person and course ids that lost evidence
        """
        voiding = self.filtered(lambda record: record.kind == "voided")
        voiding.write({"state": "matched"})
        said = Domain.OR(
            Domain("provider_id", "=", provider.id)
            & Domain("statement_id", "in", records.mapped("target_id"))
            for provider, records in voiding.grouped("provider_id").items()
        )
        # a voiding statement cannot be voided itself
        targets = self.search_fetch(
            said & Domain("kind", "!=", "voided") & Domain("state", "!=", "voided"),
            ["partner_id", "course_id"],
        )
        targets.write({"state": "voided", "reason": False})
        return targets._get_pairs()

    def _set_voided(self):
        """Mark those that were voided before they arrived, and return them."""
        voiding = self.search_fetch(
            [
                ("kind", "=", "voided"),
                ("provider_id", "in", self.provider_id.ids),
                ("target_id", "in", self.mapped("statement_id")),
            ],
            ["provider_id", "target_id"],
        )
        keys = {(record.provider_id, record.target_id) for record in voiding}
        voided = self.filtered(lambda rec: (rec.provider_id, rec.statement_id) in keys)
        voided.write({"state": "voided", "reason": False})
        return voided

    # === MATCHING === #

    def _match(self):
        """Find person and course; what cannot be found waits for a person.

        :return: set of person and course ids something may have been proved for
        """
        rest = self - self._set_voided()
        people, doubtful = self.env["lms.identity"]._resolve(
            {(record.provider_id.id, record.actor_key) for record in rest}
        )
        courses = rest._find_courses()
        latest = fields.Datetime.now() + MOST_FUTURE
        outcomes, pairs = [], set()
        for record in rest:
            provider_id = record.provider_id.id
            actor = (provider_id, record.actor_key)
            person = people.get(actor)
            course = courses.get((provider_id, record.activity))
            state, reason = "matched", None
            if record.timestamp > latest:
                state, reason = "error", "future"
            elif not course:
                state, reason = "unmatched", "no_course"
            elif not person:
                state = "unmatched"
                reason = "doubt" if actor in doubtful else "no_person"
            elif not course.type_id:
                state, reason = "ignored", "course_off"
            ids = (person and person.id, course and course.id)
            outcomes.append((state, reason, *ids))
            if all(ids) and record.kind in EVIDENCE:
                pairs.add(ids)
        rest._set_outcomes(outcomes)
        return pairs

    def _set_outcomes(self, outcomes):
        """Write down what became of each statement.

        :param list outcomes: ``(state, reason, person id, course id)``, each in turn
        """
        names = ("state", "reason", "partner_id", "course_id")
        self.env.flush_all()
        # not write(): each statement has a person of its own, which would make it a
        # call for each; nothing is computed from these fields
        self._write_multi(
            [dict(zip(names, outcome, strict=True), error=None) for outcome in outcomes]
        )
        self.invalidate_recordset([*names, "error"], flush=False)

    def _find_courses(self):
        """Return ``{(provider id, activity): course}`` of these statements."""
        courses = self.env["lms.course"].search(
            [
                ("provider_id", "in", self.provider_id.ids),
                ("activity", "in", list({record.activity for record in self})),
            ]
        )
        return {(course.provider_id.id, course.activity): course for course in courses}
