from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import consteq

from ..tools.application_form import is_link_token

#: an application's states: target → where it may come from
APPLICATION_MOVES = {
    "confirmed": {"draft"},
    "submitted": {"confirmed", "question"},
    # a refusal can be taken back
    "in_review": {"submitted", "question", "declined"},
    "question": {"submitted", "in_review"},
    "accepted": {"submitted", "in_review", "question"},
    "declined": {"submitted", "in_review", "question"},
    "withdrawn": {"draft", "confirmed", "submitted", "in_review", "question"},
}
#: where the applicant may change what it says
OPEN_TO_APPLICANT = ("draft", "confirmed", "question")
#: where the vendor has to do something
TO_DECIDE = ("submitted", "in_review")
#: how long the link in the first e-mail works, in days
CONFIRM_DAYS = 3
_ACTIVITY = "partner_channel_portal.mail_activity_decide_application"


class ApplicationFlowMixin(models.AbstractModel):
    """The way of an application, as far as the applicant goes it."""

    _name = "application.flow.mixin"
    _description = "Flow of an Application"

    state = fields.Selection(
        [
            ("draft", "Started"),
            ("confirmed", "E-Mail Confirmed"),
            ("submitted", "Received"),
            ("in_review", "In Review"),
            ("question", "Question Asked"),
            ("accepted", "Accepted"),
            ("declined", "Declined"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    date_confirm_end = fields.Datetime("Link Works Until", readonly=True, copy=False)
    date_confirmed = fields.Datetime("Confirmed", readonly=True, copy=False)
    date_submitted = fields.Datetime("Submitted", readonly=True, copy=False)
    date_draft_end = fields.Datetime(
        "Kept Until",
        readonly=True,
        copy=False,
        help="An application that was not sent by then is deleted.",
    )

    # === THE APPLICANT'S LINKS === #

    @api.model
    def _find_by_token(self, token):
        """Return the application a link of the applicant opens, or none.

        :param token: as found in the address
        :return: ``partner.application`` in sudo
        """
        return self._find_by_secret("access_token", token)

    @api.model
    def _find_to_confirm(self, token):
        """Return the application whose e-mail a link confirms, or none.

        None as well when the link was used, or is too old.

        :param token: as found in the address
        :return: ``partner.application`` in sudo
        """
        found = self._find_by_secret("confirm_token", token)
        now = fields.Datetime.now()
        return found.filtered(lambda a: a.state == "draft" and a.date_confirm_end > now)

    @api.model
    def _find_by_secret(self, name, token):
        # sudo: who has the link is the applicant; nobody else is shown anything
        records = self.sudo()
        if not is_link_token(token):
            return records.browse()
        found = records.search([(name, "=", token)], limit=1)
        return found.filtered(lambda a: consteq(a[name], token))

    # === MOVES OF THE APPLICANT === #

    @api.model
    def _begin(self, program, vals, funnel):
        """Make an application and ask for its e-mail to be confirmed.

        Whether the company or the address is known is not looked at.

        :param program: ``partner.program`` in sudo
        :param dict vals: values that passed the form
        :param funnel: row of the visitor, or none
        :return: ``partner.application`` in sudo
        """
        now = fields.Datetime.now()
        # sudo: visitors have no rights; the values come from the form's allow-list.
        # They follow nothing either.
        records = self.sudo().with_context(
            mail_create_nosubscribe=True, mail_create_nolog=True
        )
        application = records.create(
            {
                **vals,
                "program_id": program.id,
                "website_id": self.env["website"].get_current_website().id,
                "lang": self.env.lang or "en_US",
                "funnel_id": funnel.id,
                "manager_id": program.application_manager_id.id,
                "date_draft_end": program._get_draft_end(now),
            }
        )
        # without the context meant for the creation
        application = self.sudo().browse(application.id)
        application._set_protected(
            {"date_confirm_end": now + timedelta(days=CONFIRM_DAYS)}
        )
        funnel._stamp(date_started=now)
        application._send_confirmation()
        return application

    def _confirm_email(self):
        """Take down that the address is the applicant's; the link is used up."""
        self.ensure_one()
        now = fields.Datetime.now()
        moved = self._move_to(
            "state",
            "confirmed",
            APPLICATION_MOVES,
            date_confirmed=now,
            confirm_token=False,
        )
        moved.funnel_id._stamp(date_confirmed=now)
        return moved

    def _keep_draft(self):
        """Keep an unfinished application for its full time from now."""
        now = fields.Datetime.now()
        for application in self.filtered("date_draft_end"):
            application.date_draft_end = application.program_id._get_draft_end(now)

    def _submit_application(self):
        """Hand the application to the vendor; the clock of the decision runs."""
        self.ensure_one()
        now = fields.Datetime.now()
        program = self.program_id
        moved = self._move_to(
            "state",
            "submitted",
            APPLICATION_MOVES,
            date_submitted=self.date_submitted or now,
            date_decision_due=program._plan_hours(program.application_hours, now),
            date_draft_end=False,
            # who answers a question may have corrected the company
            date_screened=False,
        )
        moved.funnel_id._stamp(date_submitted=now)
        moved._send("received")
        moved._ask_decision()
        return moved

    def _withdraw_application(self):
        """The applicant no longer wants to become a partner."""
        self.ensure_one()
        moved = self._move_to(
            "state", "withdrawn", APPLICATION_MOVES, date_decision_due=False
        )
        moved.funnel_id._stamp(outcome="withdrawn", date_decided=fields.Datetime.now())
        moved._close_activities()
        return moved

    # === ACTIVITIES === #

    def _ask_decision(self):
        """Give the channel manager the activity to decide."""
        for application in self.filtered("manager_id"):
            day = fields.Date.context_today(
                application.with_context(tz=application.program_id._get_tz()),
                application.date_decision_due,
            )
            application.activity_schedule(
                _ACTIVITY, date_deadline=day, user_id=application.manager_id.id
            )

    def _close_activities(self):
        self.activity_feedback([_ACTIVITY])
