"""The small world in which any sequence of actions happens: people, customers, rules.

Few customers, written in many ways: conflicts are the rule. Which keys each way of
writing stands for is written here by hand.
"""

from typing import NamedTuple
from unittest.mock import patch

from odoo.addons.partner_channel.tests.common import PartnerChannelCommon

DAY = "2028-03-01"

#: what is typed, or stands there then → the keys it stands for
NAMES = {
    "Acme GmbH": {"acme gmbh", "acme"},
    "ACME": {"acme"},
    "Acme Kft.": {"acme kft", "acme"},
    "Zenith": {"zenith"},
    "Polar Bear": {"polar bear"},
}
TAX_IDS = {
    "": set(),
    "DE136695976": {"DE136695976"},
    "136 695 976": {"DE136695976"},
    "136695976": {"DE136695976"},
    "ATU61945266": {"ATU61945266"},
}
SITES = {
    "": set(),
    "www.acme-fire.example": {"acme-fire.example"},
    "shop.acme-fire.example/x": {"acme-fire.example"},
    "zenith-fire.example": {"zenith-fire.example"},
}
EMAILS = {
    "": set(),
    "jo@acme-fire.example": {"acme-fire.example"},
    "jo@gmail.com": set(),
    "office@polar-fire.example": {"polar-fire.example"},
}
FAMILIES = (None, "hardware", "software")


class Customer(NamedTuple):
    """What is typed of a customer; ``family`` is the name of a product family."""

    name: str
    vat: str
    site: str
    email: str
    family: str | None


class Policies(NamedTuple):
    """How the program is set up for one sequence."""

    runner_up: str
    auto_approve: bool
    two_steps: bool
    extensions: str
    update_days: int


def get_keys(name, vat, site, email):
    """Return ``{(kind, value)}`` of what is typed, by the tables above."""
    keys = {("name", key) for key in NAMES[name]}
    keys |= {("vat", key) for key in TAX_IDS[vat or ""]}
    domains = SITES[(site or "").split("://")[-1]] | EMAILS[email or ""]
    return keys | {("domain", key) for key in domains}


class FireWorld(PartnerChannelCommon):
    """Two partners, their people, three of the vendor, a stranger; two families."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # who is told by e-mail is no part of the laws, what is told is
        for model, method in (
            ("mail.thread", "_notify_thread"),
            ("mail.activity", "action_notify"),
        ):
            kind = type(cls.env[model])
            cls.startClassPatcher(patch.object(kind, method, lambda *a, **kw: []))
        cls.stranger = cls._create_user("stranger", "base.group_portal")
        cls._set_up_customers()
        cls._set_up_program()

    @classmethod
    def _set_up_customers(cls):
        cls.families = {
            name: cls.env["product.category"].create(
                {"name": name, "is_channel_family": True}
            )
            for name in FAMILIES
            if name
        }
        cls.germany = cls.env.ref("base.de")
        cls.lost_reason = cls.env["crm.lost.reason"].create({"name": "Too dear"})
        stages = cls.env["crm.stage"].search([], order="sequence")
        cls.won_stage = stages.filtered("is_won")[:1]
        cls.open_stage = stages.filtered(lambda stage: not stage.is_won)[:1]
        cls.people = {
            "seller": cls.seller,
            "rival": cls.rival,
            "stranger": cls.stranger,
            "manager": cls.manager,
            "other_manager": cls.other_manager,
            "head": cls.head,
            "jobs": cls.env.ref("base.user_root"),
        }

    @classmethod
    def _set_up_program(cls):
        cls.program.write(
            {
                "protection_days": 30,
                "reminder_days": 10,
                "last_reminder_days": 3,
                "extension_days": 10,
                "auto_amount_max": 20_000,
                "head_id": cls.head.id,
            }
        )
        cls.approval_rule = cls.env["partner.approval.rule"].create(
            {
                "name": "The head first",
                "program_id": cls.program.id,
                "approver_id": cls.head.id,
            }
        )
        cls.env.flush_all()

    def set_policies(self, policies):
        """Set the program up for one sequence."""
        self.program.write(
            {
                "runner_up_policy": policies.runner_up,
                "auto_approve": policies.auto_approve,
                "extension_policy": policies.extensions,
                "update_days": policies.update_days,
            }
        )
        self.approval_rule.active = policies.two_steps
