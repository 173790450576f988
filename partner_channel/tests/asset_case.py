"""Sales material, as the vendor keeps it."""

import base64

from odoo.fields import Command

from .common import PartnerChannelCommon

PDF = b"%PDF-1.4 slides"
PROGRAM = b"MZ" + bytes(200)


class AssetCase(PartnerChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.type = cls.env.ref("partner_channel.asset_type_case")

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
                "type_id": cls.type.id,
                "company_id": cls.company.id,
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
            file=base64.b64encode(content),
            file_name=file_name,
            **values,
        )

    def _visible(self, *memberships):
        """Return the names of what people of these memberships may see."""
        members = self.northwind.browse([member.id for member in memberships]).sudo()
        assets = self.env["partner.asset"]
        return set(assets.search(assets._get_access_domain(members)).mapped("name"))
