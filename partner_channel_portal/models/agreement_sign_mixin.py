import base64
import io
import struct

from PIL import Image

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.image import image_process
from odoo.tools.mimetypes import guess_mimetype

from odoo.addons.partner_channel.tools import documents

from ..tools.form_values import (
    clean_line,
    clean_text,
    get_text,
    parse_required,
    visible,
)

MAX_NAME = 100
#: most characters of a reason
MAX_REASON = 2000
#: signatures, refusals and papers one person may ask for in an hour
DEEDS_PER_HOUR = 60
#: a drawn signature: as it is sent, in characters, and as it is kept, in pixels
_MAX_DRAWING = 400_000
_DRAWING_SIZE = (800, 400)
_MAX_PIXELS = 4_000_000
_DRAWING_PREFIX = "data:image/png;base64,"
#: what Pillow raises of files that are no images, or are made to break it
_BROKEN_IMAGE = (OSError, SyntaxError, EOFError, IndexError, TypeError, struct.error)


def _parse_name(text):
    return clean_line(text, MAX_NAME)


def _parse_reason(text):
    return clean_text(text, MAX_REASON)


class AgreementSignMixin(models.AbstractModel):
    """How a person of the partner signs, or declines, an agreement in the portal.

    One way in for each, :meth:`_portal_sign` and :meth:`_portal_decline`: right →
    lock → values → one ``sudo``.
    """

    _name = "agreement.sign.mixin"
    _description = "Agreement: Signing in the Portal"

    portal_signed_on = fields.Datetime(
        "Signed in the Portal On",
        readonly=True,
        copy=False,
        help="The moment of the signature, kept in UTC. Empty: signed on paper.",
    )
    signed_function = fields.Char(
        "Function", readonly=True, copy=False, help="Of the person who signed."
    )
    signed_login = fields.Char("Signed with the Login", readonly=True, copy=False)
    signed_ip = fields.Char("Signed from the Address", readonly=True, copy=False)
    signed_agent = fields.Char("Signed with the Browser", readonly=True, copy=False)
    signed_terms_digest = fields.Char(
        "SHA-256 of the Terms",
        readonly=True,
        copy=False,
        help="Of the text and the document the person had before them.",
    )
    signed_terms_file_digest = fields.Char(
        "SHA-256 of the Document",
        readonly=True,
        copy=False,
        help="Of the PDF file of the terms alone, as any program computes it.",
    )
    signature = fields.Binary(
        "Drawn Signature", attachment=True, readonly=True, copy=False
    )
    date_declined = fields.Datetime("Declined On", readonly=True, copy=False)
    declined_by_id = fields.Many2one(
        "res.partner",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    decline_reason = fields.Text("Why It Was Declined", readonly=True, copy=False)

    # === SIGNING === #

    def _portal_sign(self, values, ip="", agent=""):
        """Sign the agreement as the current user.

        What another person signed in the same second is signed: nothing happens then,
        and the page says who did.

        :param dict values: the form as it came: ``name``, ``function``, ``accept``
            ("1"), ``digest`` of the terms shown, ``signature`` (a PNG as data URL,
            optional); nothing else of it is read
        :param str ip: address the request came from
        :param str agent: what the browser calls itself
        :return: dict of messages by field, empty when it is signed
        :raise AccessError: the person may not sign for the partner
        """
        self.ensure_one()
        self._check_portal_signing()
        self._lock_portal_agreement()
        if self.state != "sent":
            return {}
        parsed, errors = self._parse_signature(values)
        if errors:
            return errors
        if not self._count_portal_deed():
            return self._get_portal_limit()
        # costs the most, so counted before
        try:
            drawing = self._parse_drawing(get_text(values, "signature"))
        except ValueError:
            return {"signature": self._get_drawing_message()}
        facts = {
            **self._prepare_signature_facts(),
            "signed_function": parsed["function"],
            "signature": drawing,
            "signed_ip": visible(ip)[:64],
            "signed_agent": visible(agent)[:300],
        }
        # sudo: portal users write nothing; the right was checked above
        return self.sudo()._take_signature(parsed["name"], facts)

    def _take_signature(self, name, facts):
        """Note the signature, make the paper and tell both sides; in sudo.

        :param str name: under the signature
        :param dict facts: who signed what, from where
        :return: see :meth:`_portal_sign`
        """
        try:
            with self.env.cr.savepoint():
                self._set_protected(facts)
                self._sign(name)
        except AccessError:
            raise
        except UserError:
            message = self.env._(
                "It cannot be signed any more. Please write to your channel manager."
            )
            return {"form": message}
        # before anything slow, and before anybody is told
        self.flush_recordset()
        self._file_portal_paper()
        self._tell_of_signature()
        return {}

    def _prepare_signature_facts(self):
        """Return who signs which terms, and when."""
        user = self.env.user
        # sudo: the terms of the agreement the person reads
        version = self.sudo().version_id.with_context(bin_size=False)
        content = documents.read_binary(version.document)
        return {
            "signatory_id": user.partner_id.id,
            "portal_signed_on": fields.Datetime.now(),
            "signed_login": user.login,
            # of what is there, not of what was noted at its publication
            "signed_terms_digest": version._compute_terms_digest(),
            "signed_terms_file_digest": bool(content) and documents.digest(content),
            # a scan filed before is not what is signed now
            "signed_document": False,
            "signed_filename": False,
            "signed_digest": False,
        }

    def _parse_signature(self, values):
        """Return what was typed as values, and messages by field; no drawing."""
        parsed, problems = parse_required(
            values, dict.fromkeys(("name", "function"), _parse_name)
        )
        errors = self._get_portal_messages(problems)
        if get_text(values, "accept") != "1":
            errors["accept"] = self.env._(
                "Tick that you have read and accept the terms."
            )
        # sudo: what the page shows of the terms
        if get_text(values, "digest") != self.sudo().version_id.digest:
            errors["form"] = self.env._(
                "The terms have changed since you opened the page: read them again."
            )
        return parsed, errors

    def _get_drawing_message(self):
        return self.env._("We cannot read the drawing: draw it again, or leave it out.")

    @staticmethod
    def _parse_drawing(text):
        """Return a drawn signature, small, False for none.

        :param str text: a PNG as data URL
        :return: base64 of a PNG
        :raise ValueError: it is none
        """
        if not text:
            return False
        if len(text) > _MAX_DRAWING or not text.startswith(_DRAWING_PREFIX):
            raise ValueError("no drawing")
        content = base64.b64decode(text[len(_DRAWING_PREFIX) :], validate=True)
        if guess_mimetype(content) != "image/png":
            raise ValueError("no PNG")
        try:
            # as Pillow will unpack it: a file may have two heads, the last one counts
            with Image.open(io.BytesIO(content), formats=("PNG",)) as image:
                if image.width * image.height > _MAX_PIXELS:
                    raise ValueError("large")
            content = image_process(
                content, _DRAWING_SIZE, verify_resolution=True, output_format="PNG"
            )
        except (UserError, Image.DecompressionBombError, *_BROKEN_IMAGE) as error:
            raise ValueError("no image") from error
        return base64.b64encode(content)

    # === DECLINING === #

    def _portal_decline(self, values):
        """Decline the agreement as the current user: it goes back to the vendor.

        :param dict values: ``reason``, as typed
        :return: dict of messages by field, empty when it is declined
        :raise AccessError: the person may not sign for the partner
        """
        self.ensure_one()
        self._check_portal_signing()
        self._lock_portal_agreement()
        if self.state != "sent":
            return {}
        parsed, problems = parse_required(values, {"reason": _parse_reason})
        if problems:
            return self._get_portal_messages(problems)
        if not self._count_portal_deed():
            return self._get_portal_limit()
        # sudo: portal users write nothing; the right was checked above
        self.sudo()._decline(parsed["reason"], self.env.user.partner_id)
        return {}

    def _decline(self, reason, person):
        """Take the agreement back to the vendor, who hears why; in sudo.

        :param str reason: in the partner's words
        :param person: ``res.partner`` who declines
        """
        self.ensure_one()
        self.action_draft()
        self._set_protected(
            {
                "date_declined": fields.Datetime.now(),
                "declined_by_id": person.id,
                "decline_reason": reason,
            }
        )
        self._tell_of_refusal()

    # === COMMON === #

    def _check_portal_signing(self):
        """Refuse people who do not bind the partner.

        :raise AccessError: role, membership or state does not allow it
        """
        self.check_access("read")
        # who was deactivated while the request waited may nothing any more
        if not (self.env.user.active and self._has_portal_signing_right()):
            raise AccessError(
                self.env._("Your role does not allow you to sign this agreement.")
            )

    def _lock_portal_agreement(self):
        """Let one person at a time decide on the agreement.

        Raw SQL, as Odoo's own lock does not wait: here the second one waits, and
        PostgreSQL refuses its view of a row that was changed meanwhile; Odoo runs the
        request again, which finds what the first one did.
        """
        self.flush_recordset()
        self.env.cr.execute(
            SQL("SELECT id FROM partner_agreement WHERE id = %s FOR UPDATE", self.id)
        )

    def _count_portal_deed(self):
        throttle = self.env["partner.portal.throttle"]
        return throttle._count("agreement", DEEDS_PER_HOUR)

    def _get_portal_limit(self):
        return {"form": self.env["partner.portal.throttle"]._get_limit_message()}

    def _get_portal_messages(self, problems):
        Lead = self.env["crm.lead"]
        return {n: Lead._get_portal_message(p) for n, p in problems.items()}
