from odoo import api, fields, models
from odoo.tools import SQL


class LmsFile(models.Model):
    """A file that came along with statements, kept once for each learning system.

    It is given back to that learning system only, by its hash. Nothing in it is shown
    or run here.
    """

    _name = "lms.file"
    _description = "Learning System: File"
    _rec_name = "sha2"
    _order = "id desc"

    provider_id = fields.Many2one(
        "lms.provider", "Learning System", required=True, ondelete="cascade"
    )
    sha2 = fields.Char("Hash", required=True, readonly=True)
    size = fields.Integer("Size (bytes)", required=True, readonly=True)
    content = fields.Binary(attachment=True, readonly=True)

    _sha2_uniq = models.Constraint(
        "UNIQUE (provider_id, sha2)", "This file is already here."
    )

    @api.model
    def _keep(self, provider, contents):
        """Keep files that are not here yet.

        SQL, as only the database can pass over what another request has just stored;
        the ORM writes a file as an attachment of its own, one by one.

        :param provider: ``lms.provider``
        :param dict contents: ``{hash: bytes}``
        """
        if not contents:
            return
        now, uid = self.env.cr.now(), self.env.uid
        values = [
            (provider.id, digest, len(content), uid, now, uid, now)
            for digest, content in contents.items()
        ]
        rows = self.env.execute_query(
            SQL(
                "INSERT INTO lms_file (provider_id, sha2, size, create_uid,"
                " create_date, write_uid, write_date) VALUES %s"
                " ON CONFLICT (provider_id, sha2) DO NOTHING RETURNING id, sha2",
                SQL(", ").join(values),
            )
        )
        # sudo: a learning system is no user; these are its own files
        self.env["ir.attachment"].sudo().create(
            [
                {
                    "name": digest,
                    "res_model": self._name,
                    "res_field": "content",
                    "res_id": number,
                    "raw": contents[digest],
                    # whatever it says it is, no browser is to believe it
                    "mimetype": "application/octet-stream",
                }
                for number, digest in rows
            ]
        )

    def _read_contents(self):
        """Return ``{hash: bytes}`` of these files."""
        # sudo: as when they were kept
        files_sudo = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_field", "=", "content"),
                    ("res_id", "in", self.ids),
                ]
            )
        )
        return {file_sudo.name: file_sudo.raw for file_sudo in files_sudo}
