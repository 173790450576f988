from odoo import api, fields, models
from odoo.tools import SQL


class PartnerTeamMember(models.Model):
    """A person of a partner who uses the portal, has used it or is invited to.

    Read from contacts and logins, nothing is stored. Of the login it tells whether
    there ever was one, not when the last one was. An archived contact has no access;
    who has deleted the own account is none of the team any more.
    """

    _name = "partner.team.member"
    _description = "Team Member"
    _auto = False
    _order = "name, id"
    _depends = {
        "res.partner": [
            "name",
            "email",
            "active",
            "commercial_partner_id",
            "portal_role_id",
            "team_access",
        ],
        "res.users": ["active", "partner_id", "share"],
        "res.users.deletion": ["state", "user_id"],
        "res.users.log": ["create_uid"],
        "partner.portal.role": ["sequence"],
        "partner.membership": ["partner_id", "state"],
    }

    name = fields.Char(readonly=True)
    email = fields.Char("E-Mail", readonly=True)
    partner_id = fields.Many2one("res.partner", "Contact", readonly=True)
    commercial_partner_id = fields.Many2one("res.partner", "Partner", readonly=True)
    role_id = fields.Many2one("partner.portal.role", readonly=True)
    role_sequence = fields.Integer(readonly=True)
    state = fields.Selection(
        [("active", "Active"), ("invited", "Invited"), ("ended", "Deactivated")],
        readonly=True,
    )
    is_running = fields.Boolean(
        "Membership Runs",
        readonly=True,
        help="Whether a membership of the partner is active or suspended.",
    )
    has_second_factor = fields.Boolean(
        "Two-Factor",
        compute="_compute_has_second_factor",
        help="Whether the login is protected by a second factor or a passkey.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT person.id,
                   person.id AS partner_id,
                   person.name, person.email,
                   person.commercial_partner_id,
                   person.portal_role_id AS role_id,
                   COALESCE(role.sequence, 1000) AS role_sequence,
                   CASE WHEN account.active AND person.active
                        THEN CASE WHEN EXISTS (SELECT 1 FROM res_users_log log
                                                WHERE log.create_uid = account.id)
                                  THEN 'active' ELSE 'invited' END
                        WHEN NOT person.active OR person.team_access = 'ended'
                             OR account.id IS NOT NULL
                             AND person.team_access IS DISTINCT FROM 'waiting'
                        THEN 'ended'
                        ELSE 'invited'
                   END AS state,
                   EXISTS (SELECT 1 FROM partner_membership running
                            WHERE running.partner_id = person.commercial_partner_id
                              AND running.state IN ('active', 'suspended')
                   ) AS is_running
              FROM res_partner person
              LEFT JOIN partner_portal_role role ON role.id = person.portal_role_id
              LEFT JOIN LATERAL (
                    SELECT id, active, share
                      FROM res_users
                     WHERE partner_id = person.id
                     ORDER BY active DESC, id
                     LIMIT 1
                   ) account ON TRUE
             WHERE CASE WHEN account.id IS NULL THEN person.team_access IS NOT NULL
                        ELSE account.share AND (account.active OR NOT EXISTS (
                             SELECT 1 FROM res_users_deletion deletion
                              WHERE deletion.user_id = account.id
                                AND deletion.state IN ('todo', 'fail'))) END
               AND EXISTS (SELECT 1 FROM partner_membership membership
                            WHERE membership.partner_id = person.commercial_partner_id)
            """
        )

    def _compute_has_second_factor(self):
        """Ask once for all, of what is installed: both come with addons of Odoo."""
        # sudo: whether, never how; people see it of those they manage
        Users = self.env["res.users"].sudo()
        users = Users.search([("partner_id", "in", self.ids)])
        safe = Users
        if "totp_enabled" in Users._fields:
            safe |= Users.search([("id", "in", users.ids), ("totp_enabled", "=", True)])
        if "auth_passkey_key_ids" in Users._fields:
            safe |= users.filtered("auth_passkey_key_ids")
        protected = set(safe.partner_id.ids)
        for member in self:
            member.has_second_factor = member.id in protected

    # === PORTAL === #

    @api.model
    def _find_portal_member(self, member_id):
        """Return a colleague of the current user by id, or none; rules apply.

        :param int member_id: as found in a URL
        """
        return self.search([("id", "=", member_id)])

    def _prepare_portal_rows(self):
        """Return what the pages show of colleagues, a dict each."""
        states = dict(self._fields["state"]._description_selection(self.env))
        badges = {"active": "success", "invited": "info", "ended": "secondary"}
        me = self.env.user.partner_id
        # sudo: names of roles, of people the rules let see
        return [
            {
                "id": member.id,
                "name": member.name or member.email,
                "email": member.email,
                "role": member.sudo().role_id.name,
                "state": member.state,
                "label": states[member.state],
                "badge": badges[member.state],
                "has_second_factor": member.has_second_factor,
                "is_me": member.id == me.id,
            }
            for member in self
        ]

    def _prepare_portal_page(self):
        """Return what the page of one colleague shows and offers."""
        self.ensure_one()
        [row] = self._prepare_portal_rows()
        me = self.env.user.partner_id
        # sudo: what roles allow decides; people of partners read no roles
        own, role = me.sudo().portal_role_id, self.sudo().role_id
        may_change = not row["is_me"] and (not role or own._covers(role))
        return {
            **row,
            "role_id": role.id,
            "may_change": may_change,
            "may_transfer": may_change and own.is_owner and row["state"] == "active",
        }

    # === VENDOR === #

    def action_open_contact(self):
        """Open the contact of the person.

        :return: window action
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
