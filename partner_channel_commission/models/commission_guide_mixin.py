from odoo import api, models

from odoo.addons.partner_channel_portal.tools.amount import parse_amount
from odoo.addons.partner_channel_portal.tools.form_values import FieldProblem

from ..tools.overrides import MANAGER, SPONSOR

#: what the example is about unless the person asks for another amount
EXAMPLE = 1000


class CommissionGuideMixin(models.AbstractModel):
    """Tells a partner how its commission is computed, in words and by an example."""

    _name = "commission.guide.mixin"
    _description = "Commission Guide for Partners"

    @api.model
    def _get_portal_guide(self, amount=EXAMPLE):
        """Return what the current person's partner is paid for.

        :param amount: untaxed, of the example sale, in the plan's currency
        :return: list of dicts ``program``, ``tier``, ``period``, ``minimum``,
            ``currency``, ``plans``; a plan is a dict of ``plan``, ``until``, ``limits``
            (texts) and ``rules``, a rule one of ``text``, ``when``, ``notes`` (texts)
            and ``example`` (an amount, None where it depends on more)
        """
        # sudo: partners read no plans; these are the ones of their own memberships
        memberships = self.env["res.partner"]._get_portal_memberships().sudo()
        roles = self._get_guide_roles(memberships)
        plans = self._read_guide_plans(memberships)
        return [
            self._get_membership_guide(member, amount, roles[member.id], plans)
            for member in memberships
        ]

    @api.model
    def _parse_example(self, text):
        """Return the amount of the example, the usual one for anything odd.

        :param str text: as typed
        """
        lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        try:
            return float(parse_amount(text, lang.thousands_sep or "") or EXAMPLE)
        except FieldProblem:
            return EXAMPLE

    @api.model
    def _get_membership_guide(self, membership, amount, roles, plans):
        """Return the guide of one membership, see :meth:`_get_portal_guide`.

        :param set roles: the parts in sales it may have
        :param plans: the active plans of all programs
        """
        currency = membership.company_id.currency_id
        labels = dict(
            membership.program_id._fields["statement_period"]._description_selection(
                self.env
            )
        )
        return {
            "program": membership.program_id.name,
            "tier": membership.grade_id.name,
            "period": labels[membership._get_statement_period()],
            "minimum": membership._get_statement_minimum(),
            "currency": currency,
            "plans": [
                self._get_plan_guide(plan, membership, amount, roles)
                for plan in self._filter_guide_plans(membership, plans)
            ],
        }

    @api.model
    def _get_plan_guide(self, plan, membership, amount, roles):
        """Return one plan with the rules that are for the membership."""
        all_rules = plan.rule_ids
        rules = all_rules.filtered(
            lambda rule: (
                rule.role in roles
                and (not rule.grade_ids or membership.grade_id in rule.grade_ids)
            )
        ).with_prefetch(all_rules._prefetch_ids)
        return {
            "plan": plan.display_name,
            "until": plan.date_to,
            "limits": plan._get_portal_limits(),
            "rules": [self._get_rule_guide(rule, amount) for rule in rules],
        }

    @api.model
    def _get_guide_roles(self, memberships):
        """Return the parts in sales each membership may have.

        Overrides are for those who have somebody below.

        :param memberships: in sudo, of one partner
        :return: ``{membership_id: {role}}``
        """
        own = {code for code, _label in self._fields["role"].selection}
        above = {
            SPONSOR: self._find_sponsors(memberships),
            MANAGER: self._find_managers(memberships),
        }
        own -= above.keys()
        return {
            member.id: own | {role for role, some in above.items() if member in some}
            for member in memberships
        }

    @api.model
    def _find_sponsors(self, memberships):
        """Return those of the memberships that others work under, or have deals by."""
        # sudo: whether there are any, nothing of whom
        below = memberships.sudo()._read_group(
            [
                ("sponsor_id", "in", memberships.ids),
                ("partner_id", "not in", memberships.partner_id.ids),
            ],
            ["sponsor_id"],
        )
        # sudo: as above
        leads = self.env["crm.lead"].sudo()
        deals = leads._read_group(
            [("distributor_id", "in", memberships.ids)], ["distributor_id"]
        )
        return memberships.browse(sponsor.id for [sponsor] in [*below, *deals])

    @api.model
    def _find_managers(self, memberships):
        """Return those of the memberships that are paid for what their people manage.

        The manager's company is paid, whichever contact of it the manager is, as
        ``commission.override.mixin`` does.
        """
        partners = memberships.partner_id
        # sudo: whether there are any, nothing of whom
        managed = memberships.sudo()._read_group(
            [
                ("manager_id.partner_id.commercial_partner_id", "in", partners.ids),
                ("partner_id", "not in", partners.ids),
            ],
            ["manager_id", "company_id"],
        )
        paid = self.env["account.move"]._get_paid_memberships(partners)
        found = memberships.browse()
        for user, company in managed:
            key = user.partner_id.commercial_partner_id, company
            found |= paid.get(key, found.browse())
        return found

    @api.model
    def _read_guide_plans(self, memberships):
        """Return the active plans of the programs, whenever they are valid.

        :param memberships: in sudo
        """
        # sudo: of one's own memberships, see above
        plans = self.env["partner.commission.plan"].sudo()
        return plans.search(
            [
                ("program_id", "in", memberships.program_id.ids),
                ("state", "=", "active"),
            ]
        )

    @api.model
    def _filter_guide_plans(self, membership, plans):
        """Return the plans that pay the membership today, the most special first.

        Never one that was made for another partner, tier or deal.

        :param membership: in sudo
        :param plans: see :meth:`_read_guide_plans`
        """
        today = membership.company_id._get_channel_today()
        targets = {"membership_id": membership, "grade_id": membership.grade_id}

        def _is_own(plan):
            return (
                plan.program_id == membership.program_id
                and not plan.lead_id
                and all(
                    plan[name] in (own, own.browse()) for name, own in targets.items()
                )
            )

        own = (
            plans._filter_covering(today)
            .filtered(_is_own)
            .sorted(lambda plan: [not plan[name] for name in targets])
        )
        # what one of them is asked for is read for all
        return own.with_prefetch(plans._prefetch_ids)

    @api.model
    def _get_rule_guide(self, rule, amount):
        """Return one rule in words, with its example."""
        triggers = dict(rule._fields["trigger"]._description_selection(self.env))
        example = rule._compute_example(amount)
        return {
            "text": rule.display_name,
            "when": triggers.get(rule.trigger, ""),
            "notes": rule._get_portal_notes(),
            "example": None if example is None else float(example),
        }
