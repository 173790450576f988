from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

_BATCH = 500
#: those nobody is written of any more, at once
_OLD_BATCH = 20_000
#: what ended longer ago is no news: a job that slept, an import of old exams
_NEWS = timedelta(days=30)
#: later than the end of any certificate
_NEVER = fields.Date.to_date("9999-12-31")
#: read of those who are written to
_READ = ("active", "commercial_partner_id", "email", "lang", "name")
#: kind of reminder → field that says it is done
TOLD = {"expiring": "date_told_expiring", "ended": "date_told_ended"}


class CertificationReminderMixin(models.AbstractModel):
    """What people are written when certificates come to their end, once each.

    One e-mail for all that one batch tells a person, in their language: to the holder,
    and to the owners of the partner they work for. The day it was told is marked in
    the transaction that queues the e-mail.
    """

    _name = "certification.reminder.mixin"
    _description = "Certification: Reminders"

    date_told_expiring = fields.Date(
        "Told to Renew On", readonly=True, copy=False, groups="base.group_user"
    )
    date_told_ended = fields.Date(
        "Told of the End On", readonly=True, copy=False, groups="base.group_user"
    )

    _tell_expiring_idx = models.Index(
        "(date_renewal) WHERE date_told_expiring IS NULL AND revoked IS NOT TRUE"
    )
    _tell_ended_idx = models.Index(
        "(date_expiry) WHERE date_told_ended IS NULL AND revoked IS NOT TRUE"
    )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("revoked"):
            self._tell_again()
        return result

    def _tell_again(self):
        """Have people told of what these certificates, now revoked, had renewed.

        Of what they had held longer nobody was written, though it was marked as told.
        """
        today = fields.Date.context_today(self)
        # sudo: who revokes may write no other certificates
        marked = self._get_issuer().search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("type_id", "in", self.type_id.ids),
                ("revoked", "=", False),
                ("date_told_expiring", "!=", False),
                ("date_expiry", ">=", today),
            ]
        )
        ends = {}
        for record in self.sudo():
            key = (record.partner_id.id, record.type_id.id)
            end = record.date_expiry or _NEVER
            ends[key] = max(end, ends.get(key, end))
        marked.filtered(
            lambda record: (
                ends.get((record.partner_id.id, record.type_id.id), record.date_expiry)
                > record.date_expiry
            )
        ).write({"date_told_expiring": False})

    @api.model
    def _cron_follow_certifications(self):
        """Do what the day brings for certificates, in restartable batches."""
        self._run_sums()
        today = fields.Date.context_today(self)
        self._run_batches(
            self._get_telling_domain("ended", today)
            & Domain("date_expiry", "<", today - _NEWS),
            _OLD_BATCH,
            lambda batch: batch._mark_told("ended", today),
        )
        for kind in ("ended", "expiring"):
            self._run_batches(
                self._get_telling_domain(kind, today),
                _BATCH,
                lambda batch, kind=kind: batch._tell(kind, today),
            )

    @api.model
    def _get_telling_domain(self, kind, today):
        """Return which certificates are to be told of on a day.

        :param str kind: ``expiring`` or ``ended``
        """
        due = (
            Domain("date_expiry", "<", today)
            if kind == "ended"
            else Domain("date_renewal", "<=", today)
            & Domain("date_expiry", ">=", today)
        )
        return Domain("revoked", "=", False) & Domain(TOLD[kind], "=", False) & due

    def _mark_told(self, kind, today):
        """Note that these certificates need no reminder any more.

        :param str kind: ``expiring`` or ``ended``; who was told of the end needs none
            to renew
        """
        names = [*TOLD.values()] if kind == "ended" else [TOLD[kind]]
        # Raw SQL: one statement for any number, where the ORM sends one for each
        # hundred; nothing depends on the fields.
        self.env.cr.execute(
            SQL(
                "UPDATE partner_certification SET %s WHERE id IN %s",
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), today) for name in names
                ),
                tuple(self.ids),
            )
        )
        self.invalidate_recordset(names, flush=False)

    def _tell(self, kind, today):
        """Write about certificates, and note that it is done.

        :param str kind: ``expiring`` or ``ended``
        """
        news = self._drop_renewed()
        companies, owners = news._find_owners_to_tell()
        # read of all at once, not of each
        news.partner_id.union(*owners.values()).fetch(_READ)
        by_reader = {}
        for record in news:
            told = record.partner_id
            # nobody renews for somebody who has left
            if told.active:
                told |= owners.get(record.commercial_partner_id, told.browse())
            for reader in told:
                if reader.active and reader.email:
                    by_reader.setdefault(reader, []).append(record.id)
        installed = dict(self.env["res.lang"].get_installed())
        # sudo: the job's
        self.env["mail.mail"].sudo().create(
            [
                self.browse(ids)
                .with_prefetch(self.ids)
                ._prepare_reminder(kind, reader, companies, installed)
                for reader, ids in by_reader.items()
            ]
        )
        self._mark_told(kind, today)

    def _drop_renewed(self):
        """Leave out what the person holds longer by another certificate."""
        others = self.search_fetch(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("type_id", "in", self.type_id.ids),
                ("revoked", "=", False),
            ],
            ["partner_id", "type_id", "date_expiry"],
        )
        last = {}
        for other in others:
            key = (other.partner_id.id, other.type_id.id)
            end = other.date_expiry or _NEVER
            last[key] = max(end, last.get(key, end))
        return self.filtered(
            lambda record: (
                last[record.partner_id.id, record.type_id.id] <= record.date_expiry
            )
        )

    def _find_owners_to_tell(self):
        """Return ``{partner: vendor company}`` and ``{partner: its owners}``.

        Of partners with a running membership only.
        """
        # sudo: memberships of all companies, whoever runs the job
        memberships = (
            self.env["partner.membership"]
            .sudo()
            .search_fetch(
                [
                    ("partner_id", "in", self.commercial_partner_id.ids),
                    ("state", "in", ("active", "suspended")),
                ],
                ["partner_id", "company_id"],
                order="is_primary DESC, id",
            )
        )
        companies = {}
        for membership in memberships:
            companies.setdefault(membership.partner_id, membership.company_id)
        owners = memberships.partner_id._find_owners()
        return companies, owners.grouped("commercial_partner_id")

    def _prepare_reminder(self, kind, reader, companies, installed):
        """Return the values of one e-mail about these certificates.

        :param reader: ``res.partner``
        :param dict companies: see :meth:`_find_owners_to_tell`
        :param dict installed: languages
        """
        company = companies.get(reader.commercial_partner_id) or self.env.company
        lang = reader.lang if reader.lang in installed else self.env.lang
        own = self.with_context(lang=lang)
        rows = [
            {
                "name": record.type_id.name,
                "person": "" if record.partner_id == reader else record.partner_id.name,
                "until": format_date(own.env, record.date_expiry),
            }
            for record in own.sorted("date_expiry")
        ]
        sender = company.email_formatted or self.env.user.email_formatted
        return {
            "subject": own._get_reminder_subject(kind),
            "body_html": own.env["ir.qweb"]._render(
                "partner_channel_lms.certification_mail",
                {
                    "kind": kind,
                    "person": reader,
                    "rows": rows,
                    "base": company.get_base_url(),
                    "company": company,
                },
                minimal_qcontext=True,
            ),
            "email_from": sender,
            "reply_to": sender,
            "author_id": company.partner_id.id,
            "recipient_ids": [fields.Command.set(reader.ids)],
            "auto_delete": True,
        }

    def _get_reminder_subject(self, kind):
        if kind == "ended":
            return self.env._("Certificates that have ended: %(n)s", n=len(self))
        return self.env._("Certificates to renew: %(n)s", n=len(self))
