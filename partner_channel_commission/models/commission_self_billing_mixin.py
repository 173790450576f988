from odoo import api, fields, models
from odoo.exceptions import AccessError


class CommissionSelfBillingMixin(models.AbstractModel):
    """Whether the partner has agreed that the vendor writes its invoices."""

    _name = "commission.self.billing.mixin"
    _description = "Self-Billing Agreement of a Membership"

    self_billing_date = fields.Date(
        "Self-Billing Since",
        readonly=True,
        copy=False,
        tracking=True,
        groups="base.group_user",
        help="Since then the partner has agreed that the vendor writes and numbers the "
        "partner's invoices; empty: the partner sends its own.",
    )
    self_billing_by_id = fields.Many2one(
        "res.users",
        "Self-Billing Agreed By",
        readonly=True,
        copy=False,
        tracking=True,
        groups="base.group_user",
        help="The partner's person who agreed in the portal, or whoever recorded it.",
    )

    # === VENDOR === #

    def action_agree_self_billing(self):
        """Record that partners have agreed, as they told by other means."""
        self._check_self_billing_recorder()
        for company, memberships in self.grouped("company_id").items():
            memberships._set_self_billing(company._get_channel_today(), self.env.user)

    def action_end_self_billing(self):
        """Record that partners send their own invoices from now on."""
        self._check_self_billing_recorder()
        self._set_self_billing(False, self.env.user.browse())

    def _check_self_billing_recorder(self):
        """Refuse people who have no say in how partners are paid.

        :raise AccessError: neither an accountant nor a head of channel
        """
        self.check_access("read")
        if not self.env.user.has_groups(
            "account.group_account_invoice,partner_channel.group_channel_head"
        ):
            raise AccessError(
                self.env._("Accountants and heads of channel record self-billing.")
            )

    def _set_self_billing(self, day, user):
        """Note since when, and by whom, self-billing is agreed.

        :param day: False when it ends
        :param user: who agreed
        """
        # sudo: the caller has been checked; accountants do not write memberships
        changed = self.sudo().filtered(lambda each: each.self_billing_date != day)
        if not day or not any(changed.mapped("self_billing_date")):
            changed._set_protected(
                {"self_billing_date": day, "self_billing_by_id": user.id}
            )

    # === PARTNER === #

    @api.model
    def _get_portal_self_billing(self):
        """Return the self-billing agreements of the current person's partner.

        :return: list of dicts ``id``, ``program``, ``vendor``, ``since``,
            ``is_active``, ``may_sign``
        """
        person = self.env.user.partner_id
        # sudo: facts of one's own memberships, shown to those who see money
        memberships = self.env["res.partner"]._get_portal_memberships().sudo()
        return [
            {
                "id": membership.id,
                "program": membership.program_id.name,
                "vendor": membership.company_id.name,
                "since": membership.self_billing_date,
                "is_active": membership.state == "active",
                "may_sign": person._has_channel_capability("can_sign", membership),
            }
            for membership in memberships
        ]

    @api.model
    def _portal_set_self_billing(self, membership_id, agree):
        """Agree to self-billing, or end it, as the partner.

        :param membership_id: id of one of the person's own, as a number or text
        :param bool agree: False to end it
        :raise AccessError: not one's own, no right to sign, membership not active
        """
        person = self.env.user.partner_id
        own = self.env["res.partner"]._get_portal_memberships(states=("active",))
        # compared as texts: whatever was sent is no number that could be too large
        membership = own.filtered(lambda each: str(each.id) == str(membership_id))
        if not (membership and person._has_channel_capability("can_sign", membership)):
            raise AccessError(self.env._("Those who may sign agree to self-billing."))
        today = membership.company_id._get_channel_today()
        membership._set_self_billing(
            today if agree else False,
            self.env.user if agree else self.env.user.browse(),
        )
