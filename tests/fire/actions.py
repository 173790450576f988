"""What people and jobs do with registrations, the way each of them does it.

Partners through the portal's model methods and by remote call, the vendor's people
through buttons and wizards with their own rights, jobs as the system.
"""

import uuid
from datetime import timedelta
from unittest.mock import patch

from odoo.fields import Command, Date
from odoo.service.model import call_kw

#: what a remote caller may try on somebody's deal: method → arguments
ATTACKS = {
    "action_registration_approve": lambda world: [],
    "action_registration_submit": lambda world: [],
    "action_registration_withdraw": lambda world: [],
    "action_set_won": lambda world: [],
    "action_set_lost": lambda world: [],
    "action_unarchive": lambda world: [],
    "action_archive": lambda world: [],
    "convert_opportunity": lambda world: [False],
    "unlink": lambda world: [],
    "copy": lambda world: [],
    "update_stage_from_portal": lambda world: [world.won_stage.id],
    "partner_interested": lambda world: [],
    "partner_desinterested": lambda world: [],
    "_approve_registration": lambda world: [],
    "write": lambda world: [{"stage_id": world.won_stage.id}],
    "web_save": lambda world: [{"registration_state": "approved"}, {}],
    "message_post": lambda world: [],
}
JOBS = (
    "_cron_expire_registrations",
    "_cron_remind_of_end",
    "_cron_remind_of_updates",
    "_cron_evaluate_registrations",
    "_cron_escalate_decisions",
)


class Actions:
    """One method for each thing that can be done; the first argument says by whom."""

    def __init__(self, world):
        self.world, self.env = world, world.env

    def get_deal(self, actor, lead_id):
        """Return a deal as an actor has it, without what others have read."""
        user = self.world.people[actor]
        return self.env["crm.lead"].with_user(user).browse(lead_id)

    # === PARTNERS === #

    def fill_form(self, actor, customer, lead_id=None, submit=True):
        """Send the portal's form, for a new deal or for one there is."""
        world = self.world
        family = customer.family and world.families[customer.family].id
        values = {
            "partner_name": customer.name,
            "customer_vat": customer.vat,
            "website": customer.site,
            "email_from": customer.email,
            "country_id": str(world.germany.id),
            "product_family_id": str(family or ""),
            "description": "Forty licences",
            "expected_revenue": "12500",
            "date_deadline": Date.to_string(Date.today() + timedelta(days=60)),
            "token": uuid.uuid4().hex,
        }
        Lead = self.get_deal(actor, [])
        lead = Lead._find_portal_deal(lead_id) if lead_id else None
        if lead_id and not lead:
            return  # the page is not found
        Lead._portal_save_registration(values, lead=lead, submit=submit)

    def withdraw_in_portal(self, actor, lead_id):
        deal = self.get_deal(actor, [])._find_portal_deal(lead_id)
        if deal:
            deal._portal_withdraw()

    def ask_for_time(self, actor, lead_id):
        deal = self.get_deal(actor, [])._find_portal_deal(lead_id)
        if deal:
            deal._portal_request_extension({"proof": "Demo held", "files": []})

    def report(self, actor, lead_id):
        deal = self.get_deal(actor, [])._find_portal_deal(lead_id)
        if deal:
            deal._portal_post_update({"text": "Offer sent", "date_deadline": ""})

    def attack(self, actor, lead_id, method):
        """Call a method as a remote caller can."""
        lead = self.get_deal(actor, [])
        call_kw(lead, method, [[lead_id], *ATTACKS[method](self.world)], {})

    # === THE VENDOR'S PEOPLE === #

    def press(self, actor, lead_id, button):
        getattr(self.get_deal(actor, lead_id), button)()

    def decide(self, actor, lead_id, decision, reason="conflict", fields=()):
        """Return or reject by the wizard, naming the fields to correct."""
        names = [("technical_name", "in", list(fields))]
        named = self.env["partner.registration.field"].search(names)
        wizard = self._open_wizard("decide", actor)
        wizard.create(
            {
                "lead_ids": [Command.set([lead_id])],
                "decision": decision,
                "reason": reason,
                "remark": "Please look again",
                "field_ids": [Command.create({"field_id": f.id}) for f in named],
            }
        ).action_apply()

    def transfer(self, actor, lead_id, to, roles):
        membership = getattr(self.world, to)
        person = self.world.seller if to == "northwind" else self.world.rival
        self._open_wizard("transfer", actor).create(
            {
                "lead_ids": [Command.set([lead_id])],
                "membership_id": membership.id,
                "registrant_id": person.partner_id.id,
                "has_roles": roles,
                "reason": "Agreed with both",
            }
        ).action_apply()

    def revert(self, actor, lead_id):
        self._open_wizard("revert", actor).create(
            {"lead_ids": [Command.set([lead_id])], "reason": "A mistake"}
        ).action_apply()

    def correct(self, actor, lead_id, to, share):
        """Change who has which part in a deal, as only the head may after a win."""
        line = {"membership_id": getattr(self.world, to).id, "share": share}
        wizard = self.env["crm.lead.attribution.correct"]
        wizard.with_user(self.world.people[actor]).create(
            {
                "lead_id": lead_id,
                "line_ids": [Command.clear(), Command.create(line)],
                "reason": "They found it",
            }
        ).action_apply()

    def attribute(self, actor, lead_id, to, share):
        """Write the attribution on the form of the deal."""
        role = {"membership_id": getattr(self.world, to).id, "share": share}
        roles = [Command.clear(), Command.create(role)]
        self.get_deal(actor, lead_id).write({"deal_role_ids": roles})

    def edit(self, actor, lead_id, customer):
        """Correct the customer on the form of the deal."""
        family = customer.family and self.world.families[customer.family].id
        self.get_deal(actor, lead_id).write(
            {
                "partner_name": customer.name,
                "customer_vat": customer.vat or False,
                "website": customer.site or False,
                "email_from": customer.email or False,
                "product_family_id": family,
            }
        )

    def decide_extension(self, actor, lead_id, granted):
        extensions = self.env["partner.registration.extension"]
        domain = [("lead_id", "=", lead_id)]
        extension = extensions.search(domain, order="id desc", limit=1)
        extension = extension.with_user(self.world.people[actor])
        if granted:
            extension.action_grant()
        else:
            extension.reason = "Nothing was done"
            extension.action_refuse()

    def lose(self, actor, lead_id, reason):
        reason = self.world.lost_reason.id if reason else False
        self.get_deal(actor, lead_id).action_set_lost(lost_reason_id=reason)

    def move_stage(self, actor, lead_id):
        stage = self.world.open_stage
        self.get_deal(actor, lead_id).write({"stage_id": stage.id})

    def merge(self, actor, lead_ids):
        """Merge deals; a single one with an ordinary lead of the vendor."""
        leads = self.get_deal(actor, lead_ids)
        if len(leads) == 1:
            values = {"name": "Fair", "company_id": self.world.company.id}
            leads |= leads.sudo().create(values).with_env(leads.env)
        leads.merge_opportunity()

    def _open_wizard(self, name, actor):
        wizard = self.env[f"crm.lead.registration.{name}"]
        return wizard.with_user(self.world.people[actor])

    # === JOBS === #

    def run_job(self, actor, name):
        """Run a nightly job; its commits are those of the sequence."""
        cron = type(self.env["ir.cron"])
        with patch.object(cron, "_commit_progress", lambda *args, **kw: float("inf")):
            getattr(self.get_deal(actor, []), name)()
