from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain
from odoo.tools.misc import clean_context

from ..tools.learning import due_day
from .enrolment_evidence_mixin import ENROLMENT_MOVES, OPEN

_SILENT = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
}


class LearningEnrolment(models.Model):
    """One person on a learning path.

    Made by rule or by hand; its state follows from evidence, see
    ``enrolment.evidence.mixin``, and is nobody's to write.
    """

    _name = "learning.enrolment"
    _description = "Learning Enrolment"
    _inherit = [
        "enrolment.evidence.mixin",
        "enrolment.hand.mixin",
        "enrolment.reminder.mixin",
        "enrolment.outside.mixin",
        "enrolment.portal.mixin",
        "channel.state.mixin",
        "channel.job.mixin",
        "channel.internal.thread.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_next, id"
    _mail_post_access = "read"
    _state_fields = (
        "state",
        "progress",
        "date_start",
        "date_due",
        "date_next",
        "date_end",
        "ended_by",
        "date_beyond",
        "date_reviewed",
        "reminded_for",
        "overdue_told_for",
        "owner_told_for",
        "membership_id",
        "reason",
    )

    path_id = fields.Many2one(
        "learning.path", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", "Person", required=True, index=True, ondelete="cascade"
    )
    membership_id = fields.Many2one(
        "partner.membership",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        help="The partner's membership that gives the path's courses.",
    )
    commercial_partner_id = fields.Many2one(
        related="membership_id.partner_id", string="Partner", store=True, index=True
    )
    program_id = fields.Many2one(related="path_id.program_id", store=True, index=True)
    company_id = fields.Many2one(related="path_id.company_id", store=True, index=True)
    reason = fields.Selection(
        [
            ("join", "Joined"),
            ("role", "Changed role"),
            ("tier", "New tier"),
            ("renewal", "Certificate near its end"),
            ("revoked", "Certificate revoked"),
            ("manual", "By hand"),
        ],
        required=True,
        default="manual",
        readonly=True,
    )
    state = fields.Selection(
        [
            ("waiting", "Not begun"),
            ("running", "Under way"),
            ("overdue", "Overdue"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="waiting",
        readonly=True,
        copy=False,
        index=True,
        help="Follows from what the person has attended and passed. A step with an "
        "exam is finished by its certificate alone.",
    )
    progress = fields.Integer("Progress (%)", readonly=True, aggregator="avg")
    date_start = fields.Date("Enrolled", readonly=True)
    date_due = fields.Date(
        "Due", readonly=True, help="Day the last mandatory step is due."
    )
    date_next = fields.Date(
        "Next Due",
        readonly=True,
        index="btree_not_null",
        help="Day the first step is due that is not finished.",
    )
    date_end = fields.Date("Ended", readonly=True, copy=False)
    ended_by = fields.Selection(
        [("rule", "No longer for the person"), ("hand", "By hand")],
        "Cancelled",
        readonly=True,
        copy=False,
    )
    date_beyond = fields.Date(
        "Renews What Ends By",
        readonly=True,
        copy=False,
        help="Certificates that end by this day do not count: they are renewed before "
        "their renewal window.",
    )
    date_reviewed = fields.Date(readonly=True, copy=False)
    step_summary = fields.Html("Steps", compute="_compute_step_summary")

    _open_uniq = models.UniqueIndex(
        "(path_id, partner_id) WHERE state IN ('waiting', 'running', 'overdue')",
        "This person is on the path already.",
    )
    _review_idx = models.Index(
        "(date_reviewed, id) WHERE state IN ('waiting', 'running', 'overdue')"
    )

    @api.depends("path_id", "partner_id")
    def _compute_display_name(self):
        for enrolment in self:
            names = (enrolment.partner_id.name, enrolment.path_id.name)
            enrolment.display_name = " – ".join(name or "" for name in names)

    @api.depends_context("lang")
    def _compute_step_summary(self):
        """Show where the person is with each step."""
        # a form that has just been opened has no path yet, and so no company
        chosen = self.filtered("path_id")
        (self - chosen).step_summary = False
        for enrolment, row in zip(chosen, chosen._prepare_portal_rows(), strict=True):
            enrolment.step_summary = self.env["ir.qweb"]._render(
                "partner_channel_lms.learning_step_summary", {"row": row}
            )

    @api.model
    def _get_open(self):
        """Return the states in which a person is on the path."""
        return OPEN

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_state_move():
            return self._create_by_hand(vals_list)
        return super().create(vals_list)

    @api.model
    def _enrol(self, needs, reason, beyond=None):
        """Enrol people and let them into the courses at once.

        :param needs: list of ``(path, membership, person, why)``, all in sudo;
            ``why`` is ``renewal``, ``revoked`` or ``new``
        :param str reason: of those who are new
        :param date beyond: certificates that end by this day do not count
        :return: the enrolments, in sudo
        :raise ConcurrencyError: somebody else was quicker; Odoo tries again
        """
        if not needs:
            return self.browse()
        vals_list = [
            {
                **self._prepare_enrolment(path, membership, person, why, reason),
                "date_beyond": beyond if why == "renewal" else False,
            }
            for path, membership, person, why in needs
        ]
        # what the caller's context proposes is nobody's evidence
        kept = {**clean_context(self.env.context), **_SILENT}
        # only a whole context takes defaults away
        # pylint: disable-next=context-overridden
        issuer = self.with_context(kept)._with_state_move()
        try:
            with self.env.cr.savepoint():
                enrolments = issuer.create(vals_list)
        except UniqueViolation as error:
            if reason == "manual":
                raise
            raise ConcurrencyError("learning enrolments were made meanwhile") from error
        enrolments = self.browse(enrolments.ids)
        enrolments._renew_exams()
        enrolments.membership_id._sync_course_access()
        enrolments._review()
        enrolments._order_outside(again=True)
        enrolments._write_to_people("enrolled")
        return enrolments

    @api.model
    def _prepare_enrolment(self, path, membership, person, why, reason):
        """Return the values of an enrolment from today on."""
        today = path.company_id._get_channel_today()
        steps = path.step_ids.filtered("is_mandatory") or path.step_ids
        days = max(steps.mapped("due_days"), default=0)
        return {
            "path_id": path.id,
            "partner_id": person.id,
            "membership_id": membership.id,
            "reason": reason if why == "new" else why,
            "date_start": today,
            "date_due": due_day(today, days),
            "date_next": due_day(today, min(steps.mapped("due_days"), default=0)),
        }

    # === CANCEL === #

    def _cancel(self, ended_by):
        """Take people off the paths, and away what the paths have given.

        :param str ended_by: ``rule`` or ``hand``
        """
        ended = self.browse()
        for company, records in self.grouped("company_id").items():
            ended |= records._move_to(
                "state",
                "cancelled",
                ENROLMENT_MOVES,
                date_end=company._get_channel_today(),
                date_next=False,
                ended_by=ended_by,
            )
        ended.membership_id._sync_course_access()

    def _end_doubles(self, people):
        """Keep one enrolment on each path of contacts that are about to be one.

        That of the contact that stays, else the oldest.

        :param people: ``res.partner``, the one that stays first
        """
        open_ = self.search(
            [("partner_id", "in", people.ids), ("state", "in", OPEN)]
        ).sorted(lambda one: (people.ids.index(one.partner_id.id), one.id))
        doubles = open_.browse()
        for enrolments in open_.grouped("path_id").values():
            doubles |= enrolments[1:]
        doubles._cancel("rule")

    # === JOB === #

    @api.model
    def _cron_review(self):
        """Look once a day how far everybody is, and remind of what is due."""
        today = fields.Date.today()
        domain = Domain("state", "in", OPEN)
        domain &= Domain("date_reviewed", "=", False) | Domain(
            "date_reviewed", "<", today
        )
        self._run_batches(domain, 200, lambda batch: batch._review_daily(today))

    def _review_daily(self, day):
        """Bring states up to date and write the e-mails that are due.

        :param date day: marks the records as seen
        """
        self._review()
        self._remind()
        self._with_state_move().with_context(**_SILENT).date_reviewed = day
