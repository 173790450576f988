import secrets

from odoo import api, models

from ..tools import xapi_files
from .learning_push_mixin import PushError

#: bytes of files in one answer, and of all that are kept for one learning system
MOST_GIVEN = 5 * 1024 * 1024
MOST_KEPT = 1024 * 1024 * 1024


class LmsProviderFilesMixin(models.AbstractModel):
    """Files that come along with statements: kept, and given back with them.

    The standard wants them back with ``attachments=true``. The same file is kept once,
    whatever number of statements has it.
    """

    _name = "lms.provider.files.mixin"
    _description = "Learning System: Files"

    @api.ondelete(at_uninstall=False)
    def _unlink_files(self):
        """The database deletes the rows by itself, but not the files."""
        # sudo: whoever may delete the system need not know its files
        self.env["lms.file"].sudo().search([("provider_id", "in", self.ids)]).unlink()

    def _check_files(self, parts):
        """Return what is to be kept; refuse it if there is no room for it.

        :param list parts: checked parts of a request, as of ``read_parts``
        :return: ``{hash: bytes}``
        """
        contents = {
            headers["X-Experience-API-Hash"].lower(): content
            for headers, content in parts
        }
        if not contents:
            return {}
        # sudo: a learning system is no user; these are its own files
        [[kept]] = (
            self.env["lms.file"]
            .sudo()
            ._read_group(
                [("provider_id", "=", self.id), ("sha2", "not in", list(contents))],
                aggregates=["size:sum"],
            )
        )
        if (kept or 0) + sum(map(len, contents.values())) > MOST_KEPT:
            raise PushError(
                413, f"All attachments together MUST NOT exceed {MOST_KEPT} bytes."
            )
        return contents

    def _find_files(self, statements):
        """Return the files of statements, and how many of the statements they are of.

        An answer ends before a statement whose files make it too large. Files that are
        somewhere else as well (``fileUrl``) are given while there is room.

        :param list statements: a page of them
        :return: ``(number, [(headers, bytes)])``
        """
        wanted, spare = xapi_files.sort_files(statements)
        digests = {digest for one in wanted for digest in one} | spare.keys()
        # sudo: a learning system is no user; these are its own files
        found_sudo = (
            self.env["lms.file"]
            .sudo()
            .search_fetch(
                [("provider_id", "=", self.id), ("sha2", "in", list(digests))],
                ["sha2", "size"],
            )
        )
        sizes = {file_sudo.sha2: file_sudo.size for file_sudo in found_sudo}
        number, chosen = xapi_files.choose_files(wanted, spare, sizes, MOST_GIVEN)
        contents = found_sudo.filtered(lambda one: one.sha2 in chosen)._read_contents()
        return number, [
            (chosen[digest], digest, content) for digest, content in contents.items()
        ]

    @api.model
    def _write_parts(self, value, files):
        """Return the Content-Type and the body of an answer with files."""
        boundary = secrets.token_hex(16)
        body = xapi_files.write_parts(boundary, value, files)
        return f'multipart/mixed; boundary="{boundary}"', body
