from odoo import api, fields, models
from odoo.tools import format_datetime


class LmsSyncLog(models.Model):
    """One run against a learning system: what came, what was kept, what went wrong."""

    _name = "lms.sync.log"
    _description = "Learning System Run"
    _order = "date_start desc, id desc"
    _rec_name = "date_start"

    provider_id = fields.Many2one(
        "lms.provider", "Learning System", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [("pull", "New statements"), ("scan", "Full check of 35 days")], required=True
    )
    state = fields.Selection(
        [("running", "Running"), ("done", "Done"), ("failed", "Failed")],
        required=True,
        default="running",
    )
    date_start = fields.Datetime("Started", required=True, default=fields.Datetime.now)
    date_end = fields.Datetime("Ended")
    pages = fields.Integer()
    received = fields.Integer()
    stored = fields.Integer("New")
    invalid = fields.Integer("Breaking the Standard")
    clashes = fields.Integer(
        "Told Differently",
        help="Statements that came again under the same id with other content; the "
        "first one counts.",
    )
    date_from = fields.Datetime("Since", help="Empty: from the beginning.")
    date_until = fields.Datetime("Until", help="Empty: to the present.")
    held = fields.Integer(
        "Here", help="Statements of these days that are here; full checks only."
    )
    silent = fields.Integer(
        "Not Told Again",
        help="Statements of these days that are here and that the learning system did "
        "not tell again: it has lost them, or they were pushed to us.",
    )
    message = fields.Text()
    people = fields.Integer("People Asked About", readonly=True)
    unread = fields.Integer(
        "Could Not Be Read",
        readonly=True,
        help="Answers about single people or courses the learning system refused; they "
        "are asked for again the next time.",
    )
    details = fields.Text("What Could Not Be Read", readonly=True)

    @api.depends("provider_id.name", "date_start")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for log in self:
            start = format_datetime(self.env, log.date_start)
            log.display_name = f"{log.provider_id.name or ''} {start}".strip()

    def action_retry(self):
        """Ask the learning systems of these runs again, now, for the same."""
        for kind, logs in self.grouped("kind").items():
            if kind == "scan":
                logs.provider_id._start_soon(kind)
            else:
                logs.provider_id.action_pull()
