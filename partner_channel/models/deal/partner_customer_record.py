from psycopg2.errors import ExclusionViolation

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.attribution import DEAL_ROLES


class PartnerCustomerRecord(models.Model):
    """Partner of record: whose customer it is, from one day to another.

    Invoices that come from no deal, such as renewals, count for the partner of record.
    """

    _name = "partner.customer.record"
    _description = "Partner of Record"
    _order = "partner_id, date_from desc, id desc"
    _rec_name = "partner_id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('parent_id', '=', False)]",
    )
    membership_id = fields.Many2one(
        "partner.membership",
        "Partner",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="membership_id.company_id", store=True, index=True, precompute=True
    )
    manager_id = fields.Many2one(related="membership_id.manager_id")
    role = fields.Selection(DEAL_ROLES, required=True, default="sold")
    share = fields.Float("Share (%)", required=True, default=100.0, digits=(5, 2))
    family_id = fields.Many2one(
        "product.category",
        "Product Family",
        domain="[('is_channel_family', '=', True)]",
        ondelete="restrict",
        index="btree_not_null",
        help="Empty: all products.",
    )
    date_from = fields.Date(
        "From", required=True, default=lambda self: fields.Date.context_today(self)
    )
    date_to = fields.Date("To", help="Last day. Empty: until further notice.")
    lead_id = fields.Many2one(
        "crm.lead", "From Deal", readonly=True, index="btree_not_null"
    )

    _exclusive = models.Constraint(
        """EXCLUDE USING gist (
            company_id WITH =,
            partner_id WITH =,
            role WITH =,
            int4range(family_id, family_id, '[]') WITH &&,
            daterange(date_from, date_to, '[]') WITH &&
        )""",
        "Another partner of record has this role for the customer in this period: end "
        "that one first.",
    )
    _period = models.Constraint(
        "CHECK (date_to IS NULL OR date_from <= date_to)",
        "The last day comes before the first one.",
    )
    _share_range = models.Constraint(
        "CHECK (share > 0 AND share <= 100)", "A share lies between 0 and 100 percent."
    )

    @api.constrains("partner_id")
    def _check_commercial_partner(self):
        for record in self:
            company = record.partner_id.commercial_partner_id
            if record.partner_id != company:
                raise ValidationError(
                    self.env._(
                        "Customer: “%(contact)s” is a contact; choose “%(company)s”.",
                        contact=record.partner_id.display_name,
                        company=company.display_name,
                    )
                )

    @api.model
    def _find_holders(self, vals_list):
        """Return the records of customers and companies of records to be.

        :param vals_list: dicts with ``partner_id`` and ``company_id``
        """
        if not vals_list:
            return self.browse()
        return self.search(
            [
                ("partner_id", "in", [vals["partner_id"] for vals in vals_list]),
                ("company_id", "in", [vals["company_id"] for vals in vals_list]),
            ]
        )

    def _stands_in_the_way(self, vals):
        """Return whether this record keeps another one from being written.

        The same rule as the exclusion constraint's, which has the last word.

        :param dict vals: of a record to be, with ``company_id``
        """
        self.ensure_one()
        families = {self.family_id.id, vals["family_id"]}
        return (
            self.partner_id.id == vals["partner_id"]
            and self.company_id.id == vals["company_id"]
            and self.role == vals["role"]
            and (len(families) == 1 or False in families)
            and self.date_from <= vals["date_to"]
            and (not self.date_to or self.date_to >= vals["date_from"])
        )

    @api.model
    def _create_unless_held(self, vals):
        """Create a record, unless another transaction was first.

        :param dict vals: of a record to be, with ``company_id``
        :return: the record, empty when the role is taken
        """
        own = {name: value for name, value in vals.items() if name != "company_id"}
        try:
            with self.env.cr.savepoint():
                return self.create(own)
        except ExclusionViolation:
            # the customer has a partner of record since a moment: it stays
            return self.browse()
