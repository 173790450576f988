"""A team to change: the partners of the portal's tests, and what is asked of them."""

from contextlib import contextmanager

from odoo import http
from odoo.tests import TransactionCase
from odoo.tools import mute_logger

from .common import ChannelPortalMixin, PortalFormCase

INVITED = {"name": "Nina New", "email": "Nina.New@alpha.example"}


class TeamMixin(ChannelPortalMixin):
    """Adds a trainer and one who manages the team without owning it to ``alpha``."""

    @classmethod
    def setUpTeam(cls):
        """Add to what :meth:`setUpChannel` has set up."""
        cls.trainer = cls._create_staff(cls.alpha, "trainer", "trainer")
        cls.lead_role = cls.env["partner.portal.role"].create(
            {
                "name": "Team Lead",
                "can_register": True,
                "can_manage_team": True,
                "can_see_training": True,
            }
        )
        cls.leader = cls._create_staff(cls.alpha, "leader", None)
        cls.leader.partner_id.portal_role_id = cls.lead_role
        cls.team = (
            cls.owner
            | cls.seller
            | cls.seller2
            | cls.finance
            | cls.viewer
            | cls.norole
            | cls.trainer
            | cls.leader
        )
        for user in cls.team - cls.norole | cls.rival | cls.suspended | cls.terminated:
            cls._come_in(user)
        cls.gamma_membership.action_suspend()
        cls.delta_membership.action_terminate()

    @classmethod
    def _come_in(cls, user):
        """Let somebody have logged in once."""
        cls.env["res.users.log"].with_user(user).sudo().create({})

    @contextmanager
    def assertRefused(self, error, words):
        """Expect an error that says certain words, and nothing left behind."""
        with self.assertRaises(error) as refused:
            yield
        self.assertIn(words, str(refused.exception))
        # as a request that is rolled back
        self.env.registry.clear_cache()

    def get_role(self, name):
        return self.env.ref(f"partner_channel_portal.portal_role_{name}")

    def invite(self, user, role="seller", **values):
        """Invite a colleague as a person; return the errors."""
        typed = {**INVITED, "role": str(self.get_role(role).id), **values}
        Partner = self.env["res.partner"].with_user(user)
        return Partner._portal_invite_member(typed)

    def change(self, user, colleague, deed, role=None):
        """Change the access of a colleague as a person; return the message."""
        person = colleague.partner_id if colleague._name == "res.users" else colleague
        self.env.invalidate_all()
        Partner = self.env["res.partner"].with_user(user)
        return Partner._portal_change_member(
            person.id, deed, {"role": role and str(self.get_role(role).id)}
        )

    def find_person(self, email="nina.new@alpha.example", company=None):
        return self.env["res.partner"].search(
            [
                ("email_normalized", "=", email),
                ("commercial_partner_id", "=", (company or self.alpha).id),
            ]
        )

    def get_states(self, user):
        """Return what a person sees of the team: state by name."""
        self.env.invalidate_all()
        members = self.env["partner.team.member"].with_user(user).search([])
        return {member.name: member.state for member in members}

    def get_state(self, person):
        self.env.invalidate_all()
        return self.env["partner.team.member"].browse(person.id).state

    def get_notes(self, company):
        """Return what the vendor reads in the chatter of a partner, newest first."""
        self.env.invalidate_all()
        notes = company.message_ids.filtered(
            lambda message: message.subtype_id == self.env.ref("mail.mt_note")
        )
        return [str(note.body) for note in notes]


class TeamCase(TransactionCase, TeamMixin):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpChannel()
        cls.setUpTeam()


class TeamPageCase(TeamMixin, PortalFormCase):
    """Asks for the pages of the team and sends their forms."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpTeam()

    def get_answer(self, url, user=None):
        if user:
            self.login(user)
        with mute_logger("odoo.http", "odoo.models"):
            return self.url_open(url, allow_redirects=False)

    def get_status(self, url, user=None):
        return self.get_answer(url, user).status_code

    def send(self, url, user=None, csrf=True, **data):
        """Send a form; return the answer."""
        if user:
            self.login(user)
        if csrf:
            data["csrf_token"] = http.Request.csrf_token(self)
        with mute_logger("odoo.http", "odoo.models"):
            return self.url_open(url, data=data, allow_redirects=False)

    def send_invitation(self, user=None, **values):
        typed = {**INVITED, "role": str(self.get_role("seller").id), **values}
        return self.send("/my/team/invite", user, **typed)
