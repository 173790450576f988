from ast import literal_eval

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

# a segment of a segment could ask for itself
_NEVER = "segment_ids"
# what a condition with a wrong field, operator or value may raise
_WRONG = (
    ValueError,
    TypeError,
    AttributeError,
    KeyError,
    NotImplementedError,
    RecursionError,
)


class PartnerSegment(models.Model):
    """A saved, live selection of memberships.

    A segment shows nobody more than they may see anyway: its domain is searched with
    the rights of whoever uses it.
    """

    _name = "partner.segment"
    _description = "Partner Segment"
    _order = "name, id"

    name = fields.Char(required=True)
    description = fields.Text()
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        index="btree_not_null",
        help="May change the segment, as the head of channel may.",
    )
    domain = fields.Char(
        required=True, default="[('state', 'in', ['active', 'suspended'])]"
    )
    domain_error = fields.Char(compute="_compute_domain_error")
    membership_count = fields.Integer("Partners", compute="_compute_membership_count")

    @api.depends("domain")
    def _compute_domain_error(self):
        for segment in self:
            segment.domain_error = segment._find_domain_error()

    @api.depends("domain", "company_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_membership_count(self):
        memberships = self.env["partner.membership"]
        for segment in self:
            segment.membership_count = memberships.search_count(segment._get_domain())

    # === DOMAIN === #

    @api.constrains("domain")
    def _check_domain(self):
        # Odoo checks constraints as the system; who saves a segment must have the right
        # to ask by its fields
        for segment in self.sudo(False):
            error = segment._find_domain_error(run=True)
            if error:
                raise ValidationError(
                    self.env._(
                        "The segment “%(segment)s” cannot be searched. %(error)s",
                        segment=segment.name,
                        error=error,
                    )
                )

    def _find_domain_error(self, run=False):
        """Return what is wrong with the domain in the user's words, empty if nothing.

        :param bool run: search as well, for what only the database refuses
        """
        self.ensure_one()
        memberships = self.env["partner.membership"]
        try:
            domain = self._parse_domain()
            domain.validate(memberships)
            # builds the query without running it: refused where the current user may
            # not ask by one of the fields
            memberships._search(domain)
            if run:
                with self.env.cr.savepoint():
                    memberships.search(domain, limit=1)
        except UserError as error:
            return str(error)
        except psycopg2.Error as error:
            return self.env._(
                "The database refuses a value: %(error)s",
                error=str(error).splitlines()[0],
            )
        except _WRONG as error:
            return self.env._("A condition is wrong: %(error)s", error=error)
        return ""

    def _parse_domain(self):
        """Return the domain as it is written.

        Plain values only: nothing a segment says is ever run as code.

        :return: ``Domain``
        :raise ValidationError: saying what is wrong
        """
        try:
            conditions = literal_eval(self.domain or "[]")
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            raise ValidationError(
                self.env._(
                    "The conditions must be plain values. Write dates as 'today' or "
                    "'today -30d' rather than as a formula, and people by name rather "
                    "than as “uid”."
                )
            ) from None
        if not isinstance(conditions, list):
            raise ValidationError(self.env._("The conditions must be a list."))
        domain = Domain(conditions)
        if any(_NEVER in path.split(".") for path in self._iter_paths(domain)):
            raise ValidationError(
                self.env._(
                    "A segment cannot ask for segments: repeat the conditions of the "
                    "other one."
                )
            )
        return domain

    @api.model
    def _iter_paths(self, domain):
        """Return the paths of fields in a domain, those inside of others as well."""
        paths = []
        for condition in domain.iter_conditions():
            paths.append(condition.field_expr)
            if condition.operator in ("any", "not any"):
                paths += self._iter_paths(Domain(condition.value))
        return paths

    def _get_domain(self):
        """Return the domain on memberships of the segment's company.

        One that no longer works, as after an addon took its fields along, finds nobody.

        :return: ``Domain``
        """
        self.ensure_one()
        if self._find_domain_error():
            return Domain.FALSE
        return self._parse_domain() & Domain("company_id", "=", self.company_id.id)

    @api.model
    def _search_all(self):
        """Return the segments the current user works with: a few, made by hand."""
        return self.search([("active", "=", True)])

    def _get_any_domain(self):
        """Return the domain of memberships that are in one of the segments."""
        return Domain.OR(segment._get_domain() for segment in self)

    def _get_members_query(self):
        """Return SQL of (segment_id, membership_id) as the current user may see it."""
        parts = [SQL("SELECT NULL::integer, NULL::integer WHERE FALSE")]
        memberships = self.env["partner.membership"]
        for segment in self:
            query = memberships._search(segment._get_domain())
            found = SQL.identifier(query.table, "id")
            parts.append(query.subselect(SQL("%s", segment.id), found))
        return SQL(
            "(SELECT * FROM (%s) pair (segment_id, membership_id))",
            SQL(" UNION ALL ").join(parts),
        )

    # === USES === #

    def _get_memberships(self):
        """Return the memberships in these segments that the current user may see.

        What mailings and rules of access build on.
        """
        return self.env["partner.membership"].search(self._get_any_domain())

    def _get_partner_ids(self):
        """Return the ids of the partners in these segments."""
        return self._get_memberships().partner_id.ids

    def action_open_memberships(self):
        """Open the partners of the segment."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "partner_channel.partner_membership_action"
        )
        return {
            **action,
            "name": self.name,
            "domain": [("segment_ids", "in", self.ids)],
            "context": {},
        }
