"""Sales material for partners of several kinds, and their way to it."""

import base64
from datetime import date

from lxml import html

from odoo import http
from odoo.fields import Command
from odoo.tools import mute_logger

from .common import PortalFormCase

LIST = "/my/library"
PDF = b"%PDF-1.4 the slides"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)


class AssetMixin:
    """``slides``, ``case`` and ``link`` are for all; ``tier`` for one tier above.

    ``finance_only`` is for one role; ``other_program`` for partners nobody here is.
    """

    @classmethod
    def setUpAssets(cls):
        """Add to what ``setUpChannel`` has set up."""
        ref = cls.env.ref
        cls.case_type = ref("partner_channel.asset_type_case")
        cls.slides_type = ref("partner_channel.asset_type_presentation")
        cls.high = cls.env["res.partner.grade"].create(
            {"name": "High", "sequence": 1, "program_id": cls.program.id}
        )
        cls.slides = cls._file_asset("Slides", family_ids=cls.family)
        cls.case = cls._asset("Case", body="<p>Once upon a time</p>")
        cls.link = cls._asset("Link", kind="link", url="https://calc.example/?a=1")
        cls.tier = cls._file_asset("For the high tier", grade_ids=cls.high)
        finance = ref("partner_channel_portal.portal_role_finance")
        cls.finance_only = cls._asset("For finance", role_ids=finance)
        program = cls.env["partner.program"].create(
            {"name": "Other Program", "company_id": cls.vendor.id}
        )
        cls.other_program = cls._asset("Other program", program_ids=program)
        cls.draft = cls._asset("Draft", publish=False)

    @classmethod
    def _asset(cls, name, publish=True, **values):
        """Return an asset, a page unless the values say otherwise."""
        many = {
            field: [Command.set(value.ids)]
            for field, value in values.items()
            if field.endswith("_ids")
        }
        asset = cls.env["partner.asset"].create(
            {
                "name": name,
                "type_id": cls.case_type.id,
                "company_id": cls.vendor.id,
                "kind": "page",
                "body": "<p>Text</p>",
                **values,
                **many,
            }
        )
        if publish:
            asset.action_publish()
        return asset

    @classmethod
    def _file_asset(cls, name, content=PDF, file_name="slides.pdf", **values):
        return cls._asset(
            name,
            kind="file",
            type_id=cls.slides_type.id,
            file=base64.b64encode(content),
            file_name=file_name,
            **values,
        )

    def _fill(self, count):
        """Assets by the thousand, written as an import would leave them."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            WITH asset AS (
                INSERT INTO partner_asset (name, type_id, company_id, kind, state,
                                           user_id, date_published)
                SELECT jsonb_build_object('en_US', 'Asset ' || n), type_id, company_id,
                       kind, state, user_id, '2028-01-01'::date + n
                  FROM partner_asset, generate_series(1, %s) n WHERE id = %s
             RETURNING id)
            INSERT INTO partner_asset_family_rel (asset_id, family_id)
            SELECT id, %s FROM asset WHERE id %% 2 = 0
            """,
            [count, self.case.id, self.family.id],
        )
        self.env.cr.execute("ANALYZE partner_asset")

    @classmethod
    def _find_files(cls, asset):
        """Return the attachments behind an asset's versions."""
        return cls.env["ir.attachment"].search(
            [
                ("res_model", "=", "partner.asset.version"),
                ("res_id", "in", asset.version_ids.ids),
                ("res_field", "=", "file"),
            ]
        )


class AssetPageCase(AssetMixin, PortalFormCase):
    """Opens pages and sends forms over HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpAssets()

    def open(self, url, status=200):
        with mute_logger("odoo.http", "odoo.models"):
            answer = self.url_open(url, allow_redirects=False)
        self.assertEqual(answer.status_code, status, url)
        self.env.invalidate_all()
        return answer

    def get_page(self, url, status=200):
        answer = self.open(url, status)
        return html.fromstring(answer.content) if answer.content else None

    def post(self, url, status=303, **data):
        data["csrf_token"] = http.Request.csrf_token(self)
        with mute_logger("odoo.http", "odoo.models"):
            answer = self.url_open(url, data=data, allow_redirects=False)
        self.assertEqual(answer.status_code, status, url)
        self.env.invalidate_all()
        return answer

    def get_titles(self, url=LIST):
        """Return the titles of the list, in their order."""
        page = self.get_page(url)
        return [
            link.text_content().strip() for link in page.xpath("//main//table//td[1]/a")
        ]

    def get_uses(self, **values):
        domain = [(name, "=", value) for name, value in values.items()]
        return self.env["partner.asset.use"].search(domain)

    def far_day(self):
        return date(2099, 12, 31)
