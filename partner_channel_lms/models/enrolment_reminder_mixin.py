from datetime import timedelta

from odoo import fields, models

_TEMPLATES = {
    "enrolled": "partner_channel_lms.mail_template_learning_enrolled",
    "remind": "partner_channel_lms.mail_template_learning_remind",
    "overdue": "partner_channel_lms.mail_template_learning_overdue",
}


class LearningReminderMixin(models.AbstractModel):
    """E-mails about what is due: once for each due day.

    For which day it was written is stored with the e-mail in one transaction, so a
    job that is stopped and begins again writes nothing twice.
    """

    _name = "enrolment.reminder.mixin"
    _description = "Learning Enrolment: Reminders"

    reminded_for = fields.Date(readonly=True, copy=False)
    overdue_told_for = fields.Date("Told Overdue For", readonly=True, copy=False)
    owner_told_for = fields.Date(readonly=True, copy=False)

    def _remind(self):
        """Write what is due about steps that are due soon, or were."""
        open_ = self.filtered(lambda rec: rec.state in rec._get_open())
        overdue = open_.filtered(lambda rec: rec.state == "overdue")
        open_._filter_due_soon()._tell_once("reminded_for", "remind")
        overdue._tell_once("overdue_told_for", "overdue")
        overdue.filtered("path_id.tells_owner")._tell_once("owner_told_for")

    def _filter_due_soon(self):
        """Return those whose next step is due within the days of their path."""
        days = {company: company._get_channel_today() for company in self.company_id}
        return self.filtered(
            lambda rec: (
                rec.state != "overdue"
                and rec.date_next
                and rec.date_next - timedelta(days=rec.path_id.remind_days)
                <= days[rec.company_id]
            )
        )

    def _tell_once(self, field, kind=None):
        """Write about the next due day, unless it was done.

        :param str field: keeps for which day it was done
        :param str kind: of e-mail to the person; none tells the owners
        """
        telling = self.filtered(lambda rec: rec[field] != rec.date_next)
        for due, records in telling.grouped("date_next").items():
            records._with_state_move().with_context(tracking_disable=True)[field] = due
        if kind:
            telling._write_to_people(kind)
        else:
            telling._tell_owners()

    def _write_to_people(self, kind):
        """Write to the people, each in their language.

        :param str kind: ``enrolled``, ``remind`` or ``overdue``
        """
        # sudo: the rule decided that it is written; whoever gave the occasion
        template = self.env.ref(_TEMPLATES[kind], raise_if_not_found=False)
        reached = self.sudo().filtered("partner_id.email")
        if template and reached:
            template.sudo().send_mail_batch(
                reached.ids, email_layout_xmlid="mail.mail_notification_light"
            )

    def _tell_owners(self):
        """Tell the owners of the partners which colleagues are overdue."""
        # sudo: roles and contacts of the partner
        own = self.sudo()
        owners = own._get_owners()
        for partner, records in own.grouped("commercial_partner_id").items():
            for owner in owners.get(partner, ()):
                records._tell_owner(owner)

    def _get_owners(self):
        """Return ``{partner: its people with a login who own the partnership}``."""
        # sudo: roles are nobody's to read
        staff = self.sudo().commercial_partner_id._get_course_people()
        return {
            partner: people.filtered(
                lambda person: (
                    person.portal_role_id.active and person.portal_role_id.is_owner
                )
            )
            for partner, people in staff.items()
        }

    def _get_owner_ids(self):
        """Return the ids of the partner's owners as a mail template wants them."""
        self.ensure_one()
        owners = self._get_owners().get(self.commercial_partner_id)
        return ",".join(map(str, owners.ids if owners else ()))

    def _tell_owner(self, owner):
        """Write one e-mail to an owner about all who are overdue."""
        own = self.with_context(lang=owner.lang or self.env.lang)
        own.env["mail.thread"].message_notify(
            partner_ids=owner.ids,
            subject=own.env._("Training overdue: %(n)s", n=len(own)),
            body=own.env["ir.qweb"]._render(
                "partner_channel_lms.learning_overdue_mail",
                {
                    "owner": owner,
                    "enrolments": own,
                    "url": f"{own.company_id[:1].get_base_url()}"
                    "/my/learning/team?filterby=overdue",
                },
                minimal_qcontext=True,
            ),
        )
