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
        self.team_access = "waiting"
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
        known = people._find_known_elsewhere()
        known._report_not_invited()
        for person in people - known:
            try:
                with self.env.cr.savepoint():
                    person._grant_portal_access()
            except (UserError, SignupError) as error:
                # going back to the savepoint leaves what was cached meanwhile
                self.env.registry.clear_cache()
                _logger.info("No access for contact %s: %s", person.id, error)
                person._report_not_invited()

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

    def _find_known_elsewhere(self):
        """Return those of the people whose address others have already.

        That is another login, or a contact of another company: a rival must not take
        the address of a person away.
        """
        emails = {person: email_normalize(person.email) for person in self}
        addresses = [email for email in emails.values() if email]
        everybody = self.with_context(active_test=False)
        users = everybody.env["res.users"].search(
            Domain("login", "in", addresses)
            | Domain("partner_id.email_normalized", "in", addresses)
            | Domain("partner_id", "in", self.ids)
        )
        contacts = everybody.search(
            Domain("email_normalized", "in", addresses)
            & Domain("commercial_partner_id.is_company", "=", True)
        )
        return self.filtered(
            lambda person: (
                any(
                    emails[person] in (user.login, user.email_normalized)
                    if user.partner_id != person
                    else not user.share
                    for user in users
                )
                or any(
                    contact.email_normalized == emails[person]
                    and contact.commercial_partner_id != person.commercial_partner_id
                    for contact in contacts
                )
            )
        )

    def _report_not_invited(self):
        """Tell the channel managers whom their partners could not invite."""
        for person in self:
            person.commercial_partner_id._note_team(
                lambda env, person=person: env._(
                    "%(person)s was not invited: the address %(email)s belongs to "
                    "another login or company already. If it is right, give access by "
                    "hand; the partner was not told.",
                    person=person.name,
                    email=person.email,
                ),
                tell=True,
            )

    def _note_team(self, text, tell=False):
        """Note a change of the team in the chatter of these companies.

        :param text: function of an environment that returns the text; called in the
            channel manager's language
        :param bool tell: whether to notify the channel manager as well
        """
        # sudo: the author may be a person of the partner, and was checked
        for company in self.sudo():
            memberships = company._get_channel_memberships(("active", "suspended"))
            manager = memberships.manager_id[:1].partner_id
            reader = company.with_context(lang=manager.lang or self.env.lang)
            company.message_post(
                body=text(reader.env),
                author_id=self.env.user.partner_id.id,
                message_type="notification",
                subtype_xmlid="mail.mt_note",
                partner_ids=manager.ids if tell else [],
            )
