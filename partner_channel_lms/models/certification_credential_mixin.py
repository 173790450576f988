from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, models
from odoo.tools import email_normalize

from ..tools import badge_image, open_badge, open_badge_format

#: a verifier may keep the list of what was taken back for so long
LIST_HOURS = 24


class CertificationCredentialMixin(models.AbstractModel):
    """A certificate as Open Badge 3.0, and what verifiers ask for.

    Everything here runs in sudo: who may ask is checked by the caller.
    """

    _name = "certification.credential.mixin"
    _description = "Certificate as Open Badge"

    # === THE BADGE === #

    def _make_token(self):
        """Return the signed badge: a compact JWS."""
        self.ensure_one()
        certificate = self.certification_id
        identity = f"urn:uuid:{self.identity}"
        credential = open_badge_format.make_credential(
            identity,
            self._describe_issuer(self.company_id),
            open_badge_format.make_subject(
                # not the badge itself, and the same person under another in the next
                f"{identity}#person",
                self._get_email(),
                self.salt,
                self._describe_achievement(certificate.type_id),
            ),
            self._describe_status(),
            self._get_period(),
        )
        return self.env["partner.badge.key"]._sign(self.company_id, credential)

    def _get_email(self):
        """Return the e-mail the person is known by, empty without one.

        That of the login: the e-mail of a contact can be changed by its company, which
        could then have a badge recognised as somebody else's.
        """
        users = self.certification_id.partner_id.user_ids.sorted("id")
        return next(filter(None, map(email_normalize, users.mapped("login"))), "")

    def _make_picture(self):
        """Return the badge as a picture (SVG, str) that carries it."""
        self.ensure_one()
        kind = self.certification_id.type_id
        return badge_image.draw(
            self._make_token(), kind.name, kind.level, self.company_id.name
        )

    def _get_period(self):
        """Return from when and until when the badge holds, as aware UTC datetimes.

        From the beginning of the day of issue where the issuer is, though never later
        than it was recorded: for the person the day may have begun before. Until the
        end of the last valid day.
        """
        certificate = self.certification_id
        zone = ZoneInfo(self.company_id._get_channel_tz())
        recorded = certificate.create_date.replace(microsecond=0, tzinfo=UTC)
        begin = min(_midnight(certificate.date_issued, zone), recorded)
        if not certificate.date_expiry:
            return begin, None
        return begin, _midnight(certificate.date_expiry + timedelta(days=1), zone)

    def _describe_status(self):
        number, index = divmod(self.certification_id.id, open_badge.STATUS_LIST_SIZE)
        address = self._get_status_address(self.company_id, number)
        return open_badge_format.make_status(address, index)

    # === WHAT VERIFIERS ASK FOR === #

    @api.model
    def _get_issuer_address(self, company):
        return f"{self.get_base_url()}/badges/issuer/{company.id}"

    @api.model
    def _get_status_address(self, company, number):
        return f"{self._get_issuer_address(company)}/status/{number}"

    @api.model
    def _describe_issuer(self, company):
        """Return the issuer's profile."""
        home = self.get_base_url()
        return open_badge_format.make_issuer(
            self._get_issuer_address(company),
            company.name,
            company.website or home,
            f"{home}/web/binary/company_logo?company={company.id}",
        )

    @api.model
    def _describe_achievement(self, kind):
        """Return what the certification stands for.

        :param kind: ``partner.certification.type``
        """
        return open_badge_format.make_achievement(
            f"{self.get_base_url()}/badges/achievement/{kind.id}",
            kind.name,
            kind.competence,
            self.env._(
                "Earned by passing the exam of this certification. Taking part in a "
                "course is not enough."
            ),
            kind.level,
        )

    @api.model
    def _get_published_issuer(self, company_id):
        """Return the profile of a company that has signed badges, else ``None``."""
        signing = [("company_id", "=", company_id)]
        key = self.env["partner.badge.key"].search(signing, limit=1)
        return self._describe_issuer(key.company_id) if key else None

    @api.model
    def _get_published_achievement(self, type_id):
        """Return what a certification stands for if a badge says so, else ``None``."""
        told = self.search([("certification_id.type_id", "=", type_id)], limit=1)
        if not told:
            return None
        return self._describe_achievement(told.certification_id.type_id)

    @api.model
    def _get_published_status(self, company_id, number):
        """Return the signed list of the badges a company has taken back.

        It tells numbers only, and only of certificates somebody has a badge of.

        :param int number: of the list
        :return: compact JWS, ``None`` when no badge is in the list
        """
        first = number * open_badge.STATUS_LIST_SIZE
        if first >= 2**31:
            return None
        last = min(first + open_badge.STATUS_LIST_SIZE, 2**31) - 1
        listed = [
            ("company_id", "=", company_id),
            ("certification_id.id", ">=", first),
            ("certification_id.id", "<=", last),
        ]
        one = self.search_fetch(listed, ["company_id"], limit=1)
        if not one:
            return None
        taken_back = self.search_fetch(
            [*listed, ("certification_id.revoked", "=", True)], ["certification_id"]
        )
        bits = open_badge.encode_status_list(
            badge.certification_id.id - first for badge in taken_back
        )
        now = datetime.now(UTC).replace(microsecond=0)
        company = one.company_id
        return self.env["partner.badge.key"]._sign(
            company,
            open_badge_format.make_status_list(
                self._get_status_address(company, number),
                self._get_issuer_address(company),
                bits,
                # clocks differ
                (now - timedelta(hours=1), now + timedelta(hours=LIST_HOURS)),
            ),
        )


def _midnight(day, zone):
    """Return the beginning of a day somewhere, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
