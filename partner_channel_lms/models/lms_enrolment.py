import logging
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import split_every

from ..tools.lms_api import LmsApi, LmsBroken, LmsError, LmsRefused

_logger = logging.getLogger(__name__)
_BATCH = 100
#: what is refused so often waits for a person
_TRIES = 5


class LmsEnrolment(models.Model):
    """A person a learning system is to enrol in a course.

    Made with a learning path's enrolment; a job tells the systems, between
    transactions, and tries again later when one is down. Enrolling somebody twice is
    harmless there, so a job that was stopped may tell it again.
    """

    _name = "lms.enrolment"
    _description = "Enrolment in a Course Elsewhere"
    _inherit = ["channel.state.mixin"]
    _order = "id desc"
    _state_fields = ("state", "attempts", "error", "date_try")

    course_id = fields.Many2one(
        "lms.course", required=True, readonly=True, index=True, ondelete="cascade"
    )
    provider_id = fields.Many2one(related="course_id.provider_id", store=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Person",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    state = fields.Selection(
        [("waiting", "To tell"), ("told", "Told"), ("failed", "Refused")],
        required=True,
        default="waiting",
        readonly=True,
    )
    attempts = fields.Integer(readonly=True)
    error = fields.Text(readonly=True)
    date_try = fields.Datetime("Next Try", readonly=True)

    _person_uniq = models.Constraint(
        "UNIQUE (course_id, partner_id)", "This person is enrolled there already."
    )
    _waiting_idx = models.Index("(date_try, id) WHERE state = 'waiting'")

    @api.depends("course_id", "partner_id")
    def _compute_display_name(self):
        for order in self:
            names = (order.partner_id.name, order.course_id.name)
            order.display_name = " – ".join(name or "" for name in names)

    @api.model
    def _takes_enrolments(self, provider):
        """Return whether a learning system of this kind can be told whom to enrol."""
        # sudo: addresses and passwords are the administrator's alone
        provider = provider.sudo()
        if not provider.endpoint:  # it only tells us
            return False
        api_ = type(provider._get_api())
        return getattr(api_, "enrol", LmsApi.enrol) is not LmsApi.enrol

    @api.model
    def _ask_for(self, wanted, again=False):
        """Have people enrolled; who was told before only if it is to be told again.

        :param set wanted: ``(lms.course, person)``
        """
        if not wanted:
            return
        known = self.search(
            [
                ("course_id", "in", list({course.id for course, _person in wanted})),
                ("partner_id", "in", list({person.id for _course, person in wanted})),
            ]
        ).filtered(lambda order: (order.course_id, order.partner_id) in wanted)
        missing = wanted - {(order.course_id, order.partner_id) for order in known}
        self.create(
            [
                {"course_id": course.id, "partner_id": person.id}
                for course, person in sorted(
                    missing, key=lambda pair: (pair[0].id, pair[1].id)
                )
            ]
        )
        if again:
            known._tell_again()
        # sudo: starting the job is all
        self.env.ref("partner_channel_lms.ir_cron_enrol_outside").sudo()._trigger()

    def action_retry(self):
        """Tell the learning systems once more."""
        self.check_access("read")
        self.env["partner.certification.type"]._check_trainer()
        # sudo: nobody writes these; who may was checked above
        self.sudo()._tell_again()

    def _tell_again(self):
        self._set_protected(
            {"state": "waiting", "attempts": 0, "error": False, "date_try": False}
        )

    # === JOB === #

    @api.model
    def _cron_send(self):
        """Tell the learning systems whom to enrol."""
        if not (self.env.su or self.env.user._is_system()):
            raise AccessError(self.env._("Only the system runs this job."))
        cron = self.env["ir.cron"]
        waiting = self.search(self._get_due_domain(), order="course_id, id")
        remaining = len(waiting)
        for course, orders in waiting.grouped("course_id").items():
            for ids in split_every(_BATCH, orders.ids):
                # nothing is kept open while a system is asked
                if not cron._commit_progress(remaining=remaining):
                    return
                batch = self.browse(ids)
                if course.provider_id.state == "on":
                    batch._send_alone(course)
                remaining -= len(ids)
                if not cron._commit_progress(len(ids), remaining=remaining):
                    return

    @api.model
    def _get_due_domain(self):
        return [
            ("state", "=", "waiting"),
            ("provider_id.state", "=", "on"),
            "|",
            ("date_try", "=", False),
            ("date_try", "<=", fields.Datetime.now()),
        ]

    def _send_alone(self, course):
        """Tell one system about one course; what fails is that course's matter."""
        try:
            self._send(course)
        except Exception as error:
            # nothing of it is kept, and the next course has its turn
            self.env.cr.rollback()
            _logger.exception("nobody was enrolled in course %s", course.id)
            self.exists()._fail(f"{type(error).__name__}: {error}", final=False)

    def _send(self, course):
        """Tell one system whom to enrol in one course."""
        orders = self._drop_unwanted(course)
        learners = defaultdict(list)
        for learner in course.provider_id._prepare_learners(orders.partner_id):
            learners[learner.person].append(learner)
        nobody = orders.filtered(lambda order: order.partner_id.id not in learners)
        nobody._fail(
            self.env._(
                "The person has no portal login that is an e-mail address, and is not "
                "tied to an account of the learning system."
            ),
            final=True,
        )
        orders -= nobody
        if orders:
            orders._tell(course, learners)

    def _drop_unwanted(self, course):
        """Forget whom no path leads to the course any more; return the others."""
        enrolments = self.env["learning.enrolment"]
        wanted = enrolments.search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("state", "in", enrolments._get_open()),
                ("path_id.step_ids.lms_course_id", "=", course.id),
            ]
        ).partner_id
        orders = self.filtered(lambda order: order.partner_id in wanted)
        (self - orders).unlink()
        return orders

    def _tell(self, course, learners):
        """Tell a system about people it may know, and keep what it answered.

        :param dict learners: ``{contact id: [Learner]}``, of everybody at least
        """
        provider = course.provider_id
        asked = [one for order in self for one in learners[order.partner_id.id]]
        try:
            known = provider._get_api().enrol(course.activity, asked)
        except LmsBroken as error:
            if len(self) == 1:
                self._fail(str(error))
                return
            # one of them may be wrong: each is told alone, until we are refused
            for order in self:
                if provider.state == "on":
                    order._tell(course, learners)
        except LmsRefused as error:
            provider._stop(str(error))
            self._fail(str(error), final=False)
        except LmsError as error:
            self._fail(str(error), final=False)
        else:
            people = {learner.person for learner in known}
            told = self.filtered(lambda order: order.partner_id.id in people)
            told._set_protected({"state": "told", "error": False, "date_try": False})
            (self - told)._fail(
                self.env._(
                    "The learning system does not know the person, or has several "
                    "accounts that may be theirs. Tie one of them by hand."
                ),
                final=False,
            )

    def _fail(self, reason, final=None):
        """Write down what went wrong, and when to try again.

        :param str reason: for the trainer
        :param bool final: do not try again; default after the fifth time
        """
        for order in self:
            attempts = order.attempts + 1
            is_final = attempts >= _TRIES if final is None else final
            wait = timedelta(hours=min(24, 2 ** (attempts - 1)))
            order._set_protected(
                {
                    "state": "failed" if is_final else "waiting",
                    "attempts": attempts,
                    "error": reason,
                    "date_try": False if is_final else fields.Datetime.now() + wait,
                }
            )
