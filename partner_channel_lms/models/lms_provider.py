import hashlib
import secrets

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import consteq

#: a connection is switched on by the administrator and stopped by a refusal
PROVIDER_MOVES = {
    "on": {"off", "stopped"},
    "off": {"on", "stopped"},
    "stopped": {"on"},
}


class LmsProvider(models.Model):
    """A learning system outside Odoo whose word counts.

    It may push to us, with a key of its own, be asked by us, or both. Belongs to no
    company, as certification types do.
    """

    _name = "lms.provider"
    _description = "Learning System"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "channel.state.mixin",
        "lms.provider.files.mixin",
        "lms.provider.filter.mixin",
        "lms.provider.moodle.mixin",
        "lms.provider.people.mixin",
        "lms.provider.pull.mixin",
        "lms.provider.push.mixin",
        "lms.provider.results.mixin",
        "lms.provider.query.mixin",
        "lms.provider.window.mixin",
    ]
    _order = "name, id"
    _state_fields = ("state", "date_cursor", "push_digest")

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [
            ("xapi", "xAPI"),
            ("moodle", "Moodle"),
            ("file", "Spreadsheets and programs"),
        ],
        required=True,
        default="xapi",
    )
    state = fields.Selection(
        [("off", "Off"), ("on", "On"), ("stopped", "Stopped")],
        required=True,
        default="off",
        readonly=True,
        copy=False,
        tracking=True,
        help="Stopped: the system refused our credentials.",
    )
    is_strict = fields.Boolean(
        "cmi5 Only",
        help="Believe only statements cmi5 defines. Otherwise a plain “passed” of a "
        "system that does not speak cmi5 counts as well.",
    )

    # what it pushes to us
    push_key = fields.Char(
        "Push User",
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="User name with which the system sends statements to us.",
    )
    push_digest = fields.Char(readonly=True, copy=False, groups="base.group_system")

    statement_ids = fields.One2many("lms.statement", "provider_id", "Statements")
    course_ids = fields.One2many("lms.course", "provider_id", "Courses")
    identity_ids = fields.One2many("lms.identity", "provider_id", "People")
    log_ids = fields.One2many("lms.sync.log", "provider_id", "Runs")
    unmatched_count = fields.Integer(
        "Waiting for a Person", compute="_compute_unmatched_count"
    )

    _strict_kind = models.Constraint(
        "CHECK (NOT is_strict OR kind = 'xapi')",
        "“cmi5 Only” is for systems that speak xAPI: switch it off.",
    )
    _push_key_uniq = models.UniqueIndex("(push_key) WHERE push_key IS NOT NULL")

    def _compute_unmatched_count(self):
        groups = self.env["lms.statement"]._read_group(
            [("provider_id", "in", self.ids), ("state", "in", ("unmatched", "error"))],
            ["provider_id"],
            ["__count"],
        )
        counts = dict(groups)
        for provider in self:
            provider.unmatched_count = counts.get(provider, 0)

    # === ACTIONS === #

    def action_switch_on(self):
        """Let the systems push and be asked."""
        self.check_access("write")
        self._move_to("state", "on", PROVIDER_MOVES)

    def action_switch_off(self):
        """Take nothing from the systems any more."""
        self.check_access("write")
        self._move_to("state", "off", PROVIDER_MOVES)

    def action_new_secret(self):
        """Make a new user and password for pushing; the old ones end.

        Only the hash is kept: the password is shown once, to whoever asked for it.

        :return: client action that shows both
        """
        self.ensure_one()
        self.check_access("write")
        secret = secrets.token_urlsafe(32)
        key = self.push_key or f"lms-{secrets.token_hex(8)}"
        self._set_protected({"push_key": key, "push_digest": self._hash_secret(secret)})
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Copy it now, it is not shown again"),
                "message": self.env._(
                    "User: %(user)s Password: %(password)s", user=key, password=secret
                ),
            },
        }

    def action_view_unmatched(self):
        """Open the statements that wait for a person."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel_lms.lms_statement_action"
        )
        action["domain"] = [("provider_id", "in", self.ids)]
        return action

    # === PUSH === #

    @api.model
    def _hash_secret(self, secret):
        """Return the hash of a password; ours are random, so no slow hash is needed."""
        return hashlib.sha256(secret.encode()).hexdigest()

    @api.model
    def _find_by_credentials(self, key, secret):
        """Return the system that is switched on and has these credentials, or none.

        It takes the same time whether the user is known or not.
        """
        # PostgreSQL holds no such character, and no user name has it
        key = key.replace("\x00", "")
        # sudo: whoever calls has no rights, the secret is what is being checked
        provider_sudo = self.sudo().search(
            [("push_key", "=", key), ("state", "=", "on")], limit=1
        )
        expected = provider_sudo.push_digest or self._hash_secret("")
        is_right = consteq(expected, self._hash_secret(secret))
        if is_right and key and secret and provider_sudo.push_digest:
            return provider_sudo
        return provider_sudo.browse()

    @api.constrains("endpoint")
    def _check_endpoint(self):
        for provider in self:
            # sudo: whoever may write it may read it; the check runs for both
            endpoint = provider.sudo().endpoint or ""
            if endpoint and not endpoint.startswith(("https://", "http://")):
                raise ValidationError(
                    self.env._(
                        "“%(endpoint)s” is no address of a learning record store: "
                        "write it from https:// on.",
                        endpoint=endpoint,
                    )
                )
