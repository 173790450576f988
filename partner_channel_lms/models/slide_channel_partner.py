from odoo import fields, models


class SlideChannelPartner(models.Model):
    _inherit = "slide.channel.partner"

    membership_id = fields.Many2one(
        "partner.membership",
        "Given by Membership",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Attends as long as the partner's tier gives the course.",
    )
