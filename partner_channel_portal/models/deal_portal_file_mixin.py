from odoo import api, models

from ..tools.form_values import FieldProblem
from ..tools.upload import MAX_FILES, check_upload, clean_name

#: most files a registration may carry
MAX_DEAL_FILES = 10


class DealPortalFileMixin(models.AbstractModel):
    """Files partners attach to a registration."""

    _name = "deal.portal.file.mixin"
    _description = "Registration: Portal Files"

    def _get_portal_files(self):
        """Return the files partners attached, never the vendor's own.

        A distributor reads the deal, not the reseller's files.
        """
        self.ensure_one()
        if self.env.user.share and not self._is_portal_own():
            return self.env["ir.attachment"].sudo()
        # sudo: portal users have no access to attachments; the registration was
        # found by the user's rights, and only files of share users are taken
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "crm.lead"),
                    ("res_id", "=", self.id),
                    ("create_uid.share", "=", True),
                ],
                order="id",
            )
        )

    @api.model
    def _prepare_portal_files(self, values, lead, problems):
        """Return the values of the attachments, noting refused files.

        :param dict values: the form, with ``files``
        :param lead: registration the files come to, or none
        :param dict problems: gets ``files`` when one is refused
        :return: list of values without the record's id
        """
        uploads = values.get("files") or []
        vals_list = []
        try:
            if len(uploads) > MAX_FILES:
                raise FieldProblem("file_count", limit=MAX_FILES)
            for upload in uploads:
                mimetype = check_upload(upload)
                name = clean_name(upload.name)
                vals_list.append(
                    {"name": name, "raw": upload.content, "mimetype": mimetype}
                )
            kept = len(lead._get_portal_files()) if lead else 0
            if kept + len(vals_list) > MAX_DEAL_FILES:
                raise FieldProblem("file_count", limit=MAX_DEAL_FILES)
        except FieldProblem as problem:
            problems["files"] = problem
        return vals_list

    def _attach_portal_files(self, vals_list):
        """Attach files to the registration, each once."""
        self.ensure_one()
        # sudo: portal users have no access to attachments; the caller checked
        Attachment = self.env["ir.attachment"].sudo()
        known = {(a.name, a.checksum) for a in self._get_portal_files()}
        Attachment.create(
            [
                {**vals, "res_model": "crm.lead", "res_id": self.id}
                for vals in vals_list
                if (vals["name"], Attachment._compute_checksum(vals["raw"]))
                not in known
            ]
        )

    @api.model
    def _get_portal_messages(self):
        """Return the messages by code; those on files besides."""
        return {
            **super()._get_portal_messages(),
            "file_empty": self.env._("“%(name)s” is empty."),
            "file_large": self.env._("“%(name)s” is larger than %(size)s MB."),
            "file_type": self.env._(
                "“%(name)s” cannot be attached. Allowed: %(types)s."
            ),
            "file_content": self.env._(
                "“%(name)s” is not what its name says; it was refused."
            ),
            "file_count": self.env._("Too many files: at most %(limit)s."),
        }
