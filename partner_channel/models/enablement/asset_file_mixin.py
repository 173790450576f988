import base64

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import documents

#: bytes a file of an asset may have
MAX_SIZE = 25 * 1024 * 1024


class AssetFileMixin(models.AbstractModel):
    """The file of an asset. A new one makes a version; the old ones stay."""

    _name = "asset.file.mixin"
    _description = "File of Sales Material"

    file = fields.Binary(
        compute="_compute_file",
        inverse="_inverse_file",
        help="PDF, picture, office document or text of at most 25 MB. A new file makes "
        "a new version; the vendor keeps the old ones.",
    )
    file_name = fields.Char(compute="_compute_file_name", inverse="_inverse_file")
    version_id = fields.Many2one(
        "partner.asset.version",
        "Current Version",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    version_ids = fields.One2many(
        "partner.asset.version", "asset_id", "Versions", readonly=True
    )
    version_number = fields.Integer("Version", related="version_id.number")

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        # a form asks for the size of files: here their content is meant
        return super(AssetFileMixin, self.with_context(bin_size=False)).create(
            vals_list
        )

    def write(self, vals):
        records = self
        if {"file", "file_name"} & vals.keys():
            records = self.with_context(bin_size=False)
        return super(AssetFileMixin, records).write(vals)

    def unlink(self):
        # sudo: the files of versions, which go with their asset
        files = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "partner.asset.version"),
                    ("res_id", "in", self.sudo().version_ids.ids),
                    ("res_field", "!=", False),
                ]
            )
        )
        result = super().unlink()
        files.unlink()
        return result

    # === FILE === #

    @api.depends("version_id")
    def _compute_file(self):
        for asset in self:
            asset.file = asset.version_id.file

    @api.depends("version_id")
    def _compute_file_name(self):
        for asset in self:
            asset.file_name = asset.version_id.name

    def _inverse_file(self):
        """Make a version of each file that is new."""
        for asset in self:
            content = documents.read_binary(asset.file)
            name = documents.clean_name(asset.file_name or "")
            current = asset.version_id
            if not content:
                # a version is never taken away: nothing may have been seen
                asset.invalidate_recordset(["file", "file_name"])
            elif current.digest != documents.digest(content) or current.name != name:
                asset._add_version(name, content)

    def _add_version(self, name, content):
        """Make a file the current version.

        :param str name: of the file, with its extension
        :param bytes content: the file
        :raise ValidationError: for a file that may not be kept
        """
        self.ensure_one()
        # the right to write the asset, not only to read it, makes a version
        self.check_access("write")
        self._check_file(name, content)
        # sudo: nobody writes versions but this method; access was checked above
        versions = self.env["partner.asset.version"].sudo()
        version = versions._with_state_move().create(
            {
                "asset_id": self.id,
                "number": max(self.sudo().version_ids.mapped("number"), default=0) + 1,
                "name": name,
                "file": base64.b64encode(content),
                "mimetype": documents.find_type(content),
                "size": len(content),
                "digest": documents.digest(content),
            }
        )
        vals = {"version_id": version.id}
        if self.state == "published":
            vals["date_published"] = fields.Datetime.now()
        self._set_protected(vals)

    def _check_file(self, name, content):
        """Refuse a file by what it is, whatever it is called.

        :raise ValidationError: saying what is wrong and what may be stored
        """
        problem = documents.find_file_problem(name, content, MAX_SIZE)
        if not problem:
            return
        params = {
            "name": name or self.env._("The file"),
            "types": ", ".join(documents.ALLOWED_TYPES),
            "size": MAX_SIZE // 1024 // 1024,
        }
        messages = {
            "empty": self.env._(
                "“%(name)s” is empty. Choose the file again.", **params
            ),
            "large": self.env._(
                "“%(name)s” is larger than %(size)d MB. Store it elsewhere and add a "
                "link.",
                **params,
            ),
            "type": self.env._(
                "“%(name)s” cannot be stored. Choose one of: %(types)s.", **params
            ),
            "content": self.env._(
                "“%(name)s” is not what its name says. Save it anew in its own program "
                "and choose it again.",
                **params,
            ),
        }
        raise ValidationError(messages[problem])
