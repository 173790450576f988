from odoo import api, models
from odoo.http import request


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _dispatch(cls, endpoint):
        """Let a request that found the registration log taken wait for its turn.

        Odoo repeats it, five times at most, and of many at once only one gets through
        each time: without a queue the last ones end as an error 500.
        """
        if getattr(request, "is_channel_log_taken", False):
            # nothing was done yet; what was read is of before the wait
            request.env.cr.rollback()
            request.env["partner.registration.chain"]._queue_up()
        return super()._dispatch(endpoint)

    @api.model
    def _note_log_taken(self):
        """Have the current request wait for its turn when Odoo repeats it."""
        if request:
            request.is_channel_log_taken = True
