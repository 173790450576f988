import base64
import io
import logging
import zlib
from datetime import UTC

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import html2plaintext, pdf

from odoo.addons.partner_channel.tools import documents

_logger = logging.getLogger(__name__)

_REPORT = "partner_channel_portal.action_report_agreement_signed"
_MOMENT = "%Y-%m-%d %H:%M:%S UTC"
#: what joining raises of PDF files that are broken, or locked in a way not known here:
#: besides the library's own errors those it runs into, a missing variable of its own
#: among them
_BROKEN_PDF = (
    UserError,
    pdf.errors.PyPdfError,
    pdf.DependencyError,
    AssertionError,
    AttributeError,
    LookupError,
    NameError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
    zlib.error,
)


class AgreementPaperMixin(models.AbstractModel):
    """The paper of an agreement signed in the portal: the terms, and who signed them.

    It is made once, when the agreement is signed; where no PDF can be made then, it is
    made when somebody asks for it.
    """

    _name = "agreement.paper.mixin"
    _description = "Agreement: Signed Paper"

    def _is_portal_paper_filed(self):
        """Return whether the signed paper of an agreement one may read is there."""
        self.ensure_one()
        self.check_access("read")
        # sudo: only whether there is one; its size instead of its content
        own = self.sudo().with_context(bin_size=True)
        return self.state != "sent" and bool(own.signed_document)

    def _has_portal_paper(self):
        """Return whether there is a signed paper to get, or to be made."""
        return self._is_portal_paper_filed() or (
            self.state != "sent" and bool(self.portal_signed_on)
        )

    def _check_certificate_access(self):
        """Refuse the certificate to who may not read the agreement.

        Any login may ask for a report by its address, as often as it likes. People of
        the partner get the paper by :meth:`_get_portal_paper`, which makes it in sudo.

        :raise AccessError: also for the partner who may read it, outside of sudo
        """
        self.ensure_one()
        self.check_access("read")
        if self.env.user.share and not self.env.su:
            raise AccessError(
                self.env._("Open the signed paper on the page of the agreement.")
            )

    def _get_certificate(self):
        """Return what the last page says of the signature.

        :return: dict of texts, ``lines`` as a list of ``(label, value)``
        :raise AccessError: see :meth:`_check_certificate_access`
        """
        self._check_certificate_access()
        # sudo: terms, and where it was signed from, of an agreement the person reads
        return self.sudo()._prepare_certificate()

    def _prepare_certificate(self):
        """Return what :meth:`_get_certificate` does; in sudo, after the check."""
        labels = [
            (self.env._("Agreement"), self.version_id.display_name),
            (self.env._("Partner"), self.partner_id.name),
            (self.env._("Program"), self.program_id.name),
            (self.env._("Signed by"), self.signed_name),
            (self.env._("Function"), self.signed_function),
            (self.env._("Login"), self.signed_login),
            (self.env._("Moment"), self._get_signed_moment()),
            (self.env._("Network address"), self.signed_ip),
            (self.env._("Browser"), self.signed_agent),
            (self.env._("Valid from"), fields.Date.to_string(self.date_from)),
            (self.env._("Valid until"), fields.Date.to_string(self.date_to)),
        ]
        return {
            "vendor": self.company_id.name,
            "lines": [(label, value) for label, value in labels if value],
            "title": self.version_id.display_name,
            "terms": self.version_id.text,
            "has_text": bool(html2plaintext(self.version_id.text or "").strip()),
            "terms_digest": self.signed_terms_digest,
            "file_digest": self.signed_terms_file_digest,
            "signature": self.with_context(bin_size=False).signature,
        }

    def _get_signed_moment(self):
        """Return the moment of the signature in UTC, as a text."""
        moment = self.portal_signed_on
        return moment.replace(tzinfo=UTC).strftime(_MOMENT) if moment else ""

    def _file_portal_paper(self):
        """Make the signed paper and keep it on the agreement; in sudo.

        The signature holds without it: it is made again when it is asked for.

        :return: whether there is a paper now
        """
        self.ensure_one()
        # while modules are installed nobody serves the report's style
        if not self.env.registry.ready:
            return False
        try:
            content = self._print_portal_paper()
        except (UserError, OSError) as error:
            _logger.info("No paper of agreement %s: %s", self.id, error)
            return False
        if not content:
            return False
        name = self.version_id.display_name.replace("/", "-")
        self._set_protected(
            {
                "signed_document": base64.b64encode(content),
                **self._prepare_paper(content, name),
            }
        )
        return True

    def _print_portal_paper(self):
        """Return the terms with the page of the signature as PDF, ``b""`` for none.

        :raise UserError: no PDF can be made here
        :raise OSError: the program that makes it does not start
        """
        Report = self.env["ir.actions.report"].with_context(
            lang=self.signatory_id.lang or self.env.lang
        )
        page, kind = Report._render_qweb_pdf(_REPORT, self.ids)
        if kind != "pdf":
            # in tests a report is HTML, unless they ask for a real one
            return b""
        version = self.version_id.with_context(bin_size=False)
        document = documents.read_binary(version.document)
        whole = self._join_portal_paper(document, page) if document else page
        # kept are papers of a certain size; the page names the document by its hash
        return whole if len(whole) <= documents.MAX_SIZE else page

    def _join_portal_paper(self, document, page):
        """Return the document of the terms with the page behind it.

        :param bytes document: PDF the vendor has filed; one that cannot be joined, as
            it is locked or broken, stays a file of its own: the portal gives it out
            beside the page, which names it by its hash
        :param bytes page: PDF of the signature
        """

        def refuse(error, error_stream):
            raise error

        streams = [io.BytesIO(document), io.BytesIO(page)]
        try:
            whole = self.env["ir.actions.report"]._merge_pdfs(streams, refuse)
        except _BROKEN_PDF as error:
            _logger.info("Terms of agreement %s not joined: %r", self.id, error)
            return page
        return whole.getvalue()

    # === PORTAL === #

    def _get_portal_paper(self):
        """Return the signed paper for a person who may read the agreement.

        :return: ``(record in sudo, field, file name)``, ``None`` when there is none, or
            none can be made at present: see :meth:`_has_portal_paper`
        """
        if not self._has_portal_paper():
            return None
        # sudo: the paper of an agreement the person reads, as checked above
        own = self.sudo()
        # a PDF takes a second or two: not as often as somebody likes
        if not self._is_portal_paper_filed() and not (
            self._count_portal_deed() and own._file_portal_paper()
        ):
            return None
        return own.with_context(bin_size=False), "signed_document", own.signed_filename

    def _get_portal_document(self):
        """Return the PDF of the terms for a person who may read the agreement.

        :return: see :meth:`_get_portal_paper`; ``None`` when the terms are text only
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: the terms of an agreement the person reads
        version = self.sudo().version_id.with_context(bin_size=False)
        content = documents.read_binary(version.document)
        if not content:
            return None
        name = documents.name_paper(version.document_name, content, "agreement")
        return version, "document", name
