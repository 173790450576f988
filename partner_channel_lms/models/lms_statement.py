import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import xapi_evidence as evidence
from ..tools.xapi_format import read_moment
from .learning_process_mixin import ATTEMPTS

STATES = [
    ("new", "New"),
    ("matched", "Matched"),
    ("unmatched", "Unmatched"),
    ("ignored", "Ignored"),
    ("voided", "Voided"),
    ("error", "Error"),
]
KINDS = [
    ("passed", "Passed"),
    ("failed", "Failed"),
    ("completed", "Completed"),
    ("progressed", "Progressed"),
    ("satisfied", "Satisfied"),
    ("voided", "Voiding"),
    ("other", "Other"),
]
REASONS = [
    ("verb", "Proves nothing"),
    ("group", "About a group, not a person"),
    ("object", "Not about a course"),
    ("mode", "Only browsed or reviewed"),
    ("allowed", "Not defined by cmi5, so it does not count"),
    ("result", "Contradicts itself"),
    ("course_off", "The course is set to be ignored"),
    ("no_course", "Unknown course"),
    ("no_person", "Unknown person"),
    ("doubt", "Several people could be meant"),
    ("future", "Dated in the future"),
    ("invalid", "Breaks the standard"),
    ("failure", "Failed while it was processed"),
]
#: what is written when a statement arrives
_COLUMNS = (
    "provider_id",
    "statement_id",
    "kind",
    "verb",
    "activity",
    "activity_name",
    "actor_key",
    "actor_name",
    "score",
    "timestamp",
    "stored",
    "target_id",
    "registration",
    "mentions",
    "digest",
    "payload",
    "state",
    "reason",
    "error",
    "attempts",
)


class LmsStatement(models.Model):
    """What a learning system has said, kept as it was said.

    An inbox: what cannot be matched waits for a person and is never dropped. Nobody
    writes it by hand; its states follow from processing
    (``lms.statement.process.mixin``).
    """

    _name = "lms.statement"
    _description = "Learning Statement"
    _inherit = [
        "channel.job.mixin",
        "lms.statement.process.mixin",
        "lms.statement.reading.mixin",
    ]
    _order = "id desc"
    _rec_name = "statement_id"

    provider_id = fields.Many2one(
        "lms.provider", "Learning System", required=True, index=True, ondelete="cascade"
    )
    statement_id = fields.Char(required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    verb = fields.Char(readonly=True)
    activity = fields.Char(readonly=True)
    actor_key = fields.Char("Known There As", readonly=True)
    actor_name = fields.Char("Name There", readonly=True)
    activity_name = fields.Char("Course There", readonly=True)
    score = fields.Float("Score (%)", readonly=True, aggregator="avg")
    timestamp = fields.Datetime("Happened", required=True, readonly=True)
    stored = fields.Datetime(required=True, readonly=True)
    target_id = fields.Char("Refers To", readonly=True)
    digest = fields.Char(required=True, readonly=True)
    payload = fields.Text(required=True, readonly=True)
    state = fields.Selection(STATES, required=True, default="new", readonly=True)
    reason = fields.Selection(REASONS, readonly=True)
    error = fields.Text("Details", readonly=True)
    attempts = fields.Integer(readonly=True)
    partner_id = fields.Many2one(
        "res.partner", "Person", readonly=True, index=True, ondelete="set null"
    )
    course_id = fields.Many2one(
        "lms.course", readonly=True, index=True, ondelete="set null"
    )

    _statement_uniq = models.Constraint(
        "UNIQUE (provider_id, statement_id)", "This statement is already here."
    )
    _waiting_idx = models.Index("(id) WHERE state = 'new'")
    _target_idx = models.Index("(target_id) WHERE target_id IS NOT NULL")
    _refers_idx = models.Index("(provider_id, target_id) WHERE target_id IS NOT NULL")
    _mentions_idx = models.Index("USING gin (string_to_array(mentions, ' '))")
    _actor_idx = models.Index("(provider_id, actor_key)")
    _activity_idx = models.Index("(provider_id, activity)")
    # what a learning system reads back
    _stored_idx = models.Index("(provider_id, stored, id)")
    _registration_idx = models.Index(
        "(provider_id, registration) WHERE registration IS NOT NULL"
    )

    @api.depends("actor_name", "actor_key", "activity_name", "activity", "statement_id")
    def _compute_display_name(self):
        for record in self:
            told = (
                record.actor_name or record.actor_key,
                record.activity_name or record.activity,
            )
            name = " – ".join(filter(None, told))
            record.display_name = name or record.statement_id

    # === RECEIVING === #

    @api.model
    def _take_in(self, provider, statements):
        """Keep statements; those already here are passed over.

        :param provider: ``lms.provider``
        :param list statements: ``(statement, errors)``; a valid one has an id, one with
            errors is kept for a person to look at
        :return: number stored, and ids that came again with other content
        """
        rows = {}
        for statement, errors in statements:
            row = self._prepare_row(provider, statement, errors)
            rows.setdefault(row["statement_id"], row)
        known = self._get_digests(provider, rows)
        clashing = [
            key for key, digest in known.items() if digest != rows[key]["digest"]
        ]
        fresh = [row for key, row in rows.items() if key not in known]
        stored = self._insert(fresh)
        if stored:
            self.env.ref("partner_channel_lms.ir_cron_process_statements")._trigger()
        return stored, clashing

    @api.model
    def _get_digests(self, provider, ids):
        """Return ``{statement id: digest}`` of those of the ids that are here."""
        # sudo: jobs and learning systems ask, only whether something is here
        known = self.sudo().search_fetch(
            [("provider_id", "=", provider.id), ("statement_id", "in", list(ids))],
            ["statement_id", "digest"],
        )
        return {record.statement_id: record.digest for record in known}

    @api.model
    def _prepare_row(self, provider, statement, errors):
        """Return the column values of a statement."""
        now = fields.Datetime.now()
        row = {
            "provider_id": provider.id,
            "payload": json.dumps(statement),
            "timestamp": now,
            "stored": now,
            "score": 0.0,
            "kind": "other",
        }
        if errors:
            return row | {
                "statement_id": evidence.mint_id(statement),
                "digest": "",
                "state": "error",
                "reason": "invalid",
                "error": "\n".join(errors),
                "attempts": ATTEMPTS,
            }
        kind, reason = evidence.get_kind(statement, provider.is_strict)
        stored = read_moment(statement["stored"]) if "stored" in statement else now
        happened = statement.get("timestamp")
        target = statement["object"]
        definition = target.get("definition", {})
        return row | {
            "statement_id": statement["id"].lower(),
            "digest": evidence.get_digest(statement),
            "kind": kind,
            "verb": statement["verb"]["id"],
            "activity": evidence.shorten(evidence.get_object_key(target)),
            "activity_name": next(iter(definition.get("name", {}).values()), None),
            "actor_key": evidence.shorten(evidence.get_actor_key(statement["actor"])),
            "actor_name": statement["actor"].get("name"),
            "score": evidence.get_score(statement),
            "stored": stored,
            "timestamp": read_moment(happened) if happened else stored,
            "target_id": evidence.get_reference(target),
            **self._prepare_reading(provider, statement),
            "state": "ignored" if kind == "other" else "new",
            "reason": reason or None,
        }

    @api.model
    def _insert(self, rows):
        """Insert rows unless they are there; return how many were new.

        SQL, as only the database can pass over what another server has just stored,
        and a delivery holds thousands.
        """
        if not rows:
            return 0
        now, uid = self.env.cr.now(), self.env.uid
        values = [
            (*(_plain(row.get(name)) for name in _COLUMNS), uid, now, uid, now)
            for row in rows
        ]
        columns = [*_COLUMNS, "create_uid", "create_date", "write_uid", "write_date"]
        stored = self.env.execute_query(
            SQL(
                "INSERT INTO lms_statement (%s) VALUES %s"
                " ON CONFLICT (provider_id, statement_id) DO NOTHING RETURNING id",
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(", ").join(values),
            )
        )
        return len(stored)

    # === BY HAND === #

    def action_retry(self):
        """Look at these statements again, now that somebody may be known."""
        self.env["partner.certification.type"]._check_trainer()
        self.check_access("read")
        broken = self.filtered(lambda record: record.reason == "invalid")
        if broken and broken == self:
            raise UserError(
                self.env._(
                    "What breaks the standard stays broken: the learning system has to "
                    "send it again with another id."
                )
            )
        self._requeue([("id", "in", (self - broken).ids)])

    @api.model
    def _requeue(self, domain):
        """Have statements processed again, whatever became of them."""
        # sudo: whoever ties a person or a course need not write the inbox
        waiting_sudo = self.sudo().search(
            Domain(domain)
            & Domain("kind", "!=", "other")
            & Domain("reason", "!=", "invalid")
            & Domain("state", "in", ("matched", "unmatched", "ignored", "error"))
        )
        if waiting_sudo:
            waiting_sudo.write({"state": "new", "attempts": 0})
            self.env.ref("partner_channel_lms.ir_cron_process_statements")._trigger()

    @api.model
    def _requeue_lost(self, keys):
        """Have what was said of people who were not found looked at again.

        :param set keys: by which learning systems name them
        """
        if not keys:
            return
        # the index is by learning system
        every = [("id", "!=", False)]
        providers_sudo = self.env["lms.provider"].sudo().with_context(active_test=False)
        self._requeue(
            [
                ("provider_id", "in", providers_sudo.search(every).ids),
                ("actor_key", "in", list(keys)),
                ("state", "=", "unmatched"),
                ("reason", "in", ("no_person", "doubt")),
            ]
        )


def _plain(value):
    """Return a text without what PostgreSQL cannot hold, anything else as it is."""
    return value.replace("\x00", "") if isinstance(value, str) else value
