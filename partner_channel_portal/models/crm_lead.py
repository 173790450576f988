from odoo import api, fields, models

#: what the vendor quotes and sells on a deal; people without the capability to
#: see money cannot read it, whatever way they come
MONEY_FIELDS = ("order_ids", "quotation_count", "sale_amount_total", "sale_order_count")

#: what Odoo finds among the leads of everybody: a partner could ask who else has
#: the customer
DUPLICATE_FIELDS = ("duplicate_lead_ids", "duplicate_lead_count")

#: who wrote the record: of a deal that was handed on, a person of the former partner
AUTHOR_FIELDS = ("create_uid", "write_uid")

_GUARDED_FIELDS = frozenset((*MONEY_FIELDS, *DUPLICATE_FIELDS, *AUTHOR_FIELDS))


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = [
        "deal.portal.access.mixin",
        "deal.portal.draft.mixin",
        "deal.portal.file.mixin",
        "deal.portal.rules.mixin",
        "deal.portal.life.mixin",
        "deal.portal.form.mixin",
        "deal.portal.qualification.mixin",
        "deal.portal.qualification.page.mixin",
        "deal.portal.page.mixin",
        "deal.portal.quick.mixin",
        "deal.portal.sales.mixin",
        "deal.portal.todo.mixin",
        "lead.case.mixin",
        "lead.pool.portal.mixin",
        "deal.portal.asset.mixin",
        "portal.page.mixin",
        "crm.lead",
    ]

    portal_token = fields.Char(
        copy=False,
        groups="base.group_system",
        help="Of the form it was last sent with: sending it twice is one registration.",
    )

    _portal_token_uniq = models.UniqueIndex(
        "(registrant_id, portal_token) WHERE portal_token IS NOT NULL"
    )

    def _has_field_access(self, field, operation):
        # asked at every reading of a field: the name first, which costs nothing
        name = field.name
        if name in _GUARDED_FIELDS and self.env.user.share and not self.env.su:
            if name not in MONEY_FIELDS:
                return False
            if not self.env.user.partner_id._has_channel_capability("can_see_money"):
                return False
        return super()._has_field_access(field, operation)

    def _assert_portal_write_access(self):
        result = super()._assert_portal_write_access()
        if self.env.user._is_portal() and not self.env.su:
            self._check_portal_right()
        return result

    def _find_workers(self):
        workers = super()._find_workers()
        # sudo: offers are closed to partners
        offers = self.sudo().offer_ids.filtered(lambda offer: offer.state == "accepted")
        return workers | offers.answered_by_id

    def _get_portal_url(self):
        """Return the address of a registration's page; ordinary leads have Odoo's."""
        self.ensure_one()
        return f"/my/deals/{self.id}" if self.registration_state else ""

    @api.model
    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        result = super()._mail_get_operation_for_mail_message_operation(
            message_operation
        )
        if not self.env.user._is_portal():
            return result
        # sudo: whose the registrations are; a distributor reads the deal, not what
        # the partner and the vendor write to each other
        for lead in self.sudo().filtered("registration_state"):
            if not lead.sudo(False)._is_portal_own():
                result[self.browse(lead.id)] = "write"
        if message_operation != "create":
            return result
        company = self.env.user.commercial_partner_id
        # sudo: only to find the leads of the user's own company among these
        own = self.sudo().filtered_domain(
            [("partner_assigned_id", "child_of", company.id)]
        )
        for lead in self.browse(own.ids):
            # sudo: read to tell registrations from ordinary leads
            if lead.sudo().registration_state:
                allowed = lead._can_portal_post()
            else:
                allowed = lead._can_portal_post_given()
            result[lead] = "read" if allowed else "write"
        return result
