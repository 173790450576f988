from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import ormcache

from ..tools.kept import KEPT

#: what a person may do in the portal; each is a field of the role
CAPABILITIES = (
    "can_register",
    "can_see_all_deals",
    "can_see_money",
    "can_sign",
    "can_manage_team",
    "can_see_training",
)
#: fields that decide what people with the role may do, and where
_RIGHTS = (*CAPABILITIES, "active", "is_owner", "program_ids", "grade_ids", "holds_in")


class PartnerPortalRole(models.Model):
    """What a person of a partner may do in the portal, and where."""

    _name = "partner.portal.role"
    _description = "Portal Role"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Char(translate=True)
    is_owner = fields.Boolean(
        "Owns the Partnership",
        help="There is always a person with such a role once a partner has had one. "
        "Only owners make owners.",
    )
    can_register = fields.Boolean(
        "Registers Deals",
        help="Writes, submits and withdraws registrations.",
    )
    can_see_all_deals = fields.Boolean(
        "Sees All Deals",
        help="Sees the registrations of colleagues, not only those made by the person.",
    )
    can_see_money = fields.Boolean(
        "Sees Money",
        help="Sees what the vendor quotes and invoices on deals, commissions and "
        "statements.",
    )
    can_sign = fields.Boolean(
        "Signs",
        help="Binds the partner: signs agreements, accepts statements and agrees to "
        "self-billing. What is signed has to be seen, so money is needed for "
        "statements as well.",
    )
    can_manage_team = fields.Boolean(
        "Manages the Team", help="Gives colleagues access and roles."
    )
    can_see_training = fields.Boolean(
        "Sees the Training",
        help="Sees the certificates of colleagues. Everybody sees their own.",
    )
    program_ids = fields.Many2many(
        "partner.program",
        string="Programs",
        help="Only for partners of these programs, and only there; empty: of all.",
        **KEPT,
    )
    grade_ids = fields.Many2many(
        "res.partner.grade",
        string="Tiers",
        domain="[('program_id', '!=', False)]",
        help="Only for partners on these tiers, while they are; empty: on all.",
        **KEPT,
    )
    holds_in = fields.Selection(
        [("running", "Active or suspended"), ("active", "Active only")],
        "Membership",
        required=True,
        default="running",
        help="In which states of the membership the role counts. Whatever the role, "
        "a suspended partner changes nothing and a terminated one sees nothing but the "
        "agreements it has signed.",
    )
    is_limited = fields.Boolean(compute="_compute_is_limited", store=True)

    @api.depends("program_ids", "grade_ids", "holds_in")
    def _compute_is_limited(self):
        for role in self:
            role.is_limited = bool(
                role.program_ids or role.grade_ids or role.holds_in == "active"
            )

    @ormcache("self.id")
    def _get_standing(self):
        """Return ``(active, is_limited)`` of one role, or of none.

        Many pages ask for it.
        """
        # sudo: people of the partner may not read roles, only obey them
        role = self.sudo()
        return role.active, role.is_limited

    @api.constrains(
        "is_owner", "can_manage_team", "program_ids", "grade_ids", "holds_in"
    )
    def _check_owner(self):
        for role in self.filtered("is_owner"):
            if not role.can_manage_team or role.is_limited:
                raise ValidationError(
                    self.env._(
                        "The role “%(role)s” owns the partnership: it has to manage "
                        "the team, and cannot be limited to programs, tiers or "
                        "active memberships.",
                        role=role.display_name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        roles = super().create(vals_list)
        self.env.registry.clear_cache()
        return roles

    def write(self, vals):
        if not any(name in vals for name in _RIGHTS):
            return super().write(vals)
        ending = self._filter_ending(vals)
        # sudo: all people with the role count, whoever may read them
        people = self.env["res.partner"].sudo()
        with people.search([("portal_role_id", "in", ending.ids)])._keeping_owners():
            result = super().write(vals)
            # record rules are cached per user with the capabilities in them
            self.env.registry.clear_cache()
        return result

    def _filter_ending(self, vals):
        """Return those of the roles that own partnerships and would no longer.

        The teams of their partners are locked for it, which no other right is worth.

        :param dict vals: what is to be written
        """
        if vals.get("active", True) and vals.get("is_owner", True):
            return self.browse()
        return self.filtered(lambda role: role.active and role.is_owner)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_given(self):
        """A role that people have is archived, so that it can be given back."""
        # sudo: contacts of all companies count, and archived ones as well
        Partner = self.env["res.partner"].sudo().with_context(active_test=False)
        given = Partner._read_group(
            [("portal_role_id", "in", self.ids)], ["portal_role_id"]
        )
        for (role,) in given:
            raise UserError(
                self.env._(
                    "People have the role “%(role)s”: archive it, or give them "
                    "another one first.",
                    role=role.display_name,
                )
            )

    # === WHERE IT COUNTS === #

    def _filter_memberships(self, memberships):
        """Return the memberships the role counts for.

        :param memberships: ``partner.membership``, in sudo
        """
        self.ensure_one()
        return memberships.filtered_domain(self._get_membership_domain())

    def _get_membership_domain(self, path=""):
        """Return the domain of memberships the role counts for.

        :param str path: how the searched model leads to the membership, ends with
            a dot; empty for memberships themselves
        :return: list of conditions
        """
        self.ensure_one()
        states = ("active",) if self.holds_in == "active" else ("active", "suspended")
        domain = [(f"{path}state", "in", states)]
        if self.program_ids:
            domain.append((f"{path}program_id", "in", self.program_ids.ids))
        if self.grade_ids:
            domain.append((f"{path}grade_id", "in", self.grade_ids.ids))
        return domain

    def _covers(self, other):
        """Return whether who has this role may give, or take away, another one.

        Owners give every role; nobody else gives more than their own role allows,
        neither capabilities nor programs, tiers and states it counts in.

        :param other: a role, or none
        """
        if self.is_owner or not other:
            return bool(self)
        return (
            not other.is_owner
            and all(self[name] or not other[name] for name in CAPABILITIES)
            and all(
                not self[name] or (other[name] and other[name] <= self[name])
                for name in ("program_ids", "grade_ids")
            )
            and self.holds_in in ("running", other.holds_in)
        )

    @api.model
    def _has_limited(self):
        """Return whether what a role allows may follow from a membership."""
        # sudo: only to know whether something is cached that could change
        return bool(self.sudo().search_count([("is_limited", "=", True)], limit=1))
