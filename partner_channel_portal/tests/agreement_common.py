"""Agreements that wait for a signature, and how to sign them."""

import base64
import io

from lxml import html
from PIL import Image

from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase
from odoo.tools import mute_logger
from odoo.tools.pdf import PdfWriter

from .common import ChannelPortalMixin, PortalFormCase

LIST = "/my/agreements"
BROWSER = "Mozilla/5.0 (X11) Tests"


def make_pdf(pages=1):
    """Return a real PDF of empty pages."""
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(width=200, height=300)
    with io.BytesIO() as stream:
        writer.write(stream)
        return stream.getvalue()


def make_drawing(size=(300, 100), kind="PNG"):
    """Return an image as the data URL a canvas gives."""
    with io.BytesIO() as stream:
        Image.new("RGB", size, "white").save(stream, kind)
        content = base64.b64encode(stream.getvalue()).decode()
    return f"data:image/png;base64,{content}"


class AgreementMixin(ChannelPortalMixin):
    """``sent`` waits for a signature of ``alpha``; ``gamma`` and ``delta`` have signed.

    ``gamma`` is suspended and ``delta`` terminated afterwards.
    """

    @classmethod
    def setUpAgreements(cls):
        """Add to what :meth:`setUpChannel` has set up."""
        cls.template, cls.version = cls._create_terms("Reseller Agreement")
        cls.sent = cls._send(cls.alpha_membership)
        cls.gamma_signed = cls._send(cls.gamma_membership)
        cls.delta_signed = cls._send(cls.delta_membership)
        for agreement in (cls.gamma_signed, cls.delta_signed):
            agreement._sign("Gus Gone")
        cls.gamma_sent = cls._send(cls.gamma_membership, cls._create_terms("New")[0])
        cls.delta_sent = cls._send(cls.delta_membership, cls._create_terms("Newer")[0])
        cls.gamma_membership.action_suspend()
        cls.delta_membership.action_terminate()

    @classmethod
    def _create_terms(cls, name, **values):
        """Return a template with a published version."""
        template = cls.env["partner.agreement.template"].create(
            {"name": name, "program_id": cls.program.id, "is_required": True}
        )
        return template, cls._publish(template, **values)

    @classmethod
    def _publish(cls, template, **values):
        version = cls.env["partner.agreement.version"].create(
            {
                "template_id": template.id,
                "text": "<p>Each side keeps its word.</p>",
                "validity": "endless",
                **values,
            }
        )
        version.action_publish()
        return version

    @classmethod
    def _send(cls, membership, template=None, **values):
        """Return an agreement the partner was sent."""
        agreement = cls.env["partner.agreement"].create(
            {
                "membership_id": membership.id,
                "template_id": (template or cls.template).id,
                **values,
            }
        )
        agreement.action_send()
        return agreement

    def form(self, agreement=None, **values):
        """Return a complete form; an argument replaces a field."""
        return {
            "name": "Olga Owner",
            "function": "Managing Director",
            "accept": "1",
            "digest": (agreement or self.sent).version_id.digest,
            "signature": "",
            **values,
        }

    def sign(self, user, agreement=None, **values):
        """Sign as a person; return the messages."""
        agreement = agreement or self.sent
        own = self.as_user(agreement, user)
        errors = own._portal_sign(
            self.form(agreement, **values), "203.0.113.7", BROWSER
        )
        self.env.invalidate_all()
        return errors


class AgreementCase(TransactionCase, AgreementMixin):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpChannel()
        cls.setUpAgreements()

    def assert_unsigned(self, agreement=None):
        agreement = agreement or self.sent
        self.env.invalidate_all()
        self.assertEqual(agreement.state, "sent")
        for name in ("signed_name", "signed_login", "portal_signed_on", "signature"):
            self.assertFalse(agreement[name], name)

    def assert_refused_to(self, user, agreement=None):
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            self.sign(user, agreement)
        self.assert_unsigned(agreement)


class AgreementPageCase(PortalFormCase, AgreementMixin):
    """Opens pages and sends forms over HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpAgreements()
        cls.url = f"{LIST}/{cls.sent.id}"

    def get_page(self, url, status=200):
        with mute_logger("odoo.http", "odoo.models"):
            answer = self.url_open(url, allow_redirects=False)
        self.assertEqual(answer.status_code, status, url)
        self.env.invalidate_all()
        return html.fromstring(answer.content) if answer.content else None

    def post(self, url, status=303, **data):
        data["csrf_token"] = http.Request.csrf_token(self)
        with mute_logger("odoo.http", "odoo.models"):
            answer = self.url_open(url, data=data, allow_redirects=False)
        self.assertEqual(answer.status_code, status, url)
        self.env.invalidate_all()
        return answer

    def get_text(self, page):
        return " ".join(page.xpath("string(//*[@id='wrap'])").split())
