import logging

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize

from odoo.addons.auth_signup.models.res_partner import SignupError

_logger = logging.getLogger(__name__)


class TeamInvitationMixin(models.AbstractModel):
    """Gives invited people of a partner their access, when nobody waits for it.

    Whoever invites learns nothing from the answer or from its time: whether an address
    is known elsewhere is found out here, and told to the vendor alone.
    """

    _name = "team.invitation.mixin"
    _description = "Invitation to the Team of a Partner"

    team_access = fields.Selection(
        [
            ("waiting", "To invite"),
            ("sent", "Invited"),
            ("ended", "Deactivated"),
        ],
        "Access by the Team",
        copy=False,
        readonly=True,
        groups="partner_channel.group_channel_manager",
        help="What the partner's own people last asked for.",
    )

    def _ask_for_access(self):
        """Have these people, in sudo, invited by the job, as soon as it can."""
        # the job passes archived contacts over, and so do Odoo's own pages
        self.write({"active": True, "team_access": "waiting"})
        cron = self.env.ref("partner_channel_portal.ir_cron_invite_team")
        # sudo: whoever may invite has been checked
        cron.sudo()._trigger()

    @api.model
    def _cron_invite_team(self):
        """Give invited people access; one a transaction, as each gets an e-mail."""
        domain = [("team_access", "=", "waiting")]
        self._run_batches(domain, 1, lambda people: people._grant_team_access())

    def _grant_team_access(self):
        """Give these people access to the portal and send them the invitation.

        Whose address belongs to another login or company is left to the vendor.
        """
        # sudo: the job works for the vendor, with Odoo's own wizard for portal access
        people = self.sudo()
        people.team_access = "sent"
        for person in people:
            if person._is_known_elsewhere():
                person._report_not_invited()
                continue
            try:
                with self.env.cr.savepoint():
                    person._grant_portal_access()
            except (UserError, SignupError) as error:
                # going back to the savepoint leaves what was cached meanwhile
                self.env.registry.clear_cache()
                _logger.info("No access for contact %s: %s", person.id, error)
                person._report_not_invited(str(error))

    def _grant_portal_access(self):
        """Give the person access with Odoo's wizard, or invite again."""
        self.ensure_one()
        membership = self._get_channel_memberships(("active", "suspended"))[:1]
        company = membership.company_id or self.env.company
        wizard = (
            self.env["portal.wizard"]
            .with_company(company)
            .create({"partner_ids": [Command.set(self.ids)]})
        )
        line = wizard.user_ids
        if line.is_portal:
            line.action_invite_again()
        else:
            line.action_grant_access()

    def _is_known_elsewhere(self):
        """Return whether others have the address of this person, in sudo, already.

        That is another login, or a contact of another company: a rival must not take
        the address of a person away. The vendor's own people are known as well.
        """
        self.ensure_one()
        mine = Domain("partner_id", "=", self.id)
        logins, contacts = mine & Domain("share", "=", False), Domain.FALSE
        email = email_normalize(self.email)
        if email:
            same = Domain("email_normalized", "=", email)
            logins |= (
                ~mine
                & Domain("id", "not in", self._find_deleted_logins(same).ids)
                & (Domain("login", "=", email) | Domain("partner_id", "any", same))
            )
            contacts = (
                same
                & Domain("commercial_partner_id.is_company", "=", True)
                & Domain("commercial_partner_id", "!=", self.commercial_partner_id.id)
            )
        everybody = self.with_context(active_test=False)
        return bool(
            everybody.env["res.users"].search_count(logins, limit=1)
            or everybody.search_count(contacts, limit=1)
        )

    @api.model
    def _find_deleted_logins(self, people):
        """Return the logins, in sudo, of people who have deleted their own account.

        Odoo deletes such logins and their contacts by and by; those that something
        needs stay, and nobody comes in with them.

        :param people: domain of contacts
        """
        deletions = self.env["res.users.deletion"].search(
            Domain("state", "in", ("todo", "fail"))
            & Domain("user_id.active", "=", False)
            & Domain("user_id.partner_id", "any", people)
        )
        return deletions.user_id

    def _report_not_invited(self, reason=""):
        """Tell the vendor that the person was not invited; the partner is not told.

        :param str reason: why; empty: the address is known elsewhere
        """
        self.ensure_one()

        def explain(env):
            if reason:
                return env._(
                    "%(person)s was not invited, and the partner does not know: "
                    "%(reason)s",
                    person=self.name,
                    reason=reason,
                )
            return env._(
                "%(person)s was not invited: the address %(email)s belongs to "
                "another login or company already. If it is right, give access by "
                "hand; the partner was not told.",
                person=self.name,
                email=self.email,
            )

        self.commercial_partner_id._note_team(explain, tell=True)

    def _note_team(self, text, tell=False):
        """Note a change of the team in the chatter of these companies.

        :param text: function of an environment that returns the text; called in the
            language of who looks after the partner
        :param bool tell: whether to notify that user as well
        """
        # sudo: the author may be a person of the partner, and was checked
        for company in self.sudo():
            memberships = company._get_channel_memberships(("active", "suspended"))
            user = memberships._get_responsible_user()
            reader = company.with_context(lang=user.lang or self.env.lang)
            company.message_post(
                body=text(reader.env),
                author_id=self.env.user.partner_id.id,
                message_type="notification",
                subtype_xmlid="mail.mt_note",
                partner_ids=user.partner_id.ids if tell else [],
            )
