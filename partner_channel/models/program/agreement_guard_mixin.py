from odoo import api, models
from odoo.exceptions import UserError

#: what is agreed; fixed once the paper is on its way
_TERMS = ("membership_id", "template_id", "version_id", "date_from", "date_to")
#: who signed what; fixed once it is signed
_SIGNATURE = (
    "signatory_id",
    "signed_name",
    "date_signed",
    "signed_document",
    "signed_filename",
)


class AgreementGuardMixin(models.AbstractModel):
    """What stands once an agreement is sent, and once it is signed."""

    _name = "agreement.guard.mixin"
    _description = "Facts of an Agreement"

    def write(self, vals):
        if not self._is_state_move():
            self._check_fixed(vals)
        return super().write(vals)

    def _check_fixed(self, vals):
        """Refuse other terms of what was sent, other facts of what was signed.

        :param dict vals: values of a ``write``
        :raise UserError: naming the agreement, the fields and what to do
        """
        for agreement in self.filtered(lambda agreement: agreement.state != "draft"):
            fixed = _TERMS if agreement.state == "sent" else _TERMS + _SIGNATURE
            names = [name for name in fixed if name in vals]
            if not names:
                continue
            values = {
                "agreement": agreement.display_name,
                "fields": ", ".join(
                    self._fields[name]._description_string(self.env) for name in names
                ),
            }
            if agreement.state == "sent":
                message = self.env._(
                    "“%(agreement)s” is with the partner: set it back to draft to "
                    "change %(fields)s, and send it again.",
                    **values,
                )
            else:
                message = self.env._(
                    "“%(agreement)s” is signed and stands: %(fields)s cannot be "
                    "changed. Let the partner sign another one; it takes the place of "
                    "this one.",
                    **values,
                )
            raise UserError(message)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        """What a partner was sent or has signed stays as proof."""
        for agreement in self.filtered(lambda agreement: agreement.state != "draft"):
            raise UserError(
                self.env._(
                    "“%(agreement)s” was sent or signed and cannot be deleted. Set it "
                    "back to draft if it is still unsigned, or terminate it.",
                    agreement=agreement.display_name,
                )
            )
