from odoo import api, models
from odoo.exceptions import UserError

from ..tools.form_values import FieldProblem
from ..tools.upload import MAX_SIZE, Upload, check_upload, clean_name
from .deal_portal_file_mixin import MAX_DEAL_FILES

#: what makes a file another one, or another record's
_JUDGED = {"datas", "raw", "res_id", "res_model", "type", "url"}


class IrAttachment(models.Model):
    """Files of share users on our records, whatever way they come.

    Odoo's chatter has ways of its own to attach a file; what holds for the form holds
    there as well.
    """

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        attachments = super().create(vals_list)
        attachments._check_share_files()
        return attachments

    def write(self, vals):
        result = super().write(vals)
        if _JUDGED & vals.keys():
            self._check_share_files()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided_on(self):
        for thread, _files in self._group_share_files():
            self._check_share_attach(thread)

    def _group_share_files(self):
        """Return the files on guarded records, for a share user.

        :return: list of ``(record, attachments in sudo)``
        """
        if not self.env.user.share:
            return []
        # sudo: share users have no rights on attachments; sudo code lets them attach
        files = self.sudo().filtered(lambda f: f.res_model and f.res_id)
        files = files.filtered(lambda f: not f.res_field)
        groups = []
        for model, of_model in files.grouped("res_model").items():
            ids = self.env["mail.message"]._find_guarded_ids(
                model, of_model.mapped("res_id")
            )
            groups += [
                (
                    self.env[model].sudo(False).browse(res_id),
                    of_model.filtered(lambda f, res_id=res_id: f.res_id == res_id),
                )
                for res_id in ids
            ]
        return groups

    def _check_share_files(self):
        """Judge files a share user put on our records, and store them as they are.

        :raise UserError: naming the file that was refused, or no file may come now
        """
        for thread, files in self._group_share_files():
            self._check_share_attach(thread)
            domain = [
                ("res_model", "=", thread._name),
                ("res_id", "=", thread.id),
                ("create_uid.share", "=", True),
            ]
            if files.search_count(domain) > MAX_DEAL_FILES:
                problem = FieldProblem("file_count", limit=MAX_DEAL_FILES)
                raise UserError(self.env["crm.lead"]._get_portal_message(problem))
            for file in files:
                # a large one is refused for its size, without being read
                content = file.raw if file.file_size <= MAX_SIZE else None
                mimetype = self._check_share_upload(file.name, content)
                file.write({"name": clean_name(file.name), "mimetype": mimetype})

    @api.model
    def _check_share_attach(self, thread):
        """Refuse files on a record that is closed for the current user."""
        thread.check_access("read")
        if not thread._can_share_attach():
            raise UserError(
                self.env._("Files cannot be added or removed here at present.")
            )

    @api.model
    def _check_share_upload(self, name, content):
        """Return the content type of a file that may be stored.

        :param str name: as the person's computer calls it
        :param bytes content: None for more than may be stored
        :raise UserError: in the reader's language
        """
        try:
            if content is None:
                size = MAX_SIZE // 1024 // 1024
                raise FieldProblem("file_large", name=clean_name(name), size=size)
            return check_upload(Upload(name, content))
        except FieldProblem as problem:
            message = self.env["crm.lead"]._get_portal_message(problem)
            raise UserError(message) from problem
