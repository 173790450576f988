from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import validity


class CertificationValidityMixin(models.AbstractModel):
    """From when to when a certificate holds, and what that makes it today.

    The state is never stored: it follows from the dates, so nothing has to run at
    midnight. It can be searched and grouped by all the same.
    """

    _name = "certification.validity.mixin"
    _description = "Certification: Validity"

    date_issued = fields.Date("Issued", required=True, readonly=True)
    date_expiry = fields.Date(
        "Valid Until",
        readonly=True,
        index="btree_not_null",
        help="Last valid day; empty when the certificate never expires.",
    )
    date_renewal = fields.Date(
        "Renew From", compute="_compute_date_renewal", store=True
    )
    revoked = fields.Boolean(readonly=True)
    state = fields.Selection(
        validity.STATES, compute="_compute_state", search="_search_state"
    )

    @api.depends("date_expiry", "type_id.renewal_days")
    def _compute_date_renewal(self):
        for record in self:
            record.date_renewal = validity.renewal_day(
                record.date_expiry, record.type_id.renewal_days
            )

    @api.depends("revoked", "date_expiry", "date_renewal")
    @api.depends_context("tz")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for record in self:
            record.state = validity.state_on(
                today, record.date_expiry, record.date_renewal, record.revoked
            )

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = self._get_state_domains(fields.Date.context_today(self))
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.model
    def _get_state_domains(self, day):
        """Return ``{state: Domain}`` on a day; the four exclude each other."""
        held = Domain("revoked", "=", False)
        endless = Domain("date_expiry", "=", False)
        running = Domain("date_expiry", ">=", day)
        return {
            validity.REVOKED: Domain("revoked", "=", True),
            validity.EXPIRED: held & Domain("date_expiry", "<", day),
            validity.EXPIRING: held & running & Domain("date_renewal", "<=", day),
            validity.VALID: held
            & (endless | (running & Domain("date_renewal", ">", day))),
        }

    @api.model
    def _get_valid_domain(self, day=None):
        """Return the domain of certificates that hold on a day, expiring included.

        A revoked certificate holds on no day, not even before it was revoked.

        :param date day: default today
        :return: Domain on ``partner.certification``
        """
        day = day or fields.Date.context_today(self)
        return (
            Domain("revoked", "=", False)
            & Domain("date_issued", "<=", day)
            & (Domain("date_expiry", "=", False) | Domain("date_expiry", ">=", day))
        )

    @api.model
    def _count_certified(self, companies, day=None, only=Domain.TRUE):
        """Return how many of their people hold a certificate: ``{company: number}``.

        People count for the company they work for now, each once, and only while their
        contact is active. Of the certificates the environment may read.

        :param companies: ``res.partner``
        :param date day: see :meth:`_get_valid_domain`
        :param only: ``Domain`` of the certificates that count
        """
        groups = self._read_group(
            self._get_valid_domain(day)
            & Domain("commercial_partner_id", "in", companies.ids)
            & Domain("partner_id.active", "=", True)
            & only,
            ["commercial_partner_id"],
            ["partner_id:count_distinct"],
        )
        return dict(groups)

    def _field_to_sql(self, alias, field_expr, query=None):
        """Make the state groupable, with the same meaning as the field."""
        if field_expr != "state":
            return super()._field_to_sql(alias, field_expr, query)
        column = {
            name: self._field_to_sql(alias, name, query)
            for name in ("revoked", "date_expiry", "date_renewal")
        }
        today = fields.Date.context_today(self)
        return SQL(
            "CASE WHEN %(revoked)s THEN 'revoked' WHEN %(expiry)s < %(today)s"
            " THEN 'expired' WHEN %(renewal)s <= %(today)s THEN 'expiring'"
            " ELSE 'valid' END",
            revoked=column["revoked"],
            expiry=column["date_expiry"],
            renewal=column["date_renewal"],
            today=today,
        )
