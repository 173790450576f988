from odoo import api, models
from odoo.fields import Domain

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
        return [self._get_membership_guide(member, amount) for member in memberships]

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
    def _get_membership_guide(self, membership, amount):
        """Return the guide of one membership, see :meth:`_get_portal_guide`."""
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
                self._get_plan_guide(plan, membership, amount)
                for plan in self._get_guide_plans(membership)
            ],
        }

    @api.model
    def _get_plan_guide(self, plan, membership, amount):
        """Return one plan with the rules that are for the membership."""
        roles = self._get_guide_roles(membership)
        rules = plan.rule_ids.filtered(
            lambda rule: (
                rule.role in roles
                and (not rule.grade_ids or membership.grade_id in rule.grade_ids)
            )
        )
        return {
            "plan": plan.display_name,
            "until": plan.date_to,
            "limits": plan._get_portal_limits(),
            "rules": [self._get_rule_guide(rule, amount) for rule in rules],
        }

    @api.model
    def _get_guide_roles(self, membership):
        """Return the parts in sales the membership may have.

        Overrides are for those who have somebody below.

        :param membership: in sudo
        """
        roles = {code for code, _label in self._fields["role"].selection}
        users = membership.partner_id.with_context(active_test=False).user_ids
        users |= membership.partner_id.child_ids.user_ids
        below = {
            SPONSOR: Domain("sponsor_id", "=", membership.id),
            MANAGER: Domain("manager_id", "in", users.ids),
        }
        for role, domain in below.items():
            # sudo: whether there is one, nothing of whom
            if not membership.sudo().search_count(domain, limit=1):
                roles.discard(role)
        # sudo: as above
        leads = self.env["crm.lead"].sudo()
        if leads.search_count([("distributor_id", "=", membership.id)], limit=1):
            roles.add(SPONSOR)
        return roles

    @api.model
    def _get_guide_plans(self, membership):
        """Return the plans that pay the membership today, the most special first.

        Never one that was made for another partner, tier or deal.

        :param membership: in sudo
        """
        today = membership.company_id._get_channel_today()
        plans = (
            self.env["partner.commission.plan"]
            .sudo()  # sudo: of one's own membership, see above
            .search(
                [
                    ("program_id", "=", membership.program_id.id),
                    ("state", "=", "active"),
                    ("date_from", "<=", today),
                    "|",
                    ("date_to", "=", False),
                    ("date_to", ">=", today),
                ]
            )
        )
        targets = {"membership_id": membership, "grade_id": membership.grade_id}

        def _is_own(plan):
            return not plan.lead_id and all(
                plan[name] in (own, own.browse()) for name, own in targets.items()
            )

        return plans.filtered(_is_own).sorted(
            lambda plan: [not plan[name] for name in targets]
        )

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
