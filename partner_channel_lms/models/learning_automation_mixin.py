from odoo import api, models
from odoo.exceptions import UserError

_MODULE = "partner_channel_lms"
#: model, date field, before or after it, days, filter
_RULES = {
    "learning_rule_expiry": (
        "partner.certification",
        "date_expiry",
        "before",
        30,
        "[('state', 'in', ('valid', 'expiring'))]",
    ),
    "learning_rule_overdue": (
        "learning.enrolment",
        "date_next",
        "after",
        1,
        "[('state', 'in', ('waiting', 'running', 'overdue')),"
        " ('path_id.tells_owner', '=', False)]",
    ),
}


class LearningAutomationMixin(models.AbstractModel):
    """Ready-made examples of Odoo's automation rules, where these are installed.

    They are made on demand, so that the addon does not depend on ``base_automation``:
    enrolment and reminders work without any rule. Made switched off; whoever has
    changed or deleted one is not given it again unless asked for.
    """

    _name = "learning.automation.mixin"
    _description = "Learning Path: Automation Rules"

    @api.model
    def action_create_automations(self):
        """Make the examples that are not there, and open all rules about learning.

        :return: window action
        :raise UserError: automation rules are not installed
        """
        if "base.automation" not in self.env:
            raise UserError(
                self.env._(
                    "Automation rules are an app of Odoo that is not installed: "
                    "install “Automation Rules” and come back. Learning paths enrol "
                    "and remind people without it."
                )
            )
        rules = self.env["base.automation"].with_context(active_test=False)
        rules.check_access("create")
        made = rules.browse()
        for name in _RULES:
            known = self.env.ref(f"{_MODULE}.{name}", raise_if_not_found=False)
            made |= known or self._create_automation(name)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Automation Rules"),
            "res_model": "base.automation",
            "view_mode": "list,form",
            "domain": [("model_id", "in", made.model_id.ids)],
            "context": {"active_test": False},
        }

    @api.model
    def _create_automation(self, name):
        """Make one example with its actions, switched off."""
        model, field, mode, days, domain = _RULES[name]
        rule = self.env["base.automation"].create(
            {
                "name": self._get_automation_names()[name],
                "active": False,
                "model_id": self.env["ir.model"]._get_id(model),
                "trigger": "on_time",
                "trg_date_id": self.env["ir.model.fields"]._get(model, field).id,
                "trg_date_range": days,
                "trg_date_range_type": "day",
                "trg_date_range_mode": mode,
                "filter_domain": domain,
            }
        )
        actions = self._prepare_automation_actions(name)
        self.env["ir.actions.server"].create(
            [
                {
                    "model_id": rule.model_id.id,
                    "base_automation_id": rule.id,
                    "usage": "base_automation",
                    # else anybody with a login could run them over RPC, on any record
                    "group_ids": self.env.ref("base.group_system").ids,
                    "sequence": number,
                    **vals,
                }
                for number, vals in enumerate(actions)
            ]
        )
        # kept as it is at updates, and gone with the addon
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": f"{_MODULE}.{name}", "record": rule, "noupdate": True}]
        )
        return rule

    @api.model
    def _get_automation_names(self):
        return {
            "learning_rule_expiry": self.env._(
                "Certificate ends in 30 days: enrol, write, activity"
            ),
            "learning_rule_overdue": self.env._(
                "Learning overdue: tell the partner's owner"
            ),
        }

    @api.model
    def _prepare_automation_actions(self, name):
        """Return the values of an example's actions, in their order."""
        if name == "learning_rule_overdue":
            return [self._prepare_automation_mail("mail_template_learning_owner")]
        return [
            {
                "name": self.env._("Enrol for the renewal"),
                "state": "code",
                "code": "records._learn_again()",
            },
            self._prepare_automation_mail("mail_template_certification_ending"),
            {
                "name": self.env._("Activity of the channel manager"),
                "state": "next_activity",
                "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
                "activity_summary": self.env._("A certificate is about to end"),
                "activity_date_deadline_range": 7,
                "activity_date_deadline_range_type": "days",
                "activity_user_type": "generic",
                "activity_user_field_name": "channel_manager_id",
            },
        ]

    @api.model
    def _prepare_automation_mail(self, template):
        return {
            "name": self.env._("E-mail"),
            "state": "mail_post",
            "mail_post_method": "email",
            "template_id": self.env.ref(f"{_MODULE}.{template}").id,
        }
