import json

from odoo import api, fields, models

from ..tools import xapi_evidence
from ..tools.xapi_mentions import get_mentions, get_token


class LmsStatementReadingMixin(models.AbstractModel):
    """What statements are found by when a learning system reads them back."""

    _name = "lms.statement.reading.mixin"
    _description = "Learning Statement: Reading Back"

    registration = fields.Char(
        compute="_compute_reading", store=True, help="One enrolment there."
    )
    mentions = fields.Text(compute="_compute_reading", store=True)

    @api.depends("payload")
    def _compute_reading(self):
        """Fill it in for what came before there was such a field; then as inserted."""
        for record in self:
            # what breaks the standard is not read back
            said = json.loads(record.payload) if record.digest else {}
            record.update(self._prepare_reading(record.provider_id, said))

    @api.model
    def _prepare_reading(self, provider, statement):
        """Return the values a valid statement is found by; of ``{}`` there are none."""
        found = get_mentions(statement) if statement else ()
        tokens = sorted(get_token(provider.id, *mention) for mention in found)
        return {
            "registration": xapi_evidence.get_registration(statement),
            "mentions": " ".join(tokens) or None,
        }
