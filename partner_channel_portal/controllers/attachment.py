from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.mail.controllers.attachment import AttachmentController

from ..tools.upload import MAX_SIZE


class ChannelAttachment(AttachmentController):
    """Tells at once, in the chatter, why a file is refused."""

    @route()
    def mail_attachment_upload(
        self, ufile, thread_id, thread_model, is_pending=False, **kwargs
    ):
        try:
            self._check_share_file(ufile, thread_id, thread_model, **kwargs)
            # what was stored of a file refused later goes with its refusal
            with request.env.cr.savepoint():
                return super().mail_attachment_upload(
                    ufile, thread_id, thread_model, is_pending=is_pending, **kwargs
                )
        except UserError as error:
            return request.make_json_response({"error": str(error)})

    def _check_share_file(self, ufile, thread_id, thread_model, **kwargs):
        """Refuse what may not be attached, also while its message is being written.

        :raise UserError: saying why
        """
        if not request.env.user.share:
            return
        thread = self._get_thread_with_access_for_post(
            thread_model, thread_id, **kwargs
        )
        Attachment = request.env["ir.attachment"]
        if thread and request.env["mail.message"]._find_guarded_ids(
            thread_model, thread.ids
        ):
            Attachment._check_share_attach(thread)
            content = ufile.stream.read(MAX_SIZE + 1)
            ufile.stream.seek(0)
            Attachment._check_share_upload(ufile.filename, content)
