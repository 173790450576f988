from odoo import api, fields, models

from odoo.addons.partner_channel.tools.tiers import unpack

from .partner_portal_role import CAPABILITIES

_ROLE = "portal_role_id"


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = [
        "partner.portal.home.mixin",
        "agreement.home.mixin",
        "lead.offer.home.mixin",
        "team.owner.mixin",
        "team.invitation.mixin",
        "team.portal.mixin",
        "team.change.mixin",
        "team.vendor.mixin",
        "channel.job.mixin",
        "res.partner",
    ]

    portal_role_id = fields.Many2one(
        "partner.portal.role",
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        tracking=True,
        groups="partner_channel.group_channel_manager",
        help="What the person may do in the partner portal. Without a role a person "
        "sees only own deals.",
    )

    _team_waiting_idx = models.Index("(id) WHERE team_access = 'waiting'")

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        if any(vals.get("portal_role_id") for vals in vals_list):
            self.env.registry.clear_cache()
        return partners

    def write(self, vals):
        context = self.env.context
        untracked = context.get("tracking_disable") or context.get("mail_notrack")
        if _ROLE in vals and not untracked:
            self._track_prepare([_ROLE])
        result = super().write(vals)
        if _ROLE in vals:
            # record rules are cached per user with the capabilities in them
            self.env.registry.clear_cache()
        return result

    def _track_prepare(self, fields_iter):
        # A field with groups is fetched by itself: each write of a contact, e.g. with
        # a payment, would cost a query for the role. ``write`` asks before a change.
        names = list(fields_iter)
        if names != [_ROLE]:
            names = [name for name in names if name != _ROLE]
        return super()._track_prepare(names)

    def _has_channel_capability(self, name, membership=None):
        """Return whether the person's portal role allows something.

        A person without a role, or with an archived one, may nothing. A limited role
        counts on the memberships it is for.

        :param str name: one of ``CAPABILITIES``
        :param membership: ``partner.membership`` in sudo it is asked about; default
            is any running one of the person's company
        :rtype: bool
        """
        self.ensure_one()
        role = self._get_capable_role(name)
        if not role or not role.is_limited:
            return bool(role)
        if membership is None:
            states = ("active", "suspended")
            # sudo: facts of the person's own company, told by a yes or no
            membership = self.sudo()._get_channel_memberships(states)
        return bool(role._filter_memberships(membership))

    def _get_capable_role(self, name):
        """Return the person's role in sudo if it has a capability, else none."""
        if name not in CAPABILITIES:
            raise ValueError(f"Unknown capability: {name}")
        # sudo: people of the partner may not read contacts' roles, only obey them
        role = self.sudo().portal_role_id
        return role if role.active and role[name] else role[:0]

    def _get_capability_domain(self, name, field):
        """Return the domain of records whose membership a capability holds on.

        For record rules: what it holds on is left to the database, so that it is
        true on the day of the search, whatever rule was cached when.

        :param str name: one of ``CAPABILITIES``
        :param str field: the field of the searched model that is the membership
        :return: one term of a domain, as a list
        """
        self.ensure_one()
        role = self._get_capable_role(name)
        if not role:
            return [(0, "=", 1)]
        if not role.is_limited:
            return [(1, "=", 1)]
        domain = role._get_membership_domain(f"{field}.")
        return ["&"] * (len(domain) - 1) + domain

    @api.model
    def _get_portal_memberships(self, states=("active", "suspended")):
        """Return the memberships the current user belongs to.

        :param states: states of interest; a terminated membership gives nothing
        :return: ``partner.membership`` in sudo, the primary one first
        """
        # sudo: limited to the user's own company; read once for all a page asks
        company = self.env.user.partner_id.sudo().commercial_partner_id
        found = company._read_memberships().filtered(lambda m: m.state in states)
        return found.sorted(lambda m: (not m.is_primary, m.id))

    @api.model
    def _is_portal_member(self):
        """Return whether the current user belongs to a partner of a program.

        Also to a former one: such people register deals, or no longer, and do not
        make opportunities of their own.
        """
        return bool(self._get_portal_memberships(("active", "suspended", "terminated")))

    @api.model
    def _get_portal_tiers(self, memberships=None):
        """Return where the current user's company stands in its programs.

        What is missing in figures is told to people who may see money.

        :param memberships: those of the current user, in sudo, when they are known
        :return: list of dicts ``program`` (empty with one membership), ``tier``,
            ``progress`` (%, ``None`` without a tier above), ``way`` and ``gap``
            (how far it is to the next tier, in words), and ``steps``, the tiers
        """
        # in sudo: the tier follows from documents partners have no access to;
        # limited to the own company's memberships
        if memberships is None:
            memberships = self._get_portal_memberships()
        memberships = memberships.filtered("grade_id")
        sees_money = self.env.user.partner_id._has_channel_capability("can_see_money")
        tiers = []
        for membership in memberships:
            gap = membership.tier_gap if sees_money else ""
            tiers.append(
                {
                    "program": membership.program_id.name
                    if len(memberships) > 1
                    else "",
                    "tier": membership.grade_id.name,
                    **self._get_portal_tier_way(membership),
                    "gap": gap and self.env._("missing: %(gap)s", gap=gap),
                    "steps": self._get_portal_tier_steps(membership),
                }
            )
        return tiers

    @api.model
    def _get_portal_tier_steps(self, membership):
        """Return the program's tiers from the lowest to the highest.

        :return: list of dicts ``name``, ``reached`` and ``current``
        """
        current = membership.grade_id
        # those that were measured for the progress are read already
        measured = [tier.grade_id for tier in unpack(membership.tier_measures)]
        tiers = (current.browse(measured) | current).sorted("sequence", True)
        place = tiers.ids.index(current.id)
        return [
            {"name": tier.name, "reached": index <= place, "current": index == place}
            for index, tier in enumerate(tiers)
        ]

    @api.model
    def _get_portal_tier_way(self, membership):
        """Return how far it is to the next tier: ``progress`` and ``way``."""
        tier = membership.next_grade_id.name
        if not tier:
            return {"progress": None, "way": self.env._("the highest tier")}
        if membership.tier_progress >= 100:
            way = self.env._("%(tier)s is reached; we review it", tier=tier)
            return {"progress": 100, "way": way}
        # what is not reached yet never reads 100
        progress = min(99, round(membership.tier_progress))
        way = self.env._("%(progress)s %% to %(tier)s", progress=progress, tier=tier)
        return {"progress": progress, "way": way}

    @api.model
    def _get_channel_home_cards(self):
        """Return the cards of the current user for the portal's home page.

        Hook: an addon appends its own. A card is a dict of

        - ``name``: key of its counter, ends with ``_count``;
        - ``title``, ``text``: what it is, and what to do there (translated);
        - ``url``, ``icon``: where it leads, and the path of its picture;
        - ``sequence``: order on the page.

        No queries for figures here: these come from
        :meth:`_get_channel_home_counters` once the page is shown.

        :return: list of dicts, empty for people of no partner
        """
        memberships = self._get_portal_memberships()
        if not memberships:
            return []
        may_register = self.env.user.partner_id._has_channel_capability("can_register")
        return [
            *self._get_agreement_cards(memberships),
            {
                "name": "deal_count",
                "title": self.env._("Deals"),
                "text": self.env._("Register a deal to protect it, and follow its way")
                if may_register
                else self.env._("Follow the registered deals"),
                "url": "/my/deals",
                "icon": "/partner_channel_portal/static/src/img/deals.svg",
                "sequence": 10,
            },
            *self._get_offer_cards(),
            *self.env["partner.asset"]._get_portal_cards(),
            *self._get_team_cards(),
        ]

    @api.model
    def _get_channel_home_counters(self, names):
        """Return the figures on the cards of the portal's home page.

        Hook: an addon adds those of its own cards. Called as the user, in a
        read-only transaction.

        :param names: keys of the wanted counters
        :return: ``{name: int}``
        """
        counters = {}
        if "deal_count" in names:
            # as on the list: a lost deal is archived and still the partner's
            Lead = self.env["crm.lead"].with_context(active_test=False)
            counters["deal_count"] = Lead.search_count(Lead._get_portal_deal_domain())
        if "agreement_count" in names:
            counters["agreement_count"] = self.env["partner.agreement"].search_count([])
        if "offer_count" in names:
            counters["offer_count"] = self._count_open_offers()
        if "asset_count" in names:
            counters["asset_count"] = self.env["partner.asset"]._get_portal_count()
        if "team_count" in names:
            # colleagues who may come in, or have been asked to
            counters["team_count"] = self.env["partner.team.member"].search_count(
                [("state", "!=", "ended")]
            )
        return counters

    @api.model
    def _get_portal_home_actions(self, memberships, states):
        actions = super()._get_portal_home_actions(memberships, states)
        return [
            *actions,
            *self._get_agreement_actions(memberships),
            *self._get_offer_actions(memberships),
        ]
