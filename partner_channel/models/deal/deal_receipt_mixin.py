from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.chain import INTERNAL_EVENTS


class DealReceiptMixin(models.AbstractModel):
    """A paper for the partner: what it claimed, when, and how that is proved."""

    _name = "deal.receipt.mixin"
    _description = "Receipt of a Registration"

    def _check_receipt_access(self):
        """Refuse the receipt to anybody but the vendor and the registering partner.

        :raise AccessError: also for a distributor who may read the deal
        """
        self.ensure_one()
        self.check_access("read")
        user = self.env.user
        # sudo: whose the registration is, whoever asks
        owner = self.sudo().membership_id.partner_id
        if user.share and not self.env.su and user.commercial_partner_id != owner:
            raise AccessError(
                self.env._("Only who registered the deal gets its receipt.")
            )

    def _get_receipt(self):
        """Return what the receipt says.

        :return: dict of ``claims``, a list of ``(label, value)``; ``entries``, dicts of
            the log's rows of the present partner; ``head`` and ``head_sequence``, the
            end of the chain now; ``printed``, a datetime; ``url`` to verify a hash at
        :raise AccessError: see :meth:`_check_receipt_access`
        :raise UserError: the registration was never submitted
        """
        self._check_receipt_access()
        # sudo: the log is the vendor's; the rows of the own registration are shown
        lead = self.sudo()
        rows = (
            self.env["partner.registration.log"]
            .sudo()
            .search(
                [
                    ("lead_id", "=", self.id),
                    ("membership_id", "=", lead.membership_id.id),
                    ("event", "not in", INTERNAL_EVENTS),
                ],
                order="sequence",
            )
        )
        if not rows:
            raise UserError(self.env._("A draft has no receipt: submit it first."))
        head = self.env["partner.registration.chain"]._get_head(lead.company_id)
        labels = dict(rows._fields["event"]._description_selection(self.env))
        return {
            "claims": lead._get_receipt_claims(),
            "entries": [
                {
                    "sequence": row.sequence,
                    "event": labels[row.event],
                    "date": fields.Datetime.to_string(row.date),
                    "digest": row.content_digest,
                    "previous": row.previous_hash or "",
                    "hash": row.hash,
                }
                for row in rows
            ],
            "head": head.last_hash,
            "head_sequence": head.sequence,
            "printed": fields.Datetime.to_string(fields.Datetime.now()),
            "url": self._get_proof_url(),
        }

    def _get_receipt_claims(self):
        """Return who the customer is and what is protected, as texts."""
        self.ensure_one()
        family = self.product_family_id.display_name
        claims = [
            (self.env._("Deal"), self.name),
            (self.env._("Customer"), self.partner_name),
            (self.env._("Tax ID"), self.customer_vat),
            (self.env._("Website"), self.website),
            (self.env._("E-mail"), self.email_from),
            (self.env._("Product family"), family or self.env._("All products")),
            (
                self.env._("Protected until"),
                fields.Date.to_string(self.date_protection_end),
            ),
        ]
        return [(label, value) for label, value in claims if value]

    def _get_proof_url(self):
        """Return where anybody can verify a hash; empty without such a page."""
        return ""
